// The timeline of a parcel as plain values: one entry a change, with both clocks and its news in words.
import { filled } from '../map/format.js'
import { fileHref } from './papers.js'

const DAY_MS = 86_400_000
const TOLD_KIN = 8

/** What one event says. Null when it is not worth a line (a right that merely moved on with the ground). */
export function eventText(event, texts, format) {
  if (event.what === 'carried') return null
  const kind = texts.history_kinds[event.kind] ?? event.kind
  const what = texts.history_what[event.what] ?? event.what
  if (kinship(event)) return filled(texts[event.kind], { parcel: event.label, how: how(event, texts) })
  if (event.kind === 'project_status') {
    return filled(texts.project_now, {
      project: event.label,
      status: texts.project_statuses[event.detail] ?? event.detail,
    })
  }
  if (event.kind === 'parcel') return `${what}: ${kind} ${parcelText(event, texts, format)}`
  return `${what}: ${[`${kind} ${event.label ?? ''}`.trim(), event.detail].filter(Boolean).join(' · ')}`
}

/** A parcel's own news: number, area and land use, each with what it was where that changed. */
function parcelText(event, texts, format) {
  const changed = event.changed ?? []
  const moved = (name, former, now) => (changed.includes(name) ? `${former || '–'} → ${now || '–'}` : now)
  const parts = [
    moved('label', event.former_label, event.label),
    event.area_m2 ? moved('area_m2', format.squareMetres(event.former_area_m2), format.squareMetres(event.area_m2)) : null,
    changed.includes('shape') ? texts.shape_changed : null,
    changed.includes('land_use') ? `${texts.land_use} ${moved('land_use', event.former_land_use, event.land_use)}` : null,
    event.former_label !== undefined && event.former_label !== null && !changed.length ? texts.other_facts : null,
  ]
  return parts.filter(Boolean).join(' · ')
}
const kinship = (event) => event.kind === 'became' || event.kind === 'came_from'
const how = (event, texts) => texts.lineage_kinds[event.detail] ?? event.detail

/** Relatives of one operation told in one line: a parcel cut in forty is no forty lines. */
function gathered(events, texts) {
  const kept = []
  for (const event of events) {
    const same = kinship(event) && kept.find((each) => each.kind === event.kind && each.detail === event.detail)
    if (same) same.labels.push(event.label)
    else kept.push({ ...event, labels: [event.label] })
  }
  const inOrder = new Intl.Collator('vi', { numeric: true }).compare
  return kept.map(({ labels, ...event }) => {
    if (labels.length < 2) return event
    const told = labels.sort(inOrder).slice(0, TOLD_KIN).join(', ')
    return { ...event, label: labels.length > TOLD_KIN ? `${told} ${filled(texts.more_parcels, { count: labels.length - TOLD_KIN })}` : told }
  })
}

/** The legal day in Vietnam of an instant. */
const dayOf = (instant) => new Date(Date.parse(instant) + 7 * 3_600_000).toISOString().slice(0, 10)

/** How long after (or before) the legal day the register learnt it; null on the same day. */
export function lagText(effective, recorded, texts, format) {
  const days = Math.round((Date.parse(dayOf(recorded)) - Date.parse(effective)) / DAY_MS)
  if (!days) return null
  return filled(days > 0 ? texts.lag_after : texts.lag_before, { days: format.whole(Math.abs(days)) })
}

const order = {
  legal: (entry) => `${entry.effective_on}/${String(entry.change).padStart(12, '0')}`,
  recorded: (entry) => `${entry.recorded_at ?? ''}/${String(entry.change).padStart(12, '0')}`,
}

/** Entries for showing, the latest first on the `clock` asked for: legal days, or moments of recording. */
export function timelineModel(entries, texts, format, clock = 'legal') {
  const latest = (a, b) => (order[clock](a) < order[clock](b) ? 1 : -1)
  return [...entries]
    .sort(latest)
    .map((entry) => ({
      number: entry.change,
      day: format.day(entry.effective_on),
      effectiveOn: entry.effective_on,
      recordedAt: entry.recorded_at,
      known: entry.recorded_at ? filled(texts.known_since, { when: format.instant(entry.recorded_at) }) : null,
      lag: entry.recorded_at ? lagText(entry.effective_on, entry.recorded_at, texts, format) : null,
      year: (clock === 'legal' || !entry.recorded_at ? entry.effective_on : dayOf(entry.recorded_at)).slice(0, 4),
      correction: entry.kind === 'correction',
      undoes: entry.undoes ? filled(texts.undoes, { number: entry.undoes }) : null,
      undone: entry.undone_by ? filled(texts.undone_by, { number: entry.undone_by }) : null,
      by: entry.actor ? filled(texts.change_by, { number: entry.change, actor: entry.actor }) : null,
      reason: entry.reason,
      document: entry.document_number
        ? filled(texts.document_by, {
            number: entry.document_number,
            day: format.day(entry.document_issued_on),
            issuer: entry.document_issuer,
          })
        : null,
      file: entry.document_has_file ? fileHref(entry.document_id, entry.document_page) : null,
      lines: gathered(entry.events, texts).map((event) => eventText(event, texts, format)).filter(Boolean),
    }))
    .filter((entry) => entry.lines.length)
}
