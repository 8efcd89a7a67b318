// What patterns look like, as plain strokes on a small square; drawing them is patterns.js's work.

export const SIDE = 16

const every = (step) => Array.from({ length: SIDE / step }, (_, index) => step / 2 + index * step)
const line = (x1, y1, x2, y2) => ({ line: [x1, y1, x2, y2] })
const ring = (x, y, radius, filled) => ({ ring: [x, y, radius], filled })

const horizontal = () => every(8).map((y) => line(0, y, SIDE, y))
const vertical = () => every(8).map((x) => line(x, 0, x, SIDE))
const rising = () => [-8, 0, 8, 16, 24].map((x) => line(x - 1, SIDE + 1, x + SIDE + 1, -1))
const falling = () => [-16, -8, 0, 8, 16].map((x) => line(x - 1, -1, x + SIDE + 1, SIDE + 1))
const plus = (x, y) => [line(x - 3, y, x + 3, y), line(x, y - 3, x, y + 3)]
const times = (x, y) => [line(x - 2.5, y - 2.5, x + 2.5, y + 2.5), line(x - 2.5, y + 2.5, x + 2.5, y - 2.5)]

const STROKES = {
  none: () => [],
  diagonal: rising,
  'back-diagonal': falling,
  horizontal,
  vertical,
  grid: () => [...horizontal(), ...vertical()],
  dots: () => [ring(4, 4, 1.5, true), ring(12, 12, 1.5, true)],
  rings: () => [ring(4, 4, 2.5, false), ring(12, 12, 2.5, false)],
  plus: () => [...plus(4, 4), ...plus(12, 12)],
  cross: () => [...times(4, 4), ...times(12, 12)],
}

export const PATTERNS = Object.keys(STROKES)

/** The strokes of a pattern on a square of SIDE pixels that repeats without a seam. */
export function strokes(pattern) {
  const made = STROKES[pattern]
  if (!made) throw new RangeError(`no pattern ${pattern}`)
  return made()
}

/** `#rrggbb` and an opacity as CSS. */
export function rgba(colour, opacity) {
  const [red, green, blue] = [1, 3, 5].map((place) => parseInt(colour.slice(place, place + 2), 16))
  return `rgba(${red}, ${green}, ${blue}, ${opacity})`
}
