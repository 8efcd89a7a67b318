import assert from 'node:assert/strict'
import { test } from 'node:test'

import { keysOf } from '../../static/js/map/legend.js'
import { SEVERITY, SIDE, angleOf, drawSymbol, isLate, latenessOf, shapeOf } from '../../static/js/projects/symbols.js'

test('a project is drawn by its class of lateness', () => {
  assert.equal(latenessOf({ lateness: 'overdue' }), 'overdue')
  assert.equal(latenessOf({ late: true }), 'late')
  assert.equal(latenessOf({}), 'on_time')
  assert.deepEqual(keysOf('projects', { lateness: 'behind', late: true }), ['behind'])
})

test('the switch keeps those that are behind at all', () => {
  assert.ok(isLate({ late_days: 1 }))
  assert.ok(isLate({ late: true }))
  assert.ok(!isLate({ late_days: 0, late: false }))
  assert.ok(!isLate({}))
})

test('each kind has a shape of its own', () => {
  assert.equal(shapeOf('fdi'), null)
  assert.equal(shapeOf('ddi').length, 4)
  assert.equal(shapeOf('public').length, 3)
})

test('the ring is the share done, and never more than the whole', () => {
  assert.equal(angleOf(50), Math.PI)
  assert.equal(angleOf(-5), 0)
  assert.equal(angleOf(140), Math.PI * 2)
})

test('the worst class wins where symbols meet', () => {
  assert.ok(SEVERITY.indexOf('overdue') > SEVERITY.indexOf('late'))
  assert.ok(SEVERITY.indexOf('late') > SEVERITY.indexOf('on_time'))
})

test('a symbol stays inside its picture and marks what is late', () => {
  const drawn = []
  const context = new Proxy({}, {
    get: (target, name) => (name in target ? target[name] : (...given) => drawn.push([name, ...given])),
    set: (target, name, value) => { target[name] = value; return true },
  })
  drawSymbol(context, { kind: 'public', percent: 40, colour: '#b3261e', paper: '#ffffff', late: true })
  const radii = drawn.filter(([name]) => name === 'arc').map(([, , , radius]) => radius)
  assert.ok(Math.max(...radii) <= SIDE / 2)
  assert.equal(drawn.filter(([name]) => name === 'fillRect').length, 2)
})
