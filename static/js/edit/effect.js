// The effect panel: pieces with their new areas, what is cut, what does not fit, which figures move; then to add or to drop.
import { filled } from '../map/format.js'
import { icon, make } from '../panels/elements.js'
import { action } from './panel.js'

const MOST_PIECES = 40

/** Show a model of effect-model.js. `acts` are buttons; `on.zoom(id)` goes to a piece. */
export function effectPart(model, { heading, note = null, texts, acts, on }) {
  return [
    make('h3', { class: 'part-head', text: heading }),
    note ? make('p', { class: 'small soft', text: note }) : null,
    model.pieces.length ? pieces(model, texts, on) : null,
    model.removed.length && !model.pieces.length ? lines('bad', 'x-octagon', model.removed.map((each) => filled(texts.ends, { parcel: each.label, area: each.area }))) : null,
    lines('info', 'tag', model.attributes.map((each) => `${each.label}: ${each.text}`)),
    model.totals ? totals(model.totals, texts) : null,
    model.noded ? make('p', { class: 'small soft', text: filled(texts.noded, { count: model.noded }) }) : null,
    lines('warn', 'people', model.rights.filter((each) => each.cut).map((each) => each.text)),
    lines('info', 'people', model.rights.filter((each) => !each.cut).map((each) => each.text)),
    lines('warn', 'map', model.plan.map((each) => each.text)),
    lines('warn', 'exclamation-triangle', model.warnings.map((each) => each.text), 'warning-line'),
    model.figures.length ? figures(model.figures, texts) : null,
    model.report.length ? report(model.report, texts) : null,
    acts.length ? make('div', { class: 'form-acts sticky-acts' }, ...acts.map(({ text, act, ...more }) => action(text, act, more))) : null,
  ]
}

function pieces(model, texts, on) {
  const shown = model.pieces.slice(0, MOST_PIECES)
  const row = (each) =>
    make('tr', { 'data-piece': each.kind, 'data-taken': each.taken ? 'yes' : null },
      make('th', { scope: 'row' },
        make('button', { class: 'link-button', type: 'button', on: { click: () => on.zoom(each.id) } }, each.letter ? make('b', { class: 'piece-letter', text: each.letter }) : null, make('span', { text: each.label }))),
      make('td', { class: 'figures', text: each.area }),
      make('td', { class: 'figures', text: each.change ?? each.hectares }))
  return make('table', { class: 'effect-table' },
    make('thead', {}, make('tr', {}, make('th', { scope: 'col', text: texts.piece }), make('th', { scope: 'col', class: 'figures', text: texts.area }), make('th', { scope: 'col', class: 'figures', text: model.pieces.some((each) => each.change) ? texts.hectares_or_change : texts.hectares }))),
    make('tbody', {}, ...shown.map(row), model.pieces.length > MOST_PIECES ? make('tr', {}, make('td', { colspan: 3, class: 'soft small', text: filled(texts.more_pieces, { count: model.pieces.length - MOST_PIECES }) })) : ''))
}

function totals(said, texts) {
  return make('p', { class: `totals ${said.kept ? 'good' : 'changes'}` },
    icon(said.kept ? 'check-circle' : 'arrow-left-right'),
    make('span', {}, make('span', { text: `${said.text} ` }), make('span', { class: 'figures', text: said.kept ? said.after : filled(texts.from_to_area, said) })))
}

/** Lines of one kind, each with its mark; null when there are none. */
export function lines(kind, symbol, texts, name = 'effect-line') {
  if (!texts.length) return null
  return make('ul', { class: `effect-lines ${kind}` }, ...texts.map((text) => make('li', { class: name }, icon(symbol), make('span', { text }))))
}

function figures(found, texts) {
  return make('table', { class: 'effect-table figures-table' },
    make('caption', { text: texts.figures_title }),
    make('thead', {}, make('tr', {}, ...[texts.figure, texts.before_after, texts.moved].map((text, index) => make('th', { scope: 'col', class: index ? 'figures' : '', text })))),
    make('tbody', {}, ...found.map((each) =>
      make('tr', {}, make('th', { scope: 'row', text: each.name }), make('td', { class: 'figures', text: `${each.before} → ${each.after}` }), make('td', { class: 'figures', text: each.moved ?? '' })))))
}

function report(found, texts) {
  return make('table', { class: 'effect-table' },
    make('thead', {}, make('tr', {}, ...['', texts.before, texts.after].map((text, index) => make(text ? 'th' : 'td', { scope: text ? 'col' : null, class: index ? 'figures' : '', text })))),
    make('tbody', {}, ...found.map((each) => make('tr', {}, make('th', { scope: 'row', text: each.label }), make('td', { class: 'figures', text: each.before }), make('td', { class: 'figures', text: each.after })))))
}
