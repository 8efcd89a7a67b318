// A refusal as plain values: what, where, what to do. No document, no map: node tests it.
import { filled } from '../map/format.js'

/**
 * What the panel says of an error. `reading`: texts, format. The sentence is the server's; the advice is ours, by
 * code. `place` is E, N; `parcels` can be zoomed to; `theirs` is the current version of somebody else.
 */
export function problemModel(error, { texts, format }) {
  const code = error.code ?? (error.name === 'Problem' ? String(error.status) : error.name)
  const context = error.document?.context ?? {}
  const fields = (error.document?.errors ?? []).map((each) => each.message).filter((text) => text !== error.message)
  const advice = texts.advice[code] ?? null
  return {
    code,
    text: error.message || texts.unknown_problem,
    fields,
    advice,
    place: place(context),
    parcels: [context.parcel, context.a, context.b, ...(context.parcels ?? [])].filter((each) => typeof each === 'string' && each.length === 36),
    successors: Array.isArray(context.successors) ? context.successors : [],
    differences: differences(context.differences, texts),
    changes: Array.isArray(context.changes) ? context.changes : [],
    theirs: theirs(context.theirs, texts, format),
    conflicts: Array.isArray(context.conflicts) ? context.conflicts : null,
    stale: code === 'version-stale',
  }
}

function place({ x, y }) {
  const at = [Number(x), Number(y)]
  return x !== null && y !== null && x !== undefined && at.every(Number.isFinite) ? at : null
}

/** What differs between parcels that were to be merged, as the server lists it. */
function differences(found, texts) {
  if (!Array.isArray(found)) return []
  return found.map((each) => {
    const values = Array.isArray(each.values) ? each.values : Object.values(each.values ?? {})
    const said = [...new Set(values.map((value) => (value === null || value === '' ? texts.nothing : typeof value === 'object' ? Object.values(value).join(' ') : String(value))))]
    return { kind: texts.difference_kinds[each.kind] ?? each.kind, text: said.join(' ≠ ') }
  })
}

/** Who made the version that stands now, on which document, from which day. */
export function theirs(found, texts, format) {
  if (!found || found.type === 'Feature') return null
  return filled(found.document ? texts.theirs_by_document : texts.theirs, {
    actor: found.actor ?? texts.somebody,
    document: found.document ?? '',
    change: found.change ?? '–',
    day: format.day(found.effective_on),
  })
}

/**
 * Parcel by parcel what I made, what they made and what both began with, and how many of my last steps have to go
 * for the parcel to be free again.
 */
export function conflictModel(conflicts, operations, { texts, format, name }) {
  const steps = operations.filter((each) => !each.taken_back)
  return conflicts.map((each) => {
    const first = steps.findIndex((step) => touches(step, each.parcel))
    const row = (feature) => (feature ? { area: format.squareMetres(feature.properties.area_m2), land_use: feature.properties.land_use ?? '–', name: name(feature.properties) } : null)
    return {
      parcel: each.parcel,
      name: each.base ? name(each.base.properties) : each.name,
      base: row(each.base),
      mine: row(each.mine),
      theirs: row(each.theirs?.feature),
      by: theirs(each.theirs, texts, format),
      takeBack: first < 0 ? 0 : steps.length - first,
      shapes: { base: each.base ?? null, mine: each.mine ?? null, theirs: each.theirs?.feature ?? null },
    }
  })
}

function touches({ effect }, parcel) {
  return [...effect.removed, ...effect.reshaped, ...effect.attributes].some((each) => each.id === parcel)
}
