// The symbol of a project: its shape says the kind, its colour how late it is, the ring around it how far it has come.

export const SIDE = 30
const RING = 12.5
const CORE = 7
export const SEVERITY = ['over', 'done', 'on_time', 'behind', 'late', 'overdue']

/** The class of lateness a project is drawn by; tiles of an older kind only say whether it is late. */
export const latenessOf = (properties) => properties.lateness ?? (properties.late ? 'late' : 'on_time')

/** Whether a project is behind its schedule at all. */
export const isLate = (properties) => Boolean(properties.late) || (properties.late_days ?? 0) > 0

/** Corners of the shape of a kind around (0, 0); null is a circle. */
export function shapeOf(kind) {
  if (kind === 'ddi') return [[-CORE, -CORE], [CORE, -CORE], [CORE, CORE], [-CORE, CORE]]
  if (kind === 'public') return [[0, -CORE - 1.5], [CORE + 1.5, CORE], [-CORE - 1.5, CORE]]
  return null
}

/** The angle (radians, clockwise from the top) a share of the way round; never beyond the whole. */
export const angleOf = (percent) => (Math.PI * 2 * Math.min(Math.max(percent, 0), 100)) / 100

/** Draw a symbol on a canvas context whose middle is (SIDE / 2, SIDE / 2). */
export function drawSymbol(context, { kind, percent, colour, paper, late }) {
  const middle = SIDE / 2
  context.save()
  context.translate(middle, middle)
  circle(context, RING + 2, paper)
  context.lineWidth = 3
  context.strokeStyle = colour
  context.globalAlpha = 0.28
  arc(context, Math.PI * 2)
  context.globalAlpha = 1
  if (percent > 0) arc(context, angleOf(percent))
  context.beginPath()
  const corners = shapeOf(kind)
  if (corners) corners.forEach(([x, y], n) => (n ? context.lineTo(x, y) : context.moveTo(x, y)))
  else context.arc(0, 0, CORE + 0.5, 0, Math.PI * 2)
  context.closePath()
  context.fillStyle = colour
  context.fill()
  if (late) {
    context.fillStyle = paper
    context.fillRect(-1.2, -4.5, 2.4, 5.5)
    context.fillRect(-1.2, 2.4, 2.4, 2.4)
  }
  context.restore()
}

function arc(context, angle) {
  context.beginPath()
  context.arc(0, 0, RING, -Math.PI / 2, -Math.PI / 2 + angle)
  context.stroke()
}

function circle(context, radius, colour) {
  context.beginPath()
  context.arc(0, 0, radius, 0, Math.PI * 2)
  context.fillStyle = colour
  context.fill()
}
