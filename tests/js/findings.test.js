// The pure parts of the findings' scripts: node runs them, no browser.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { START, areaText, counts, documentOf, neighbour, shown, summary, waiverBody } from '../../static/js/findings/model.js'
import { formats } from '../../static/js/map/format.js'

const format = formats('vi')
const findings = [
  { id: 'a', kind: 'gap', severity: 'high', open: true },
  { id: 'b', kind: 'gap', severity: 'low', open: true },
  { id: 'c', kind: 'overlap', severity: 'low', open: false },
]
const ids = (found) => found.map((each) => each.id)

test('at first everything open is shown, waived ones when asked for', () => {
  assert.deepEqual(ids(shown(findings, START)), ['a', 'b'])
  assert.deepEqual(ids(shown(findings, { ...START, waived: true })), ['a', 'b', 'c'])
  assert.deepEqual(ids(shown(findings, { ...START, severity: 'low' })), ['b'])
  assert.deepEqual(ids(shown(findings, { ...START, kind: 'overlap' })), [])
})

test('what a filter offers is counted among what may be shown', () => {
  assert.deepEqual(counts(findings, { waived: false }), { kind: { gap: 2 }, severity: { high: 1, low: 1 }, open: 2, waived: 1 })
  assert.deepEqual(counts(findings, { waived: true }).kind, { gap: 2, overlap: 1 })
})

test('a sliver is given to the square decimetre and below, land to a tenth of a square metre', () => {
  assert.equal(areaText(0.005, { format, language: 'vi' }), '0,005 m²')
  assert.equal(areaText(0.005, { format, language: 'en' }), '0.005 m²')
  assert.equal(areaText(12345.67, { format, language: 'vi' }), '12.345,7 m²')
})

test('the line under the heading says what is left out', () => {
  const texts = { none: 'không có', counted: '%(open)s vướng, %(waived)s miễn', left_out: 'còn %(count)s' }
  const features = findings.map((properties) => ({ properties }))
  assert.equal(summary({ features, numberMatched: 3, numberReturned: 3 }, texts, format), '2 vướng, 1 miễn')
  assert.equal(summary({ features, numberMatched: 2003, numberReturned: 3 }, texts, format), '2 vướng, 1 miễn còn 2.000')
  assert.equal(summary({ features: [], numberMatched: 0, numberReturned: 0 }, texts, format), 'không có')
})

test('arrows stay inside the list', () => {
  assert.equal(neighbour(['a', 'b', 'c'], 'b', 1), 'c')
  assert.equal(neighbour(['a', 'b', 'c'], 'c', 1), 'c')
  assert.equal(neighbour(['a', 'b', 'c'], 'a', -1), 'a')
  assert.equal(neighbour(['a', 'b', 'c'], 'a', 1e9), 'c')
  assert.equal(neighbour(['a', 'b', 'c'], null, 1), 'a')
  assert.equal(neighbour([], 'a', 1), null)
})

test('empty fields of a waiver are not sent', () => {
  assert.deepEqual(waiverBody('Z', 'gap-1-p2', { reason: ' vì thế ', expires_on: '', document: null }), { zone: 'Z', finding: 'gap-1-p2', reason: 'vì thế' })
  assert.deepEqual(waiverBody('Z', 'x', { reason: 'r', expires_on: '2030-01-01', document: 'd' }), { zone: 'Z', finding: 'x', reason: 'r', expires_on: '2030-01-01', document_id: 'd' })
})

test('a document is picked or typed by its number; an unknown one is not guessed', () => {
  const documents = [{ id: '1', number: '12/QĐ', label: '12/QĐ · 01/01/2024 · UBND' }]
  assert.equal(documentOf('', documents), null)
  assert.equal(documentOf('12/QĐ', documents), '1')
  assert.equal(documentOf('12/QĐ · 01/01/2024 · UBND ', documents), '1')
  assert.equal(documentOf('12', documents), undefined)
})
