// The family of a parcel as rows of a tree: what it came from above it, what it became below, time running down.
import { filled } from '../map/format.js'
import { byNumber, parcelName } from './names.js'

export const ROW_PX = 44
const SHOWN_KIN = 8
const STEP_PX = 22
const WIDEST_PX = 132
const EDGE_PX = 9
const BEND_PX = 6
const SAME_M2 = 0.5

/**
 * Rows from top to bottom: {id, depth, side, label, area, how, self, inForce, withdrawn, repeated} or {more, of, depth, side}.
 * A parcel met twice (merged, then divided) is drawn out once. `open` holds the parcels whose long rows of kin are shown whole.
 */
export function familyRows(family, { texts, format, open = new Set() }) {
  const parcels = new Map(family.parcels.map((each) => [each.id, each]))
  const drawn = new Set([family.id])
  const kin = { before: grouped(family.lines, 'child', 'parent'), after: grouped(family.lines, 'parent', 'child') }

  function row(id, depth, side, line = null) {
    const parcel = parcels.get(id)
    return {
      id, depth, side, owner: null,
      label: parcelName(parcel, texts),
      area: format.squareMetres(parcel.area_m2),
      how: line && howOf(line, parcel, texts, format),
      self: side === 'self', inForce: parcel.in_force, withdrawn: parcel.withdrawn, repeated: false,
    }
  }

  function branch(id, depth, side) {
    const towards = side === 'before' ? 'parent' : 'child'
    const number = (line) => parcels.get(line[towards])
    const lines = (kin[side].get(id) ?? []).sort((a, b) => byNumber(number(a), number(b)))
    const shown = open.has(`${side}/${id}`) || lines.length <= SHOWN_KIN + 1 ? lines : lines.slice(0, SHOWN_KIN)
    const parts = shown.map((line) => {
      const mine = { ...row(line[towards], depth, side, line), owner: id, repeated: drawn.has(line[towards]) }
      if (mine.repeated) return [mine]
      drawn.add(mine.id)
      const further = branch(mine.id, depth + 1, side)
      return side === 'before' ? [...further, mine] : [mine, ...further]
    })
    if (shown.length < lines.length) parts.push([{ more: lines.length - shown.length, of: `${side}/${id}`, owner: id, depth, side }])
    return parts.flat()
  }

  return [...branch(family.id, 1, 'before'), row(family.id, 0, 'self'), ...branch(family.id, 1, 'after')]
}

function grouped(lines, by, towards) {
  const groups = new Map()
  for (const line of lines) {
    const group = groups.get(line[by]) ?? groups.set(line[by], new Map()).get(line[by])
    group.set(line[towards], line) // the last change that related the two speaks
  }
  return new Map([...groups].map(([id, found]) => [id, [...found.values()]]))
}

function howOf(line, parcel, texts, format) {
  const said = [texts.lineage_kinds[line.kind] ?? line.kind, format.day(line.effective_on)]
  if (Math.abs(line.area_m2 - parcel.area_m2) > SAME_M2) said.push(filled(texts.shared_ground, { area: format.squareMetres(line.area_m2) }))
  return said.join(' · ')
}

/** Where the dots of the rows are and the lines between them, in pixels from the top left of the tree. */
export function rails(rows) {
  const deepest = Math.max(1, ...rows.map((row) => row.depth))
  const step = Math.min(STEP_PX, WIDEST_PX / deepest)
  const x = (depth) => EDGE_PX + depth * step
  const y = (index) => (index + 0.5) * ROW_PX
  const at = new Map(rows.map((row, index) => [row.repeated || row.more ? null : row.id, index]))
  const bend = Math.min(BEND_PX, step / 2)
  const paths = rows.flatMap((row, index) => {
    if (!row.owner) return []
    const from = at.get(row.owner)
    const towards = Math.sign(index - from)
    return [`M${x(row.depth - 1)} ${y(from)}V${y(index) - towards * bend}Q${x(row.depth - 1)} ${y(index)} ${x(row.depth - 1) + bend} ${y(index)}H${x(row.depth)}`]
  })
  return {
    width: x(deepest) + EDGE_PX,
    height: rows.length * ROW_PX,
    indents: rows.map((row) => x(row.depth) + EDGE_PX + 3),
    dots: rows.map((row, index) => ({ x: x(row.depth), y: y(index) })),
    paths,
  }
}
