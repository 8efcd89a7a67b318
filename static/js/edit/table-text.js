// A coordinate table as people paste it, made ready for the server: side lengths that stand in a fourth column or on a
// line of their own are told apart from the points. Which column is north and what the numbers mean, the server tells.
import { readings } from './typed.js'

const LONGEST_SIDE = 100_000

// a cell of a real column may group its digits by spaces; the server takes every space for a border
function cellsOf(line) {
  const said = line.trim()
  const columns = /[\t;|]|\s{2,}/.test(said) ? said.split(/\s*[\t;|]\s*|\s{2,}/) : said.split(/\s+/)
  return columns.map((cell) => cell.replace(/\s+/g, '')).filter(Boolean)
}
const sideOf = (cell) => {
  const found = readings(cell.replace(/\s*m$/i, ''))
  return found.length && found[0] > 0 && found[0] < LONGEST_SIDE ? found[0] : null
}

/**
 * Answer {text, edges, rows}: lines of "point⇥first⇥second", the stated length of the side that begins at each point
 * (null where none is stated; no list when none is stated at all), and how many points there are.
 */
export function tableText(pasted) {
  const lines = []
  const edges = []
  let begun = false
  for (const line of pasted.split(/\r?\n/)) {
    const cells = cellsOf(line)
    if (!cells.length || (!begun && !/\d/.test(line))) continue
    begun = true
    if (cells.length === 1 && lines.length && edges[lines.length - 1] === undefined && sideOf(cells[0]) !== null) {
      edges[lines.length - 1] = sideOf(cells[0])
      continue
    }
    if (cells.length === 4 && sideOf(cells[3]) !== null) {
      edges[lines.length] = sideOf(cells[3])
      cells.pop()
    }
    lines.push(cells.join('\t'))
  }
  const stated = lines.map((_, index) => edges[index] ?? null)
  return { text: lines.join('\n'), edges: stated.some((each) => each !== null) ? stated : null, rows: lines.length }
}

/** Rows typed one by one as the text of a table; empty rows are left out. */
export const rowsText = (rows) => rows.filter((row) => row.x.trim() || row.y.trim()).map((row, index) => [row.point.trim() || String(index + 1), row.x.trim(), row.y.trim()].map((cell) => cell.replace(/\s+/g, '')).join('\t')).join('\n')
