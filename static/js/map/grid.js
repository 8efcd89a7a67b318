// Numbers of the tile grid and of scale. A CSS pixel is 1/96 inch, which is what paper and rulers agree on.

const METRES_PER_PIXEL_AT_1 = 0.0254 / 96

/** Metres a pixel of every zoom of a plane's grid, as far as tiles are asked for. */
export function resolutions(grid, deepest = 15) {
  const last = Math.min(grid.max_zoom, deepest)
  return Array.from({ length: last + 1 }, (_, z) => grid.resolution_0 / 2 ** z)
}

/** The n of 1:n at a resolution in metres of ground a pixel. */
export function scaleOf(metresPerPixel) {
  return metresPerPixel / METRES_PER_PIXEL_AT_1
}

/** Metres of ground a pixel at 1:n. */
export function resolutionOf(scale) {
  return scale * METRES_PER_PIXEL_AT_1
}

/** A scale to two or three meaningful digits: 15,118 reads 15,100. */
export function roundedScale(scale) {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(scale)) - 2)
  return Math.round(scale / unit) * unit
}

/** The address of a tile: everything that changes its content is in it. */
export function tileAddress(layer, gridName, [z, x, y], query) {
  const asked = new URLSearchParams()
  for (const name of ['zone', 'as_of', 'known_at', 'plan_version']) {
    if (query[name]) asked.set(name, query[name])
  }
  const text = asked.toString()
  return `/tiles/${layer}/${gridName}/${z}/${x}/${y}.mvt${text ? `?${text}` : ''}`
}

/** A box grown by a share of its larger side, and to at least a given size in metres. */
export function grown([west, south, east, north], share = 0.08, least = 60) {
  const margin = Math.max(east - west, north - south) * share
  const x = Math.max(margin, (least - (east - west)) / 2)
  const y = Math.max(margin, (least - (north - south)) / 2)
  return [west - x, south - y, east + x, north + y]
}
