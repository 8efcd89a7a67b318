import assert from 'node:assert/strict'
import { test } from 'node:test'

import { meridianText, parseArea, parseAzimuth, parseLength, parsePlace, planeOf, readings } from '../../static/js/edit/typed.js'

const plane = { meridian: 107.75, scale: 0.9999 }
const zone = { extent: [432_000, 2_317_000, 433_200, 2_317_800], plane }
const from = [432_500, 2_317_400]
const place = (text, more = {}) => parsePlace(text, { ...zone, from, ...more })

test('a written number has one reading or two, and never a third', () => {
  assert.deepEqual(readings('2.317.450,25'), [2317450.25])
  assert.deepEqual(readings('2,317,450.25'), [2317450.25])
  assert.deepEqual(readings('2 317 450,25'), [2317450.25])
  assert.deepEqual(readings('2\u00a0317\u202f450.5'), [2317450.5])
  assert.deepEqual(readings('1.250'), [1.25, 1250])
  assert.deepEqual(readings('0.250'), [0.25])
  assert.deepEqual(readings('-3,5'), [-3.5])
  assert.deepEqual(readings('−3,5'), [-3.5])
  assert.deepEqual(readings('1.250,5'), [1250.5])
  for (const nothing of ['', 'abc', '1.2.3', '1,2,3', '12 34', '1.25.000', '2 317 45', '1e5', '--1', '.', '1,']) assert.deepEqual(readings(nothing), [], nothing)
})

test('X north comes first, whatever stands between and however the digits are grouped', () => {
  const wanted = [432_550.125, 2_317_450.25]
  for (const text of [
    '2317450.25 432550.125',
    '2317450,25 432550,125',
    '2.317.450,25  432.550,125',
    '2 317 450,25 432 550,125',
    '2,317,450.25, 432,550.125',
    '2317450,25; 432550,125',
    '2317450.25,432550.125',
    '2317450,25\t432550,125',
    'X=2317450,25 Y=432550,125',
    'X: 2.317.450,25; Y: 432.550,125',
    'X (Bắc) 2317450,25 Y (Đông) 432550,125',
    'Y 432550,125 X 2317450,25',
    'N 2317450.25 E 432550.125',
  ]) {
    assert.deepEqual(place(text), { kind: 'point', point: wanted }, text)
  }
  assert.deepEqual(place('2.317.450 432.550').point, [432_550, 2_317_450])
})

test('typed places are kept to the millimetre', () => {
  assert.deepEqual(place('2317450.2504 432550.1256').point, [432_550.126, 2_317_450.25])
})

test('easting first is refused, not turned round in silence', () => {
  assert.deepEqual(place('432550,1 2317450,2').problem, { code: 'order', first: 432550.1, second: 2317450.2 })
})

test('numbers that are no coordinates are refused', () => {
  assert.equal(place('12 5').problem.code, 'range')
  assert.equal(place('2317450,25').problem.code, 'one-number')
  assert.equal(place('2317450 432550 7').problem.code, 'unreadable')
  assert.equal(place('giữa thửa').problem.code, 'unreadable')
  assert.equal(place('   ').problem.code, 'empty')
})

test('a place of another meridian is told by its meridian', () => {
  // pyproj: EPSG:5899 (432600, 2317400) is (718624, 2318698) in EPSG:5897 and (406599, 2317525) in EPSG:5898
  const problem = place('2318698 718624').problem
  assert.deepEqual(problem, { code: 'meridian', meridian: '107°45′', other: '105°00′' })
  assert.equal(place('2317525 406599').problem.other, '108°00′')
  const far = place('2417400 432600').problem
  assert.equal(far.code, 'far')
  assert.equal(far.metres, 99_600)
  assert.equal(place('2320000 432600').kind, 'point', 'a few kilometres around are left to the server')
})

test('steps: north first, with decimal comma or point', () => {
  for (const text of ['@12,5 -3', '@12.5,-3', '@12.5; -3', '@ 12,5  -3,0', '@12,5,-3,0']) {
    assert.deepEqual(place(text), { kind: 'relative', point: [432_497, 2_317_412.5] }, text)
  }
  assert.deepEqual(place('@10,5').point, [432_505, 2_317_410])
  assert.equal(place('@10').problem.code, 'step')
  assert.equal(place('@1,2,3').problem.code, 'step')
  assert.equal(place('@1.500 2').problem.code, 'ambiguous')
  assert.deepEqual(place('@1,234 -2,345').point, [432_497.655, 2_317_401.234], 'millimetres')
  assert.deepEqual(place('@1.234 -2.345', { language: 'en' }).point, [432_497.655, 2_317_401.234])
  assert.equal(place('@1,234 2', { language: 'en' }).problem.code, 'ambiguous')
  assert.equal(place('@10 5', { from: null }).problem.code, 'no-start')
})

test('length and azimuth from grid north, clockwise', () => {
  assert.deepEqual(place('25<90').point, [432_525, 2_317_400])
  assert.deepEqual(place('@25,5<180°').point, [432_500, 2_317_374.5])
  assert.deepEqual(place('100<45°30′15″').point, [432_571.33, 2_317_470.086])
  assert.equal(place('25<400').problem.code, 'azimuth')
  assert.equal(place('0<10').problem.code, 'not-positive')
  assert.equal(place('25<10', { from: null }).problem.code, 'no-start')
})

test('a length alone goes where the pointer is', () => {
  assert.deepEqual(place('25,5', { towards: [432_600, 2_317_400] }), { kind: 'distance', point: [432_525.5, 2_317_400] })
  assert.equal(place('25,5').problem.code, 'no-direction')
  assert.deepEqual(place('1.250', { towards: [432_600, 2_317_400] }).problem, { code: 'ambiguous', text: '1.250', one: 1.25, other: 1250 })
})

test('lengths and azimuths as people write them', () => {
  assert.deepEqual(parseLength('12,5 m'), { metres: 12.5 })
  assert.deepEqual(parseLength('1.250,0'), { metres: 1250 })
  assert.deepEqual(parseLength('0,250'), { metres: 0.25 })
  assert.equal(parseLength('mười').problem.code, 'unreadable')
  for (const text of ['45°30′15″', "45°30'15\"", '45 30 15', '45-30-15', '45d30m15s', '45°30′15']) {
    assert.ok(Math.abs(parseAzimuth(text).degrees - 45.504166667) < 1e-8, text)
  }
  assert.equal(parseAzimuth('45,5').degrees, 45.5)
  assert.equal(parseAzimuth('360').degrees, 0)
  assert.equal(parseAzimuth('45 30').degrees, 45.5)
  for (const text of ['45°61′', '361', '-5', 'bắc', '45 30 75']) assert.equal(parseAzimuth(text).problem.code, 'azimuth', text)
})

test('areas in m² or ha; of two readings the one that fits the parcel', () => {
  const area = (text, more) => parseArea(text, { most: 10_000, ...more }).area_m2
  assert.equal(area('4000'), 4000)
  assert.equal(area('4.000'), 4000)
  assert.equal(area('4.000 m²'), 4000)
  assert.equal(area('4.000', { language: 'en' }), 4)
  assert.equal(area('4,000', { language: 'en' }), 4000)
  assert.equal(area('0,25 ha'), 2500)
  assert.equal(area('1.250 ha', { most: 20_000 }), 12_500)
  assert.equal(area('1,25ha', { most: 20_000 }), 12_500)
  assert.equal(area('1.234,5 m2'), 1234.5)
  assert.equal(area('12.000'), 12, 'the only reading that fits')
  assert.equal(parseArea('').problem.code, 'empty')
  assert.equal(parseArea('-5').problem.code, 'not-positive')
  assert.equal(parseArea('nửa').problem.code, 'unreadable')
})

test('the plane is read from its definition', () => {
  assert.deepEqual(planeOf('+proj=tmerc +lat_0=0 +lon_0=107.75 +k=0.9999 +x_0=500000'), plane)
  assert.equal(meridianText(105.5), '105°30′')
})
