import assert from 'node:assert/strict'
import { test } from 'node:test'

import { formats } from '../../static/js/map/format.js'
import { cardModel } from '../../static/js/panels/card-model.js'
import { familyRows, rails, ROW_PX } from '../../static/js/panels/lineage-model.js'
import { fileHref, paper } from '../../static/js/panels/papers.js'
import { readSpot, spotAddress, spotRows, spotText } from '../../static/js/panels/spot-model.js'
import { eventText, lagText, timelineModel } from '../../static/js/panels/timeline-model.js'

const format = formats('vi')
const texts = {
  parcel: 'Thửa %(number)s', parcel_on_sheet: 'Thửa %(number)s, tờ %(sheet)s', unnumbered: 'Thửa chưa có số', since: 'từ %(from)s',
  from_to: 'từ %(from)s đến trước %(to)s', lineage_kinds: { split: 'tách thửa', merge: 'gộp thửa' }, shared_ground: 'chung %(area)s',
  lag_after: 'sau %(days)s ngày', lag_before: 'trước %(days)s ngày', known_since: 'Ghi vào sổ %(when)s', undoes: 'hoàn tác %(number)s',
  undone_by: 'bị %(number)s hoàn tác', change_by: '%(number)s · %(actor)s', document_by: '%(number)s', document_of: '%(number)s ngày %(day)s',
  page: 'trang %(page)s', less_than_a_day: 'chưa trọn ngày', last_day: 'Ngày cuối %(day)s', first_day: 'Ngày đầu %(day)s', no_file: 'chưa có tệp',
  open_file: 'PDF', open_at_page: 'PDF trang %(page)s', open_image: 'Ảnh', save_file: 'TIFF', document_kinds: {}, right_kinds: {}, history_kinds: { parcel: 'thửa' },
  history_what: { changed: 'Thay đổi', began: 'Bắt đầu' }, payment_modes: {},
}
Object.assign(texts, { became: 'Thành thửa %(parcel)s (%(how)s)', more_parcels: 'và %(count)s thửa nữa', shape_changed: 'đổi ranh', other_facts: 'thông tin khác', land_use: 'Loại đất' })
const reading = { texts, format }

const parcel = (id, more = {}) => ({ id, sheet: '1', number: id, area_m2: 1000, valid_from: '2020-01-01', valid_to: null, in_force: true, withdrawn: false, ...more })
const line = (parent, child, more = {}) => ({ parent, child, kind: 'split', area_m2: 1000, change: 1, effective_on: '2024-01-01', ...more })
const family = (id, lines, more = {}) => {
  const ids = [...new Set([id, ...lines.flatMap((each) => [each.parent, each.child])])]
  return { id, lines, complete: true, parcels: ids.map((each) => parcel(each, more[each])) }
}
const drawn = (rows) => rows.map((row) => (row.more ? `+${row.more}` : `${row.side[0]}${row.depth}${row.id}${row.repeated ? '*' : ''}`))

test('a family runs down through time: the oldest above, the parcel itself, then what it became', () => {
  const rows = familyRows(family('c', [line('a', 'b'), line('b', 'c'), line('c', 'd'), line('c', 'e', { area_m2: 400 }), line('d', 'f')]), reading)
  assert.deepEqual(drawn(rows), ['b2a', 'b1b', 's0c', 'a1d', 'a2f', 'a1e'])
  assert.equal(rows[5].how, 'tách thửa · 01/01/2024 · chung 400,0 m²')
  assert.equal(rows[3].how, 'tách thửa · 01/01/2024')
  assert.equal(rows[2].how, null)
})

test('a parcel met twice is drawn out once', () => {
  const rows = familyRows(family('a', [line('a', 'b'), line('a', 'c'), line('b', 'd', { kind: 'merge' }), line('c', 'd', { kind: 'merge' }), line('d', 'e')]), reading)
  assert.deepEqual(drawn(rows), ['s0a', 'a1b', 'a2d', 'a3e', 'a1c', 'a2d*'])
})

test('a family that goes round in a circle ends', () => {
  const rows = familyRows(family('a', [line('a', 'b'), line('b', 'a')]), reading)
  assert.deepEqual(drawn(rows), ['b2a*', 'b1b', 's0a', 'a1b*'])
})

test('many children are folded until asked for', () => {
  const lines = Array.from({ length: 30 }, (_, index) => line('a', `k${index}`))
  const folded = familyRows(family('a', lines), reading)
  assert.equal(folded.length, 10)
  assert.equal(folded.at(-1).more, 22)
  assert.equal(familyRows(family('a', lines), { ...reading, open: new Set([folded.at(-1).of]) }).length, 31)
  assert.equal(familyRows(family('a', lines.slice(0, 9)), reading).length, 10)
})

test('every row but the parcel itself is joined to its kin, and deep families stay narrow', () => {
  const lines = Array.from({ length: 19 }, (_, index) => line(`p${index}`, `p${index + 1}`))
  const rows = familyRows(family('p0', lines), reading)
  const frame = rails(rows)
  assert.equal(frame.paths.length, 19)
  assert.equal(frame.height, 20 * ROW_PX)
  assert.ok(frame.width <= 160)
  assert.ok(frame.paths.every((path) => !path.includes('NaN')))
  const above = rails(familyRows(family('p19', lines), reading))
  assert.ok(above.paths.every((path) => !path.includes('NaN')))
})

test('how late the register learnt it is counted in days of Vietnam', () => {
  assert.equal(lagText('2023-06-01', '2023-06-19T18:00:00Z', texts, format), 'sau 19 ngày')
  assert.equal(lagText('2023-06-20', '2023-06-19T18:00:00Z', texts, format), null)
  assert.equal(lagText('2023-07-01', '2023-06-20T02:00:00Z', texts, format), 'trước 11 ngày')
})

const entry = (change, effective, recorded, more = {}) => ({
  change, kind: 'act', effective_on: effective, recorded_at: recorded, actor: 'an', reason: 'x', document_number: `${change}/QĐ`,
  document_issued_on: effective, document_issuer: 'UBND', document_id: 'd', document_has_file: false, undoes: null, undone_by: null,
  events: [{ kind: 'parcel', what: 'began', label: '1/1', area_m2: 10 }], ...more,
})

test('either clock puts the timeline in order', () => {
  const entries = [entry(1, '2024-05-01', '2024-05-02T00:00:00Z'), entry(2, '2022-01-01', '2025-01-01T00:00:00Z'), entry(3, '2024-05-01', '2024-06-02T00:00:00Z')]
  assert.deepEqual(timelineModel(entries, texts, format).map((each) => each.number), [3, 1, 2])
  assert.deepEqual(timelineModel(entries, texts, format, 'recorded').map((each) => [each.number, each.year]), [[2, '2025'], [3, '2024'], [1, '2024']])
})

test('what was undone and what undid it say so, and a file is a link to its page', () => {
  const [undo, done] = timelineModel([
    entry(1, '2024-05-01', '2024-05-02T00:00:00Z', { undone_by: 2, document_has_file: true, document_page: 3 }),
    entry(2, '2024-05-01', '2024-05-03T00:00:00Z', { kind: 'correction', undoes: 1 }),
  ], texts, format)
  assert.deepEqual([undo.undoes, undo.correction, undo.file], ['hoàn tác 1', true, null])
  assert.deepEqual([done.undone, done.file], ['bị 2 hoàn tác', '/api/v1/documents/d/file#page=3'])
})

test('a change says what it was before', () => {
  const event = { kind: 'parcel', what: 'changed', label: '1/101', former_label: '1/1', area_m2: 9000, former_area_m2: 10_000, land_use: 'SKK', former_land_use: null }
  const told = (changed) => eventText({ ...event, changed }, texts, format)
  assert.equal(told(['label', 'area_m2', 'land_use', 'shape']), 'Thay đổi: thửa 1/1 → 1/101 · 10.000,0 m² → 9.000,0 m² · đổi ranh · Loại đất – → SKK')
  assert.equal(told(['shape']), 'Thay đổi: thửa 1/101 · 9.000,0 m² · đổi ranh')
  assert.equal(told([]), 'Thay đổi: thửa 1/101 · 9.000,0 m² · thông tin khác')
  assert.equal(eventText({ kind: 'parcel', what: 'began', label: '1/1', area_m2: 10, changed: [], former_label: null }, texts, format), 'Bắt đầu: thửa 1/1 · 10,0 m²')
})

test('a parcel cut in forty is told in one line', () => {
  const events = Array.from({ length: 40 }, (_, index) => ({ kind: 'became', what: 'began', label: `1/${index + 1}`, detail: 'split' }))
  const [shown] = timelineModel([entry(1, '2024-05-01', '2024-05-02T00:00:00Z', { events })], texts, format)
  assert.deepEqual(shown.lines, ['Thành thửa 1/1, 1/2, 1/3, 1/4, 1/5, 1/6, 1/7, 1/8 và 32 thửa nữa (tách thửa)'])
})

test('what lay on a spot is told with its period', () => {
  const rows = spotRows([
    { parcel_id: 'a', sheet: '1', number: '2', legal_area_m2: null, area_m2: 12.34, valid_from: '2024-01-01', valid_to: null, in_force: true },
    { parcel_id: 'b', sheet: null, number: null, legal_area_m2: 9, area_m2: 8, valid_from: '2020-01-01', valid_to: '2020-01-01', in_force: false },
  ], reading)
  assert.deepEqual(rows.map((row) => [row.label, row.area, row.period, row.inForce]), [
    ['Thửa 2, tờ 1', '12,3 m²', 'từ 01/01/2024', true],
    ['Thửa chưa có số', '9,0 m²', '01/01/2020, chưa trọn ngày', false],
  ])
  assert.equal(spotText([432550.5, 2317450.25], format), 'X 2.317.450,25 · Y 432.550,50')
})

test('a spot lives in the address', () => {
  assert.deepEqual(readSpot(spotAddress([432550.5, 2317450.256])), [432550.5, 2317450.26])
  for (const wrong of ['', null, '1', '1,2,3', 'a,b', ',']) assert.equal(readSpot(wrong), null)
})

test('a document opens at its page, an image in a tab, and a missing file is said', () => {
  assert.equal(fileHref('a/b'), '/api/v1/documents/a%2Fb/file')
  assert.equal(fileHref('d', 1), '/api/v1/documents/d/file')
  assert.deepEqual(paper({ id: 'd', number: '24/QĐ', day: '2024-01-01', hasFile: true, page: 4 }, texts, format),
    { text: '24/QĐ ngày 01/01/2024, trang 4', href: '/api/v1/documents/d/file#page=4' })
  assert.deepEqual(paper({ id: 'd', number: '24/QĐ', hasFile: false }, texts, format), { text: '24/QĐ' })
  assert.equal(paper({ number: null }, texts, format), null)
  const document = (more) => ({ id: 'd', number: '1', kind: 'decision', issued_on: '2024-01-01', issuer: 'U', title: '', has_file: true, ...more })
  const kinds = [{ media_type: 'application/pdf' }, { media_type: 'application/pdf', page: 2 }, { media_type: 'image/png' }, { media_type: 'image/tiff' }, { has_file: false }]
  const model = cardModel({ id: 'a', properties: { in_force: true, documents: kinds.map(document) } }, { ...reading, stateLabel: () => '' })
  assert.deepEqual(model.tabs.find((tab) => tab.id === 'documents').blocks.map((block) => block.file), ['PDF', 'PDF trang 2', 'Ảnh', 'TIFF', 'chưa có tệp'])
})

test('a parcel that is not there today leads to a day on which it was', () => {
  const other = (properties, day) => cardModel({ id: 'a', properties: { in_force: false, ...properties } }, { ...reading, stateLabel: () => '', shownDay: () => day }).otherDay
  assert.deepEqual(other({ valid_from: '2020-01-01', valid_to: '2025-01-01' }, '2026-01-01'), { day: '2024-12-31', text: 'Ngày cuối 31/12/2024' })
  assert.deepEqual(other({ valid_from: '2025-01-01', valid_to: null }, '2024-06-01'), { day: '2025-01-01', text: 'Ngày đầu 01/01/2025' })
  assert.equal(other({ valid_from: '2025-01-01', valid_to: '2025-01-01' }, '2026-01-01'), null)
  assert.equal(other({ withdrawn: true, valid_from: '2020-01-01', valid_to: null }, '2026-01-01'), null)
})
