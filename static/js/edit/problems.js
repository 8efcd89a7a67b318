// A refusal shown in place: what, where, what to do, with a way to go there. Nothing was changed by it.
import { filled } from '../map/format.js'
import { icon, make } from '../panels/elements.js'
import { action } from './panel.js'

/** The parts of a model of problem-model.js. `on`: place(at), parcels(ids), choose(ids), close. */
export function problemPart(model, { texts, on }) {
  const acts = []
  if (model.place) acts.push(action(texts.zoom_there, () => on.place(model.place), { symbol: 'geo-alt' }))
  else if (model.parcels.length) acts.push(action(texts.zoom_there, () => on.parcels(model.parcels), { symbol: 'geo-alt' }))
  if (model.successors.length) acts.push(action(filled(texts.choose_successors, { count: model.successors.length }), () => on.choose(model.successors), { symbol: 'arrow-right-circle' }))
  acts.push(action(texts.understood, on.close))
  return [
    make('div', { class: 'problem', 'data-code': model.code },
      make('p', { class: 'problem-text' }, icon('exclamation-octagon'), make('b', { text: model.text })),
      ...model.fields.map((text) => make('p', { class: 'small', text })),
      model.theirs ? make('p', { class: 'small', text: model.theirs }) : null,
      model.differences.length ? make('dl', { class: 'facts' }, ...model.differences.flatMap((each) => [make('dt', { text: each.kind }), make('dd', { text: each.text })])) : null,
      model.changes.length ? make('p', { class: 'small', text: filled(texts.later_changes, { changes: model.changes.join(', ') }) }) : null,
      model.advice ? make('p', { class: 'small advice', text: model.advice }) : null,
      make('p', { class: 'small soft', text: texts.nothing_changed }),
      make('div', { class: 'form-acts' }, ...acts)),
  ]
}
