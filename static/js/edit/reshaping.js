// Corner edits on the rings of parcels, as the server will do them, so that a drag shows every parcel that follows.
import { azimuth, onGrid, pointAt, same } from './bearings.js'

const meets = (a, b, side) => (same(a, side[0]) && same(b, side[1])) || (same(a, side[1]) && same(b, side[0]))

function ringAfter(ring, edit) {
  const corners = ring.slice(0, -1)
  const after = []
  let hit = false
  corners.forEach((corner, index) => {
    if (edit.corner && same(corner, edit.corner)) {
      hit = true
      if (edit.to) after.push([...edit.to])
      return
    }
    after.push(corner)
    if (edit.insert && meets(corner, corners[(index + 1) % corners.length], edit.side)) {
      hit = true
      after.push([...edit.insert])
    }
  })
  return hit ? [...after, after[0]] : null
}

/** The rings of a polygon after edits {corner, to} · {corner, remove} · {side, insert}; null when none concerns it. */
export function ringsAfter(rings, edits) {
  let now = rings
  let hit = false
  for (const edit of edits) {
    now = now.map((ring) => {
      const after = ringAfter(ring, edit)
      hit ||= Boolean(after)
      return after ?? ring
    })
  }
  return hit ? now : null
}

/** Every corner of some polygons once, in order. */
export function cornersOf(polygons) {
  const seen = new Set()
  const found = []
  for (const rings of polygons) {
    for (const ring of rings) {
      for (const corner of ring.slice(0, -1)) {
        const key = `${corner[0]} ${corner[1]}`
        if (!seen.has(key)) found.push(corner)
        seen.add(key)
      }
    }
  }
  return found
}

/** How far a point lies beside the line through a side, to its right seen from a to b. */
export function offsetOf([a, b], point) {
  const turn = (azimuth(a, b) * Math.PI) / 180
  return (point[0] - a[0]) * Math.cos(turn) - (point[1] - a[1]) * Math.sin(turn)
}

/** The edits that move a side parallel to itself by metres to its right. */
export function shifted([a, b], metres) {
  const across = azimuth(a, b) + 90
  return [a, b].map((corner) => ({ corner: [...corner], to: onGrid(pointAt(corner, metres, across)) }))
}
