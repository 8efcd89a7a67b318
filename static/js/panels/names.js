// What things are called and how long they held, as plain texts. No document, no map: node tests it.
import { filled } from '../map/format.js'

/** Sheet and number as people say them. */
export function parcelName(parcel, texts) {
  if (!parcel.number) return texts.unnumbered
  return parcel.sheet
    ? filled(texts.parcel_on_sheet, { number: parcel.number, sheet: parcel.sheet })
    : filled(texts.parcel, { number: parcel.number })
}

const inOrder = new Intl.Collator('vi', { numeric: true }).compare

/** The order of parcels on paper: sheet, then number, 9 before 10. */
export const byNumber = (a, b) => inOrder(a.sheet ?? '', b.sheet ?? '') || inOrder(a.number ?? '', b.number ?? '')

/** Legal days: since when, until before when. */
export function period(from, to, texts, format) {
  if (!from) return null
  return to
    ? filled(texts.from_to, { from: format.day(from), to: format.day(to) })
    : filled(texts.since, { from: format.day(from) })
}
