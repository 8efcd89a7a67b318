// How corners and sides that can be moved look, and the draft of a drag.
const { ol } = window
const ACCENT = '#0b5cad'
const PICKED = '#b3005e'
const BAD = '#b3261e'
const ABOVE_LABELS = 60

function above(layer) {
  layer.setZIndex(ABOVE_LABELS)
  return layer
}

/** The layers of the corner tool: handles(corners, sides, picked), hover(grip), draft(shapes). */
export function cornerLook(work) {
  const { Circle, Fill, RegularShape, Stroke, Style } = ol.style
  const white = new Fill({ color: '#ffffff' })
  const halo = new Stroke({ color: 'rgb(255 255 255 / 90%)', width: 7 })
  const coarse = matchMedia('(pointer: coarse)').matches
  const handle = new Style({ image: new Circle({ radius: coarse ? 8 : 5, fill: white, stroke: new Stroke({ color: ACCENT, width: 2 }) }) })
  const plus = [
    new Style({ image: new Circle({ radius: coarse ? 7 : 5, fill: new Fill({ color: 'rgb(255 255 255 / 80%)' }) }) }),
    new Style({ image: new RegularShape({ points: 4, radius: coarse ? 7 : 5, radius2: 0, stroke: new Stroke({ color: ACCENT, width: 1.5 }) }) }),
  ]
  const strong = (width) => [new Style({ stroke: halo }), new Style({ stroke: new Stroke({ color: PICKED, width }), image: new Circle({ radius: coarse ? 10 : 7, fill: white, stroke: new Stroke({ color: PICKED, width: 3 }) }) })]
  const marked = { picked: strong(4), hover: strong(2.5) }
  const drafts = Object.fromEntries([['good', ACCENT, 'rgb(11 92 173 / 16%)'], ['bad', BAD, 'rgb(179 38 30 / 18%)']].map(([kind, line, fill]) => [kind, [new Style({ stroke: halo }), new Style({ fill: new Fill({ color: fill }), stroke: new Stroke({ color: line, width: 2.5, lineDash: [8, 5] }) })]]))

  const [shapes, points] = ['draft', 'handles'].map((name) => above(work.layer(name, (feature) => feature.get('style'))).getSource())
  const all = new ol.Feature({ style: handle })
  const middles = new ol.Feature({ style: plus })
  const picked = new ol.Feature({ style: marked.picked })
  const hovered = new ol.Feature({ style: marked.hover })
  const put = (feature, geometry) => {
    feature.setGeometry(geometry)
    if (geometry && !points.hasFeature(feature)) points.addFeature(feature)
    if (!geometry && points.hasFeature(feature)) points.removeFeature(feature)
  }
  const geometryOf = (grip) => (!grip ? null : grip.corner ? new ol.geom.Point(grip.corner) : new ol.geom.LineString(grip.side))
  let shown = null

  return {
    handles(corners, sides, grip) {
      // while a corner is dragged the handles stay where they are: nothing to draw anew
      const key = `${corners.length} ${sides.length} ${corners.flat().join(' ')}`
      if (key !== shown) {
        shown = key
        put(all, corners.length ? new ol.geom.MultiPoint(corners) : null)
        put(middles, sides.length ? new ol.geom.MultiPoint(sides.map(([a, b]) => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2])) : null)
      }
      put(picked, geometryOf(grip))
    },
    hover: (grip) => put(hovered, geometryOf(grip)),
    draft(polygons) {
      shapes.clear(true)
      shapes.addFeatures(polygons.map(({ rings, bad }) => new ol.Feature({ geometry: new ol.geom.Polygon(rings), style: drafts[bad ? 'bad' : 'good'] })))
    },
  }
}
