// Draws a parcel's timeline: a filled dot on the legal day, a hollow one where the register learnt it.
import { filled } from '../map/format.js'
import { make } from './elements.js'
import { timelineModel } from './timeline-model.js'

/**
 * Fill `place` with the timeline of `entries`. `onDay(day)` moves the map to a legal day; `knownHref(instant)` is the page as
 * the register knew it then.
 */
export function drawTimeline(place, entries, { texts, format, onDay, knownHref }) {
  let clock = 'legal'

  function draw() {
    const shown = timelineModel(entries, texts, format, clock)
    if (!shown.length) {
      place.replaceChildren(make('p', { class: 'soft small', text: texts.no_history }))
      return
    }
    const items = shown.flatMap((entry, index) =>
      entry.year === shown[index - 1]?.year ? [moment(entry)] : [make('li', { class: 'year', text: entry.year }), moment(entry)])
    place.replaceChildren(clocks(), make('ol', { class: 'timeline' }, ...items))
  }

  function clocks() {
    const choice = (name, text) =>
      make('button', { type: 'button', 'aria-pressed': String(clock === name), text, on: { click: () => turn(name) } })
    return make('div', { class: 'clocks', role: 'group', 'aria-label': texts.order_by }, choice('legal', texts.by_legal_day), choice('recorded', texts.by_recording))
  }

  function turn(name) {
    clock = name
    draw()
    place.querySelector('.clocks [aria-pressed=true]').focus()
  }

  function moment(entry) {
    const marks = [entry.correction && !entry.undoes ? texts.correction : null, entry.undoes, entry.undone].filter(Boolean)
    const legal = make('p', { class: 'when legal' },
      make('button', { type: 'button', class: 'figures', title: filled(texts.see_day, { day: entry.day }), text: entry.day, on: { click: () => onDay(entry.effectiveOn) } }),
      ...marks.map((text) => make('span', { class: 'tag', text })))
    const recorded = entry.known
      ? make('p', { class: 'when recorded small' }, make('a', { class: 'figures', href: knownHref(entry.recordedAt), title: texts.see_known, text: entry.known }),
          entry.lag ? make('span', { class: 'soft', text: `· ${entry.lag}` }) : null)
      : null
    const news = make('div', { class: 'news' },
      ...entry.lines.map((line) => make('p', { text: line })),
      entry.document ? make('p', { class: 'small' }, entry.file ? make('a', { href: entry.file, target: '_blank', rel: 'noopener', text: entry.document }) : make('span', { class: 'soft', text: entry.document })) : null,
      entry.by ? make('p', { class: 'small soft', text: entry.by, title: entry.reason }) : null)
    const kinds = [entry.correction ? 'correction' : '', entry.undone ? 'undone' : ''].join(' ').trim()
    return make('li', { class: kinds, 'data-change': entry.number }, ...(clock === 'legal' ? [legal, news, recorded] : [recorded, news, legal]))
  }

  draw()
}
