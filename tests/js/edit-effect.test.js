import assert from 'node:assert/strict'
import { test } from 'node:test'

import { shortEffect } from '../../static/js/edit/document-bar.js'
import { effectModel, letter, signed, stepText } from '../../static/js/edit/effect-model.js'
import { formats } from '../../static/js/map/format.js'

const format = formats('vi')
const texts = {
  parcel_on_sheet: 'Thửa %(number)s, tờ %(sheet)s', parcel: 'Thửa %(number)s', unnumbered: 'Thửa chưa có số', new_parcel: 'Thửa mới',
  verbs: { split: 'Tách', merge: 'Gộp', draw: 'Vẽ mới', reshape: 'Chỉnh ranh' }, and_more: '%(first)s và %(more)s thửa khác', into: 'thành %(count)s thửa',
  area_kept: 'giữ', area_changes: 'đổi', holding_kinds: { right: 'Quyền theo', project: 'Dự án' }, right_cut: '%(right)s bị cắt: %(count)s', right_ends: '%(right)s hết đất', right_follows: '%(right)s theo',
  plan_conflict: 'Lệch %(area)s: %(lots)s', outside_lots: 'ngoài lô', points: '%(value)s điểm', attribute_names: { land_use: 'Loại đất', legal_area_m2: 'Diện tích pháp lý' }, taken_away: 'bỏ trống',
  report: { gaps: 'Khe hở', slivers: 'Mảnh vụn' }, short_effect: '%(gone)s → %(result)s, %(area)s', area_same: 'giữ nguyên',
}
const reading = { texts, format, figureName: (code) => ({ leased: 'Đã cho thuê', ratio: 'Tỉ lệ' })[code] ?? code }

const parcel = (number, area_m2, more = {}) => ({ id: `p${number}`, sheet: '5', number: String(number), area_m2, version: 1, ...more })
const born = (number, area_m2, more = {}) => ({ id: `n${number}`, area_m2, taken: false, parents: [], feature: { properties: parcel(number, area_m2) }, ...more })
const effect = (more = {}) => ({
  removed: [], added: [], reshaped: [], noded: [], attributes: [], rights: [], plan: [], warnings: [], report: null,
  area_before_m2: 0, area_after_m2: 0, area_difference_m2: 0, tolerance_m2: 0.2, ...more,
})
const split = effect({ removed: [parcel(12, 10_000)], added: [born(101, 4000, { taken: true }), born(102, 6000)], area_before_m2: 30_000, area_after_m2: 30_000 })

test('pieces are lettered in the order of the panel and the map', () => {
  assert.deepEqual([0, 25, 26, 27, 51, 52].map(letter), ['A', 'Z', 'AA', 'AB', 'AZ', 'BA'])
  const model = effectModel(split, [], reading)
  assert.deepEqual(model.pieces.map((each) => [each.letter, each.label, each.area, each.hectares]), [
    ['A', 'Thửa 101, tờ 5', '4.000,0 m²', '0,40 ha'],
    ['B', 'Thửa 102, tờ 5', '6.000,0 m²', '0,60 ha'],
  ])
  assert.equal(effectModel(effect({ added: [born(9, 5)] }), [], reading).pieces[0].letter, '', 'one piece needs no letter')
})

test('totals speak of the ground that really changes, not of neighbours that gain corners', () => {
  assert.deepEqual(effectModel(split, [], reading).totals, { before: '10.000,0 m²', after: '10.000,0 m²', difference: '0,0 m²', kept: true, text: 'giữ' })
  const grown = effect({ reshaped: [{ id: 'p1', area_before_m2: 100, area_m2: 112.5, feature: { properties: parcel(1, 112.5) } }], area_difference_m2: 12.5 })
  const model = effectModel(grown, [], reading)
  assert.deepEqual([model.totals.kept, model.totals.difference, model.pieces[0].change], [false, '+12,5 m²', '+12,5 m²'])
  assert.equal(effectModel(effect(), [], reading).totals, null)
})

test('signs are true ones and what rounds to nothing has none', () => {
  const one = (value) => format.squareMetres(value)
  assert.equal(signed(-3.25, one), '−3,3 m²')
  assert.equal(signed(-0.01, one), '0,0 m²')
  assert.equal(signed(0.06, one), '+0,1 m²')
})

test('a right is told once, with the pieces that will carry it', () => {
  const line = (parcel, more = {}) => ({ parcel, kind: 'right', id: 'r', number: '08/HĐ', holder: 'Công ty A', cut: true, children: ['a', 'b'], ...more })
  assert.deepEqual(effectModel(effect({ rights: [line('p1'), line('p2')] }), [], reading).rights, [{ cut: true, text: 'Quyền theo 08/HĐ (Công ty A) bị cắt: 4' }])
  assert.deepEqual(effectModel(effect({ rights: [line('p1', { children: [] })] }), [], reading).rights[0].text, 'Quyền theo 08/HĐ (Công ty A) hết đất')
  assert.deepEqual(effectModel(effect({ rights: [line('p1', { cut: false, holder: null, kind: 'project', number: 'DA-1' })] }), [], reading).rights, [{ cut: false, text: 'Dự án DA-1 theo' }])
})

test('only what does not fit the plan is told', () => {
  const lot = (symbol, area_m2) => ({ symbol, area_m2 })
  const found = effectModel(effect({ plan: [
    { parcel: 'a', lots: [lot('CN-01', 10)], outside_m2: 0, conflict_m2: 0 },
    { parcel: 'b', lots: [lot('CN-01', 90), lot('CX-01', 8)], outside_m2: 2, conflict_m2: 10 },
  ] }), [], reading).plan
  assert.deepEqual(found, [{ parcel: 'b', text: 'Lệch 10,0 m²: CN-01 90,0 m², CX-01 8,0 m², ngoài lô 2,0 m²' }])
})

test('figures move in hectares, percent and counts; what looks the same is left out', () => {
  const found = effectModel(effect(), [
    { zone: 'K', code: 'leased', before: 1_560_600, after: 1_601_800, unit: 'm2' },
    { zone: 'K', code: 'ratio', before: 56.06, after: 56.27, unit: 'percent' },
    { zone: 'K', code: 'same', before: 10.001, after: 10.002, unit: 'm2' },
    { zone: 'K', code: 'new', before: null, after: 3, unit: 'count' },
  ], reading).figures
  assert.deepEqual(found.map((each) => [each.name, each.before, each.after, each.moved]), [
    ['Đã cho thuê', '156,06 ha', '160,18 ha', '+4,12 ha'],
    ['Tỉ lệ', '56,06 %', '56,27 %', '+0,21 điểm'],
    ['new', '–', '3', null],
  ])
})

test('attributes, and the report of a clean', () => {
  const model = effectModel(effect({
    attributes: [{ id: 'p1', set: { land_use: 'SKK', legal_area_m2: null }, feature: { properties: parcel(1, 5) } }],
    report: { gaps_before: 3, gaps_after: 0, slivers_before: 1, slivers_after: 1, other: 5 },
  }), null, reading)
  assert.equal(model.attributes[0].text, 'Loại đất: SKK; Diện tích pháp lý: bỏ trống')
  assert.deepEqual(model.report, [{ label: 'Khe hở', before: '3', after: '0' }, { label: 'Mảnh vụn', before: '1', after: '1' }])
})

test('a step is one sentence', () => {
  assert.equal(stepText({ operation: 'split', effect: split }, reading), 'Tách thửa 12, tờ 5 thành 2 thửa')
  assert.equal(stepText({ operation: 'merge', effect: effect({ removed: [parcel(1, 1), parcel(2, 1)], added: [born(3, 2)] }) }, reading), 'Gộp thửa 1, tờ 5 và 1 thửa khác thành 1 thửa')
  assert.equal(stepText({ operation: 'draw', effect: effect({ added: [born(3, 2)] }) }, reading), 'Vẽ mới thửa 3, tờ 5')
  assert.equal(stepText({ operation: 'unheard', effect: effect() }, reading), 'unheard')
})

test('the bar tells parcels that really become something else', () => {
  const feature = (noded) => ({ properties: { noded } })
  const net = { removed: ['a'], parcels: { features: [feature(false), feature(false), feature(true)] }, area_before_m2: 100, area_after_m2: 100.01 }
  assert.equal(shortEffect({ net }, { texts, format }), '1 → 2, giữ nguyên')
  assert.equal(shortEffect({ net: { ...net, area_after_m2: 90 } }, { texts, format }), '1 → 2, −10,0 m²')
  assert.equal(shortEffect({ net: { removed: [], parcels: { features: [] }, area_before_m2: 0, area_after_m2: 0 } }, { texts, format }), null)
  assert.equal(shortEffect({ net: null }, { texts, format }), null)
  assert.equal(shortEffect({ net: { parcels: { opened: [], closed: [] } } }, { texts, format }), null, 'a committed change')
})
