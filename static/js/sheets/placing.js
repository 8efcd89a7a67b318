// Control points as plain values, and the formula that carries a sheet to the ground. No document, no map: node tests it.

/** E and N of a place on the sheet, by a placement as the server writes it. */
export function toGround(placement, [col, row]) {
  const x = (col - placement.centre[0]) / placement.scale
  const y = (row - placement.centre[1]) / placement.scale
  const terms = [1, x, y, x * x, x * y, y * y]
  const sum = (values) => values.reduce((total, value, index) => total + value * terms[index], 0)
  return [sum(placement.easting), sum(placement.northing)]
}

const complete = (point) => ['col', 'row', 'easting', 'northing'].every((name) => Number.isFinite(point[name]))

/** The list of points: what is chosen next follows from what is missing. */
export function pointList(given = []) {
  let points = given.map((point) => ({ ...point }))
  let chosen = -1
  return {
    all: () => points,
    complete: () => points.filter(complete),
    /** Places of the complete ones in the whole list, in order. */
    places: () => points.map((point, index) => (complete(point) ? index : -1)).filter((index) => index >= 0),
    chosen: () => chosen,
    choose: (index) => (chosen = index),
    /** A blank row, to be typed. */
    add() {
      points.push({})
      chosen = points.length - 1
      return chosen
    },
    /** A click on the sheet: it begins a new point unless the chosen one still lacks its place there. */
    atImage(col, row) {
      const open = points[chosen]
      if (!open || Number.isFinite(open.col)) {
        points.push({})
        chosen = points.length - 1
      }
      Object.assign(points[chosen], { col, row })
      return chosen
    },
    /** A click on the ground belongs to the point that waits for it; without one it means nothing. */
    atGround(easting, northing) {
      const waiting = points[chosen] && !Number.isFinite(points[chosen].easting) ? chosen : points.findIndex((point) => !Number.isFinite(point.easting))
      if (waiting < 0) return -1
      Object.assign(points[waiting], { easting, northing })
      chosen = waiting
      return waiting
    },
    set: (index, values) => Object.assign(points[index], values),
    remove(index) {
      points = points.filter((_, each) => each !== index)
      chosen = -1
    },
    waiting: () => points.findIndex((point) => Number.isFinite(point.col) && !(Number.isFinite(point.easting) && Number.isFinite(point.northing))),
  }
}

/** Corners of a net over the sheet on the ground, row by row: what a warped picture is drawn by. */
export function net(placement, width, height, cells) {
  const nodes = []
  for (let j = 0; j <= cells; j += 1) {
    for (let i = 0; i <= cells; i += 1) {
      const place = [(width * i) / cells, (height * j) / cells]
      nodes.push({ place, ground: toGround(placement, place) })
    }
  }
  return nodes
}

/** How many cells a net needs: a flat sheet none, a curved one many. */
export const cellsFor = (placement) => (placement.kind === 'polynomial' ? 14 : 1)

/** The affine map (a, b, c, d, e, f of a canvas) that takes triangle `from` to triangle `to`. */
export function triangleMap(from, to) {
  const [[x0, y0], [x1, y1], [x2, y2]] = from
  const [[u0, v0], [u1, v1], [u2, v2]] = to
  const det = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
  if (Math.abs(det) < 1e-9) return null
  const a = ((u1 - u0) * (y2 - y0) - (u2 - u0) * (y1 - y0)) / det
  const c = ((u2 - u0) * (x1 - x0) - (u1 - u0) * (x2 - x0)) / det
  const b = ((v1 - v0) * (y2 - y0) - (v2 - v0) * (y1 - y0)) / det
  const d = ((v2 - v0) * (x1 - x0) - (v1 - v0) * (x2 - x0)) / det
  return [a, b, c, d, u0 - a * x0 - c * y0, v0 - b * x0 - d * y0]
}
