// "Plan in force here": what every level of plan says of a place, as rows. No document, no map: node tests it.
import { filled } from '../map/format.js'

export const LEVELS = ['general', 'subdivision', 'detailed']

/** Levels with their plans and lots, in the order of the law; a level without a plan is there too. */
export function plansHere(levels, { texts, format, language, link, category }) {
  return LEVELS.map((level) => ({
    level,
    title: texts.plan_levels[level],
    plans: (levels[level] ?? []).map((plan) => ({
      title: filled(texts.plan_version_of, { plan: plan.plan, number: plan.number }),
      name: (language === 'en' && plan.name_en) || plan.name_vi,
      href: link(`/plans/${encodeURIComponent(plan.plan)}/${plan.number}`),
      decision: filled(texts.decision_since, {
        number: plan.decision_number ?? '–',
        issued: format.day(plan.decision_issued_on),
        day: format.day(plan.valid_from),
      }),
      covers: plan.plan_shared_m2 === null ? null : `${format.squareMetres(plan.plan_shared_m2)} · ${format.percent(plan.plan_shared_m2 / plan.asked_m2)}`,
      lots: plan.lots.map((lot) => lotRow(plan, lot, { texts, format, link, category })),
      rest: restOf(plan, texts, format),
    })),
  }))
}

function lotRow(plan, lot, { texts, format, link, category }) {
  const limits = [
    lot.density_pct === null ? null : filled(texts.lot_density, { value: `${format.metres(lot.density_pct)} %` }),
    lot.storeys_max === null ? null : filled(texts.lot_storeys, { value: format.whole(lot.storeys_max) }),
    lot.floor_area_ratio === null ? null : filled(texts.lot_ratio, { value: format.metres(lot.floor_area_ratio) }),
  ]
  return {
    symbol: lot.symbol,
    category: lot.category,
    use: [category(lot.category), texts.leasable[lot.leasable]].filter(Boolean).join(' · '),
    href: lotHref(plan.plan, plan.number, lot.lot_id, link),
    area: lot.shared_m2 === null ? (lot.legal_area_m2 === null ? '' : format.squareMetres(lot.legal_area_m2)) : format.squareMetres(lot.shared_m2),
    percent: lot.shared_m2 === null ? '' : format.percent(lot.shared_m2 / plan.asked_m2),
    limits: limits.filter(Boolean).join(' · '),
  }
}

/** Ground of the place that is in the plan but in no lot; '' when a drawing cannot tell it from nothing. */
function restOf(plan, texts, format) {
  if (plan.plan_shared_m2 === null) return plan.lots.length ? '' : texts.plan_without_lot
  const rest = plan.plan_shared_m2 - plan.lots.reduce((sum, lot) => sum + lot.shared_m2, 0)
  return rest > 0.05 ? filled(texts.plan_no_lot_area, { area: format.squareMetres(rest) }) : ''
}

/** The page of a lot. */
export const lotHref = (plan, number, lot, link = (path) => path) => link(`/plans/${encodeURIComponent(plan)}/${number}/lots/${lot}`)

/** A ring of [E, N] as a WKT polygon, to the millimetre. */
export const polygonText = (ring) => `POLYGON((${ring.map(([e, n]) => `${e.toFixed(3)} ${n.toFixed(3)}`).join(',')}))`
