// What a pointer near linework catches, as plain values: a corner before a crossing, before the foot of a
// perpendicular, before an edge. A caught corner is handed on bit for bit; anything else is put on the 1 mm grid.
import { distance, intersection, nearestOnEdge, onGrid, perpendicularFoot } from './bearings.js'

const MANY = 60 // sides near a pointer beyond which crossings are not looked for

/** Sides [a, b] of flat coordinates [e, n, e, n, …] that come near a point. */
export function sidesNear(point, reach, flat, ends, stride = 2, found = []) {
  const [east, north] = point
  let start = 0
  for (const end of ends) {
    for (let place = start; place + stride < end; place += stride) {
      const [ae, an, be, bn] = [flat[place], flat[place + 1], flat[place + stride], flat[place + stride + 1]]
      if ((ae < be ? be : ae) < east - reach || (ae < be ? ae : be) > east + reach) continue
      if ((an < bn ? bn : an) < north - reach || (an < bn ? an : bn) > north + reach) continue
      found.push([[ae, an], [be, bn]])
    }
    start = end
  }
  return found
}

function nearest(point, reach, places) {
  let best = null
  for (const place of places) {
    const residual = distance(point, place.point)
    if (residual <= reach && (!best || residual < best.residual)) best = { ...place, residual }
  }
  return best
}

function* corners(sides, loose) {
  for (const [a, b] of sides) {
    yield { kind: 'vertex', point: a }
    yield { kind: 'vertex', point: b }
  }
  for (const point of loose) yield { kind: 'vertex', point }
}

function* crossings(sides) {
  if (sides.length > MANY) return
  for (let one = 0; one < sides.length; one += 1) {
    for (let other = one + 1; other < sides.length; other += 1) {
      const met = intersection(...sides[one], ...sides[other])
      if (met) yield { kind: 'intersection', point: met }
    }
  }
}

function* feet(sides, from) {
  for (const side of sides) {
    const foot = perpendicularFoot(from, ...side)
    // from a point of the side itself every foot is that point: nothing to stand square on
    if (foot && distance(foot, from) > 0.001) yield { kind: 'foot', point: foot, side }
  }
}

function* edges(point, sides) {
  for (const side of sides) yield { kind: 'edge', point: nearestOnEdge(point, ...side), side }
}

/**
 * What is caught at a point within `reach` metres: {kind: 'vertex' | 'intersection' | 'foot' | 'edge', point, residual}
 * or null. `from` is the point a segment is being drawn from; `loose` are further corners without sides.
 */
export function caught(point, sides, { reach, from = null, intersections = false, loose = [] }) {
  const found =
    nearest(point, reach, corners(sides, loose)) ??
    (intersections ? nearest(point, reach, crossings(sides)) : null) ??
    (from ? nearest(point, reach, feet(sides, from)) : null) ??
    nearest(point, reach, edges(point, sides))
  if (!found) return null
  return { ...found, point: found.kind === 'vertex' ? [...found.point] : onGrid(found.point) }
}
