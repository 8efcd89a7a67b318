// Lengths, areas and coordinates of drawing as the reader's language writes them; to the millimetre where people type so.
const LOCALES = { vi: 'vi-VN', en: 'en-GB' }

/** The figures of a language: coordinate, metres, area, hectares, place. */
export function figures(language) {
  const fixed = (least, most = least) =>
    new Intl.NumberFormat(LOCALES[language] ?? LOCALES.vi, { minimumFractionDigits: least, maximumFractionDigits: most })
  const [one, two, three, four, plain] = [fixed(1), fixed(2), fixed(3), fixed(2, 4), fixed(0, 3)]
  const coordinate = (metres) => three.format(metres)
  return {
    coordinate,
    number: (value) => plain.format(value),
    metres: (value) => `${two.format(value)} m`,
    square: (value) => one.format(value),
    area: (value) => `${one.format(value)} m²`,
    hectares: (value) => `${four.format(value / 10_000)} ha`,
    /** A place as sheets write it: X is north. */
    place: ([east, north]) => `X ${coordinate(north)}  Y ${coordinate(east)}`,
  }
}
