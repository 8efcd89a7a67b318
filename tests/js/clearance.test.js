import assert from 'node:assert/strict'
import { test } from 'node:test'

import { formats } from '../../static/js/map/format.js'
import { keysOf } from '../../static/js/map/legend.js'
import { cardModel } from '../../static/js/panels/card-model.js'

const texts = {
  parcel: 'Thửa %(number)s', parcel_on_sheet: 'Thửa %(number)s, tờ %(sheet)s', tab_clearance: 'GPMB', not_stated: 'chưa nêu',
  since: 'từ %(from)s', from_to: 'từ %(from)s đến trước %(to)s', clearance_item: 'Mục %(number)s · hồ sơ %(case)s', open_item: 'Mở mục này',
  page_of_item: 'Trang', land_user: 'Người sử dụng đất', masked: '••••••', last_step: 'Bước gần nhất', waited: 'Đã chờ', due: 'Việc tiếp theo',
  due_on: 'Hạn', overdue: 'Quá hạn', planned_handover: 'Dự kiến bàn giao', complaint: 'Đang khiếu nại', suspension: 'Đang tạm dừng', days: '%(days)s ngày',
  holders: { household: 'Hộ' }, clearance_steps: { plan_approved: 'Phê duyệt phương án', paid: 'Chi trả' }, no_handover: 'Chưa',
}
const reading = { texts, format: formats('vi'), language: 'vi', stateLabel: (key) => `<${key}>` }
const item = {
  case_code: 'GPMB-A5', item_id: 'i-1', number: '6', holder: 'household', named: true, state: 'plan_approved', last_step: 'plan_approved',
  last_on: '2026-10-05', waited_days: 1048, due: 'paid', due_on: '2026-11-04', due_severity: 'overdue', handover_planned_on: '2026-12-20',
  complaint: true, suspension: false,
}
const parcel = (more) => ({ id: 'a', properties: { in_force: true, state: 'not_cleared', in_clearance: true, sheet: '5', number: '12', area_m2: 10, valid_from: '2020-01-01', valid_to: null, ...more } })
const block = (more) => cardModel(parcel({ clearance: [{ ...item, ...more }] }), reading).tabs.find((tab) => tab.id === 'clearance').blocks[0]

test('the card tells how far an item is, how long it has waited, what is overdue, and nobody by name', () => {
  const told = block()
  assert.equal(told.heading, 'Mục 6 · hồ sơ GPMB-A5')
  assert.equal(told.warning, 'Quá hạn: Chi trả · Đang khiếu nại')
  assert.deepEqual(told.rows.slice(0, -1), [
    ['Người sử dụng đất', 'Hộ · ••••••'], ['Bước gần nhất', 'Phê duyệt phương án, 05/10/2026'], ['Đã chờ', '1.048 ngày'],
    ['Việc tiếp theo', 'Chi trả'], ['Hạn', '04/11/2026'], ['Dự kiến bàn giao', '20/12/2026'],
  ])
  assert.deepEqual(told.rows.at(-1), ['Trang', { text: 'Mở mục này', href: '/clearance/GPMB-A5/items/i-1' }])
})

test('an item nothing has happened to says no more than it knows', () => {
  const bare = { last_step: null, last_on: null, waited_days: null, due: null, due_on: null, due_severity: null, handover_planned_on: null, complaint: false, named: false }
  const told = block(bare)
  assert.equal(told.warning, null)
  assert.deepEqual(told.rows.map(([label]) => label), ['Người sử dụng đất', 'Trang'])
})

test('land in clearance is seen as a part of what is not cleared, and only that', () => {
  assert.equal(cardModel(parcel(), reading).state.key, 'in_clearance')
  assert.equal(cardModel(parcel({ state: 'allocated' }), reading).state.key, 'allocated')
  assert.deepEqual(keysOf('parcels', { state: 'not_cleared', in_clearance: true, late: true }), ['in_clearance', 'late'])
  assert.deepEqual(keysOf('parcels', { state: 'cleared', in_clearance: true }), ['cleared'])
})

test('stages of clearance have one colour each, with marks above', () => {
  assert.deepEqual(keysOf('clearance', { state: 'plan_posted' }), ['planned'])
  assert.deepEqual(keysOf('clearance', { state: 'paid_and_recovered', complaint: true, suspension: true }), ['settled', 'complaint', 'suspension'])
  assert.deepEqual(keysOf('clearance', { state: 'handed_over' }), ['handed_over'])
  assert.deepEqual(keysOf('resettlement-plots', { status: 'ready' }), ['ready'])
})
