// What is chosen and what was found: the chosen parcel exactly as stored, finds lit up in their tiles.
const { ol } = window

/** Two overlays above all land. */
export function highlights(map, style, tiles) {
  const chosen = new ol.source.Vector()
  const casing = new ol.style.Style({ stroke: new ol.style.Stroke({ color: style.paper, width: 6.5 }) })
  const { stroke, width } = style.find('selection', 'selected')
  const past = new ol.style.Style({ stroke: new ol.style.Stroke({ color: stroke, width, lineDash: [10, 8], lineCap: 'butt' }) })
  map.addLayer(new ol.layer.Vector({
    source: chosen,
    zIndex: 40,
    style: (feature) => [casing, feature.get('past') ? past : style.drawn('selection', 'selected')],
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
    /** Draw a GeoJSON feature (coordinates of the view) as chosen, dashed where it lay last when it is no longer in force;
     *  null takes it away. */
    choose(feature) {
      chosen.clear()
      const geometry = feature?.geometry ?? feature?.last_geometry
      if (!geometry) return
      const drawn = reader.readFeature({ ...feature, geometry })
      drawn.set('past', !feature.geometry)
      chosen.addFeature(drawn)
    },
    /** A place (E, N) surely inside what is chosen; null when nothing is. */
    inside: () => (chosen.isEmpty() ? null : chosen.getFeatures()[0].getGeometry().getInteriorPoint().getCoordinates().slice(0, 2)),
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
