// The map beside a list: parcels coloured by what they free, or sites and what the next best lack.
import { ask } from '../api.js'
import { grown, resolutionOf } from '../map/grid.js'
import { swatchOf } from '../map/patterns.js'
import { planeProjection, planeTileGrid } from '../map/plane.js'
import { stylist } from '../map/styles.js'
import { tileLayers } from '../map/tiles.js'
import { keyOf, layerOf, markOf, present, sayOf } from './model.js'

const { ol } = window
const { Circle, Fill, Stroke, Style, Text } = ol.style
const FONT = '"Be Vietnam Pro", "Noto Sans", sans-serif'
const SHOWN_UNDER = ['parcels', 'zones']
const PINS = 60
const target = document.getElementById('site-map')
const say = document.getElementById('site-say')
const language = document.documentElement.lang
const number = (value, digits = 2) => new Intl.NumberFormat(language === 'en' ? 'en-GB' : 'vi-VN', { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value)

async function open() {
  const { zone: code, source: address, kind } = target.dataset
  const day = new URLSearchParams([...new URLSearchParams(location.search)].filter(([name]) => ['as_of', 'known_at'].includes(name)))
  const query = day.toString() ? `?${day}` : ''
  const [zone, styles, found] = await Promise.all([ask(`/api/v1/zones/${encodeURIComponent(code)}${query}`), ask('/api/v1/map/styles'), ask(address), document.fonts.ready])
  const projection = planeProjection(zone.plane)
  const style = stylist(styles, language)
  const tiles = tileLayers({
    gridName: String(zone.plane.srid), projection, tileGrid: planeTileGrid(zone.plane), style,
    query: () => ({ zone: code, ...Object.fromEntries(day) }), failed: () => {},
  })
  for (const [name, layer] of tiles.layers) layer.setVisible(SHOWN_UNDER.includes(name))
  tiles.layers.get('parcels').setOpacity(0.35)

  const land = new ol.source.Vector({ features: new ol.format.GeoJSON().readFeatures({ ...found, crs: undefined }) })
  let chosen = target.dataset.chosen || null
  const layer = layerOf(kind)
  const picked = style.find('selection', 'selected')
  const around = new Style({ zIndex: 1e6, stroke: new Stroke({ color: picked.stroke, width: picked.width }) })
  const shapes = new ol.layer.Vector({
    source: land, zIndex: 40,
    style: (feature) => [style.drawn(layer, keyOf(kind, feature.getProperties())), ...(feature.getId() === chosen ? [around] : [])],
  })
  const pins = new ol.layer.Vector({ source: land, zIndex: 60, declutter: 'sites', style: pin })

  function pin(feature) {
    const { rank, kind: sort } = feature.getProperties()
    if (sort === 'lack' || (rank > PINS && feature.getId() !== chosen)) return null
    const isChosen = feature.getId() === chosen
    const { stroke } = style.find(layer, keyOf(kind, feature.getProperties()))
    return new Style({
      geometry: middle(feature),
      zIndex: isChosen ? 1e6 : 1e5 - rank,
      image: new Circle({ radius: isChosen ? 14 : 11, fill: new Fill({ color: style.paper }), stroke: new Stroke({ color: stroke, width: 2 }) }),
      text: new Text({ text: markOf(kind, feature.getProperties()), font: `600 ${isChosen ? 13 : 11}px ${FONT}`, fill: new Fill({ color: style.ink }) }),
    })
  }

  function middle(feature) {
    let known = feature.get('middle')
    if (!known) {
      const shape = feature.getGeometry()
      const parts = shape.getType() === 'MultiPolygon' ? shape.getPolygons() : [shape]
      const largest = parts.reduce((best, each) => (each.getArea() > best.getArea() ? each : best))
      known = new ol.geom.Point(largest.getInteriorPoint().getCoordinates().slice(0, 2))
      feature.set('middle', known, true)
    }
    return known
  }

  const view = new ol.View({ projection, extent: ol.extent.buffer(zone.extent, 20_000), minResolution: resolutionOf(100), showFullExtent: true })
  const map = new ol.Map({
    target, view, layers: [...tiles.layers.values(), ...tiles.labels, shapes, pins],
    controls: [new ol.control.Zoom({ zoomInTipLabel: target.dataset.zoomIn, zoomOutTipLabel: target.dataset.zoomOut })],
  })
  new ResizeObserver(() => map.updateSize()).observe(target)
  map.on('rendercomplete', () => target.setAttribute('data-ready', '1'))
  map.on('loadstart', () => target.removeAttribute('data-ready'))
  const fit = (box, { duration = 250, around: margin = 0.08 } = {}) => view.fit(grown(box, margin), { size: map.getSize(), padding: [12, 12, 12, 12], minResolution: resolutionOf(500), duration })

  /** Light one up, go there, and say what it is. */
  function light(id, { move = true } = {}) {
    chosen = id
    const feature = id && land.getFeatureById(id)
    shapes.changed()
    pins.changed()
    say.textContent = feature ? sayOf(kind, feature.getProperties(), language, number) : ''
    for (const link of document.querySelectorAll('a[href*="parcel="], a[data-lit]')) link.closest('tr, li')?.classList.toggle('lit', idOf(link) === id)
    if (feature && move) fit(feature.getGeometry().getExtent(), { around: 0.9 })
    return Boolean(feature)
  }

  fit(land.isEmpty() ? zone.extent : land.getExtent(), { duration: 0 })
  if (chosen) light(chosen)
  map.on('singleclick', (event) => {
    const hit = map.forEachFeatureAtPixel(event.pixel, (feature) => feature, { layerFilter: (each) => each === shapes || each === pins, hitTolerance: 4 })
    const id = hit?.get('kind') === 'lack' ? hit.get('of') : (hit?.getId() ?? null)
    light(id, { move: false })
  })
  document.addEventListener('click', (event) => {
    const link = event.target.closest('.site-list a')
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return
    const id = idOf(link)
    if (id && light(id)) {
      event.preventDefault()
      if (target.getBoundingClientRect().bottom > innerHeight || target.getBoundingClientRect().top < 0) target.scrollIntoView({ block: 'nearest' })
    }
  })
  legend(styles, style, found.features, kind)
  if (target.dataset.testing === 'yes') {
    Object.defineProperty(window, '__sites', {
      value: Object.freeze({
        lit: () => chosen,
        count: (sort) => land.getFeatures().filter((each) => !sort || each.get('kind') === sort).length,
        centre: () => view.getCenter(),
        shows: (id) => ol.extent.containsExtent(view.calculateExtent(map.getSize()), land.getFeatureById(id).getGeometry().getExtent()),
        px: (id) => map.getPixelFromCoordinate(middle(land.getFeatureById(id)).getCoordinates()),
      }),
    })
  }
}

/** What a link of the list stands for on the map: a parcel, or a site that is nearly there. */
function idOf(link) {
  return link.dataset.lit ?? new URL(link.href).searchParams.get('parcel')
}

function legend(styles, style, features, kind) {
  const box = document.getElementById('site-legend')
  for (const key of present(kind, features)) {
    const drawn = style.find(layerOf(kind), key)
    const entry = document.createElement('span')
    entry.append(swatchOf(drawn, styles.paper), language === 'en' ? drawn.label_en : drawn.label_vi)
    box.append(entry)
  }
}

open().catch((error) => {
  say.textContent = error.message
})
