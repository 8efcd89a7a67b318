// The two panes: the sheet in its own pixels, and the map in the zone's plane; numbered points on both.
import { planeProjection, planeTileGrid } from '../map/plane.js'
import { resolutionOf } from '../map/grid.js'
import { stylist } from '../map/styles.js'
import { tileLayers } from '../map/tiles.js'

const { ol } = window
const SIDE = 512
const SNAP_PX = 12
const COLOURS = { plain: '#0b5cad', chosen: '#b26a00', worst: '#b3261e' }

function mark(number, kind) {
  const colour = COLOURS[kind]
  return [
    new ol.style.Style({ image: new ol.style.RegularShape({ points: 4, radius: 11, radius2: 0, stroke: new ol.style.Stroke({ color: '#ffffff', width: 4 }) }) }),
    new ol.style.Style({
      image: new ol.style.RegularShape({ points: 4, radius: 11, radius2: 0, stroke: new ol.style.Stroke({ color: colour, width: 2 }) }),
      text: new ol.style.Text({
        text: String(number), offsetX: 14, offsetY: -12, font: '600 13px "Be Vietnam Pro", sans-serif',
        fill: new ol.style.Fill({ color: colour }), stroke: new ol.style.Stroke({ color: '#ffffff', width: 4 }),
      }),
    }),
  ]
}

/** A layer of numbered marks that can be dragged; `moved(index, coordinate)` hears of it. */
function marks(map, moved, may) {
  const source = new ol.source.Vector()
  const layer = new ol.layer.Vector({ source, zIndex: 90, style: (feature) => mark(feature.get('number'), feature.get('kind')) })
  map.addLayer(layer)
  if (may) {
    const drag = new ol.interaction.Translate({ layers: [layer], hitTolerance: 8 })
    drag.on('translateend', (event) => {
      const feature = event.features.item(0)
      moved(feature.get('number') - 1, feature.getGeometry().getCoordinates())
    })
    map.addInteraction(drag)
  }
  return (places) => {
    source.clear()
    for (const { index, at, kind } of places) {
      const feature = new ol.Feature(new ol.geom.Point(at))
      feature.setProperties({ number: index + 1, kind })
      source.addFeature(feature)
    }
  }
}

const controls = (texts) => [new ol.control.Zoom({ zoomInTipLabel: texts.zoom_in, zoomOutTipLabel: texts.zoom_out })]
// where a click sets a point, two quick ones must not zoom: the map calls them a double click however far apart they are
const hands = (may) => ol.interaction.defaults.defaults({ doubleClickZoom: !may })

/** The sheet: pixels with y downward, so a coordinate is (col, -row). */
export function imagePane(target, sheet, { texts, clicked, moved, pointed, may }) {
  const { id, width, height, picture } = sheet
  const extent = [0, -height, width, 0]
  const projection = new ol.proj.Projection({ code: 'sheet', units: 'pixels', extent })
  const deepest = Math.max(0, Math.ceil(Math.log2(Math.max(width, height) / SIDE)))
  const resolutions = Array.from({ length: deepest + 1 }, (_, z) => 2 ** (deepest - z))
  const source = new ol.source.TileImage({
    projection,
    tileGrid: new ol.tilegrid.TileGrid({ extent, origin: [0, 0], resolutions, tileSize: SIDE }),
    tileUrlFunction: ([z, x, y]) => `/tiles/sheets/${id}/image/${deepest - z}/${x}/${y}.png?v=${picture}`,
  })
  const view = new ol.View({ projection, center: [width / 2, -height / 2], extent: ol.extent.buffer(extent, Math.max(width, height)), minResolution: 0.1, showFullExtent: true })
  const map = new ol.Map({ target, view, layers: [new ol.layer.Tile({ source })], controls: controls(texts), interactions: hands(may) })
  view.fit(extent, { padding: [10, 10, 10, 10], size: map.getSize() })
  const show = marks(map, (index, [x, y]) => moved(index, [x, -y]), may)
  map.on('rendercomplete', () => target.setAttribute('data-ready', '1'))
  map.on('click', (event) => {
    const [x, y] = event.coordinate
    if (may && x >= 0 && x <= width && -y >= 0 && -y <= height) clicked([x, -y])
  })
  map.on('pointermove', (event) => pointed([event.coordinate[0], -event.coordinate[1]]))
  return { map, show, go: ([col, row]) => view.animate({ center: [col, -row], duration: 200 }) }
}

/** The map of the zone with lots, parcels and boundaries; a click snaps to the nearest corner at hand. */
export function groundPane(target, { zone, styles, language, texts, clicked, moved, pointed, corners, may }) {
  const projection = planeProjection(zone.plane)
  const tiles = tileLayers({
    gridName: String(zone.plane.srid), projection, tileGrid: planeTileGrid(zone.plane), style: stylist(styles, language),
    query: () => ({ zone: zone.code }), failed: () => {},
  })
  for (const [name, layer] of tiles.layers) layer.setVisible(['plan-lots', 'zones', 'admin-units'].includes(name))
  const view = new ol.View({ projection, minResolution: resolutionOf(20) })
  const map = new ol.Map({ target, view, layers: [...tiles.layers.values(), ...tiles.labels], controls: controls(texts), interactions: hands(may) })
  view.fit(zone.extent, { padding: [20, 20, 20, 20], size: map.getSize() })
  const show = marks(map, moved, may)
  map.on('rendercomplete', () => target.setAttribute('data-ready', '1'))
  map.on('loadstart', () => target.removeAttribute('data-ready'))
  map.on('click', async (event) => {
    if (!may || map.hasFeatureAtPixel(event.pixel, { layerFilter: (layer) => layer.getZIndex() === 90, hitTolerance: 6 })) return
    clicked(...(await snapped(event.coordinate)))
  })
  map.on('pointermove', (event) => pointed(event.coordinate))

  /** The corner within reach, exact as stored, else the place itself; and whether it was a corner. */
  async function snapped([e, n]) {
    const reach = SNAP_PX * view.getResolution()
    const found = await corners([e - reach, n - reach, e + reach, n + reach])
    let best = null
    for (const [x, y] of found) {
      const away = Math.hypot(x - e, y - n)
      if (away <= reach && (!best || away < best.away)) best = { away, place: [x, y] }
    }
    return best ? [best.place, true] : [[e, n], false]
  }
  return { map, show, projection, go: (place) => view.animate({ center: place, duration: 200 }) }
}

/** Every corner of GeoJSON features. */
export function cornersOf(...collections) {
  const found = []
  const walk = (part) => (typeof part[0] === 'number' ? found.push(part) : part.forEach(walk))
  for (const { features } of collections) for (const { geometry } of features) walk(geometry.coordinates)
  return found
}
