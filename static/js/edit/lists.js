// The chosen parcels and the steps of the change, as lists that answer to the keyboard.
import { filled } from '../map/format.js'
import { icon, make } from '../panels/elements.js'
import { parcelName } from '../panels/card-model.js'
import { stepText } from './effect-model.js'
import { action } from './panel.js'

const MOST_SHOWN = 30

/** The chosen part. `features`: parcels as {id, properties}; `on`: zoom(id), drop(id), card(id), clear, find(text). */
export function chosenPart(features, { texts, format, on }) {
  const total = features.reduce((sum, each) => sum + each.properties.area_m2, 0)
  const small = (symbol, label, act) => make('button', { class: 'icon-button small-icon', type: 'button', title: label, 'aria-label': label, on: { click: act } }, icon(symbol))
  const row = ({ id, properties }) => {
    const name = properties.number ? parcelName(properties, texts) : texts.new_parcel
    return make('li', { 'data-parcel': id },
      make('button', { class: 'link-button', type: 'button', title: texts.zoom_there, on: { click: () => on.zoom(id) } }, make('span', { text: name })),
      make('span', { class: 'figures', text: format.squareMetres(properties.area_m2) }),
      properties.changed ? make('span', { class: 'small-icon', title: texts.changed_here }, icon('pencil')) : small('card-text', `${texts.card}: ${name}`, () => on.card(id)),
      small('x', `${texts.drop_choice}: ${name}`, () => on.drop(id)))
  }
  const find = make('form', { class: 'find-parcel', on: { submit: (event) => { event.preventDefault(); on.find(event.target.elements.find.value) } } },
    make('label', { class: 'visually-hidden', for: 'edit-find', text: texts.find_parcel }),
    make('input', { class: 'form-control form-control-sm', id: 'edit-find', name: 'find', autocomplete: 'off', placeholder: texts.find_parcel }),
    make('button', { class: 'btn btn-plain btn-sm', type: 'submit', text: texts.choose }))
  const head = features.length
    ? make('div', { class: 'part-line' },
        make('h3', { class: 'part-head', text: filled(texts.chosen_count, { count: features.length }) }),
        make('b', { class: 'figures', 'data-total': '', text: `${format.squareMetres(total)} · ${format.hectares(total)}` }),
        features.length > 1 ? make('button', { class: 'link-button small', type: 'button', text: texts.clear_choice, on: { click: on.clear } }) : null)
    : make('h3', { class: 'part-head', text: texts.chosen_title })
  return [
    head,
    features.length ? make('ul', { class: 'chosen-list' }, ...features.slice(0, MOST_SHOWN).map(row), features.length > MOST_SHOWN ? make('li', { class: 'soft small', text: filled(texts.more_parcels, { count: features.length - MOST_SHOWN }) }) : '') : make('p', { class: 'small soft', text: texts.nothing_chosen }),
    find,
  ]
}

/** The steps part: what was done, in order; while the change is open the last can be taken back and brought back. */
export function stepsPart(operations, { texts, open, on }) {
  if (!operations.length) return []
  const last = operations.findLast((each) => !each.taken_back)
  const next = operations.find((each) => each.taken_back)
  const row = (each) =>
    make('li', { class: each.taken_back ? 'taken-back' : '', 'data-step': each.step },
      make('button', { class: 'link-button', type: 'button', title: texts.zoom_there, on: { click: () => on.zoom(each) } }, make('span', { text: stepText(each, { texts }) })),
      !open ? null : each === last ? action(texts.undo, on.undo) : each === next ? action(texts.redo, on.redo) : null)
  return [make('h3', { class: 'part-head', text: texts.steps_title }), make('ol', { class: 'step-list' }, ...operations.map(row))]
}

/** Sheet and number as people type them: "12/5" or "thửa 12 tờ 5" is parcel 12 of sheet 5; "12" any sheet. */
export function readParcelNumber(text) {
  const said = text.trim().toLowerCase().normalize('NFC')
  const parcel = /(?:thửa|thua|parcel)\s*(?:số|so)?\s*([\p{L}\d.-]+)/u.exec(said)?.[1]
  const sheet = /(?:tờ|to|sheet)\s*(?:số|so)?\s*([\p{L}\d.-]+)/u.exec(said)?.[1]
  if (parcel || sheet) return { sheet: sheet ?? null, number: parcel ?? null }
  const [first, second] = said.split(/[/\s,;]+/)
  return second ? { sheet: first, number: second } : { sheet: null, number: first || null }
}
