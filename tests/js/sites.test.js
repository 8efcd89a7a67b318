// What the map beside hold-outs and sites draws and says.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keyOf, layerOf, markOf, present, sayOf } from '../../static/js/sites/model.js'

const number = (value, digits = 2) => value.toFixed(digits).replace('.', ',')
const parcel = { rank: 3, key: 'much', parcel: '12/5', freed_m2: 25_200, road_m: 0, cluster_m2: 100_800, cluster_parcels: 4 }

test('a parcel is drawn by what it frees, a site by what it is', () => {
  assert.equal(keyOf('holdouts', parcel), 'much')
  assert.equal(keyOf('sites', { kind: 'lack' }), 'lack')
  assert.equal(layerOf('sites'), 'sites')
})

test('the legend lists only what occurs, in its order', () => {
  const features = ['none', 'most', 'none'].map((key) => ({ properties: { key } }))
  assert.deepEqual(present('holdouts', features), ['most', 'none'])
  assert.deepEqual(present('sites', [{ properties: { kind: 'nearly' } }, { properties: { kind: 'site' } }]), ['site', 'nearly'])
})

test('what is nearly there has a letter, as in the list', () => {
  assert.equal(markOf('sites', { rank: 1, kind: 'nearly' }), 'A')
  assert.equal(markOf('sites', { rank: 27, kind: 'nearly' }), '27')
  assert.equal(markOf('sites', { rank: 2, kind: 'site' }), '2')
  assert.equal(markOf('holdouts', parcel), '3')
})

test('what is lit is said in one line, in both languages', () => {
  assert.equal(sayOf('holdouts', parcel, 'vi', number), 'Hạng 3 · thửa 12/5: 2,52 ha · cả cụm 4 thửa: 10,08 ha')
  assert.equal(sayOf('holdouts', { ...parcel, road_m: 120, cluster_parcels: 1 }, 'en', number), 'Rank 3 · parcel 12/5: 2,52 ha · 120 m of road')
  const nearly = { kind: 'nearly', rank: 2, area_m2: 30_000, missing_m2: 20_000, lots: 'CN-01' }
  assert.equal(sayOf('sites', nearly, 'vi', number), 'Khu đất B: 3,00 ha · CN-01 · thiếu 2,00 ha')
  assert.equal(sayOf('sites', { kind: 'site', rank: 1, area_m2: 50_000, lots: 'CN-02' }, 'en', number), 'Site 1: 5,00 ha · CN-02')
  assert.equal(sayOf('sites', { kind: 'lack', name: '1/2', text: 'đang giữ chỗ' }, 'vi', number), 'Thửa 1/2: đang giữ chỗ')
})
