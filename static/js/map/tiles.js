// Vector tile layers of the register, all moved by one query: zone, day, what was known, plan version.
import { tileAddress } from './grid.js'

const { ol } = window

// from the ground up; true = shown at first
export const LAYERS = [
  ['plan-lots', false],
  ['parcels', true],
  ['clearance', false],
  ['zone-phases', false],
  ['resettlement', true],
  ['resettlement-plots', true],
  ['admin-units', true],
  ['projects', true],
  ['zones', true],
]

/**
 * Make the layers, and above all land a companion for the labels of each (same tiles, one declutter group).
 * `query()` answers what every tile asks for; `failed(layer)` hears of tiles that did not come.
 */
export function tileLayers({ gridName, projection, tileGrid, style, query, failed }) {
  const layers = new Map()
  const labels = []
  const shown = (name) => layers.get(name)?.getVisible() ?? false
  LAYERS.forEach(([name, visible], index) => {
    const source = new ol.source.VectorTile({ format: new ol.format.MVT(), projection, tileGrid, transition: 120, tileLoadFunction: load })
    source.on('tileloaderror', () => failed(name))
    const layer = new ol.layer.VectorTile({
      source,
      visible,
      zIndex: 10 + index,
      renderBuffer: 16,
      style: style.land(name, { parcelsShown: () => shown('parcels'), planChosen: () => Boolean(query().plan_version) }),
    })
    const companion = new ol.layer.VectorTile({
      source,
      visible,
      zIndex: 50 + index,
      declutter: 'labels',
      renderBuffer: 200,
      style: style.labels(name),
    })
    layer.set('name', name)
    layer.on('change:visible', () => companion.setVisible(layer.getVisible()))
    layers.set(name, layer)
    companion.set('labels', name)
    labels.push(companion)
  })

  function refresh() {
    const asked = query()
    for (const [name, layer] of layers) {
      const parts = name === 'plan-lots' ? asked : { ...asked, plan_version: null }
      const key = JSON.stringify(parts)
      if (layer.getSource().getKey() === key) continue
      layer.getSource().setTileUrlFunction((coordinate) => tileAddress(name, gridName, coordinate, parts), key)
    }
  }
  refresh()
  layers.get('parcels')?.on('change:visible', () => ['plan-lots', 'zone-phases'].forEach((name) => layers.get(name).changed()))
  return { layers, labels, refresh }
}

/**
 * Load a tile and mark its features with what was asked: tiles of another day stay in the browser's memory for a
 * while, and what is in view must not be counted from them.
 */
function load(tile, url) {
  tile.setLoader(async (extent, resolution, projection) => {
    try {
      const answer = await fetch(url)
      if (!answer.ok) throw new Error(String(answer.status))
      const features = tile.getFormat().readFeatures(await answer.arrayBuffer(), { extent, featureProjection: projection })
      for (const feature of features) feature.getProperties().asked = askedIn(url)
      tile.setFeatures(features)
    } catch {
      tile.onError()
    }
  })
}

const askedIn = (url) => url.split('?')[1] ?? ''

function shownIn(layer, extent) {
  const asked = askedIn(layer.getSource().getTileUrlFunction()([0, 0, 0]))
  return layer
    .getFeaturesInExtent(extent)
    .map((feature) => feature.getProperties())
    .filter((properties) => properties.asked === asked)
}

/** Properties of what a layer shows inside an extent, labels and tiles of other days left out. */
export function drawnIn(layer, extent) {
  return shownIn(layer, extent).filter((properties) => properties.layer === layer.get('name'))
}

/** Whether a tile inside an extent holds more shapes than can be merged. */
export function crowdedIn(layer, extent) {
  return shownIn(layer, extent).some((properties) => properties.layer === `${layer.get('name')}-crowded`)
}
