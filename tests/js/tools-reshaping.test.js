import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ringArea } from '../../static/js/edit/bearings.js'
import { cornersOf, offsetOf, ringsAfter, shifted } from '../../static/js/edit/reshaping.js'

const box = (west, south, east, north) => [[[west, south], [east, south], [east, north], [west, north], [west, south]]]
const [left, right] = [box(0, 0, 10, 10), box(10, 0, 20, 10)]

test('a moved corner moves in every ring that has it, also where the ring begins', () => {
  const edits = [{ corner: [10, 0], to: [12, 1] }]
  assert.deepEqual(ringsAfter(left, edits), [[[0, 0], [12, 1], [10, 10], [0, 10], [0, 0]]])
  const after = ringsAfter(right, edits)
  assert.deepEqual(after[0][0], [12, 1])
  assert.deepEqual(after[0].at(-1), [12, 1])
  assert.equal(ringsAfter(box(30, 0, 40, 10), edits), null)
  assert.deepEqual(left, box(0, 0, 10, 10), 'what was given stays as it was')
})

test('a corner is inserted into the side of both neighbours, whichever way it runs', () => {
  const edits = [{ side: [[10, 0], [10, 10]], insert: [11, 5] }]
  assert.deepEqual(ringsAfter(left, edits)[0], [[0, 0], [10, 0], [11, 5], [10, 10], [0, 10], [0, 0]])
  assert.deepEqual(ringsAfter(right, edits)[0], [[10, 0], [20, 0], [20, 10], [10, 10], [11, 5], [10, 0]])
})

test('a corner is taken away', () => {
  assert.deepEqual(ringsAfter(left, [{ corner: [10, 10], remove: true }])[0], [[0, 0], [10, 0], [0, 10], [0, 0]])
})

test('corners that are shared are listed once', () => {
  assert.deepEqual(cornersOf([left, right]), [[0, 0], [10, 0], [10, 10], [0, 10], [20, 0], [20, 10]])
})

test('a side moves parallel to itself', () => {
  const side = [[10, 0], [10, 10]]
  assert.equal(offsetOf(side, [12, 4]), 2)
  assert.equal(offsetOf(side, [9, 4]), -1)
  const edits = shifted(side, 2)
  assert.deepEqual(edits, [{ corner: [10, 0], to: [12, 0] }, { corner: [10, 10], to: [12, 10] }])
  assert.equal(ringArea(ringsAfter(left, edits)[0]), 120)
  assert.equal(ringArea(ringsAfter(right, edits)[0]), 80)
})
