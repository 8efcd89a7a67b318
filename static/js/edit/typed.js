// What people type for places, lengths and areas, understood without guessing: "2.317.450,25 432550.1" (X north first),
// "@12,5 -3", "25,5<45°30′15″", "25,5", "1,25 ha". Every refusal has a code and the facts of its sentence.
import { azimuth, distance, onGrid, pointAt } from './bearings.js'

const NORTHINGS = [880_000, 2_620_000]
const EASTINGS = [160_000, 840_000]
const NEAR = 5_000
const SPACES = /[\s\u00a0\u2007\u2009\u202f]+/g
const GROUPS = { vi: '.', en: ',' }
// central meridians and scales of the legal planes: TM-3° and, at the end, the two 6° planes
const MERIDIANS = [
  ...[102, 103, 104, 104.5, 104.75, 105, 105.5, 105.75, 106, 106.25, 106.5, 107, 107.25, 107.5, 107.75, 108, 108.25, 108.5].map((each) => [each, 0.9999]),
  [105, 0.9996],
  [111, 0.9996],
]

/**
 * Every way a written number can be meant, the decimal reading first: "1.250" is [1.25, 1250], "1.250,5" is [1250.5].
 * Empty when it is no number.
 */
export function readings(text) {
  const said = text.trim().replace('−', '-').replace(SPACES, ' ')
  const parts = /^([+-]?)\s*(.*)$/.exec(said)
  const sign = parts[1] === '-' ? -1 : 1
  const body = parts[2]
  const found = []
  const add = (value) => found.includes(value) || found.push(sign * Number(value))
  if (/^\d+$/.test(body)) add(body)
  else if (/^\d{1,3}( \d{3})+([.,]\d+)?$/.test(body)) add(body.replaceAll(' ', '').replace(',', '.'))
  else if (/^\d*[.,]\d+$/.test(body)) {
    add(body.replace(',', '.'))
    if (/^[1-9]\d{0,2}[.,]\d{3}$/.test(body)) add(body.replace(/[.,]/, ''))
  } else if (/^\d{1,3}(\.\d{3})+(,\d+)?$/.test(body)) add(body.replaceAll('.', '').replace(',', '.'))
  else if (/^\d{1,3}(,\d{3})+(\.\d+)?$/.test(body)) add(body.replaceAll(',', ''))
  return found.filter(Number.isFinite)
}

const within = ([least, most], value) => value >= least && value <= most
const refused = (code, facts = {}) => ({ problem: { code, ...facts } })

/**
 * A length in metres: {metres}, or a problem. "1,234" is to the millimetre where the comma starts decimals; "1.234" can
 * be meant in two ways there and is refused.
 */
export function parseLength(text, language = 'vi') {
  const found = readings(text.trim().replace(/\s*m$/i, ''))
  if (found.length === 2 && !text.includes(GROUPS[language] ?? '.')) found.pop()
  if (found.length === 0) return refused('unreadable', { text: text.trim() })
  if (found.length > 1) return refused('ambiguous', { text: text.trim(), one: found[0], other: found[1] })
  return { metres: found[0] }
}

/** An azimuth: 45,5 · 45°30′15″ · 45 30 15 · 45-30-15 · 45d30m15s. Answers {degrees} in 0 ≤ degrees < 360, or a problem. */
export function parseAzimuth(text) {
  const said = text.trim().replace(',', '.')
  const one = /^(\d{1,3}(?:\.\d+)?)\s*[°ºdđ]?$/i.exec(said)
  const three = /^(\d{1,3})(?:\s*[°ºdđ]\s*|\s+|-)(\d{1,2})(?:(?:\s*['′’m]\s*|\s+|-)(\d{1,2}(?:\.\d+)?)?)?\s*["″”s]?$/i.exec(said)
  if (!one && !three) return refused('azimuth', { text: text.trim() })
  const [whole, minutes, seconds] = one ? [Number(one[1]), 0, 0] : [Number(three[1]), Number(three[2]), Number(three[3] ?? 0)]
  const degrees = whole + minutes / 60 + seconds / 3600
  if (minutes >= 60 || seconds >= 60 || degrees > 360) return refused('azimuth', { text: text.trim() })
  return { degrees: degrees % 360 }
}

/**
 * An area: "4.000", "4000 m²", "1,25 ha". Of two readings the one not larger than `most` (m²) is taken, then the
 * one of the language. Answers {area_m2}, or a problem.
 */
export function parseArea(text, { language = 'vi', most = Infinity } = {}) {
  const parts = /^(.*?)\s*(m2|m²|ha|héc\s?ta|hecta|hectares?)?$/i.exec(text.trim())
  const unit = /^h/i.test(parts[2] ?? '') ? 10_000 : 1
  let found = readings(parts[1]).map((value) => Math.round(value * unit * 1e6) / 1e6)
  if (!parts[1].trim()) return refused('empty')
  if (found.length === 0) return refused('unreadable', { text: text.trim() })
  if (found.length > 1) {
    const fitting = found.filter((value) => value <= most)
    if (fitting.length === 1) found = fitting
    else found = [parts[1].includes(GROUPS[language] ?? '.') ? found[1] : found[0]]
  }
  return found[0] > 0 ? { area_m2: found[0] } : refused('not-positive', { text: text.trim() })
}

/** Meridian and scale in a proj4 text. */
export function planeOf(proj4Text) {
  const value = (name) => Number(new RegExp(`\\+${name}=([\\d.]+)`).exec(proj4Text)?.[1])
  return { meridian: value('lon_0'), scale: value('k') || 0.9999 }
}

/** A meridian as documents write it: 107°45′. */
export const meridianText = (degrees) => `${Math.floor(degrees)}°${String(Math.round((degrees % 1) * 60)).padStart(2, '0')}′`

/** Where the middle of a zone would lie in a plane of another meridian, to some hundred metres. */
function seenFrom([east, north], plane, [meridian, scale]) {
  const latitude = north / plane.scale / 110_640 / (180 / Math.PI)
  const [sine, cosine] = [Math.sin(latitude), Math.cos(latitude)]
  const radius = 6_378_137 / Math.sqrt(1 - 0.00669438 * sine * sine)
  const here = (east - 500_000) / (plane.scale * radius * cosine)
  const there = here + (plane.meridian - meridian) / (180 / Math.PI)
  const rise = (radius * sine * cosine) / 2
  return [500_000 + scale * radius * cosine * there, (scale * (north / plane.scale)) + scale * rise * (there * there - here * here)]
}

/** The problem of a place that is not at the zone: another meridian that would make it fit, or how far away it is. */
function misplaced(point, { extent, plane }) {
  if (!extent) return null
  const [west, south, east, north] = extent
  const away = Math.hypot(Math.max(west - point[0], 0, point[0] - east), Math.max(south - point[1], 0, point[1] - north))
  if (away <= NEAR) return null
  const middle = [(west + east) / 2, (south + north) / 2]
  const reach = Math.max(east - west, north - south) / 2 + NEAR / 2
  const other = plane && MERIDIANS.find((each) => each[0] !== plane.meridian && distance(seenFrom(middle, plane, each), point) <= reach)
  if (other) return { code: 'meridian', meridian: meridianText(plane.meridian), other: meridianText(other[0]) }
  return { code: 'far', metres: away }
}

const LABEL = /(?:^|[\s;,|])(x|n|b|y|e|đ)(?:\s*\([^)]*\))?\s*[:=]?\s*(?=[\d+])/giu

/** Two numbers with whatever people put between them. All ways that lead to two coordinates, as [first, second]. */
function pairs(text) {
  const found = []
  for (let place = 1; place < text.length; place += 1) {
    if (!/[\s,;|/]/.test(text[place])) continue
    const [first, second] = [text.slice(0, place), text.slice(place + 1)].map((part) => part.replace(/^[\s,;|/]+|[\s,;|/]+$/g, ''))
    for (const a of readings(first)) for (const b of readings(second)) if (!found.some(([x, y]) => x === a && y === b)) found.push([a, b])
  }
  return found
}

function absolute(text, where) {
  const labels = [...text.matchAll(LABEL)].map((match) => match[1].toLowerCase())
  const bare = text.replace(LABEL, ' | ').replace(/^[\s|]+/, '')
  const found = pairs(bare)
  const turned = labels.length === 2 && 'yeđ'.includes(labels[0]) && 'xnb'.includes(labels[1])
  const fits = found.map(([a, b]) => (turned ? [b, a] : [a, b])).filter(([north, east]) => within(NORTHINGS, north) && within(EASTINGS, east))
  if (fits.length === 1) {
    const point = onGrid([fits[0][1], fits[0][0]])
    const problem = misplaced(point, where)
    return problem ? { problem } : { kind: 'point', point }
  }
  const swapped = found.find(([a, b]) => within(EASTINGS, a) && within(NORTHINGS, b))
  if (swapped) return refused('order', { first: swapped[0], second: swapped[1] })
  if (fits.length === 0 && found.length > 0) return refused('range', { first: found[0][0], second: found[0][1] })
  return refused('unreadable', { text })
}

/** "12,5 -3", "12.5,-3", "10,5", "10,5;3": the two parts of a step, or null. */
function stepParts(text) {
  const said = text.trim()
  if (/[\s;|]/.test(said)) {
    const parts = said.split(/[\s;|]+/).map((part) => part.replace(/,$/, '')).filter(Boolean)
    return parts.length === 2 ? parts : null
  }
  const parts = said.split(',')
  if (parts.length === 2) return parts
  return parts.length === 4 ? [`${parts[0]},${parts[1]}`, `${parts[2]},${parts[3]}`] : null
}

function relative(text, { from, language }) {
  const parts = stepParts(text)
  if (!parts) return refused('step', { text: `@${text}` })
  if (!from) return refused('no-start')
  const lengths = parts.map((part) => parseLength(part, language))
  const problem = lengths.find((each) => each.problem)
  if (problem) return problem
  const [north, east] = lengths.map((each) => each.metres)
  return { kind: 'relative', point: onGrid([from[0] + east, from[1] + north]) }
}

function polar(text, { from, language }) {
  const [first, ...rest] = text.split('<')
  if (!from) return refused('no-start')
  const [length, direction] = [parseLength(first, language), parseAzimuth(rest.join('<'))]
  if (length.problem ?? direction.problem) return length.problem ? length : direction
  if (!(length.metres > 0)) return refused('not-positive', { text: first.trim() })
  return { kind: 'polar', point: onGrid(pointAt(from, length.metres, direction.degrees)) }
}

function ahead(text, { from, towards, language }) {
  const length = parseLength(text, language)
  if (length.problem) return length
  if (!from) return refused('no-start')
  const direction = towards ? azimuth(from, towards) : null
  if (direction === null) return refused('no-direction')
  if (!(length.metres > 0)) return refused('not-positive', { text: text.trim() })
  return { kind: 'distance', point: onGrid(pointAt(from, length.metres, direction)) }
}

/**
 * A place as it was typed. `where`: extent of the zone [w, s, e, n] and its plane {meridian, scale} for the checks,
 * `from` the point before, `towards` where the pointer is, `language` of the numbers. Answers {kind, point: [E, N]} or {problem: {code, …}};
 * problem code 'empty' for no text at all.
 */
export function parsePlace(text, where = {}) {
  const said = text.trim()
  if (!said) return refused('empty')
  if (said.includes('<')) return polar(said.replace(/^@/, ''), where)
  if (said.startsWith('@')) return relative(said.slice(1), where)
  const alone = readings(said.replace(/\s*m$/i, ''))
  if (alone.length > 0 && alone.every((value) => Math.abs(value) < EASTINGS[0])) return ahead(said, where)
  return alone.length > 0 ? refused('one-number', { text: said }) : absolute(said, where)
}
