// "Plan in force here": every level at once for a clicked place, a parcel or a polygon drawn on the map, in the right panel.
import { lotHref, plansHere, polygonText } from './here-model.js'
import { icon, make } from './elements.js'
import { parcelName } from './names.js'
import { spotText } from './spot-model.js'

const { ol } = window
const MOST_CORNERS = 300

/**
 * Manage the panel. `load(query)` asks which plans are in force; `reading`: texts, format, language, swatch, link(path),
 * category(code); `onParcel(id)` leads back to a card; `onDrawn(question)` and `onClose()` belong to the map.
 */
export function herePanel(panel, map, reading, { load, colours, onParcel, onDrawn, onClose }) {
  const { texts, format } = reading
  const source = new ol.source.Vector()
  map.addLayer(new ol.layer.Vector({ source, zIndex: 45, style: looks(colours) }))
  let shown = null
  let pen = null

  /** Ask about `{place, lot}`, `{parcel: feature}` or `{ring}`; a lot that was clicked stands on top. */
  async function show(question) {
    putDown()
    shown = question
    source.clear()
    if (question.place) source.addFeature(new ol.Feature(new ol.geom.Point(question.place)))
    if (question.ring) source.addFeature(new ol.Feature(new ol.geom.Polygon([question.ring])))
    panel.hidden = false
    panel.setAttribute('aria-busy', 'true')
    panel.replaceChildren(head(question), make('div', { class: 'skeleton' }, ...[80, 60, 70].map((width) => make('span', { class: `w${width}` }))))
    let body
    try {
      body = levels((await load(queryOf(question))).levels)
    } catch (error) {
      body = [make('p', { class: 'note bad', role: 'alert', text: error.message }),
        make('button', { class: 'btn btn-plain btn-sm', type: 'button', text: texts.retry, on: { click: () => show(question) } })]
    }
    if (shown !== question) return
    panel.removeAttribute('aria-busy')
    panel.replaceChildren(head(question), make('p', { class: 'small soft figures spot-place', text: placeText(question) }), ...clicked(question.lot), ...body)
    panel.querySelector('h2').focus({ preventScroll: true })
  }

  function queryOf({ place, parcel, ring }) {
    if (parcel) return { parcel: parcel.id }
    if (ring) return { polygon: polygonText(ring) }
    return { x: place[1].toFixed(3), y: place[0].toFixed(3) }
  }

  function placeText({ place, parcel, ring }) {
    if (parcel) return parcelName(parcel.properties, texts)
    if (ring) return `${texts.drawn_polygon} · ${format.squareMetres(Math.abs(new ol.geom.Polygon([ring]).getArea()))}`
    return spotText(place, format)
  }

  const button = (name, text, click) => make('button', { class: 'icon-button', type: 'button', title: text, 'aria-label': text, on: { click } }, icon(name))
  const head = ({ parcel }) =>
    make('header', { class: 'card-head' }, parcel ? button('arrow-left', texts.back_to_card, () => onParcel(parcel.id)) : null,
      make('h2', { text: texts.plans_here, tabindex: '-1' }), button('x-lg', texts.close, onClose))

  /** The lot that was clicked: of the version shown on the map, which may be a draft. */
  function clicked(lot) {
    if (!lot?.id) return []
    return [make('p', { class: 'card-actions' }, make('a', { class: 'btn btn-plain btn-sm', href: lotHref(lot.plan, lot.plan_version, lot.id, reading.link), 'data-lot': lot.id },
      icon('card-text'), make('span', { text: `${texts.open_lot} ${lot.symbol} · ${lot.plan} · ${lot.plan_version}` })))]
  }

  function levels(found) {
    return plansHere(found, reading).map(({ level, title, plans }) =>
      make('section', { class: 'block', 'data-level': level }, make('h3', { text: title }),
        ...(plans.length ? plans.flatMap(plan) : [make('p', { class: 'soft small', text: texts.no_plan_of_level })])))
  }

  function plan(given) {
    const lots = given.lots.map((lot) => make('li', {}, reading.swatch('plan-lots', lot.category), make('a', { href: lot.href, text: lot.symbol }),
      make('span', { class: 'figures', text: lot.area }), make('span', { class: 'figures soft', text: lot.percent }), make('span', { class: 'small soft', text: [lot.use, lot.limits].filter(Boolean).join(' · ') })))
    return [make('p', { class: 'small' }, make('a', { href: given.href, text: given.title }), make('span', { text: ` · ${given.name}` })),
      make('p', { class: 'small soft', text: [given.decision, given.covers].filter(Boolean).join(' · ') }),
      lots.length ? make('ul', { class: 'shares' }, ...lots) : null, given.rest ? make('p', { class: 'small soft', text: given.rest }) : null].filter(Boolean)
  }

  /** Draw a polygon on the map and ask about it. */
  function draw() {
    leave()
    pen = new ol.interaction.Draw({ source, type: 'Polygon', style: looks(colours), maxPoints: MOST_CORNERS, stopClick: true })
    pen.on('drawend', ({ feature }) => {
      const ring = feature.getGeometry().getCoordinates()[0]
      // the click that ends the polygon is not for the map
      setTimeout(() => onDrawn({ ring }))
    })
    map.addInteraction(pen)
  }

  function putDown() {
    if (pen) map.removeInteraction(pen)
    pen = null
  }

  function leave() {
    putDown()
    shown = null
    source.clear()
  }

  return { show, draw, leave, drawing: () => Boolean(pen), current: () => shown }
}

function looks({ ink, paper }) {
  const line = (color, width, more = {}) => new ol.style.Stroke({ color, width, ...more })
  const dot = new ol.style.Circle({ radius: 5, fill: new ol.style.Fill({ color: paper }), stroke: line(ink, 2) })
  return [new ol.style.Style({ stroke: line(paper, 5) }), new ol.style.Style({ stroke: line(ink, 2, { lineDash: [8, 5] }), image: dot })]
}
