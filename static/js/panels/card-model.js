// The parcel card as plain values: title, state, tabs of blocks of rows. No document, no map: node tests it.
import { isoDay, ordinal } from '../map/days.js'
import { filled } from '../map/format.js'
import { lotHref } from './here-model.js'
import { byNumber, parcelName, period } from './names.js'
import { fileHref, paper, textOf } from './papers.js'

export { parcelName, period }

const named = (words, code) => words[code] ?? code ?? '–'
/** Rows that say something: [label, text] or [label, {text, href}]. */
const rows = (...pairs) => pairs.filter(([, value]) => value !== null && value !== undefined && value !== '' && value !== '–')

/** Build the card of a GeoJSON feature answered by /api/v1/parcels/{id}. */
export function cardModel(feature, { texts, format, language, stateLabel, shownDay = () => null, link = (path) => path }) {
  const parcel = feature.properties
  const name = (thing) => (language === 'en' && thing.name_en) || thing.name_vi
  const model = {
    id: feature.id,
    title: parcelName(parcel, texts),
    inForce: parcel.in_force,
    withdrawn: Boolean(parcel.withdrawn),
    otherDay: otherDay(parcel, shownDay, texts, format),
    state: parcel.in_force ? seenState(parcel, stateLabel) : null,
    late: Boolean(parcel.late),
    area: format.squareMetres(parcel.legal_area_m2 ?? parcel.area_m2),
    facts: facts(parcel, texts, format),
    successors: relatives(parcel.successors, texts),
    predecessors: relatives(parcel.predecessors, texts),
    tabs: [
      { id: 'rights', label: texts.tab_rights, blocks: rights(parcel, texts, format, link), empty: texts.no_rights },
      { id: 'plan', label: texts.tab_plan, blocks: plan(parcel, texts, format, language, link), empty: texts.no_lots },
      { id: 'clearance', label: texts.tab_clearance, blocks: clearance(parcel, texts, format), empty: texts.no_handover },
      { id: 'projects', label: texts.tab_projects, blocks: projects(parcel, texts, format, name), empty: texts.no_projects },
      { id: 'visits', label: texts.tab_visits, blocks: visits(feature, texts, format, link), empty: texts.no_visits, more: { text: texts.open_parcel, href: link(`/parcels/${feature.id}`) } },
      { id: 'history', label: texts.tab_history, blocks: [], empty: texts.no_history },
      { id: 'documents', label: texts.tab_documents, blocks: documents(parcel, texts, format), empty: texts.no_documents },
    ],
  }
  return model
}

/** Land in a clearance case that is not cleared yet shows so: a part of "not cleared", not a state of its own. */
function seenState(parcel, stateLabel) {
  const key = parcel.state === 'not_cleared' && parcel.in_clearance ? 'in_clearance' : parcel.state
  return { key, label: stateLabel(key) }
}

const relatives = (kin = [], texts) => [...kin].sort(byNumber).map((each) => ({ id: each.id, label: parcelName(each, texts) }))

/** A day on which a parcel that is not in force was: its last one, or its first when that is still to come. */
function otherDay({ in_force: inForce, withdrawn, valid_from: from, valid_to: to }, shownDay, texts, format) {
  if (inForce || withdrawn || (to && to <= from)) return null
  const coming = shownDay() && from > shownDay()
  if (!coming && !to) return null
  const day = coming ? from : isoDay(ordinal(to) - 1)
  return { day, text: filled(coming ? texts.first_day : texts.last_day, { day: format.day(day) }) }
}

function facts(parcel, texts, format) {
  const measured = parcel.legal_area_m2 === null || parcel.legal_area_m2 === undefined
  const older = (parcel.older_names ?? []).map((each) => parcelName(each, texts)).join('; ')
  return rows(
    [texts.legal_area, measured ? texts.not_stated : format.squareMetres(parcel.legal_area_m2)],
    [texts.measured_area, format.squareMetres(parcel.area_m2)],
    [texts.land_use, parcel.land_use],
    [texts.commune, parcel.commune],
    [texts.official_id, parcel.official_id],
    [texts.in_force, period(parcel.valid_from, parcel.valid_to, texts, format)],
    [texts.older_names, older],
  )
}

/** The document a fact hangs on, as the answers name it: `<name>_id`, `<name>_number` and so on. */
const behind = (fact, name) => ({
  id: fact[`${name}_id`], number: fact[`${name}_number`], day: fact[`${name}_issued_on`], hasFile: fact[`${name}_has_file`], page: fact[`${name}_page`],
})

function rights(parcel, texts, format, link = (path) => path) {
  return (parcel.rights ?? []).map((right) => ({
    heading: named(texts.right_kinds, right.kind),
    rows: rows(
      [texts.number, right.id ? { text: right.number, href: link(`/rights/${right.id}`) } : right.number],
      [texts.lessee, right.lessee ?? texts.private_person],
      [texts.lessor, right.lessor],
      [texts.contract_area, format.squareMetres(right.contract_area_m2)],
      [texts.in_force, period(right.valid_from, right.valid_to, texts, format)],
      [texts.term_ends, right.term_ends ? format.day(right.term_ends) : null],
      [texts.payment, right.payment_mode ? named(texts.payment_modes, right.payment_mode) : null],
      [texts.document, paper(behind(right, 'document'), texts, format)],
    ),
  }))
}

function plan(parcel, texts, format, language, link) {
  const blocks = new Map()
  for (const lot of parcel.lots ?? []) {
    const key = `${lot.plan}/${lot.plan_version}`
    if (!blocks.has(key)) {
      const title = (language === 'en' && lot.plan_name_en) || lot.plan_name_vi
      blocks.set(key, {
        heading: filled(texts.plan_version_of, { plan: title, number: lot.plan_version }),
        shares: [],
        rows: rows([texts.decision, paper(behind(lot, 'decision'), texts, format)]),
      })
    }
    blocks.get(key).shares.push({
      label: lot.symbol,
      href: lotHref(lot.plan, lot.plan_version, lot.lot_id, link),
      category: lot.category,
      area: format.squareMetres(lot.area_m2),
      percent: format.percent(lot.share),
      share: lot.share,
    })
  }
  for (const block of blocks.values()) {
    const outside = 1 - block.shares.reduce((sum, each) => sum + each.share, 0)
    if (outside > 0.0005) {
      block.shares.push({
        label: texts.outside_lots,
        category: null,
        area: format.squareMetres(outside * parcel.area_m2),
        percent: format.percent(outside),
        share: outside,
      })
    }
    block.warning = block.shares.length > 1 ? texts.many_lots : null
  }
  return [...blocks.values()]
}

function clearance(parcel, texts, format) {
  return [...(parcel.clearance ?? []).map((item) => inItem(item, texts, format)), ...handovers(parcel, texts, format)]
}

/** The item of a case a parcel belongs to: how far, how long it has waited, what is due. Nobody is named. */
function inItem(item, texts, format) {
  const holder = named(texts.holders, item.holder)
  const marks = ['complaint', 'suspension'].filter((mark) => item[mark]).map((mark) => texts[mark])
  const late = item.due_severity === 'overdue'
  const due = item.due ? named(texts.clearance_steps, item.due) : null
  return {
    heading: filled(texts.clearance_item, { number: item.number, case: item.case_code }),
    warning: [late ? `${texts.overdue}: ${due}` : null, ...marks].filter(Boolean).join(' · ') || null,
    late,
    rows: rows(
      [texts.land_user, item.named ? `${holder} · ${texts.masked}` : holder],
      [texts.last_step, item.last_step ? `${named(texts.clearance_steps, item.last_step)}, ${format.day(item.last_on)}` : null],
      [texts.waited, item.waited_days === null || item.waited_days === undefined ? null : filled(texts.days, { days: format.whole(item.waited_days) })],
      [texts.due, due],
      [texts.due_on, item.due_on ? format.day(item.due_on) : null],
      [texts.planned_handover, item.handover_planned_on ? format.day(item.handover_planned_on) : null],
      [texts.page_of_item, { text: texts.open_item, href: `/clearance/${encodeURIComponent(item.case_code)}/items/${item.item_id}` }],
    ),
  }
}

function handovers(parcel, texts, format) {
  return (parcel.handovers ?? []).map((made) => ({
    heading: texts.handed_over,
    rows: rows(
      [texts.minutes, made.number],
      [texts.handed_over_on, format.day(made.handed_over_on)],
      [texts.stated_area, made.stated_area_m2 ? format.squareMetres(made.stated_area_m2) : null],
      [texts.document, paper(behind(made, 'document'), texts, format)],
    ),
  }))
}

function projects(parcel, texts, format, name) {
  return (parcel.projects ?? []).map((project) => ({
    heading: name(project),
    rows: rows(
      [texts.number, project.code],
      [texts.investor, project.investor],
      [texts.kind, named(texts.project_kinds, project.kind)],
      [texts.status, named(texts.project_statuses, project.status)],
      [texts.certificate, project.certificate_no],
      [texts.progress, progress(project, texts, format)],
      [texts.behind, project.late_days > 0 ? filled(texts.days, { days: format.whole(project.late_days) }) : null],
      [texts.page_of_item, texts.open_project ? { text: texts.open_project, href: `/projects/${encodeURIComponent(project.code)}` } : null],
    ),
    late: project.late_days > 0,
  }))
}

function progress(project, texts, format) {
  if (project.actual_pct === null || project.actual_pct === undefined) return null
  const actual = format.points(project.actual_pct)
  if (project.planned_pct === null || project.planned_pct === undefined) return actual
  return filled(texts.progress_of, { actual, planned: format.points(project.planned_pct) })
}

/** Notes and photos on the parcel's ground: day, author, what was seen; nobody is shown to who may not see people. */
function visits(feature, texts, format, link) {
  return (feature.properties.visits ?? []).map((visit) => ({
    heading: `${format.day(visit.day)} · ${visit.actor}`,
    note: visit.body ?? texts.people_hidden,
    photos: visit.photos.map((photo) => ({
      href: `/api/v1/photos/${photo.id}/file`, thumbnail: `/api/v1/photos/${photo.id}/thumbnail`, text: photo.caption ?? filled(texts.photo_of, { day: format.day(visit.day) }),
    })),
    rows: rows(
      [texts.visit_project, visit.project ? { text: visit.project, href: link(`/projects/${encodeURIComponent(visit.project)}`) } : null],
      [texts.visit_parcel, visit.parcel_id && visit.parcel_id !== feature.id ? { text: visit.parcel || texts.unnumbered, href: link(`/parcels/${visit.parcel_id}`) } : null],
      [texts.minutes, visit.document],
    ),
  }))
}

function documents(parcel, texts, format) {
  return (parcel.documents ?? []).map((document) => ({
    heading: document.number,
    href: document.has_file ? fileHref(document.id, document.page) : null,
    file: document.has_file ? fileWords(document, texts) : texts.no_file,
    rows: rows(
      [texts.kind, named(texts.document_kinds, document.kind)],
      [texts.issued_on, format.day(document.issued_on)],
      [texts.issuer, document.issuer],
      [texts.title, document.title],
    ),
  }))
}

/** What opening the file means: a PDF at its page, an image in a tab, a TIFF to be saved (browsers do not draw it). */
function fileWords({ media_type: type, page }, texts) {
  if (type === 'image/tiff') return texts.save_file
  if (type?.startsWith('image/')) return texts.open_image
  return page ? filled(texts.open_at_page, { page }) : texts.open_file
}

/** The card as lines people paste into letters: sheet and decision numbers are in it. */
export function plainText(model, zone, dayText, texts) {
  const lines = [`${model.title} – ${zone}`, dayText]
  if (model.state) lines.push(`${texts.state}: ${model.state.label}${model.late ? ` (${texts.late})` : ''}`)
  for (const [label, value] of model.facts) lines.push(`${label}: ${value}`)
  for (const tab of model.tabs) {
    if (!tab.blocks.length || tab.id === 'documents') continue
    lines.push('', tab.label.toUpperCase())
    for (const block of tab.blocks) {
      lines.push(block.heading)
      for (const share of block.shares ?? []) lines.push(`- ${share.label}: ${share.area} (${share.percent})`)
      for (const [label, value] of block.rows) lines.push(`- ${label}: ${textOf(value)}`)
    }
  }
  return lines.join('\n')
}
