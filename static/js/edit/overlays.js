// What the editor draws over the land: the pieces of a preview, pins of faults, both sides of a conflict, others' parcels.
const { ol } = window

/** Attach the overlays; each is filled and emptied by name. */
export function overlays(map, look) {
  const reader = new ol.format.GeoJSON()
  const layer = (zIndex, style, source = new ol.source.Vector()) => {
    map.addLayer(new ol.layer.Vector({ source, zIndex, style }))
    return source
  }
  const others = layer(34, look.other)
  const pieces = layer(38, look.piece)
  layer(47, look.letter, pieces)
  const sides = layer(44, look.conflict)
  const pins = layer(48, look.pin)
  const drawn = (feature, facts) => {
    const made = reader.readFeature(feature)
    made.setProperties(facts, true)
    return made
  }
  const fill = (source, features) => {
    source.clear(true)
    source.addFeatures(features)
  }

  return {
    /** The pieces of an effect model, with their letters. */
    pieces: (found) => fill(pieces, found.map((each) => drawn(each.feature, { kind: each.kind, letter: each.letter }))),
    pieceExtent: (id = null) => extentOf(id ? pieces.getFeatures().filter((each) => each.getId() === id) : pieces.getFeatures()),
    pieceCount: () => pieces.getFeatures().length,
    /** Places [{at, kind, text}]: one pin each. */
    pins: (found) => fill(pins, found.map(({ at, kind, text = '' }) => new ol.Feature({ geometry: new ol.geom.Point(at), kind, text }))),
    /** Mine, theirs and base of conflicting parcels: base below, mine above. */
    sides: (found) => fill(sides, found.flatMap(({ shapes }) => ['base', 'theirs', 'mine'].filter((side) => shapes[side]).map((side) => drawn(shapes[side], { side })))),
    sideExtent: (parcel) => extentOf(sides.getFeatures().filter((each) => each.getId() === parcel)),
    /** Ground features others have in their open changes. */
    others: (features) => fill(others, features.map((each) => new ol.Feature(each.getGeometry()))),
  }
}

/** The box around features, or null. */
export function extentOf(features) {
  if (!features.length) return null
  const box = ol.extent.createEmpty()
  for (const each of features) ol.extent.extend(box, each.getGeometry().getExtent())
  return box
}
