// Fills of the map and swatches of the legend, drawn from the same strokes so that both look alike.
import { SIDE, rgba, strokes } from './hatches.js'

function draw(context, style, opacity) {
  for (const { line, ring, filled } of strokes(style.pattern)) {
    context.beginPath()
    if (line) {
      context.moveTo(line[0], line[1])
      context.lineTo(line[2], line[3])
    } else {
      context.arc(ring[0], ring[1], ring[2], 0, 2 * Math.PI)
    }
    context.strokeStyle = context.fillStyle = rgba(style.stroke, opacity)
    context.lineWidth = 1
    if (filled) context.fill()
    else context.stroke()
  }
}

/** A canvas fill: a colour, or a repeating pattern for screens of that pixel ratio. */
export function fillOf(style, ratio, opacity = style.opacity) {
  if (!style.fill) return null
  if (style.pattern === 'none') return rgba(style.fill, opacity)
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = Math.round(SIDE * ratio)
  const context = canvas.getContext('2d')
  context.scale(canvas.width / SIDE, canvas.height / SIDE)
  context.fillStyle = rgba(style.fill, opacity)
  context.fillRect(0, 0, SIDE, SIDE)
  draw(context, style, Math.min(1, opacity + 0.2))
  return context.createPattern(canvas, 'repeat')
}

const WIDTH = 30
const HEIGHT = 20

/** A small picture of a style for the legend and the card. */
export function swatchOf(style, paper) {
  const canvas = document.createElement('canvas')
  const ratio = Math.max(2, window.devicePixelRatio)
  canvas.width = WIDTH * ratio
  canvas.height = HEIGHT * ratio
  canvas.className = 'swatch'
  canvas.setAttribute('aria-hidden', 'true')
  const context = canvas.getContext('2d')
  context.fillStyle = paper
  context.fillRect(0, 0, canvas.width, canvas.height)
  const edge = style.width / 2 + 2
  const frame = [edge, edge, WIDTH - 2 * edge, HEIGHT - 2 * edge]
  context.fillStyle = fillOf(style, ratio) ?? 'transparent'
  context.save()
  context.beginPath()
  context.rect(...frame.map((value) => value * ratio))
  context.clip()
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.restore()
  context.scale(ratio, ratio)
  context.strokeStyle = style.stroke
  context.lineWidth = style.width
  context.setLineDash(style.dash)
  context.strokeRect(...frame)
  return canvas
}
