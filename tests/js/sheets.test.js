import assert from 'node:assert/strict'
import { test } from 'node:test'

import { net, pointList, toGround, triangleMap } from '../../static/js/sheets/placing.js'
import { typedNumber } from '../../static/js/sheets/table.js'

const affine = { kind: 'affine', centre: [500, 400], scale: 500, easting: [600_000, 250, 10, 0, 0, 0], northing: [2_300_000, 10, -250, 0, 0, 0] }
const near = (left, right, reach = 1e-6) => left.forEach((value, index) => assert.ok(Math.abs(value - right[index]) < reach, `${left} / ${right}`))

test('a place on the sheet is carried to the ground by the formula of the server', () => {
  near(toGround(affine, [500, 400]), [600_000, 2_300_000])
  near(toGround(affine, [1000, 400]), [600_250, 2_300_010])
  const curved = { ...affine, kind: 'polynomial', easting: [0, 0, 0, 1, 2, 3], northing: [0, 0, 0, 3, 2, 1] }
  near(toGround(curved, [1000, 900]), [6, 6])
})

test('three corners fix an affine map, three on a line none', () => {
  const [a, b, c, d, e, f] = triangleMap([[0, 0], [10, 0], [0, 10]], [[5, 5], [25, 5], [5, 35]])
  near([a, b, c, d, e, f], [2, 0, 0, 3, 5, 5])
  assert.equal(triangleMap([[0, 0], [1, 1], [2, 2]], [[0, 0], [1, 0], [0, 1]]), null)
  assert.equal(net(affine, 1000, 800, 4).length, 25)
})

test('clicks fill what is missing: sheet, then ground, then the next point', () => {
  const points = pointList()
  assert.equal(points.atGround(1, 2), -1, 'ground without a point on the sheet means nothing')
  assert.equal(points.atImage(10, 20), 0)
  assert.equal(points.waiting(), 0)
  assert.equal(points.atGround(600_000, 2_300_000), 0)
  assert.equal(points.waiting(), -1)
  assert.equal(points.atImage(30, 40), 1)
  assert.equal(points.add(), 2)
  assert.equal(points.atImage(50, 60), 2, 'a blank row takes the click')
  assert.deepEqual(points.complete(), [{ col: 10, row: 20, easting: 600_000, northing: 2_300_000 }])
  assert.deepEqual(points.places(), [0])
  points.remove(0)
  assert.equal(points.all().length, 2)
  assert.equal(points.chosen(), -1)
})

test('numbers are read as people write them; of two meanings the one that lies in Vietnam', () => {
  assert.equal(typedNumber('northing', '2.317.450,250'), 2_317_450.25)
  assert.equal(typedNumber('northing', '2,317,450.25'), 2_317_450.25)
  assert.equal(typedNumber('northing', '2317450.25'), 2_317_450.25)
  assert.equal(typedNumber('easting', '432.550'), 432_550)
  assert.equal(typedNumber('col', '1204,5'), 1204.5)
  assert.ok(Number.isNaN(typedNumber('easting', 'x')))
  assert.ok(Number.isNaN(typedNumber('easting', '')))
})
