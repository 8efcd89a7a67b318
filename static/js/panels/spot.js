// "Every parcel that ever lay here": a pin on the map and a list in the right panel; choosing one opens its card.
import { make, icon } from './elements.js'
import { spotRows, spotText } from './spot-model.js'

const { ol } = window

/** Manage the list. `load([E, N])` asks the register; `onChoose(id)` opens a card; `onBack()` leads back to the card before. */
export function spotPanel(panel, map, { texts, format, colours, load, onChoose, onClose }) {
  const source = new ol.source.Vector()
  map.addLayer(new ol.layer.Vector({ source, zIndex: 45, style: pin(colours) }))
  let shown = null

  async function show(place, { from = null } = {}) {
    shown = place
    source.clear()
    source.addFeature(new ol.Feature(new ol.geom.Point(place)))
    panel.hidden = false
    panel.setAttribute('aria-busy', 'true')
    panel.replaceChildren(head(from), make('div', { class: 'skeleton' }, ...[80, 60, 70].map((width) => make('span', { class: `w${width}` }))))
    let body
    try {
      body = list(spotRows((await load(place)).parcels, { texts, format }))
    } catch (error) {
      if (error.name === 'AbortError') return
      body = [make('p', { class: 'note bad', role: 'alert', text: error.message }),
        make('button', { class: 'btn btn-plain btn-sm', type: 'button', text: texts.retry, on: { click: () => show(place, { from }) } })]
    }
    if (shown !== place) return
    panel.removeAttribute('aria-busy')
    panel.replaceChildren(head(from), make('p', { class: 'small soft figures spot-place', text: spotText(place, format) }), ...body)
    panel.querySelector('h2').focus({ preventScroll: true })
  }

  function head(from) {
    const button = (name, text, click) =>
      make('button', { class: 'icon-button', type: 'button', title: text, 'aria-label': text, on: { click } }, icon(name))
    return make('header', { class: 'card-head' },
      from ? button('arrow-left', texts.back_to_card, () => onChoose(from)) : null,
      make('h2', { text: texts.spot_title, tabindex: '-1' }),
      button('x-lg', texts.close, onClose))
  }

  function list(rows) {
    if (!rows.length) return [make('p', { class: 'soft', text: texts.spot_empty })]
    return [make('ol', { class: 'spot-list' }, ...rows.map((row) =>
      make('li', {}, make('button', { type: 'button', class: row.inForce ? 'now' : '', 'data-parcel': row.id, on: { click: () => onChoose(row.id) } },
        make('span', {}, make('b', { text: row.label }), row.inForce ? make('span', { class: 'tag', text: texts.shown_day_mark }) : null),
        make('span', { class: 'figures', text: row.area }),
        make('span', { class: 'small soft', text: [row.period, row.landUse].filter(Boolean).join(' · ') })))))]
  }

  return {
    show,
    /** Take the pin away: something else is shown now. */
    leave() {
      shown = null
      source.clear()
    },
    current: () => shown,
  }
}

function pin({ ink, paper }) {
  const ring = (colour, width) => new ol.style.Style({
    image: new ol.style.RegularShape({ points: 4, radius: 11, radius2: 0, stroke: new ol.style.Stroke({ color: colour, width }) }),
  })
  const dot = new ol.style.Style({ image: new ol.style.Circle({ radius: 4.5, fill: new ol.style.Fill({ color: paper }), stroke: new ol.style.Stroke({ color: ink, width: 2 }) }) })
  return [ring(paper, 5), ring(ink, 2), dot]
}
