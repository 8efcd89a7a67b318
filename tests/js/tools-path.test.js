import assert from 'node:assert/strict'
import { test } from 'node:test'

import { figures } from '../../static/js/edit/figures.js'
import { drawnPath } from '../../static/js/edit/path.js'
import { rowsText, tableText } from '../../static/js/edit/table-text.js'

test('a line grows, is completed once, and is opened again by taking a point back', () => {
  const path = drawnPath('line')
  assert.equal(path.removeLast(), false)
  assert.equal(path.finish(), false)
  assert.equal(path.add([0, 0]), 'added')
  assert.equal(path.add([0, 0]), 'same')
  assert.equal(path.finish(), false, 'one point is no line')
  path.add([10, 0])
  assert.equal(path.finish(), true)
  assert.equal(path.finish(), false)
  assert.equal(path.finished(), true)
  assert.equal(path.removeLast(), true)
  assert.equal(path.finished(), false)
  assert.deepEqual(path.points(), [[0, 0]])
})

test('a point after completion begins anew', () => {
  const path = drawnPath('line')
  path.set([[0, 0], [10, 0]])
  path.finish()
  path.add([5, 5])
  assert.deepEqual(path.points(), [[5, 5]])
  assert.equal(path.finished(), false)
})

test('a polygon closes at its first corner, not before it has three', () => {
  const path = drawnPath('polygon')
  path.add([0, 0])
  path.add([10, 0])
  assert.equal(path.add([0, 0]), 'added', 'back and forth is allowed while drawing')
  path.removeLast()
  path.add([10, 10])
  assert.equal(path.add([0, 0]), 'finished')
  assert.deepEqual(path.points(), [[0, 0], [10, 0], [10, 10]])
})

test('nobody outside changes the points', () => {
  const path = drawnPath('line')
  const given = [1, 2]
  path.add(given)
  given[0] = 9
  path.points()[0][1] = 9
  path.last()
  assert.deepEqual(path.points(), [[1, 2]])
})

test('a table is passed on with its points only; stated sides stand beside them', () => {
  const four = tableText('Điểm\tX\tY\tCạnh\n1\t2317400,00\t432500,00\t50,00\n2\t2317450,00\t432500,00\t70.5\n3\t2317450,00\t432570,50\t')
  assert.equal(four.text, '1\t2317400,00\t432500,00\n2\t2317450,00\t432500,00\n3\t2317450,00\t432570,50')
  assert.deepEqual(four.edges, [50, 70.5, null])
  assert.equal(four.rows, 3)
})

test('sides on lines of their own, as decisions print them', () => {
  const between = tableText('1 2317400,00 432500,00\n50,00\n2 2317450,00 432500,00\n70,50\n3 2317450,00 432570,50\n86,42\n')
  assert.equal(between.rows, 3)
  assert.deepEqual(between.edges, [50, 70.5, 86.42])
})

test('a table of two or three columns is left as it is', () => {
  assert.deepEqual(tableText('2317400 432500\n2317450 432500'), { text: '2317400\t432500\n2317450\t432500', edges: null, rows: 2 })
  assert.equal(tableText('A1; 2 317 400,5; 432 500,25').text, 'A1\t2317400,5\t432500,25')
  assert.deepEqual(tableText('  \n\n'), { text: '', edges: null, rows: 0 })
})

test('typed rows become a table, empty ones are nothing', () => {
  assert.equal(rowsText([{ point: '', x: '2317400', y: '432500' }, { point: '', x: '', y: ' ' }, { point: 'B', x: '2 317 450,5', y: '432500' }]), '1\t2317400\t432500\nB\t2317450,5\t432500')
})

test('figures are written in the language of the reader', () => {
  const [vi, en] = [figures('vi'), figures('en')]
  assert.equal(vi.coordinate(2317450.25), '2.317.450,250')
  assert.equal(en.coordinate(2317450.25), '2,317,450.250')
  assert.equal(vi.area(10000.04), '10.000,0 m²')
  assert.equal(vi.hectares(12_345.6), '1,2346 ha')
  assert.equal(vi.hectares(10_000), '1,00 ha')
  assert.equal(vi.place([432550.125, 2317450.25]), 'X 2.317.450,250  Y 432.550,125')
})
