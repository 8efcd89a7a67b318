// Vector tile layers of the register, all moved by one query: zone, day, what was known, plan version.
import { tileAddress } from './grid.js'

const { ol } = window

// from the ground up; true = shown at first
export const LAYERS = [
  ['plan-lots', false],
  ['parcels', true],
  ['resettlement', true],
  ['admin-units', true],
  ['projects', true],
  ['zones', true],
]

/** Make the layers. `query()` answers what every tile asks for; `failed(layer)` hears of tiles that did not come. */
export function tileLayers({ gridName, projection, tileGrid, style, query, failed, only }) {
  const wanted = LAYERS.filter(([name]) => !only || only.includes(name))
  const layers = new Map()
  const shown = (name) => layers.get(name)?.getVisible() ?? false
  wanted.forEach(([name, visible], index) => {
    const source = new ol.source.VectorTile({ format: new ol.format.MVT(), projection, tileGrid, transition: 120 })
    source.on('tileloaderror', () => failed(name))
    const layer = new ol.layer.VectorTile({
      source,
      visible,
      zIndex: 10 + index,
      declutter: 'labels',
      renderBuffer: 160,
      className: `layer-${name}`,
      style: style.of(name, () => shown('parcels')),
    })
    layer.set('name', name)
    layers.set(name, layer)
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
  layers.get('parcels')?.on('change:visible', () => layers.get('plan-lots').changed())
  return { layers, refresh }
}

/** Properties of what a layer has drawn inside an extent, labels left out. */
export function drawnIn(layer, extent) {
  const name = layer.get('name')
  return layer
    .getFeaturesInExtent(extent)
    .filter((feature) => feature.get('layer') === name)
    .map((feature) => feature.getProperties())
}
