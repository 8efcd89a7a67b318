// The map page: opens a zone in its own plane, or the country, and keeps map, card, legend, day and address in step.
import { ask } from '../api.js'
import { attachFindings } from '../findings/attach.js'
import { cardPanel } from '../panels/card.js'
import { contextMenu } from '../panels/context.js'
import { dayBar } from '../panels/day.js'
import { herePanel } from '../panels/here.js'
import { layersPanel, planSelect, showLegend } from '../panels/layers.js'
import { attachSheets } from '../panels/sheets.js'
import { attachProjects } from '../projects/attach.js'
import { readSpot, spotAddress, spotText } from '../panels/spot-model.js'
import { spotPanel } from '../panels/spot.js'
import { datedHref, focusChanges, followFinds, readAddress, withChanges } from './address.js'
import { formats } from './format.js'
import { openCountry } from './country.js'
import { grown, resolutionOf, roundedScale, scaleOf } from './grid.js'
import { legendGroups } from './legend.js'
import { swatchOf } from './patterns.js'
import { planeProjection, planeTileGrid } from './plane.js'
import { attachPrint } from './print.js'
import { cropFigures, scanList } from './scans.js'
import { highlights } from './selection.js'
import { attachStrip } from './strip.js'
import { fonts, stylist } from './styles.js'
import { attachSwipe, readSwipe } from './swipe.js'
import { lookAtApp } from './testing.js'
import { crowdedIn, drawnIn, tileLayers } from './tiles.js'
import { draftNotice } from './versions.js'

const { ol } = window
const element = document.getElementById('map')
const page = element.closest('.map-page')
const texts = JSON.parse(document.getElementById('map-texts').textContent)
const language = document.documentElement.lang
const format = formats(language)
const address = readAddress(location.search)
const today = page.dataset.today
const day = { as_of: address.as_of, known_at: address.known_at }

const dated = (path, more = {}) => `/api/v1${path}${withChanges('', { ...day, ...more })}`
const AROUND_PARCEL = 1.2
const notices = new Map()

/** Say something over the map; an empty text takes it away. */
function notice(kind, text) {
  if (text) notices.set(kind, text)
  else notices.delete(kind)
  const box = document.getElementById('map-notice')
  box.replaceChildren(...[...notices.values()].map((line) => Object.assign(document.createElement('p'), { textContent: line })))
  box.hidden = notices.size === 0
}

function remember(changes) {
  history.replaceState(null, '', location.pathname + withChanges(location.search, changes))
}

function newMap(view, layers) {
  const map = new ol.Map({
    target: element,
    view,
    layers,
    controls: [new ol.control.Zoom({ zoomInTipLabel: texts.zoom_in, zoomOutTipLabel: texts.zoom_out })],
    pixelRatio: Math.max(1, window.devicePixelRatio),
  })
  // only when an administrator has named one; the policy of the page lets nothing else through
  if (page.dataset.basemap) map.addLayer(new ol.layer.Tile({ source: new ol.source.XYZ({ url: page.dataset.basemap }), zIndex: 0 }))
  map.on('rendercomplete', () => element.setAttribute('data-ready', '1'))
  map.on('loadstart', () => element.removeAttribute('data-ready'))
  new ResizeObserver(() => map.updateSize()).observe(element)
  return map
}

async function openZone() {
  const [zone, styles] = await Promise.all([ask(dated(`/zones/${encodeURIComponent(address.zone)}`)), ask('/api/v1/map/styles'), fonts()])
  if (!zone.extent) return
  const projection = planeProjection(zone.plane)
  const style = stylist(styles, language)
  const swatch = (layer, key) => swatchOf(style.find(layer, key), styles.paper)
  let planVersion = address.plan_version

  const tiles = tileLayers({
    gridName: String(zone.plane.srid),
    projection,
    tileGrid: planeTileGrid(zone.plane),
    style,
    query: () => ({ zone: zone.code, ...day, plan_version: planVersion }),
    failed: (name) => notice('failed', texts.layer_failed.replace('%(layer)s', texts.layers[name])),
  })
  const view = new ol.View({
    projection,
    extent: ol.extent.buffer(zone.extent, Math.max(30_000, ol.extent.getWidth(zone.extent) * 4)),
    minResolution: resolutionOf(100),
    showFullExtent: true,
  })
  const map = newMap(view, [...tiles.layers.values(), ...tiles.labels])
  const lit = highlights(map, style, tiles)
  const fit = (box, { duration = 250, around = 0.08 } = {}) => view.fit(grown(box, around), { size: map.getSize(), padding: [16, 16, 16, 16], minResolution: resolutionOf(500), duration })
  if (address.view) {
    view.setCenter([address.view.x, address.view.y])
    view.setResolution(resolutionOf(address.view.scale))
  } else {
    fit(zone.extent, { duration: 0 })
  }

  const stateLabel = (key, layer = 'parcels') => {
    const found = style.find(layer, key)
    return found ? (language === 'en' ? found.label_en : found.label_vi) : key
  }
  const reading = {
    texts,
    format,
    language,
    stateLabel,
    swatch,
    zoneName: (language === 'en' && zone.name_en) || zone.name_vi,
    dayText: () => `${texts.day}: ${format.day(day.as_of ?? today)}`,
    shownDay: () => day.as_of ?? today,
    link: (path) => datedHref(path, day, location.href),
    category: (code) => stateLabel(code, 'plan-lots'),
    knownHref: (instant) => location.pathname + withChanges(location.search, { known_at: instant }),
  }
  const card = cardPanel(document.getElementById('card'), reading, {
    onClose: () => chooseParcel(null),
    onChoose: (id) => chooseParcel(id, { jump: true }),
    onSpot: (feature) => chooseSpot(clicked ?? lit.inside(), { from: feature.id }),
    onPlans: (feature) => choosePlans({ parcel: feature }),
    onDay: (to) => bar.go(to),
    loadFindings: async (id) => (await ask(dated(`/parcels/${id}/conformance`))).findings,
    loadHistory: async (id) => (await ask(dated(`/parcels/${id}/history`))).entries,
    loadFamily: (id) => ask(dated(`/parcels/${id}/lineage`)),
  })
  const spot = spotPanel(document.getElementById('card'), map, {
    texts,
    format,
    colours: style,
    load: ([e, n]) => ask(dated('/parcels/at', { zone: zone.code, e: e.toFixed(3), n: n.toFixed(3) })),
    onChoose: (id) => chooseParcel(id, { jump: true }),
    onClose: () => chooseParcel(null),
  })
  const here = herePanel(document.getElementById('card'), map, reading, {
    colours: style,
    load: (query) => ask(dated('/plans/in-force', query.parcel ? query : { zone: zone.code, ...query })),
    onParcel: (id) => chooseParcel(id),
    onDrawn: (question) => choosePlans(question),
    onClose: () => chooseParcel(null),
  })
  const menu = contextMenu(map, {
    label: texts.here,
    items: [
      { icon: 'layers', text: texts.plans_here, act: (place) => choosePlans({ place }) },
      { icon: 'pentagon', text: texts.plans_in_polygon, act: startPolygon },
      { icon: 'stack', text: texts.spot_title, act: (place) => chooseSpot(place) },
      { icon: 'clipboard', text: texts.copy_place, act: (place) => navigator.clipboard.writeText(spotText(place, format)) },
    ],
    allowed: () => !editing?.active(),
  })
  let clicked = null

  /** Show what ever lay on a place; `from` is the parcel whose card asked. */
  function chooseSpot(place, { from = null } = {}) {
    makeRoom({ keep: from, focus: { kind: 'spot', id: spotAddress(place) } })
    return spot.show(place, { from })
  }

  /** Show which plans of every level are in force on a place, a parcel or a drawn polygon. */
  function choosePlans(question) {
    const focus = question.place ? { kind: 'plans', id: spotAddress(question.place) } : question.parcel ? { kind: 'parcel', id: question.parcel.id } : null
    makeRoom({ keep: question.parcel, focus })
    return here.show(question)
  }

  function startPolygon() {
    chooseParcel(null)
    here.draw()
    notice('polygon', texts.draw_polygon)
  }

  /** The place beside the map goes from the card to another panel. */
  function makeRoom({ keep, focus }) {
    asked?.abort()
    notice('polygon', '')
    card.close()
    for (const other of [spot, here, projects]) other?.leave()
    if (!keep) lit.choose(null)
    sheets.cardOpened()
    remember(focusChanges(focus))
  }
  const sheets = attachSheets(page)
  let asked = null
  let projects = null

  async function chooseParcel(id, { jump = false, move = true } = {}) {
    asked?.abort()
    notice('polygon', '')
    for (const other of [spot, here, projects]) other?.leave()
    if (!id) {
      card.close()
      lit.choose(null)
      remember(focusChanges(null))
      sheets.cardClosed()
      return
    }
    asked = new AbortController()
    if (card.current() !== id) card.skeleton()
    sheets.cardOpened()
    try {
      const feature = await ask(dated(`/parcels/${id}`, { crs: 'plane' }), { signal: asked.signal })
      card.show(feature)
      showCrops(id)
      lit.choose(feature)
      if (move) remember(focusChanges({ kind: 'parcel', id }))
      if (jump && lit.extent()) fit(lit.extent(), { around: AROUND_PARCEL })
    } catch (error) {
      if (error.name !== 'AbortError') card.failed(error.message, () => chooseParcel(id, { jump }))
    }
  }

  let editing = null
  map.on('singleclick', (event) => {
    if (editing?.active() || here.drawing() || menu.owns(event.originalEvent) || findings.at(event.pixel) || projects.at(event)) return
    const hitOf = (name, hitTolerance = 0) => map.forEachFeatureAtPixel(event.pixel, (feature) => feature, { layerFilter: (layer) => layer.get('name') === name, hitTolerance })
    const hit = hitOf('parcels', matchMedia('(pointer: coarse)').matches ? 8 : 0)
    const lot = hit ? null : hitOf('plan-lots')
    if (lot) choosePlans({ place: event.coordinate, lot: lot.getProperties() })
    else if (hit?.get('dissolved')) view.animate({ center: event.coordinate, resolution: styles.single_parcels_to_m_px / 2, duration: 250 })
    else {
      clicked = event.coordinate
      chooseParcel(hit?.get('layer') === 'parcels' ? hit.get('id') : null)
    }
  })

  const findings = attachFindings(map, {
    zone, style, format, language, day, today, remember, fit,
    openParcel: (id) => chooseParcel(id),
    closeCard: () => chooseParcel(null),
  })

  projects = attachProjects(map, {
    tiles, style, format, language, remember, link: reading.link, redraw: () => tellLegend(), glow: (ids) => lit.find(ids),
    load: (id) => ask(dated(`/projects/${id}`)), room: (id) => makeRoom({ focus: { kind: 'project', id } }), closed: () => chooseParcel(null) })
  const legend = document.getElementById('legend')
  function tellLegend() {
    const extent = view.calculateExtent(map.getSize())
    const inView = {}
    for (const [name, layer] of tiles.layers) if (layer.getVisible()) inView[name] = drawnIn(layer, extent)
    showLegend(legend, legendGroups(styles.styles, inView), { texts, language, swatch })
    const crowded = crowdedIn(tiles.layers.get('parcels'), extent)
    const dissolved = (inView.parcels ?? []).some((properties) => properties.dissolved)
    notice('dissolved', crowded ? texts.crowded : dissolved ? texts.dissolved : '')
    notice('empty', !crowded && zoneIsEmpty(inView) ? texts.no_parcels : '')
  }
  const zoneIsEmpty = (inView) =>
    inView.parcels?.length === 0 && ol.extent.containsExtent(view.calculateExtent(map.getSize()), zone.extent)
  map.on('rendercomplete', tellLegend)
  map.on('moveend', () => {
    const [x, y] = view.getCenter().map(Math.round)
    remember({ view: `${x},${y},${roundedScale(scaleOf(view.getResolution()))}` })
  })

  layersPanel(document.getElementById('layers'), tiles.layers, { texts, changed: tellLegend })
  const bar = dayBar(document.getElementById('day-bar'), {
    today,
    format,
    state: day,
    onChange: async () => {
      remember({ as_of: day.as_of })
      moved()
      const fresh = await ask(dated(`/zones/${encodeURIComponent(zone.code)}`))
      plans(fresh.plan_versions)
    },
  })
  const select = document.getElementById('plan-version')
  let known = zone.plan_versions
  const tellDraft = () => notice('draft', draftNotice(known, planVersion, { texts, today: reading.shownDay() }))
  const plans = (versions) => {
    known = versions
    tellDraft()
    return planSelect(select, versions, {
      texts,
      format,
      today: reading.shownDay(),
      chosen: planVersion,
      onChoose: (id) => {
        planVersion = id
        remember({ plan_version: id })
        if (id) switchOn('plan-lots')
        moved()
      },
    })
  }
  function moved() {
    notice('failed', '')
    element.removeAttribute('data-ready')
    tiles.refresh()
    findings.refresh()
    if (card.current()) chooseParcel(card.current(), { move: false })
    else if (spot.current()) spot.show(spot.current())
    else if (here.current()) here.show(here.current())
    else if (projects.current()) projects.open(projects.current())
    tellDraft()
    map.render()
  }
  function switchOn(name) {
    const box = document.getElementById(`layer-${name}`)
    if (box && !box.checked) box.click()
  }
  bar.fill(zone.days_of_change)
  plans(zone.plan_versions)

  const grid = { projection, tileGrid: planeTileGrid(zone.plane), gridName: String(zone.plane.srid) }
  const scanned = ask(dated('/sheets', { zone: zone.code })).then(({ sheets: found }) => openScans(found.filter((each) => each.ready && each.srid === zone.plane.srid)))
  scanned.catch((error) => notice('failed', error.message))

  /** Scanned sheets as layers, and two things beside each other. */
  function openScans(found) {
    const list = document.getElementById('layers').parentElement
    const swipe = attachSwipe({
      map, stage: element.parentElement, after: list, tiles, sheets: found, versions: zone.plan_versions, grid, style, zone, texts, format,
      day: () => day, today: reading.shownDay(), remember: (text) => remember({ swipe: text }),
    })
    const layers = scanList(list, found, { map, grid, texts, format })
    const wanted = layers.get(new URLSearchParams(location.search).get('sheet'))
    if (wanted) {
      document.getElementById(`scan-${wanted.get('name').slice(6)}`).click()
      if (!address.view) fit(wanted.getExtent(), { duration: 0 })
    }
    swipe.open(readSwipe(new URLSearchParams(location.search).get('swipe')))
    return { swipe, layers }
  }

  /** The pieces of signed sheets that lie on a parcel, under its plan. */
  async function showCrops(id) {
    const { sheets: found } = await ask(dated('/sheets', { parcel: id }))
    const page = document.getElementById('page-plan')
    if (card.current() === id && page) page.append(...cropFigures(found, withChanges('', { ...day, parcel: id }).slice(1), { texts, format }))
  }

  element.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !editing?.active()) {
      const centre = map.getPixelFromCoordinate(view.getCenter())
      const hit = map.forEachFeatureAtPixel(centre, (feature) => feature, { layerFilter: (layer) => layer.get('name') === 'parcels' })
      if (hit && !hit.get('dissolved')) chooseParcel(hit.get('id'))
    }
  })
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.defaultPrevented || document.querySelector('details.drop[open]')) return
    chooseParcel(null)
    lit.find([])
    element.focus()
  })
  document.getElementById('whole-zone').addEventListener('click', () => fit(zone.extent))
  followFinds(zone.code, (focus) => openFocus(focus).catch((error) => notice('failed', error.message)))

  attachStrip(map, { format, groundResolution: (each) => each.getResolution(), toPlane: (coordinate) => coordinate })
  attachPrint(map)
  if (page.dataset.user) editing = await openEditing().catch((error) => notice('editor', error.message))
  lookAtApp(page, { map, tiles, card, day, editing })
  if (address.focus) await openFocus(address.focus)

  /** What the editor needs of this page; it is only fetched for those who may edit. */
  async function openEditing() {
    const { attachEditing } = await import('../edit/workspace.js')
    return attachEditing({
      page, map, view, zone, tiles, style, format, language, day, today, notice, remember, fit,
      openCard: (id, how) => chooseParcel(id, how),
      knownAt: () => day.known_at,
      closeCard: () => chooseParcel(null),
      /** Hold the map on the day of a change; null gives the days back. */
      holdDay(iso) {
        bar.hold(iso)
        moved()
      },
      moved,
    })
  }

  async function openFocus(focus) {
    lit.find([])
    if (!focus) return fit(zone.extent)
    if (focus.kind === 'parcel') return chooseParcel(focus.id, { jump: true })
    if (focus.kind === 'spot') return readSpot(focus.id) && chooseSpot(readSpot(focus.id))
    if (focus.kind === 'plans') return readSpot(focus.id) && choosePlans({ place: readSpot(focus.id) })
    const found = await ask(dated('/search/one', { zone: zone.code, ...focus }))
    if (focus.kind === 'lot') switchOn('plan-lots')
    lit.find([...found.parcels, found.id])
    if (found.box) fit(found.box, { around: 0.4 })
    if (focus.kind === 'project') await projects.open(focus.id)
    return remember(focusChanges(focus))
  }
}

document.getElementById('zone').addEventListener('change', (event) => event.target.form.requestSubmit())

try {
  if (address.zone && page.dataset.boundary === 'yes') await openZone()
  else if (!address.zone) await openCountry({ page, language, format, day, dated, newMap, ready: fonts })
} catch (error) {
  notice('failed', error.message)
  throw error
}
