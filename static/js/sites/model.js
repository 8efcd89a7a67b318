// What is drawn how, and what is said of it. No map here: the tests of the scripts read this file alone.

const ORDER = { holdouts: ['most', 'much', 'some', 'none'], sites: ['site', 'nearly', 'lack'] }

/** The layer of styles a kind of page draws by. */
export const layerOf = (kind) => kind

/** The style of a feature: by what a parcel frees, or by what a site is. */
export const keyOf = (kind, properties) => (kind === 'holdouts' ? properties.key : properties.kind)

/** The styles that occur, in the order of the legend. */
export function present(kind, features) {
  const keys = new Set(features.map((each) => keyOf(kind, each.properties)))
  return ORDER[kind].filter((key) => keys.has(key))
}

/** What the pin says: the rank; a letter for what is only nearly there, as in the list. */
export const markOf = (kind, { rank, kind: sort }) => (sort === 'nearly' && rank <= 26 ? String.fromCharCode(64 + rank) : String(rank))

/** One line about what is lit. `number(value, digits)` writes as the reader's language does. */
export function sayOf(kind, properties, language, number) {
  const ha = (m2) => `${number(m2 / 10_000)} ha`
  const english = language === 'en'
  if (kind === 'holdouts') {
    const { rank, parcel, freed_m2: land, road_m: road, cluster_m2: cluster, cluster_parcels: many } = properties
    const parts = [`${english ? 'Rank' : 'Hạng'} ${rank} · ${english ? 'parcel' : 'thửa'} ${parcel}: ${ha(land)}`]
    if (road >= 0.05) parts.push(`${number(road, 0)} m ${english ? 'of road' : 'đường'}`)
    if (many > 1 && cluster > land) parts.push(english ? `${ha(cluster)} once all ${many} are done` : `cả cụm ${many} thửa: ${ha(cluster)}`)
    return parts.join(' · ')
  }
  const { area_m2: area, missing_m2: missing, lots, text, name } = properties
  if (properties.kind === 'lack') return `${english ? 'Parcel' : 'Thửa'} ${name}: ${text}`
  const parts = [`${english ? 'Site' : 'Khu đất'} ${markOf(kind, properties)}: ${ha(area)}`, lots]
  if (missing > 0) parts.push(`${english ? 'missing' : 'thiếu'} ${ha(missing)}`)
  return parts.join(' · ')
}
