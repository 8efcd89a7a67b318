import assert from 'node:assert/strict'
import { test } from 'node:test'

import { keysOf } from '../../static/js/map/legend.js'
import { clocks } from '../../static/js/projects/card.js'
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

test('the card says which clocks run and whose days were which', () => {
  globalThis.document = { createElement: (tag) => new Element(tag) }
  const texts = {
    clocks: 'Clocks', clock_names: { schedule: 'Behind', idle: 'Idle' }, clock_states: { running: ['good', 'Running'] },
    breach: 'Ends', board_days: 'Land late', stopped_days: 'Stopped', investor: 'Investor', days: '%(days)s days', evidence: 'Evidence',
  }
  const format = { whole: String, day: (day) => day }
  const row = { clock: 'schedule', state: 'running', breach_on: '2029-02-28', running_days: 0, board_days: 273, stopped_days: 0 }
  const said = clocks({ code: 'DA-1', clocks: [row, { ...row, clock: 'idle', state: 'ended' }] }, { texts, format, link: (path) => path })
  const words = said.map((each) => each.said()).join('|')
  assert.equal(words, 'Clocks|Behind,Running,Ends 2029-02-28 · Investor: 0 days · Land late: 273 days|Evidence')
  assert.deepEqual(clocks({ clocks: [{ ...row, state: 'ended' }] }, { texts, format, link: String }), [])
  delete globalThis.document
})

class Element {
  constructor(tag) { this.tag = tag; this.children = []; this.textContent = '' }
  setAttribute() {}
  addEventListener() {}
  append(...children) { this.children.push(...children) }
  said() { return [this.textContent, ...this.children.map((child) => child.said())].filter(Boolean).join(',') }
}
