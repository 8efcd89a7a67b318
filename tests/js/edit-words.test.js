import assert from 'node:assert/strict'
import { test } from 'node:test'

import { commandOf } from '../../static/js/edit/keys.js'
import { readParcelNumber } from '../../static/js/edit/lists.js'
import { laterDays } from '../../static/js/edit/opening.js'
import { presenceText } from '../../static/js/edit/presence.js'
import { conflictModel, problemModel } from '../../static/js/edit/problem-model.js'
import { whyNot } from '../../static/js/edit/toolbar.js'
import { formats } from '../../static/js/map/format.js'

const format = formats('vi')
const PARCEL = '0f8fad5b-d9cb-469f-a165-70867728950e'
const texts = {
  advice: { 'version-stale': 'Xem lại.' }, unknown_problem: 'Không rõ.', nothing: 'không có', difference_kinds: { right: 'Quyền' }, somebody: 'Ai đó',
  theirs: '%(actor)s, số %(change)s, %(day)s', theirs_by_document: '%(actor)s theo %(document)s, số %(change)s, %(day)s', somebody_near: '%(actor)s sửa %(count)s thửa lúc %(when)s.',
}
const refusal = (code, context = {}, more = {}) => ({ name: 'Problem', code, message: 'Câu của máy chủ.', document: { context, ...more } })
const read = (error) => problemModel(error, { texts, format })

test('a refusal has its sentence, its advice and its place', () => {
  const model = read(refusal('version-stale', { x: 432_500.5, y: 2_317_400, parcel: PARCEL, theirs: { actor: 'minh', document: '9/QĐ', change: 7, effective_on: '2025-06-01' } }))
  assert.deepEqual([model.text, model.advice, model.place, model.parcels, model.stale], ['Câu của máy chủ.', 'Xem lại.', [432_500.5, 2_317_400], [PARCEL], true])
  assert.equal(model.theirs, 'minh theo 9/QĐ, số 7, 01/06/2025')
  assert.equal(read(refusal('x', { x: null, y: null })).place, null)
  assert.equal(read(refusal('x', { x: 1 })).place, null)
  assert.equal(read(refusal('x', { parcel: '12/5' })).parcels.length, 0, 'a name is nowhere to go')
  assert.equal(read({ name: 'Error', message: '' }).text, 'Không rõ.')
})

test('what keeps parcels from being merged is told by kind', () => {
  const model = read(refusal('merge-refused', { differences: [{ kind: 'right', parcels: [], values: ['08/HĐ', null, '08/HĐ'] }, { kind: 'odd', values: { a: { number: '1', holder: 'B' } } }] }))
  assert.deepEqual(model.differences, [{ kind: 'Quyền', text: '08/HĐ ≠ không có' }, { kind: 'odd', text: '1 B' }])
})

test('fields that were wrong are told once', () => {
  const errors = [{ field: 'a', message: 'Thiếu số.' }, { field: 'b', message: 'Câu của máy chủ.' }]
  assert.deepEqual(read(refusal('validation', {}, { errors })).fields, ['Thiếu số.'])
})

test('conflicts are told parcel by parcel, and how far to go back', () => {
  const feature = (area_m2) => ({ properties: { area_m2, number: '1', land_use: 'SKK' } })
  const step = (number, ids, taken_back = false) => ({ step: number, taken_back, effect: { removed: ids.map((id) => ({ id })), reshaped: [], attributes: [] } })
  const found = conflictModel(
    [{ parcel: 'b', name: '5/1', mine: null, base: feature(100), theirs: { feature: feature(90), actor: 'minh', change: 7, effective_on: '2025-06-01' } }],
    [step(1, ['a']), step(2, ['b']), step(3, ['c']), step(4, ['b'], true)],
    { texts, format, name: () => 'Thửa 1' },
  )
  assert.deepEqual([found[0].takeBack, found[0].mine, found[0].base.area, found[0].theirs.area, found[0].by], [2, null, '100,0 m²', '90,0 m²', 'minh, số 7, 01/06/2025'])
  assert.equal(conflictModel([{ parcel: 'z', name: 'z', base: null, theirs: null }], [], { texts, format, name: String })[0].takeBack, 0)
})

test('tools say what they still need', () => {
  const with_ = (count, more = {}) => ({ document: true, count, ...more })
  assert.equal(whyNot({ needs: 'one' }, { document: false, count: 1 }), 'needs_document')
  assert.equal(whyNot({ needs: 'none', withoutDocument: true }, { document: false, count: 0 }), null)
  assert.equal(whyNot({ needs: 'one' }, with_(0)), 'needs_one')
  assert.equal(whyNot({ needs: 'one' }, with_(2)), 'needs_only_one')
  assert.equal(whyNot({ needs: 'one' }, with_(1)), null)
  assert.equal(whyNot({ needs: 'several' }, with_(1)), 'needs_several')
  assert.equal(whyNot({ needs: 'any' }, with_(0)), 'needs_any')
  assert.equal(whyNot({ needs: 'none' }, with_(0, { far: true })), 'needs_closer')
})

test('keys mean commands outside fields, and text inside them', () => {
  assert.equal(commandOf({ key: 'z', ctrlKey: true }, false), 'undo')
  assert.equal(commandOf({ key: 'Z', ctrlKey: true, shiftKey: true }, false), 'redo')
  assert.equal(commandOf({ key: 'y', metaKey: true }, false), 'redo')
  assert.equal(commandOf({ key: 'z', ctrlKey: true }, true), null, 'a field undoes its own typing')
  assert.equal(commandOf({ key: 'k', ctrlKey: true }, false), null)
  assert.equal(commandOf({ key: 'A' }, false), 'key:a', 'caps lock')
  assert.equal(commandOf({ key: 'a', shiftKey: true }, false), null)
  assert.equal(commandOf({ key: 'a' }, true), null)
  assert.equal(commandOf({ key: 'a', altKey: true }, false), null)
  assert.equal(commandOf({ key: 'Escape' }, true), 'escape')
  assert.equal(commandOf({ key: 'Enter' }, true), 'enter')
  assert.equal(commandOf({ key: 'Backspace' }, true), null)
  assert.equal(commandOf({ key: 'Delete' }, false), 'remove')
  assert.equal(commandOf({ key: '?', shiftKey: true }, false), 'help')
  assert.equal(commandOf({ key: 'ArrowUp' }, false), null)
})

test('a parcel is found as people write it', () => {
  assert.deepEqual(readParcelNumber('5/12'), { sheet: '5', number: '12' })
  assert.deepEqual(readParcelNumber(' 12 '), { sheet: null, number: '12' })
  assert.deepEqual(readParcelNumber('Thửa 12, tờ 5'), { sheet: '5', number: '12' })
  assert.deepEqual(readParcelNumber('thua so 12 to so 5'), { sheet: '5', number: '12' })
  assert.deepEqual(readParcelNumber('Thửa 12A'), { sheet: null, number: '12a' })
  assert.deepEqual(readParcelNumber(''), { sheet: null, number: null })
})

test('later days of change are those after the effective day', () => {
  assert.deepEqual(laterDays(['2025-01-01', '2024-06-01', '2023-06-01'], '2024-06-01'), ['2025-01-01'])
  assert.deepEqual(laterDays(['2025-01-01'], ''), [])
})

test('somebody near is told by name, parcels and hour', () => {
  const editors = [{ actor: 'minh', parcels: ['a', 'b'], last_at: '2026-11-22T02:05:00Z' }]
  assert.equal(presenceText(editors, { texts, format }), 'minh sửa 2 thửa lúc 09:05 22/11/2026.')
  assert.equal(presenceText([], { texts, format }), '')
})
