// What an operation would do, as plain values for the panel. No document, no map: node tests it.
import { filled } from '../map/format.js'
import { parcelName } from '../panels/card-model.js'

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** A, B, … Z, AA, AB: how the panel and the map call the pieces. */
export function letter(index) {
  return index < 26 ? LETTERS[index] : letter(Math.floor(index / 26) - 1) + LETTERS[index % 26]
}

/** A number with its sign; a true minus, and nothing for what rounds to nothing. */
export function signed(value, written) {
  const text = written(Math.abs(value))
  if (!/[1-9]/.test(text)) return written(0)
  return `${value < 0 ? '−' : '+'}${text}`
}

/** One sentence of an operation in the list of steps: what was done to how many. */
export function stepText({ operation, effect }, { texts }) {
  const what = texts.verbs[operation] ?? operation
  const said = (found) => found.map((each) => each.feature.properties)
  const before = [...effect.removed, ...said(effect.reshaped), ...said(effect.attributes)]
  const names = before.length ? before : said(effect.added)
  const first = names[0] ? parcelName(names[0], texts) : null
  const who = names.length > 1 ? filled(texts.and_more, { first, more: names.length - 1 }) : first
  const result = effect.added.length > 0 && effect.removed.length > 0 ? filled(texts.into, { count: effect.added.length }) : null
  return [what, who && lowered(who), result].filter(Boolean).join(' ')
}

const lowered = (text) => text.charAt(0).toLocaleLowerCase('vi') + text.slice(1)

/**
 * The effect as the panel shows it. `reading`: texts, format, figureName(code), landUse(code).
 * Pieces carry the letter the map writes on them.
 */
export function effectModel(effect, indicators, reading) {
  const { texts, format } = reading
  const both = (m2) => ({ area: format.squareMetres(m2), hectares: format.hectares(m2) })
  let count = 0
  const several = effect.added.length + effect.reshaped.length > 1
  const added = effect.added.map((each) => ({
    id: each.id,
    kind: 'added',
    letter: several ? letter(count++) : '',
    label: pieceName(each.feature.properties, texts),
    taken: each.taken,
    ...both(each.area_m2),
    change: null,
    feature: each.feature,
  }))
  const reshaped = effect.reshaped.map((each) => ({
    id: each.id,
    kind: 'reshaped',
    letter: several ? letter(count++) : '',
    label: pieceName(each.feature.properties, texts),
    ...both(each.area_m2),
    change: signed(each.area_m2 - each.area_before_m2, format.squareMetres),
    feature: each.feature,
  }))
  return {
    pieces: [...added, ...reshaped],
    removed: effect.removed.map((each) => ({ id: each.id, label: parcelName(each, texts), ...both(each.area_m2) })),
    noded: effect.noded.length,
    attributes: effect.attributes.map((each) => attributeLine(each, reading)),
    totals: totals(effect, texts, format),
    rights: rights(effect, texts),
    plan: plan(effect, texts, format),
    warnings: effect.warnings.map((each) => ({ text: each.text ?? each.code, x: each.x, y: each.y, parcel: each.parcel })),
    figures: figures(indicators ?? [], reading),
    report: report(effect.report, texts, format),
  }
}

const pieceName = (parcel, texts) => (parcel.number ? parcelName(parcel, texts) : texts.new_parcel)

function attributeLine(each, { texts, format }) {
  const said = Object.entries(each.set).map(([name, value]) => {
    const shown = value === null ? texts.taken_away : name === 'legal_area_m2' ? format.squareMetres(value) : value
    return `${texts.attribute_names[name] ?? name}: ${shown}`
  })
  return { id: each.id, label: parcelName(each.feature.properties, texts), text: said.join('; ') }
}

/** Ground before and after of what is really changed; neighbours that only gain corners are left out. */
function totals(effect, texts, format) {
  if (!effect.added.length && !effect.reshaped.length && !effect.removed.length) return null
  const sum = (found, name) => found.reduce((total, each) => total + each[name], 0)
  const before = sum(effect.removed, 'area_m2') + sum(effect.reshaped, 'area_before_m2')
  const after = sum(effect.added, 'area_m2') + sum(effect.reshaped, 'area_m2')
  const kept = Math.abs(effect.area_difference_m2) <= effect.tolerance_m2
  return {
    before: format.squareMetres(before),
    after: format.squareMetres(after),
    difference: signed(after - before, format.squareMetres),
    kept,
    text: kept ? texts.area_kept : texts.area_changes,
  }
}

/** Who holds the ground that is cut: each right once, however many of its parcels are touched. */
function rights(effect, texts) {
  const found = new Map()
  for (const each of effect.rights ?? []) {
    const key = `${each.kind}/${each.id}`
    const line = found.get(key) ?? { ...each, parcels: 0, cut: false, children: 0 }
    line.parcels += 1
    line.cut ||= each.cut
    line.children += each.children.length
    found.set(key, line)
  }
  return [...found.values()].map((each) => {
    const title = [texts.holding_kinds[each.kind] ?? each.kind, each.number].filter(Boolean).join(' ')
    const holder = each.holder ? ` (${each.holder})` : ''
    if (!each.cut) return { cut: false, text: filled(texts.right_follows, { right: title + holder }) }
    const words = each.children ? texts.right_cut : texts.right_ends
    return { cut: true, text: filled(words, { right: title + holder, count: each.children }) }
  })
}

/** Only what does not fit the plan is worth a line. */
function plan(effect, texts, format) {
  return (effect.plan ?? [])
    .filter((each) => each.conflict_m2 > 0)
    .map((each) => {
      const lots = each.lots.map((lot) => `${lot.symbol} ${format.squareMetres(lot.area_m2)}`)
      if (each.outside_m2 > 0.05) lots.push(`${texts.outside_lots} ${format.squareMetres(each.outside_m2)}`)
      return { parcel: each.parcel, text: filled(texts.plan_conflict, { area: format.squareMetres(each.conflict_m2), lots: lots.join(', ') }) }
    })
}

const WRITTEN = {
  m2: (value, format) => format.hectares(value),
  percent: (value, format) => format.percent(value / 100),
  count: (value, format) => format.whole(value),
}

/** Figures of the zone that move: what they are called, from, to, and by how much where that says something. */
function figures(indicators, { texts, format, figureName }) {
  return indicators.map(({ code, zone, before, after, unit }) => {
    const written = (value) => (WRITTEN[unit] ?? WRITTEN.count)(value, format)
    const moved = before !== null && after !== null ? after - before : null
    return {
      zone,
      name: figureName(code),
      before: written(before),
      after: written(after),
      moved: moved === null ? null : unit === 'percent' ? filled(texts.points, { value: signed(moved, (value) => format.metres(value)) }) : signed(moved, written),
      visible: written(before) !== written(after),
    }
  }).filter((each) => each.visible)
}

function report(said, texts, format) {
  if (!said) return []
  return Object.entries(texts.report)
    .filter(([name]) => `${name}_before` in said)
    .map(([name, label]) => ({ label, before: format.whole(said[`${name}_before`]), after: format.whole(said[`${name}_after`]) }))
}
