import assert from 'node:assert/strict'
import { test } from 'node:test'

import { GivenUp, StillWaiting, changeKeeper, isLost, standing } from '../../static/js/edit/change.js'

const ID = 'c1'
const problem = (status, code = 'x') => Object.assign(new Error(code), { name: 'Problem', status, code })
const lostLine = () => new TypeError('Failed to fetch')
const shown = (more = {}) => ({ id: ID, status: 'open', operations: [], ...more })

/** A browser's storage. */
function box() {
  const kept = new Map()
  return { kept, getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value), removeItem: (key) => kept.delete(key) }
}

/** A server that answers in turn; an answer that is an error is thrown. GETs answer the change as it stands. */
function server(answers, change = shown()) {
  const asked = []
  async function ask(url, { method = 'GET', body, headers = {} } = {}) {
    if (method === 'GET') return change
    asked.push({ url, body, key: headers['Idempotency-Key'] })
    const answer = answers.shift()
    if (answer instanceof Error) throw answer
    return answer
  }
  return { ask, asked, change }
}

/** Timers that a test runs by hand. */
function clock() {
  const waiting = []
  return {
    waiting,
    later: (act, ms) => waiting.push({ act, ms }) - 1,
    never: (place) => (waiting[place] = null),
    tick: () => waiting.splice(0).forEach((each) => each?.act()),
  }
}
const soon = () => new Promise((resolve) => setImmediate(resolve))

async function opened({ answers = [], storage = box(), time = clock(), change } = {}) {
  const far = server(answers, change)
  let serial = 0
  const keeper = changeKeeper({ ask: far.ask, storage, user: 'lan', newKey: () => `key-${(serial += 1)}`, later: time.later, never: time.never })
  await keeper.resume(ID)
  return { keeper, far, storage, time }
}

test('an operation is written down with its key before it is sent and forgotten once it is answered', async () => {
  const storage = box()
  let seen = null
  const keeper = changeKeeper({
    ask: async (url, { method = 'GET' } = {}) => {
      if (method === 'POST') seen = JSON.parse(storage.getItem('gisapp:pending:lan:c1'))
      return method === 'POST' ? { step: 1 } : shown()
    },
    storage, user: 'lan', newKey: () => 'k',
  })
  await keeper.resume(ID)
  assert.deepEqual(await keeper.add('split', { parcel: 'p' }), { step: 1 })
  assert.deepEqual([seen.key, seen.path, seen.body], ['k', '/api/v1/changes/c1/parcels/split', { parcel: 'p' }])
  assert.equal(storage.kept.size, 0)
  assert.equal(keeper.state().pending, null)
})

test('a lost answer is asked for again under the same key until it comes', async () => {
  const { keeper, far, storage, time } = await opened({ answers: [lostLine(), problem(503), { step: 1 }] })
  const states = []
  keeper.onChange(({ pending, lost }) => states.push([Boolean(pending), Boolean(lost)]))
  const adding = keeper.add('split', { parcel: 'p' })
  await soon()
  assert.ok(keeper.state().lost, 'the loss is told')
  assert.equal(storage.kept.size, 1, 'and the operation kept')
  await assert.rejects(keeper.add('merge', {}), StillWaiting)
  time.tick()
  await soon()
  time.tick()
  assert.deepEqual(await adding, { step: 1 })
  assert.deepEqual(new Set(far.asked.map((each) => each.key)), new Set(['key-1']))
  assert.equal(far.asked.length, 3)
  assert.equal(storage.kept.size, 0)
  assert.deepEqual(states.at(-1), [false, false])
})

test('tries are further and further apart, and can be hurried', async () => {
  const { keeper, time } = await opened({ answers: [lostLine(), lostLine(), lostLine(), {}] })
  const adding = keeper.add('split', {})
  const waits = []
  for (let tries = 0; tries < 3; tries += 1) {
    await soon()
    waits.push(time.waiting.findLast(Boolean).ms)
    keeper.retry()
  }
  await adding
  assert.deepEqual(waits, [2000, 4000, 8000])
})

test('a refusal is final: it is thrown and nothing is kept', async () => {
  const { keeper, far, storage } = await opened({ answers: [problem(412, 'version-stale'), { step: 1 }] })
  await assert.rejects(keeper.add('split', {}), { code: 'version-stale' })
  assert.equal(storage.kept.size, 0)
  await keeper.add('split', {})
  assert.notEqual(far.asked[0].key, far.asked[1].key)
})

test('what nobody has answered can be given up', async () => {
  const { keeper, storage } = await opened({ answers: [lostLine()] })
  const adding = keeper.add('split', {})
  await soon()
  keeper.giveUp()
  await assert.rejects(adding, GivenUp)
  assert.equal(storage.kept.size, 0)
  assert.equal(keeper.state().sending, false)
})

test('the next page sends what the last one left, as it was, and says what it was', async () => {
  const storage = box()
  const first = await opened({ answers: [lostLine()], storage })
  first.keeper.add('split', { parcel: 'p', method: 'area' }).catch(() => null)
  await soon()
  const second = await opened({ answers: [{ step: 1 }], storage })
  assert.ok(second.keeper.state().pending)
  assert.deepEqual(await second.keeper.deliverKept(), { about: { what: 'add', operation: 'split' }, answer: { step: 1 } })
  assert.deepEqual(second.far.asked, [{ url: '/api/v1/changes/c1/parcels/split', body: { parcel: 'p', method: 'area' }, key: 'key-1' }])
  assert.equal(storage.kept.size, 0)
  assert.equal(await second.keeper.deliverKept(), null)
})

test('what is kept belongs to a user and a change', async () => {
  const storage = box()
  storage.setItem('gisapp:pending:minh:c1', JSON.stringify({ key: 'k', path: '/x', body: {}, about: { what: 'commit' } }))
  const { keeper } = await opened({ storage })
  assert.equal(keeper.state().pending, null)
})

test('a broken or forbidden storage does not stop the work', async () => {
  const storage = { getItem: () => '{', setItem() { throw new Error('full') }, removeItem() { throw new Error('no') } }
  const { keeper } = await opened({ storage, answers: [{ step: 1 }] })
  assert.deepEqual(await keeper.add('split', {}), { step: 1 })
})

test('opening twice with the same words is one request', async () => {
  const keys = []
  const answers = [lostLine(), shown()]
  let serial = 0
  const keeper = changeKeeper({
    ask: async (_, { headers }) => {
      keys.push(headers['Idempotency-Key'])
      const answer = answers.shift()
      if (answer instanceof Error) throw answer
      return answer
    },
    storage: box(), user: 'lan', newKey: () => `key-${(serial += 1)}`,
  })
  await assert.rejects(keeper.open({ reason: 'a' }))
  await keeper.open({ reason: 'a' })
  assert.deepEqual(keys, ['key-1', 'key-1'])
})

test('only an answer that may still come counts as lost', () => {
  for (const error of [lostLine(), problem(401), problem(429), problem(502), problem(503), problem(504), problem(400, 'page-expired')]) assert.ok(isLost(error))
  for (const error of [problem(400), problem(404), problem(409), problem(412), problem(422), problem(428), problem(500)]) assert.ok(!isLost(error))
})

test('what stands, what can be taken back and what can be brought back', () => {
  const step = (number, taken_back) => ({ step: number, taken_back })
  const open = standing(shown({ operations: [step(1, false), step(2, false), step(3, true)] }))
  assert.deepEqual([open.count, open.last.step, open.next.step, open.canUndo, open.canRedo, open.canCommit], [2, 2, 3, true, true, true])
  const empty = standing(shown())
  assert.deepEqual([empty.canUndo, empty.canRedo, empty.canCommit], [false, false, false])
  const done = standing(shown({ status: 'committed', operations: [step(1, false)] }))
  assert.deepEqual([done.canUndo, done.canRedo, done.canCommit], [true, false, false])
  const undone = standing(shown({ status: 'committed', undone_by: 7, operations: [step(1, false)] }))
  assert.deepEqual([undone.canUndo, undone.canRedo], [false, true])
  assert.equal(standing(null).count, 0)
})
