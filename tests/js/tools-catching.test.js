import assert from 'node:assert/strict'
import { test } from 'node:test'

import { caught, sidesNear } from '../../static/js/edit/catching.js'

const [E, N] = [432_000, 2_317_000]
const at = (east, north) => [E + east, N + north]
const side = (a, b) => [at(...a), at(...b)]
const cross = [side([0, 0], [100, 0]), side([50.1234, -40], [50.1234, 40])]

test('a corner is caught bit for bit, also when it is off the millimetre', () => {
  const corner = [432_000.123456789, 2_317_000.987654321]
  const found = caught([corner[0] + 0.4, corner[1] + 0.3], [[corner, at(80, 3)]], { reach: 1 })
  assert.equal(found.kind, 'vertex')
  assert.ok(Object.is(found.point[0], corner[0]) && Object.is(found.point[1], corner[1]))
  assert.ok(Math.abs(found.residual - 0.5) < 1e-9)
})

test('a corner comes before a nearer edge, the nearest corner before others', () => {
  const found = caught(at(0.8, 0.1), [side([0, 0], [100, 0]), side([1.5, 0.1], [1.5, 50])], { reach: 1 })
  assert.equal(found.kind, 'vertex')
  assert.deepEqual(found.point, at(1.5, 0.1))
})

test('crossings are caught only when asked for, on the millimetre grid', () => {
  const pointer = at(50.4, 0.3)
  assert.equal(caught(pointer, cross, { reach: 1 }).kind, 'edge')
  const found = caught(pointer, cross, { reach: 1, intersections: true })
  assert.equal(found.kind, 'intersection')
  assert.deepEqual(found.point, at(50.123, 0))
})

test('the foot of a perpendicular comes before the mere edge', () => {
  const sides = [side([0, 0], [100, 0])]
  const found = caught(at(30.5, 0.2), sides, { reach: 1, from: at(30, 40) })
  assert.equal(found.kind, 'foot')
  assert.deepEqual(found.point, at(30, 0))
  assert.equal(caught(at(45, 0.2), sides, { reach: 1, from: at(30, 40) }).kind, 'edge')
  assert.equal(caught(at(30.5, 0.2), sides, { reach: 1, from: at(30, 0) }).kind, 'edge', 'not from the side itself')
})

test('nothing is caught out of reach; loose corners are', () => {
  assert.equal(caught(at(50, 3), [side([0, 0], [100, 0])], { reach: 1 }), null)
  assert.deepEqual(caught(at(50, 3), [], { reach: 1, loose: [at(50, 3.5)] }).point, at(50, 3.5))
})

test('only sides near the pointer are looked at, rings kept apart', () => {
  const flat = [0, 0, 100, 0, 100, 100, 0, 0, 40, 40, 60, 40, 40, 40]
  assert.deepEqual(sidesNear([50, 1], 2, flat, [8, 14]), [[[0, 0], [100, 0]], [[100, 100], [0, 0]]], 'boxes, not distances')
  assert.deepEqual(sidesNear([50, 40], 2, flat, [8, 14]).length, 3)
  assert.deepEqual(sidesNear([500, 40], 2, flat, [8, 14]), [])
})
