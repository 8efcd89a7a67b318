import assert from 'node:assert/strict'
import { test } from 'node:test'

import { datedHref, focusChanges, readAddress, readView, withChanges } from '../../static/js/map/address.js'
import { isDay, isoDay, neighbourDay, ordinal, sliderRange } from '../../static/js/map/days.js'
import { filled, formats } from '../../static/js/map/format.js'
import { grown, resolutionOf, resolutions, roundedScale, scaleOf, tileAddress } from '../../static/js/map/grid.js'
import { PATTERNS, SIDE, rgba, strokes } from '../../static/js/map/hatches.js'
import { keysOf, legendGroups } from '../../static/js/map/legend.js'

test('scale is counted at 96 dots an inch', () => {
  assert.equal(Math.round(scaleOf(4)), 15118)
  assert.ok(Math.abs(resolutionOf(scaleOf(0.25)) - 0.25) < 1e-12)
  assert.equal(roundedScale(15118), 15100)
  assert.equal(roundedScale(482), 482)
})

test('the grid halves from 4,096 m a pixel and stops where tiles do', () => {
  const all = resolutions({ resolution_0: 4096, max_zoom: 18 })
  assert.equal(all.length, 16)
  assert.equal(all[12], 1)
})

test('a tile has one address, and the day is in it', () => {
  assert.equal(tileAddress('parcels', '5899', [12, 3, 4], {}), '/tiles/parcels/5899/12/3/4.mvt')
  assert.equal(
    tileAddress('parcels', '5899', [12, 3, 4], { zone: 'KCN-1', as_of: '2024-01-01', known_at: null }),
    '/tiles/parcels/5899/12/3/4.mvt?zone=KCN-1&as_of=2024-01-01',
  )
})

test('a box grows and never becomes a point', () => {
  assert.deepEqual(grown([0, 0, 100, 50], 0.1, 0), [-10, -10, 110, 60])
  assert.deepEqual(grown([5, 5, 5, 5]), [-25, -25, 35, 35])
})

test('the address holds zone, day, view and what is looked at', () => {
  const read = readAddress('?zone=KCN-1&as_of=2024-01-01&parcel=abc&view=432500,2317400,2000')
  assert.equal(read.zone, 'KCN-1')
  assert.deepEqual(read.focus, { kind: 'parcel', id: 'abc' })
  assert.deepEqual(read.view, { x: 432500, y: 2317400, scale: 2000 })
  assert.equal(readView('1,2'), null)
  assert.equal(readView('1,x,3'), null)
  assert.equal(readAddress('').focus, null)
})

test('changing the address keeps what it does not know', () => {
  assert.equal(withChanges('?zone=A&theme=dark', { as_of: '2024-01-01' }), '?zone=A&theme=dark&as_of=2024-01-01')
  assert.equal(withChanges('?as_of=2024-01-01', { as_of: null }), '')
  assert.equal(withChanges('?parcel=1&zone=A', focusChanges({ kind: 'lot', id: '2' })), '?zone=A&lot=2')
  assert.equal(datedHref('/zones?as_of=2020-01-01', { as_of: null }, 'http://localhost/map'), '/zones')
  assert.equal(datedHref('/zones', { as_of: '2021-06-01' }, 'http://localhost/map'), '/zones?as_of=2021-06-01')
})

test('days are counted without time zones', () => {
  assert.equal(isoDay(ordinal('2024-02-29') + 1), '2024-03-01')
  assert.ok(isDay('2024-02-29'))
  assert.ok(!isDay('2025-02-29'))
  assert.ok(!isDay('21/11/2026'))
  const days = ['2024-01-01', '2021-06-01', '2022-01-01']
  assert.equal(neighbourDay(days, '2022-01-01', 1), '2024-01-01')
  assert.equal(neighbourDay(days, '2022-01-01', -1), '2021-06-01')
  assert.equal(neighbourDay(days, '2021-01-01', -1), null)
  assert.deepEqual(sliderRange(days, '2023-01-01'), { first: '2021-06-01', last: '2024-01-01' })
  assert.deepEqual(sliderRange(['1945-09-02', ...days, '2199-01-01'], '2023-06-01'), { first: '2021-06-01', last: '2024-01-01' })
  assert.deepEqual(sliderRange(['1945-09-02'], '2023-06-01'), { first: '2023-06-01', last: '2023-06-01' })
})

test('numbers and days follow the language', () => {
  const vi = formats('vi')
  const en = formats('en')
  assert.equal(vi.squareMetres(1105.9), '1.105,9 m²')
  assert.equal(en.squareMetres(1105.9), '1,105.9 m²')
  assert.equal(vi.squareMetres(null), '–')
  assert.equal(vi.percent(0.5606), '56,06 %')
  assert.equal(vi.day('2026-11-21'), '21/11/2026')
  assert.equal(en.day('2026-11-21'), '21 Nov 2026')
  assert.equal(vi.instant('2024-06-30T18:30:00Z'), '01:30 01/07/2024')
  assert.equal(vi.scale(15100), '1:15.100')
  assert.equal(filled('Thửa %(number)s, tờ %(sheet)s', { number: 1, sheet: 2 }), 'Thửa 1, tờ 2')
})

test('every pattern but none has strokes, and all lie where they repeat', () => {
  for (const pattern of PATTERNS) {
    assert.equal(strokes(pattern).length > 0, pattern !== 'none')
    for (const { ring } of strokes(pattern)) {
      if (ring) assert.ok(ring[0] - ring[2] >= 0 && ring[0] + ring[2] <= SIDE)
    }
  }
  assert.throws(() => strokes('polka'), RangeError)
  assert.equal(rgba('#0b5cad', 0.5), 'rgba(11, 92, 173, 0.5)')
})

test('the legend lists what is in view, in the order of the styles', () => {
  const styles = [
    { layer: 'parcels', key: 'cleared' },
    { layer: 'parcels', key: 'leased' },
    { layer: 'parcels', key: 'late' },
    { layer: 'zones', key: 'zone' },
  ]
  const groups = legendGroups(styles, {
    parcels: [{ state: 'leased', late: true }, { state: 'cleared', late: false }],
    zones: [{}],
    'plan-lots': [],
  })
  assert.deepEqual(groups.map((group) => group.entries.map((entry) => entry.key)), [['cleared', 'leased', 'late'], ['zone']])
  assert.deepEqual(keysOf('projects', { late: false }), ['on_time'])
  assert.deepEqual(keysOf('admin-units', { level: 'commune' }), ['commune'])
})
