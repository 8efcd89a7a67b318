// The map of the whole country: the national frame with its archipelagos, a pin a zone.
import { ask } from '../api.js'
import { attachSheets } from '../panels/sheets.js'
import { withChanges } from './address.js'
import { nationalLayers, nationalView, zonePins } from './national.js'
import { attachPrint } from './print.js'
import { attachStrip } from './strip.js'
import { stylist } from './styles.js'
import { lookAtApp } from './testing.js'

const { ol } = window

/** Open it; `newMap(view, layers)` makes a map on the page, `dated(path)` an address on the day, `ready()` waits for the fonts. */
export async function openCountry({ page, language, format, day, dated, newMap, ready }) {
  const [styles, frame, { zones }] = await Promise.all([ask('/api/v1/map/styles'), ask('/api/v1/map/national-frame'), ask(dated('/zones')), ready()])
  const style = stylist(styles, language)
  const { view, extent } = nationalView()
  const pins = zonePins(zones, style, language)
  const map = newMap(view, [...nationalLayers(frame, style, language), pins])
  view.fit(extent, { size: map.getSize() })
  const open = (code) => {
    location.href = location.pathname + withChanges(location.search, { zone: code, view: null })
  }
  map.on('singleclick', (event) => {
    const pin = map.forEachFeatureAtPixel(event.pixel, (feature) => feature, { layerFilter: (layer) => layer === pins, hitTolerance: 8 })
    if (pin) open(pin.get('zone'))
  })
  const ground = (each) => each.getResolution() * Math.cos((ol.proj.toLonLat(each.getCenter())[1] * Math.PI) / 180)
  attachStrip(map, { format, groundResolution: ground, toPlane: (coordinate) => ol.proj.toLonLat(coordinate) })
  attachSheets(page)
  attachPrint(map, (size) => view.fit(extent, { size }))
  document.getElementById('whole-zone').addEventListener('click', () => view.fit(extent, { size: map.getSize(), duration: 250 }))
  lookAtApp(page, { map, frame, day })
}
