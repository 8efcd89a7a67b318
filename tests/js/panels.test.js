import assert from 'node:assert/strict'
import { test } from 'node:test'

import { formats } from '../../static/js/map/format.js'
import { cardModel, plainText } from '../../static/js/panels/card-model.js'
import { parcelName, period } from '../../static/js/panels/names.js'
import { eventText, timelineModel } from '../../static/js/panels/timeline-model.js'

const format = formats('vi')
const texts = {
  parcel: 'Thửa %(number)s', parcel_on_sheet: 'Thửa %(number)s, tờ %(sheet)s', unnumbered: 'Thửa chưa có số',
  legal_area: 'Diện tích pháp lý', measured_area: 'Diện tích đo', not_stated: 'chưa nêu', land_use: 'Loại đất', commune: 'Xã',
  official_id: 'Mã', in_force: 'Hiệu lực', older_names: 'Số cũ', since: 'từ %(from)s', from_to: 'từ %(from)s đến trước %(to)s',
  tab_visits: 'Ảnh', people_hidden: 'có người', photo_of: 'Ảnh ngày %(day)s', visit_project: 'Dự án', visit_parcel: 'Ghi ở thửa', open_parcel: 'Mở trang',
  tab_rights: 'Quyền', tab_plan: 'Quy hoạch', tab_clearance: 'GPMB', tab_projects: 'Dự án', tab_history: 'Lịch sử', tab_documents: 'Hồ sơ',
  right_kinds: { sub_lease: 'Thuê lại đất' }, payment_modes: { annual: 'trả hằng năm' }, number: 'Số', lessee: 'Bên nhận', lessor: 'Bên giao',
  private_person: 'cá nhân', contract_area: 'Diện tích theo văn bản', term_ends: 'Hết hạn', payment: 'Trả tiền', document: 'Văn bản',
  document_of: '%(number)s ngày %(day)s', document_by: '%(number)s ngày %(day)s, %(issuer)s', decision: 'Quyết định',
  plan_version_of: '%(plan)s · phiên bản %(number)s', outside_lots: 'Ngoài lô', many_lots: 'Nhiều lô', handed_over: 'Đã bàn giao',
  minutes: 'Biên bản', handed_over_on: 'Ngày', stated_area: 'Diện tích', state: 'Tình trạng', late: 'Chậm',
  became: 'Thành %(parcel)s (%(how)s)', came_from: 'Từ %(parcel)s (%(how)s)', project_now: 'Dự án %(project)s: %(status)s',
  known_since: 'Ghi vào sổ %(when)s', lag_after: 'sau %(days)s ngày', change_by: '%(number)s', lineage_kinds: { split: 'tách thửa' }, project_statuses: { operating: 'đang hoạt động' },
  history_kinds: { parcel: 'thửa', sub_lease: 'thuê lại' }, history_what: { began: 'Bắt đầu', ended: 'Kết thúc' },
}
const reading = { texts, format, language: 'vi', stateLabel: (key) => `<${key}>` }

const lot = (symbol, share, more = {}) => ({
  plan: 'QH', plan_name_vi: 'Quy hoạch', plan_version: 2, symbol, category: 'CN', area_m2: share * 10_000, share,
  decision_number: '24/QĐ', decision_issued_on: '2024-01-01', ...more,
})
const feature = (more = {}) => ({
  id: 'a',
  properties: {
    in_force: true, state: 'leased', late: true, sheet: '5', number: '12', legal_area_m2: 9999.5, area_m2: 10_000, land_use: 'SKK',
    valid_from: '2020-01-01', valid_to: null, rights: [], lots: [], handovers: [], projects: [], documents: [], older_names: [],
    successors: [], predecessors: [], ...more,
  },
})
const tab = (model, id) => model.tabs.find((each) => each.id === id)

test('a parcel is called by sheet and number, whatever is missing', () => {
  assert.equal(parcelName({ sheet: '5', number: '12' }, texts), 'Thửa 12, tờ 5')
  assert.equal(parcelName({ sheet: null, number: '12' }, texts), 'Thửa 12')
  assert.equal(parcelName({}, texts), 'Thửa chưa có số')
  assert.equal(period('2020-01-01', '2025-01-01', texts, format), 'từ 01/01/2020 đến trước 01/01/2025')
})

test('the large area is the legal one, and the measured one stands when no document states any', () => {
  assert.equal(cardModel(feature(), reading).area, '9.999,5 m²')
  const model = cardModel(feature({ legal_area_m2: null }), reading)
  assert.equal(model.area, '10.000,0 m²')
  assert.deepEqual(model.facts[0], ['Diện tích pháp lý', 'chưa nêu'])
})

test('lots show their shares, what lies outside every lot, and a warning when there are several', () => {
  const [block] = tab(cardModel(feature({ lots: [lot('CN-01', 0.7), lot('CX-01', 0.2)] }), reading), 'plan').blocks
  assert.deepEqual(block.shares.map((share) => [share.label, share.percent]), [['CN-01', '70,00 %'], ['CX-01', '20,00 %'], ['Ngoài lô', '10,00 %']])
  assert.equal(block.warning, 'Nhiều lô')
  const [whole] = tab(cardModel(feature({ lots: [lot('CN-01', 1)] }), reading), 'plan').blocks
  assert.equal(whole.shares.length, 1)
  assert.equal(whole.warning, null)
})

test('plans of two levels are two blocks', () => {
  const lots = [lot('CN-01', 1), lot('KCN', 1, { plan: 'QHC', plan_version: 1 })]
  assert.equal(tab(cardModel(feature({ lots }), reading), 'plan').blocks.length, 2)
})

test('a natural person has no name on the card', () => {
  const right = { kind: 'sub_lease', number: '8', lessee: null, lessor: 'Công ty', contract_area_m2: 100, valid_from: '2023-06-01', valid_to: null }
  const [block] = tab(cardModel(feature({ rights: [right] }), reading), 'rights').blocks
  assert.deepEqual(block.rows.find(([label]) => label === 'Bên nhận'), ['Bên nhận', 'cá nhân'])
})

test('a parcel of the past has no state and names its successors', () => {
  const model = cardModel(feature({ in_force: false, successors: [{ id: 'b', sheet: '5', number: '101' }] }), reading)
  assert.equal(model.state, null)
  assert.deepEqual(model.successors, [{ id: 'b', label: 'Thửa 101, tờ 5' }])
})

test('the plain text holds what a letter needs', () => {
  const model = cardModel(feature({ lots: [lot('CN-01', 1)] }), reading)
  const text = plainText(model, 'KCN Đông Mai', 'Ngày dữ liệu: 01/01/2025', texts)
  for (const part of ['Thửa 12, tờ 5 – KCN Đông Mai', 'Tình trạng: <leased> (Chậm)', '- CN-01: 10.000,0 m² (100,00 %)', '24/QĐ ngày 01/01/2024']) {
    assert.ok(text.includes(part), part)
  }
})

test('the timeline says what happened, and when it was learnt', () => {
  const entry = {
    change: 3, kind: 'act', effective_on: '2023-06-01', recorded_at: '2023-06-20T02:00:00Z', reason: 'x',
    document_number: '08/HĐ', document_issued_on: '2023-06-01', document_issuer: 'Công ty',
    events: [
      { kind: 'sub_lease', what: 'began', on: '2023-06-01', label: '08/HĐ', detail: 'Bình Minh' },
      { kind: 'handover', what: 'carried', on: '2023-06-01', label: '05' },
    ],
  }
  const [shown] = timelineModel([entry], texts, format)
  assert.deepEqual(shown.lines, ['Bắt đầu: thuê lại 08/HĐ · Bình Minh'])
  assert.equal(shown.known, 'Ghi vào sổ 09:00 20/06/2023')
  assert.equal(shown.document, '08/HĐ ngày 01/06/2023, Công ty')
  assert.deepEqual(timelineModel([{ ...entry, events: [entry.events[1]] }], texts, format), [])
})

test('lineage and project stages have sentences of their own', () => {
  assert.equal(eventText({ kind: 'became', what: 'began', label: '5/101', detail: 'split' }, texts, format), 'Thành 5/101 (tách thửa)')
  assert.equal(eventText({ kind: 'project_status', what: 'began', label: 'DA-1', detail: 'operating' }, texts, format), 'Dự án DA-1: đang hoạt động')
})

test('notes and photos on the ground: day and author, photos to open, people hidden, whose they are', () => {
  const visit = (more) => ({
    id: 'v', day: '2025-03-10', actor: 'lan', body: 'Đất trống', personal: false, parcel_id: 'a', parcel: '5/12', project: null, document: null,
    photos: [{ id: 'p', caption: null }], ...more,
  })
  const seen = (more) => tab(cardModel(feature({ visits: [visit(more)] }), { ...reading, link: (path) => `${path}?as_of=2025-04-01` }), 'visits')
  const [block] = seen({}).blocks
  assert.equal(block.heading, '10/03/2025 · lan')
  assert.equal(block.note, 'Đất trống')
  assert.deepEqual(block.photos, [{ href: '/api/v1/photos/p/file', thumbnail: '/api/v1/photos/p/thumbnail', text: 'Ảnh ngày 10/03/2025' }])
  assert.deepEqual(block.rows, [])
  assert.equal(seen({}).more.href, '/parcels/a?as_of=2025-04-01')
  assert.equal(seen({ body: null, personal: true, photos: [] }).blocks[0].note, 'có người')
  assert.deepEqual(seen({ parcel_id: 'b', project: 'DA 1' }).blocks[0].rows, [
    ['Dự án', { text: 'DA 1', href: '/projects/DA%201?as_of=2025-04-01' }], ['Ghi ở thửa', { text: '5/12', href: '/parcels/b?as_of=2025-04-01' }],
  ])
  assert.deepEqual(tab(cardModel(feature(), reading), 'visits').blocks, [])
})
