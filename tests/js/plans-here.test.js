import assert from 'node:assert/strict'
import { test } from 'node:test'

import { focusChanges, readAddress } from '../../static/js/map/address.js'
import { formats } from '../../static/js/map/format.js'
import { draftNotice, isComing, versionGroups, versionName } from '../../static/js/map/versions.js'
import { cardModel } from '../../static/js/panels/card-model.js'
import { lotHref, plansHere, polygonText } from '../../static/js/panels/here-model.js'

const format = formats('vi')
const texts = {
  draft: 'dự thảo', now: 'đang hiệu lực', not_yet: 'chưa có hiệu lực', versions_law: 'Đã duyệt', versions_draft: 'Dự thảo',
  draft_shown: 'Đang xem %(plan)s, bản %(number)s', plan_steps: { appraisal: 'Thẩm định' },
  plan_levels: { general: 'chung', subdivision: 'phân khu', detailed: 'chi tiết' }, plan_version_of: '%(plan)s · phiên bản %(number)s',
  decision_since: '%(number)s/%(issued)s/%(day)s', plan_without_lot: 'không có lô', plan_no_lot_area: '%(area)s không thuộc lô', leasable: { industrial: 'cho thuê' },
  lot_density: 'mật độ %(value)s', lot_storeys: '%(value)s tầng', lot_ratio: 'hệ số %(value)s',
}
const today = '2026-11-22'
const version = (more) => ({ plan: 'QH', number: 2, plan_version_id: 'v', in_force_from: '2024-01-01', in_force_to: null, in_force: true, draft: false, status: 'approved', ...more })
const draft = version({ plan_version_id: 'd', number: 3, in_force_from: null, in_force: false, draft: true, status: 'appraisal' })
const coming = version({ plan_version_id: 'c', number: 4, in_force_from: '2027-01-01', in_force: false })

test('a draft and a version to come are named so, and stand apart from the law', () => {
  assert.equal(versionName(version(), { texts, format, today }), 'QH · 2 · 01/01/2024 · đang hiệu lực')
  assert.equal(versionName(draft, { texts, format, today }), 'QH · 3 · dự thảo (Thẩm định)')
  assert.equal(versionName(coming, { texts, format, today }), 'QH · 4 · 01/01/2027 · chưa có hiệu lực')
  assert.equal(versionName(version({ in_force: false, in_force_to: '2024-05-20' }), { texts, format, today }), 'QH · 2 · 01/01/2024 – 20/05/2024')
  const groups = versionGroups([draft, version(), coming], { texts, today })
  assert.deepEqual(groups.map(([label, members]) => [label, members.map((each) => each.number)]), [['Đã duyệt', [2]], ['Dự thảo', [3, 4]]])
  assert.deepEqual(versionGroups([version()], { texts, today }).length, 1)
  assert.equal(isComing(coming, '2027-01-01'), false)
})

test('the map says so while it shows what is no law', () => {
  assert.equal(draftNotice([version(), draft], 'd', { texts, today }), 'Đang xem QH, bản 3')
  assert.equal(draftNotice([version(), draft], 'v', { texts, today }), '')
  assert.equal(draftNotice([version()], null, { texts, today }), '')
})

const plan = (more = {}) => ({
  plan: 'QH', number: 2, name_vi: 'Quy hoạch', name_en: 'Plan', decision_number: '40/QĐ', decision_issued_on: '2024-05-20', valid_from: '2024-05-20',
  plan_shared_m2: null, asked_m2: null, lots: [], ...more,
})
const lot = (more = {}) => ({
  lot_id: 'l1', symbol: 'CN-01', category: 'CN', leasable: 'industrial', legal_area_m2: 210000, density_pct: null, storeys_max: null, floor_area_ratio: null, shared_m2: null, ...more,
})
const reading = { texts, format, language: 'vi', link: (path) => `${path}?as_of=${today}`, category: (code) => `<${code}>` }

test('every level is answered for, a lot leads to its page on the day', () => {
  const [general, subdivision, detailed] = plansHere({ subdivision: [plan({ lots: [lot({ density_pct: '72.5', storeys_max: 4 })] })] }, reading)
  assert.deepEqual([general.plans.length, detailed.plans.length], [0, 0])
  const [found] = subdivision.plans
  assert.equal(found.decision, '40/QĐ/20/05/2024/20/05/2024')
  assert.deepEqual([found.lots[0].href, found.lots[0].use, found.lots[0].limits], [`/plans/QH/2/lots/l1?as_of=${today}`, '<CN> · cho thuê', 'mật độ 72,50 % · 4 tầng'])
  assert.deepEqual([found.lots[0].area, found.lots[0].percent], ['210.000,0 m²', ''])
})

test('on a polygon lots have the ground they share, and what is in no lot is said', () => {
  const shared = { plan_shared_m2: 900, asked_m2: 1000, lots: [lot({ shared_m2: 600 }), lot({ shared_m2: 250 })] }
  const [, { plans: [found] }] = plansHere({ subdivision: [plan(shared)] }, reading)
  assert.equal(found.covers, '900,0 m² · 90,00 %')
  assert.deepEqual(found.lots.map((each) => each.percent), ['60,00 %', '25,00 %'])
  assert.equal(found.rest, '50,0 m² không thuộc lô')
  const [, { plans: [bare] }] = plansHere({ subdivision: [plan()] }, reading)
  assert.equal(bare.rest, 'không có lô')
})

test('a drawn ring goes to the server to the millimetre, a clicked place stays in the address', () => {
  assert.equal(polygonText([[1.00049, 2], [3, 4.5], [1, 0], [1.00049, 2]]), 'POLYGON((1.000 2.000,3.000 4.500,1.000 0.000,1.000 2.000))')
  assert.deepEqual(readAddress('?zone=Z&plans=432150.00,2317150.00').focus, { kind: 'plans', id: '432150.00,2317150.00' })
  assert.equal(focusChanges(null).plans, null)
  assert.equal(lotHref('QH/A', 2, 'x'), '/plans/QH%2FA/2/lots/x')
})

test("a lot in a parcel's card leads to its page", () => {
  const feature = { id: 'a', properties: { in_force: false, withdrawn: true, lots: [{ plan: 'QH', plan_version: 2, lot_id: 'l1', symbol: 'CN-01', category: 'CN', area_m2: 1, share: 1 }] } }
  const model = cardModel(feature, { texts: { ...texts, parcel: '%(number)s', unnumbered: '?' }, format, language: 'vi', stateLabel: String, link: (path) => `${path}!` })
  assert.equal(model.tabs.find((each) => each.id === 'plan').blocks[0].shares[0].href, '/plans/QH/2/lots/l1!')
})
