// Others were quicker: parcel by parcel mine, theirs and what both began with. Nobody's work can be overwritten from here.
import { filled } from '../map/format.js'
import { make } from '../panels/elements.js'
import { action } from './panel.js'

/** The parts of models made by conflictModel. `on`: zoom(conflict), takeBack(count), discard. */
export function conflictPart(found, { texts, on }) {
  const cell = (side, label) => (side ? `${side.area}${side.land_use === '–' ? '' : ` · ${side.land_use}`}` : label)
  return [
    make('div', { class: 'problem', 'data-code': 'change-conflicts' },
      make('h3', { class: 'part-head', text: filled(texts.conflicts_title, { count: found.length }) }),
      make('p', { class: 'small', text: texts.conflicts_text }),
      ...found.map((each) =>
        make('section', { class: 'conflict', 'data-parcel': each.parcel, 'aria-label': each.name },
          make('h4', { text: each.name }),
          each.by ? make('p', { class: 'small', text: each.by }) : null,
          make('table', { class: 'effect-table' },
            make('thead', {}, make('tr', {}, ...['base', 'mine', 'theirs'].map((side) => make('th', { scope: 'col', class: `side-${side}`, text: texts.sides[side] })))),
            make('tbody', {}, make('tr', {},
              make('td', { class: 'figures', text: cell(each.base, '–') }),
              make('td', { class: 'figures', text: cell(each.mine, texts.mine_gone) }),
              make('td', { class: 'figures', text: cell(each.theirs, texts.theirs_gone) })))),
          make('div', { class: 'form-acts' },
            action(texts.zoom_there, () => on.zoom(each), { symbol: 'geo-alt' }),
            each.takeBack ? action(filled(texts.take_back_steps, { count: each.takeBack }), () => on.takeBack(each.takeBack), { symbol: 'arrow-counterclockwise' }) : null)))),
  ]
}
