import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as plane from '../../static/js/edit/bearings.js'

const near = (a, b, within = 1e-6) => assert.ok(Math.hypot(a[0] - b[0], a[1] - b[1]) < within, `${a} ≠ ${b}`)
const square = [[0, 0], [100, 0], [100, 100], [0, 100], [0, 0]]

test('azimuths run clockwise from grid north', () => {
  const from = [432_000, 2_317_000]
  const seen = [[0, 1], [1, 1], [1, 0], [0, -1], [-1, 0]].map(([e, n]) => plane.azimuth(from, [from[0] + e, from[1] + n]))
  assert.deepEqual(seen, [0, 45, 90, 180, 270])
  assert.equal(plane.azimuth(from, from), null)
  near(plane.pointAt(from, 50, 270), [431_950, 2_317_000])
})

test('there and back: distance and azimuth return the point to a micron', () => {
  const from = [432_123.456, 2_317_654.321]
  for (let index = 0; index < 360; index += 7) {
    const to = plane.pointAt(from, 12.5 + index, index)
    near(plane.pointAt(from, plane.distance(from, to), plane.azimuth(from, to)), to)
  }
})

test('degrees, minutes and seconds carry over', () => {
  assert.equal(plane.azimuthText(45.504166667), '45°30′15″')
  assert.equal(plane.azimuthText(59.99999), '60°00′00″')
  assert.equal(plane.azimuthText(359.99999), '0°00′00″')
  assert.equal(plane.azimuthText(7.05), '7°03′00″')
  assert.equal(plane.azimuthText(null), '–')
})

test('areas keep their digits far from the origin', () => {
  const ring = square.map(([e, n]) => [e + 432_000.123, n + 2_317_000.456])
  assert.ok(Math.abs(plane.ringArea(ring) - 10_000) < 1e-6)
  assert.equal(plane.ringArea(square.slice(0, 4)), 10_000)
  assert.equal(plane.polygonArea([square, [[10, 10], [20, 10], [20, 20], [10, 20], [10, 10]]]), 9_900)
  assert.equal(plane.ringArea([[0, 0], [1, 1]]), 0)
  assert.ok(plane.signedArea(square) > 0 && plane.signedArea([...square].reverse()) < 0)
  assert.equal(plane.pathLength([[0, 0], [3, 4], [3, 10]]), 11)
})

test('nearest point, foot of the perpendicular, crossing', () => {
  assert.deepEqual(plane.nearestOnEdge([50, 20], [0, 0], [100, 0]), [50, 0])
  assert.deepEqual(plane.nearestOnEdge([-50, 20], [0, 0], [100, 0]), [0, 0])
  assert.deepEqual(plane.nearestOnEdge([5, 5], [1, 1], [1, 1]), [1, 1])
  assert.deepEqual(plane.perpendicularFoot([50, 20], [0, 0], [100, 0]), [50, 0])
  assert.equal(plane.perpendicularFoot([-50, 20], [0, 0], [100, 0]), null)
  assert.deepEqual(plane.intersection([0, 0], [10, 10], [0, 10], [10, 0]), [5, 5])
  assert.equal(plane.intersection([0, 0], [10, 0], [0, 1], [10, 1]), null)
  assert.equal(plane.intersection([0, 0], [1, 1], [0, 10], [10, 0]), null)
})

test('a ring that crosses itself is found, with the place', () => {
  assert.equal(plane.selfCrossing(square), null)
  assert.deepEqual(plane.selfCrossing([[0, 0], [10, 10], [10, 0], [0, 10]]), [5, 5])
  assert.equal(plane.selfCrossing([[0, 0], [10, 0], [5, 5]]), null)
})

test('inside and the nearest side', () => {
  const holed = [square, [[40, 40], [60, 40], [60, 60], [40, 60], [40, 40]]]
  assert.equal(plane.insidePolygon([10, 10], holed), true)
  assert.equal(plane.insidePolygon([50, 50], holed), false)
  assert.equal(plane.insidePolygon([150, 50], holed), false)
  assert.deepEqual(plane.nearestSide([50, 3], holed), { side: [[0, 0], [100, 0]], place: [50, 0], distance: 3 })
})

test('the strip along a line is as wide as asked and turns at its corners', () => {
  const strip = plane.stripOutline([[0, 0], [100, 0]], 12)
  assert.ok(Math.abs(plane.ringArea(strip) - 1200) < 1e-9)
  const bent = plane.stripOutline([[0, 0], [100, 0], [100, 100]], 12)
  assert.ok(Math.abs(plane.ringArea(bent) - 2400) < 1e-9, 'a mitre gives outside what it takes inside')
  assert.equal(plane.stripOutline([[0, 0], [0, 0]], 12), null)
  assert.equal(plane.stripOutline([[0, 0], [1, 0]], 0), null)
})

test('the grid of the register is one millimetre', () => {
  assert.deepEqual(plane.onGrid([432_000.12349, 2_317_000.0005]), [432_000.123, 2_317_000.001])
})
