// The sheet drawn over the map by the points as they stand now, before anything is kept.
import { cellsFor, net, triangleMap } from './placing.js'

const { ol } = window
const SIDE = 512
const MOST_TILES = 5

/** Fetch the whole sheet coarsely as one canvas; `factor` is how much smaller it is. */
export async function coarseSheet({ id, width, height, picture }) {
  let level = 0
  while (Math.max(width, height) / 2 ** level > SIDE * MOST_TILES) level += 1
  const factor = 2 ** level
  const canvas = document.createElement('canvas')
  canvas.width = Math.ceil(width / factor)
  canvas.height = Math.ceil(height / factor)
  const context = canvas.getContext('2d')
  const load = async (x, y) => {
    const image = new Image()
    image.src = `/tiles/sheets/${id}/image/${level}/${x}/${y}.png?v=${picture}`
    await image.decode()
    context.drawImage(image, x * SIDE, y * SIDE)
  }
  const wanted = []
  for (let y = 0; y * SIDE < canvas.height; y += 1) for (let x = 0; x * SIDE < canvas.width; x += 1) wanted.push(load(x, y))
  await Promise.all(wanted)
  return { canvas, factor }
}

/** A layer that draws the sheet by `placement()`; null draws nothing. */
export function overlayLayer(sheet, { placement, projection }) {
  const out = document.createElement('canvas')
  const source = new ol.source.ImageCanvas({
    projection,
    ratio: 1,
    canvasFunction(extent, resolution, pixelRatio, size) {
      out.width = size[0]
      out.height = size[1]
      const made = placement()
      if (made) draw(out.getContext('2d'), made, extent, resolution / pixelRatio)
      return out
    },
  })

  function draw(context, made, extent, resolution) {
    const cells = cellsFor(made)
    const nodes = net(made, sheet.width, sheet.height, cells)
    const pixel = ([e, n]) => [(e - extent[0]) / resolution, (extent[3] - n) / resolution]
    const from = nodes.map(({ place }) => place.map((value) => value / sheet.factor))
    const to = nodes.map(({ ground }) => pixel(ground))
    const row = cells + 1
    for (let j = 0; j < cells; j += 1) {
      for (let i = 0; i < cells; i += 1) {
        const [a, b, c, d] = [j * row + i, j * row + i + 1, (j + 1) * row + i, (j + 1) * row + i + 1]
        if (cells === 1) patch(context, [a, b, c], [a, b, d, c], from, to)
        else {
          patch(context, [a, b, c], [a, b, c], from, to)
          patch(context, [b, d, c], [b, d, c], from, to)
        }
      }
    }
  }

  /** One affine piece: `corners` fix the map, `outline` is what is drawn of it. */
  function patch(context, corners, outline, from, to) {
    const map = triangleMap(corners.map((each) => from[each]), corners.map((each) => to[each]))
    if (!map) return
    const middle = outline.reduce(([x, y], each) => [x + to[each][0] / outline.length, y + to[each][1] / outline.length], [0, 0])
    context.save()
    context.beginPath()
    for (const each of outline) {
      // half a pixel wider, so that pieces leave no seam
      const [x, y] = to[each]
      const away = Math.hypot(x - middle[0], y - middle[1]) || 1
      context.lineTo(x + ((x - middle[0]) / away) * 0.7, y + ((y - middle[1]) / away) * 0.7)
    }
    context.closePath()
    context.clip()
    context.transform(...map)
    context.drawImage(sheet.canvas, 0, 0)
    context.restore()
  }

  const layer = new ol.layer.Image({ source, opacity: 0.6, zIndex: 5 })
  return { layer, refresh: () => source.changed() }
}
