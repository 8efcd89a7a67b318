// Which parcels are chosen to be edited: a click, Shift and a click, a box, a lasso. The chosen stand in the panel too.
const { ol } = window

/** Attach choosing to a map. `busy()` says whether a tool takes the clicks itself. */
export function parcelChoice({ map, ground, look, busy }) {
  let chosen = []
  const listeners = new Set()
  const source = new ol.source.Vector()
  const layer = new ol.layer.Vector({ source, zIndex: 36, style: look.chosen })
  map.addLayer(layer)

  function draw() {
    source.clear(true)
    source.addFeatures(ground.features(chosen).map((each) => new ol.Feature(each.getGeometry())))
  }
  function set(ids) {
    const next = [...new Set(ids)]
    if (next.length === chosen.length && next.every((id, index) => id === chosen[index])) return
    chosen = next
    draw()
    for (const listener of listeners) listener(chosen)
  }
  ground.onChange(draw)

  function at(pixel) {
    const place = map.getCoordinateFromPixel(pixel)
    return ground.source.getFeaturesAtCoordinate(place).at(-1) ?? null
  }

  const box = new ol.interaction.DragBox({ className: 'choose-box', condition: (event) => (mode === 'box' || event.originalEvent.shiftKey) && !busy() && mouse(event) })
  const lasso = new ol.interaction.Draw({ type: 'Polygon', freehand: true, condition: mouse, style: look.lasso })
  let mode = 'click'
  let adding = false
  lasso.setActive(false)
  box.setActive(false)
  box.on('boxstart', (event) => (adding = event.mapBrowserEvent.originalEvent.shiftKey && mode === 'box'))
  box.on('boxend', () => take(ol.geom.Polygon.fromExtent(box.getGeometry().getExtent())))
  lasso.on('drawstart', () => (adding = false))
  lasso.on('drawend', (event) => take(event.feature.getGeometry()))

  // two parcels chosen quickly one after the other are no double click, and Shift draws our box, not the zoom's
  const theirs = map.getInteractions().getArray().filter((each) => each instanceof ol.interaction.DoubleClickZoom || each instanceof ol.interaction.DragZoom)

  /** Parcels whose middle lies inside a shape. */
  function take(shape) {
    const inside = ground.source
      .getFeaturesInExtent(shape.getExtent())
      .filter((each) => shape.intersectsCoordinate(each.getGeometry().getInteriorPoint().getCoordinates().slice(0, 2)))
      .map((each) => each.getId())
    set(adding ? [...chosen, ...inside] : inside)
  }

  return {
    ids: () => chosen,
    set,
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    interactions: [box, lasso],
    /** How the pointer chooses: click, box or lasso. */
    use(next) {
      mode = next
      lasso.setActive(next === 'lasso')
    },
    mode: () => mode,
    /** Choose what lies under a pixel; with `more` add it or take it away. */
    click(pixel, more) {
      const id = at(pixel)?.getId() ?? null
      if (!id) return more ? undefined : set([])
      if (!more) return set([id])
      return set(chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id])
    },
    redraw: draw,
    /** Take the pointer over, or give it back to the map. */
    active(yes) {
      for (const each of theirs) each.setActive(!yes)
      box.setActive(yes)
    },
  }
}

const mouse = (event) => event.originalEvent.button === 0 || event.originalEvent.pointerType === 'touch'
