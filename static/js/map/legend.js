// Which entries the legend lists: only what is drawn inside the view, in the order of the styles.

const STAGES = {
  plan_drafted: 'planned', plan_posted: 'planned', plan_approved: 'approved',
  paid: 'settled', recovered: 'settled', paid_and_recovered: 'settled',
}

/** The style key a feature of a layer is drawn by. */
export function keysOf(layer, properties) {
  if (layer === 'parcels') {
    const state = properties.state === 'not_cleared' && properties.in_clearance ? 'in_clearance' : properties.state
    return properties.late ? [state, 'late'] : [state]
  }
  if (layer === 'clearance') {
    const marks = ['complaint', 'suspension'].filter((mark) => properties[mark])
    return [STAGES[properties.state] ?? properties.state, ...marks]
  }
  if (layer === 'zone-phases') return [properties.state]
  if (layer === 'resettlement-plots') return [properties.status]
  if (layer === 'plan-lots') return [properties.category]
  if (layer === 'projects') return [properties.lateness ?? (properties.late ? 'late' : 'on_time')]
  if (layer === 'admin-units') return [properties.level]
  return [{ zones: 'zone', resettlement: 'resettlement' }[layer] ?? layer]
}

/**
 * Legend groups for what is in view. `inView` maps layer names to iterables of properties;
 * layers that are switched off are left out by the caller.
 */
export function legendGroups(styles, inView) {
  const groups = []
  for (const [layer, features] of Object.entries(inView)) {
    const present = new Set()
    for (const properties of features) for (const key of keysOf(layer, properties)) present.add(key)
    const entries = styles.filter((style) => style.layer === layer && present.has(style.key))
    if (entries.length) groups.push({ layer, entries })
  }
  return groups
}
