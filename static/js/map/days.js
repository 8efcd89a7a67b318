// Days as people move through them: ISO texts, counted without clocks and time zones.

const DAY_MS = 86_400_000

/** Days since 1970 of an ISO day. */
export function ordinal(iso) {
  const [year, month, day] = iso.split('-').map(Number)
  return Math.round(Date.UTC(year, month - 1, day) / DAY_MS)
}

/** The ISO day of a count of days since 1970. */
export function isoDay(count) {
  return new Date(count * DAY_MS).toISOString().slice(0, 10)
}

/** Whether a text is a day that exists: 2026-02-30 is not. */
export function isDay(text) {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && isoDay(ordinal(text)) === text
}

/** The nearest day of change before (-1) or after (+1) a day; null when there is none. */
export function neighbourDay(days, day, direction) {
  const sorted = [...days].sort()
  if (direction > 0) return sorted.find((each) => each > day) ?? null
  return sorted.reverse().find((each) => each < day) ?? null
}

const LONGEST_BACK_DAYS = 50 * 365
const FURTHEST_AHEAD_DAYS = 366

/**
 * First and last day of the slider: from the first change to today, or to the last one when it is later. A day half a century
 * away, or more than a year ahead, would leave no room to slide: it is reached by the arrows and the calendar.
 */
export function sliderRange(days, today) {
  const [earliest, latest] = [isoDay(ordinal(today) - LONGEST_BACK_DAYS), isoDay(ordinal(today) + FURTHEST_AHEAD_DAYS)]
  const sorted = [...days.filter((day) => day >= earliest && day <= latest), today].sort()
  return { first: sorted[0], last: sorted[sorted.length - 1] }
}
