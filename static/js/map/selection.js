// What is chosen and what was found: the chosen parcel exactly as stored, finds lit up in their tiles.
const { ol } = window

/** Two overlays above all land. */
export function highlights(map, style, tiles) {
  const chosen = new ol.source.Vector()
  map.addLayer(new ol.layer.Vector({
    source: chosen,
    zIndex: 40,
    style: [
      new ol.style.Style({ stroke: new ol.style.Stroke({ color: style.paper, width: 6.5 }) }),
      style.drawn('selection', 'selected'),
    ],
  }))
  let found = new Set()
  const lit = ['parcels', 'plan-lots', 'projects'].filter((name) => tiles.layers.has(name)).map((name) => {
    const layer = new ol.layer.VectorTile({
      source: tiles.layers.get(name).getSource(),
      zIndex: 35,
      visible: false,
      style: (feature) => (feature.get('layer') === name && found.has(feature.get('id')) ? style.drawn('selection', 'found') : null),
    })
    layer.set('overlay', true)
    map.addLayer(layer)
    return layer
  })
  const reader = new ol.format.GeoJSON()

  return {
    /** Draw a GeoJSON feature (coordinates of the view) as chosen; null takes it away. */
    choose(feature) {
      chosen.clear()
      if (feature?.geometry) chosen.addFeature(reader.readFeature(feature))
    },
    /** Light up parcels, lots or projects by id. */
    find(ids) {
      found = new Set(ids)
      for (const layer of lit) {
        layer.setVisible(found.size > 0)
        layer.changed()
      }
    },
    extent: () => (chosen.isEmpty() ? null : chosen.getExtent()),
  }
}
