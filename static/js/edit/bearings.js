// Lengths, azimuths and small constructions in the plane of a zone. A point is [E, N] in metres; an azimuth is in
// degrees from grid north, clockwise. Nothing here knows of a map: node tests it.

const DEGREES = 180 / Math.PI

/** To the register's grid of one millimetre, as the double nearest to the decimal. */
export const rounded = (metres) => Math.round(metres * 1000) / 1000
export const onGrid = ([east, north]) => [rounded(east), rounded(north)]
export const same = (a, b) => a[0] === b[0] && a[1] === b[1]

export const distance = (a, b) => Math.hypot(b[0] - a[0], b[1] - a[1])

/** Azimuth from a to b, 0 ≤ azimuth < 360; null when they are one point. */
export function azimuth(a, b) {
  if (same(a, b)) return null
  return (Math.atan2(b[0] - a[0], b[1] - a[1]) * DEGREES + 360) % 360
}

/** The point at a distance and azimuth from another. */
export function pointAt([east, north], metres, azimuthDegrees) {
  const turn = azimuthDegrees / DEGREES
  return [east + metres * Math.sin(turn), north + metres * Math.cos(turn)]
}

/** Degrees as ["45", "03", "07"]: whole, minutes, seconds, carried over correctly (59.9999″ is no 60″). */
function sexagesimal(degrees) {
  const seconds = Math.round(degrees * 3600) % (360 * 3600)
  const two = (value) => String(value).padStart(2, '0')
  return [String(Math.floor(seconds / 3600)), two(Math.floor(seconds / 60) % 60), two(seconds % 60)]
}

/** An azimuth as surveyors write it: 45°03′07″. */
export function azimuthText(degrees) {
  if (degrees === null || degrees === undefined) return '–'
  const [whole, minutes, seconds] = sexagesimal(degrees)
  return `${whole}°${minutes}′${seconds}″`
}

/** Length of a path of points. */
export function pathLength(points) {
  let sum = 0
  for (let index = 1; index < points.length; index += 1) sum += distance(points[index - 1], points[index])
  return sum
}

/** A ring without its repeated last point. */
export const open = (ring) => (ring.length > 1 && same(ring[0], ring.at(-1)) ? ring.slice(0, -1) : ring)

/** Area of a ring in m², positive when it runs counter-clockwise; counted from its first corner, so that no digits are lost. */
export function signedArea(ring) {
  const corners = open(ring)
  if (corners.length < 3) return 0
  const [east, north] = corners[0]
  let twice = 0
  for (let index = 1; index < corners.length - 1; index += 1) {
    const [a, b] = [corners[index], corners[index + 1]]
    twice += (a[0] - east) * (b[1] - north) - (b[0] - east) * (a[1] - north)
  }
  return twice / 2
}

/** Area in m² inside a ring. */
export const ringArea = (ring) => Math.abs(signedArea(ring))

/** Area of a polygon: its outer ring without its holes. */
export const polygonArea = (rings) => rings.reduce((sum, ring, index) => sum + (index ? -ringArea(ring) : ringArea(ring)), 0)

/** Where on the line through a and b a point projects: share 0 at a, 1 at b. */
function shareAlong(point, a, b) {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]]
  const square = dx * dx + dy * dy
  return square === 0 ? 0 : ((point[0] - a[0]) * dx + (point[1] - a[1]) * dy) / square
}

const between = (a, b, share) => [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share]

/** The point of the edge a–b nearest to a point. */
export function nearestOnEdge(point, a, b) {
  return between(a, b, Math.min(1, Math.max(0, shareAlong(point, a, b))))
}

/** Foot of the perpendicular from a point, when it falls on the edge a–b and not on one of its ends; else null. */
export function perpendicularFoot(point, a, b) {
  const share = shareAlong(point, a, b)
  return share > 0 && share < 1 ? between(a, b, share) : null
}

/** Where two edges cross or meet; null when they do not or are parallel. */
export function intersection(a, b, c, d) {
  const [rx, ry, sx, sy] = [b[0] - a[0], b[1] - a[1], d[0] - c[0], d[1] - c[1]]
  const cross = rx * sy - ry * sx
  if (cross === 0) return null
  const t = ((c[0] - a[0]) * sy - (c[1] - a[1]) * sx) / cross
  const u = ((c[0] - a[0]) * ry - (c[1] - a[1]) * rx) / cross
  return t < 0 || t > 1 || u < 0 || u > 1 ? null : between(a, b, t)
}

/** The first place where a ring crosses itself, or null. Neighbouring sides share a corner, which is no crossing. */
export function selfCrossing(ring) {
  const corners = open(ring)
  const count = corners.length
  for (let first = 0; first < count; first += 1) {
    for (let second = first + 2; second < count; second += 1) {
      if (first === 0 && second === count - 1) continue
      const met = intersection(corners[first], corners[first + 1], corners[second], corners[(second + 1) % count])
      if (met) return met
    }
  }
  return null
}

/** Whether a point lies inside a ring. */
function insideRing([east, north], ring) {
  const corners = open(ring)
  let inside = false
  for (let index = 0, last = corners.length - 1; index < corners.length; last = index, index += 1) {
    const [a, b] = [corners[index], corners[last]]
    if (a[1] > north !== b[1] > north && east < ((b[0] - a[0]) * (north - a[1])) / (b[1] - a[1]) + a[0]) inside = !inside
  }
  return inside
}

/** Whether a point lies on a polygon's ground, its holes left out. */
export const insidePolygon = (point, [outer, ...holes]) => insideRing(point, outer) && !holes.some((hole) => insideRing(point, hole))

/** Call `use(a, b)` for every side of the rings of a polygon. */
export function eachSide(rings, use) {
  for (const ring of rings) for (let index = 1; index < ring.length; index += 1) use(ring[index - 1], ring[index])
}

/** The side of a polygon nearest to a point: {side: [a, b], place, distance}, or null. */
export function nearestSide(point, rings) {
  let best = null
  eachSide(rings, (a, b) => {
    const place = nearestOnEdge(point, a, b)
    const away = distance(point, place)
    if (!best || away < best.distance) best = { side: [a, b], place, distance: away }
  })
  return best
}

/** The outline of a strip along a line, flat at its ends; for the eye only, the server cuts the exact one. */
export function stripOutline(line, widthMetres) {
  const half = widthMetres / 2
  const points = line.filter((point, index) => index === 0 || !same(point, line[index - 1]))
  if (points.length < 2 || !(half > 0)) return null
  const [left, right] = [[], []]
  for (let index = 0; index < points.length; index += 1) {
    const before = index > 0 ? azimuth(points[index - 1], points[index]) : null
    const after = index < points.length - 1 ? azimuth(points[index], points[index + 1]) : null
    const [first, second] = [before ?? after, after ?? before]
    let turn = ((second - first + 540) % 360) - 180
    if (Math.abs(turn) > 150) turn = Math.sign(turn) * 150 // a hairpin's mitre would run away
    const across = first + turn / 2 + 90
    const reach = half / Math.cos(turn / 2 / DEGREES)
    right.push(pointAt(points[index], reach, across))
    left.push(pointAt(points[index], -reach, across))
  }
  return [...right, ...left.reverse(), right[0]]
}
