// Findings on the map: the ground in question hatched, a numbered pin on it. Waived ones are calm.
const { ol } = window
const { Circle, Fill, Stroke, Style, Text } = ol.style
const FONT = '"Be Vietnam Pro", "Noto Sans", sans-serif'
const HIT_PX = 6

/** Two layers over the land: ground and pins. `style` is the map's stylist. */
export function findingLayers(map, style) {
  const source = new ol.source.Vector()
  const reader = new ol.format.GeoJSON()
  const keyOf = (feature) => (feature.get('open') ? 'open' : 'waived')
  let chosen = null

  const ground = new ol.layer.Vector({
    source,
    zIndex: 36,
    visible: false,
    style: (feature) => style.drawn('conflicts', keyOf(feature)),
  })
  const pins = new ol.layer.Vector({ source, zIndex: 60, visible: false, declutter: 'findings', style: pin })
  ground.set('name', 'conflicts')
  pins.set('name', 'conflict-pins')
  map.addLayer(ground)
  map.addLayer(pins)

  function pin(feature) {
    const isChosen = feature.getId() === chosen
    const { stroke } = style.find('conflicts', keyOf(feature))
    const number = String(feature.get('number'))
    return new Style({
      geometry: place(feature),
      zIndex: isChosen ? 1e6 : 1e5 - feature.get('number'),
      image: new Circle({
        radius: (number.length > 2 ? 13 : 11) + (isChosen ? 3 : 0),
        fill: new Fill({ color: stroke }),
        stroke: new Stroke({ color: style.paper, width: isChosen ? 4 : 2 }),
      }),
      text: new Text({ text: number, font: `600 ${isChosen ? 13 : 11}px ${FONT}`, fill: new Fill({ color: style.paper }) }),
    })
  }

  /** A point on the largest part; worked out once a feature. */
  function place(feature) {
    let known = feature.get('place')
    if (!known) {
      const shape = feature.getGeometry()
      const parts = shape.getType() === 'MultiPolygon' ? shape.getPolygons() : [shape]
      const largest = parts.reduce((best, each) => (each.getArea() > best.getArea() ? each : best))
      known = new ol.geom.Point(largest.getInteriorPoint().getCoordinates().slice(0, 2))
      feature.set('place', known, true)
    }
    return known
  }

  return {
    /** Draw these features (GeoJSON in the map's plane) instead of the former. */
    draw(features) {
      source.clear(true)
      source.addFeatures(features.map((each) => reader.readFeature(each)))
    },
    visible(yes) {
      ground.setVisible(yes)
      pins.setVisible(yes)
    },
    isVisible: () => ground.getVisible(),
    choose(id) {
      chosen = id
      pins.changed()
    },
    extent: (id) => source.getFeatureById(id)?.getGeometry().getExtent() ?? null,
    /** The id of the finding under a pixel: its pin, or its ground. */
    at(pixel) {
      if (!ground.getVisible()) return null
      const hit = (layer) => map.forEachFeatureAtPixel(pixel, (feature) => feature, { layerFilter: (each) => each === layer, hitTolerance: HIT_PX })
      return hit(pins)?.getId() ?? null
    },
    count: () => source.getFeatures().length,
  }
}
