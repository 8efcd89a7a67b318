// The points of a line or a polygon being drawn, without a map: what each act does to them.
import { distance, same } from './bearings.js'

const LEAST = { line: 2, polygon: 3 }

/** A drawn path. `kind`: 'line' or 'polygon'. Points are [E, N]. */
export function drawnPath(kind) {
  let points = []
  let finished = false

  return {
    kind,
    points: () => points.map((each) => [...each]),
    last: () => points.at(-1) ?? null,
    count: () => points.length,
    finished: () => finished,
    enough: () => points.length >= LEAST[kind],

    /** Add a point. A finished path begins anew; the first corner of a polygon closes it. Answers what happened. */
    add(point) {
      if (finished) {
        points = []
        finished = false
      }
      if (points.length && distance(points.at(-1), point) < 0.001) return 'same'
      if (kind === 'polygon' && points.length >= LEAST.polygon && same(points[0], point)) return this.finish() ? 'finished' : 'same'
      points.push([...point])
      return 'added'
    },
    /** Take the last point back; a finished path is open again. False when there is none. */
    removeLast() {
      if (!points.length) return false
      points.pop()
      finished = false
      return true
    },
    /** Declare it complete; false when there are too few points or it is complete already. */
    finish() {
      if (finished || points.length < LEAST[kind]) return false
      finished = true
      return true
    },
    clear() {
      const had = points.length > 0
      points = []
      finished = false
      return had
    },
    /** Put given points there, unfinished. */
    set(given) {
      points = given.map((each) => [...each])
      finished = false
    },
  }
}
