// The ground of an open change: exact parcels around what is in view, plan lots and boundaries to snap to.
// They take the place of the tiles, which are drawn a few centimetres off and are never edited.
import { resolutionOf } from '../map/grid.js'

const { ol } = window

const FARTHEST = resolutionOf(10_000)
const AROUND = 0.35 // of the view, loaded on each side so that a small move shows exact ground at once

/** Attach the ground to a map; it does nothing until a change is opened. */
export function editGround({ map, view, zone, tiles, labels, ask, look, said }) {
  const source = new ol.source.Vector()
  const lots = new ol.source.Vector()
  const boundary = new ol.source.Vector()
  const names = new ol.source.Vector()
  const reader = new ol.format.GeoJSON()
  const layer = new ol.layer.Vector({ source, zIndex: 16, style: look.parcel, visible: false, updateWhileInteracting: true, updateWhileAnimating: true })
  layer.set('name', 'ground')
  const lotLayer = new ol.layer.Vector({ source: lots, zIndex: 15, style: null, visible: false })
  const nameLayer = new ol.layer.Vector({ source: names, zIndex: 51, declutter: 'labels', style: look.name, visible: false })
  for (const each of [layer, lotLayer, nameLayer]) map.addLayer(each)

  const parcelTiles = tiles.layers.get('parcels')
  const drawnByTiles = parcelTiles.getStyle()
  const listeners = new Set()
  const states = new Map()
  let change = null
  let hidden = new Set()
  let loaded = null
  let asked = null
  let state = 'off'

  parcelTiles.setStyle((feature, resolution) => (hidden.has(feature.get('id')) ? null : drawnByTiles(feature, resolution)))

  function tell(next, error = null) {
    state = next
    said(next, error)
  }

  function bbox(extent) {
    return extent.map((value) => value.toFixed(3)).join(',')
  }

  /** Load what is in view; `fresh` asks again although it is there. */
  async function load({ fresh = false } = {}) {
    if (!change) return
    if (view.getResolution() > FARTHEST) {
      empty()
      tell('far')
      return
    }
    const inView = view.calculateExtent(map.getSize())
    if (!fresh && loaded && ol.extent.containsExtent(loaded, inView)) return
    const wide = ol.extent.buffer(inView, Math.max(ol.extent.getWidth(inView), ol.extent.getHeight(inView)) * AROUND)
    asked?.abort()
    const mine = (asked = new AbortController())
    tell('loading')
    try {
      const box = bbox(wide)
      const [ground, edges] = await Promise.all([
        ask(`/api/v1/changes/${change.id}/ground?zone=${encodeURIComponent(zone.code)}&bbox=${box}`, { signal: mine.signal }),
        fresh && loaded && ol.extent.containsExtent(loaded, wide)
          ? null
          : ask(`/api/v1/zones/${encodeURIComponent(zone.code)}/edges?as_of=${change.effective_on}&bbox=${box}`, { signal: mine.signal }),
      ])
      if (mine.signal.aborted || !change) return
      fill(ground.features)
      if (edges) fillEdges(edges)
      loaded = wide
      tell('ready')
      for (const listener of listeners) listener()
    } catch (error) {
      if (error.name === 'AbortError') return
      if (error.code === 'too-many-parcels') empty()
      tell(error.code === 'too-many-parcels' ? 'crowded' : 'failed', error)
    }
  }

  /** Parcels that did not change keep their feature: whoever holds it goes on holding the same one. */
  function fill(features) {
    learnStates()
    const wanted = new Set(features.map((each) => each.id))
    const added = []
    for (const old of source.getFeatures()) if (!wanted.has(old.getId())) source.removeFeature(old)
    for (const each of features) {
      const old = source.getFeatureById(each.id)
      const fresh = reader.readFeature(each)
      fresh.set('state', stateOf(each.id), true)
      if (!old) added.push(fresh)
      else if (!same(old, fresh)) old.setProperties(fresh.getProperties())
    }
    source.addFeatures(added)
    names.clear(true)
    names.addFeatures(source.getFeatures().map((each) => new ol.Feature({ geometry: each.getGeometry().getInteriorPoint(), parcel: each })))
    show(true)
  }

  function fillEdges(edges) {
    for (const [target, collection] of [[lots, edges.lots], [boundary, edges.boundary]]) {
      target.clear(true)
      target.addFeatures(reader.readFeatures(collection))
    }
  }

  function empty() {
    asked?.abort()
    loaded = null
    for (const each of [source, lots, boundary, names]) each.clear()
    show(false)
    for (const listener of listeners) listener()
  }

  function show(yes) {
    for (const each of [layer, lotLayer, nameLayer]) each.setVisible(yes && Boolean(change))
    labels.setVisible(!yes && parcelTiles.getVisible())
    hidden = yes ? new Set([...source.getFeatures().map((each) => each.getId()), ...(change?.net?.removed ?? [])]) : new Set()
    parcelTiles.changed()
  }

  /** What state each parcel has on the tiles, so that exact ground keeps the colours of the land. */
  function learnStates() {
    const before = states.size
    for (const feature of parcelTiles.getFeaturesInExtent(view.calculateExtent(map.getSize()))) {
      if (feature.get('id') && feature.get('state')) states.set(feature.get('id'), feature.get('state'))
    }
    return states.size > before
  }

  /** A piece looks like what it was cut from. */
  function stateOf(id) {
    if (states.has(id)) return states.get(id)
    const parents = (change?.operations ?? []).flatMap(({ effect }) => effect.added).find((each) => each.id === id)?.parents ?? []
    return parents.length ? stateOf(parents.reduce((most, each) => (each.area_m2 > most.area_m2 ? each : most)).id) : undefined
  }

  map.on('moveend', () => load())
  map.on('rendercomplete', () => {
    if (!loaded || !learnStates()) return
    for (const each of source.getFeatures()) if (!each.get('state')) each.set('state', stateOf(each.getId()), true)
    layer.changed()
  })

  return {
    source,
    lots,
    boundary,
    layer,
    state: () => state,
    feature: (id) => source.getFeatureById(id),
    features: (ids) => ids.map((id) => source.getFeatureById(id)).filter(Boolean),
    touching: (id) => touching(source, id),
    reload: () => load({ fresh: true }),
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    /** Show the ground of a change, or of none. */
    async use(next) {
      change = next
      states.clear()
      if (change) await load({ fresh: true })
      else {
        empty()
        tell('off')
      }
    },
    /** The change has moved on; what is shown follows with the next load. */
    follow(next) {
      change = next
    },
  }
}

/** Parcels that share a corner with one, without it. */
function touching(source, id) {
  const feature = source.getFeatureById(id)
  if (!feature) return []
  const key = ([east, north]) => `${east.toFixed(3)} ${north.toFixed(3)}`
  const corners = (each) => each.getGeometry().getCoordinates().flat()
  const mine = new Set(corners(feature).map(key))
  return source
    .getFeaturesInExtent(ol.extent.buffer(feature.getGeometry().getExtent(), 0.01))
    .filter((each) => each !== feature && corners(each).some((corner) => mine.has(key(corner))))
}

/** Whether a parcel is drawn as it was loaded; a corner dragged in vain makes it differ. */
function same(drawn, loaded) {
  if (drawn.get('version') !== loaded.get('version') || drawn.get('state') !== loaded.get('state')) return false
  const [mine, theirs] = [drawn, loaded].map((each) => each.getGeometry().getFlatCoordinates())
  return mine.length === theirs.length && mine.every((value, index) => value === theirs[index])
}
