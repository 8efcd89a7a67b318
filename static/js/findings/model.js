// Findings as plain values: which are shown, how they are counted and said. No document, no map: node tests it.
import { filled } from '../map/format.js'

export const KINDS = ['overlap', 'gap', 'outside', 'across_uses', 'lease_on_green', 'outside_plan']
export const SEVERITIES = ['high', 'medium', 'low']

/** What the list starts with: everything that is open. */
export const START = { kind: '', severity: '', waived: false }

/** The findings a filter lets through, in their order. */
export function shown(findings, filter) {
  return findings.filter(
    (each) =>
      (filter.waived || each.open) && (!filter.kind || each.kind === filter.kind) && (!filter.severity || each.severity === filter.severity),
  )
}

/** How many findings there are of each kind and severity among those that may be shown. */
export function counts(findings, { waived }) {
  const found = { kind: {}, severity: {}, open: 0, waived: 0 }
  for (const each of findings) {
    if (each.open) found.open += 1
    else found.waived += 1
    if (!each.open && !waived) continue
    found.kind[each.kind] = (found.kind[each.kind] ?? 0) + 1
    found.severity[each.severity] = (found.severity[each.severity] ?? 0) + 1
  }
  return found
}

/** An area as its size asks: a sliver in square centimetres of precision, land in one decimal. */
export function areaText(area, { format, language }) {
  if (area >= 1) return format.squareMetres(area)
  const locale = language === 'en' ? 'en-GB' : 'vi-VN'
  return `${new Intl.NumberFormat(locale, { minimumFractionDigits: 3, maximumFractionDigits: 3 }).format(area)} m²`
}

/** One line under the heading: how many are open, how many waived, and what is left out. */
export function summary(collection, texts, format) {
  const findings = collection.features.map((each) => each.properties)
  const { open, waived } = counts(findings, { waived: true })
  if (!open && !waived) return texts.none
  const said = filled(texts.counted, { open: format.whole(open), waived: format.whole(waived) })
  const left = collection.numberMatched - collection.numberReturned
  return left > 0 ? `${said} ${filled(texts.left_out, { count: format.whole(left) })}` : said
}

/** Where the finger or the arrow key goes next in a list of ids; stays inside it. */
export function neighbour(ids, current, step) {
  if (!ids.length) return null
  const at = ids.indexOf(current)
  if (at < 0) return step > 0 ? ids[0] : ids.at(-1)
  return ids[Math.min(ids.length - 1, Math.max(0, at + step))]
}

/** What is sent to waive a finding; empty fields are left out. */
export function waiverBody(zone, finding, { reason, expires_on: expires, document }) {
  const body = { zone, finding, reason: reason.trim() }
  if (expires) body.expires_on = expires
  if (document) body.document_id = document
  return body
}

/** The document whose label was picked or typed; undefined for a text that is none, null for nothing. */
export function documentOf(text, documents) {
  const wanted = text.trim()
  if (!wanted) return null
  return documents.find((each) => each.label === wanted || each.number === wanted)?.id
}
