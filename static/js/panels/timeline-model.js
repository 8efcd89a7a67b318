// The timeline of a parcel as plain values: one entry a change, with both clocks and its news in words.
import { filled } from '../map/format.js'

/** What one event says. Null when it is not worth a line (a right that merely moved on with the ground). */
export function eventText(event, texts, format) {
  if (event.what === 'carried') return null
  const kind = texts.history_kinds[event.kind] ?? event.kind
  const what = texts.history_what[event.what] ?? event.what
  if (event.kind === 'became') return filled(texts.became, { parcel: event.label, how: how(event, texts) })
  if (event.kind === 'came_from') return filled(texts.came_from, { parcel: event.label, how: how(event, texts) })
  if (event.kind === 'project_status') {
    return filled(texts.project_now, {
      project: event.label,
      status: texts.project_statuses[event.detail] ?? event.detail,
    })
  }
  const parts = [`${kind} ${event.label ?? ''}`.trim()]
  if (event.detail) parts.push(event.detail)
  if (event.kind === 'parcel' && event.area_m2) parts.push(format.squareMetres(event.area_m2))
  return `${what}: ${parts.join(' · ')}`
}

const how = (event, texts) => texts.lineage_kinds[event.detail] ?? event.detail

/** Entries for showing, latest legal day first as they come. */
export function timelineModel(entries, texts, format) {
  return entries
    .map((entry) => ({
      day: format.day(entry.effective_on),
      known: entry.recorded_at ? filled(texts.known_since, { when: format.instant(entry.recorded_at) }) : null,
      correction: entry.kind === 'correction',
      reason: entry.reason,
      document: entry.document_number
        ? filled(texts.document_by, {
            number: entry.document_number,
            day: format.day(entry.document_issued_on),
            issuer: entry.document_issuer,
          })
        : null,
      lines: entry.events.map((event) => eventText(event, texts, format)).filter(Boolean),
    }))
    .filter((entry) => entry.lines.length)
}
