// Projects on the map: symbols, a switch for late ones, a click that opens the card, photos where they were taken.
import { filled } from '../map/format.js'
import { make } from '../panels/elements.js'
import { projectCard } from './card.js'
import { SEVERITY, SIDE, drawSymbol, isLate, latenessOf } from './symbols.js'

const { ol } = window
const NAMES_TO = 1.6 // metres a pixel: about 1:6,000
const CODES_TO = 8

/**
 * `tiles` are the map's layers, `style` its colours; `load(id)` asks the register for a project; `room(id)` clears the place
 * beside the map and notes the focus; `closed()` hears that the card went away.
 */
export function attachProjects(map, { tiles, style, format, language, remember, load, room, link, closed, redraw, glow }) {
  const texts = JSON.parse(document.getElementById('project-texts').textContent)
  const panel = document.getElementById('card')
  const land = tiles.layers.get('projects')
  const labels = tiles.labels.find((layer) => layer.get('labels') === 'projects')
  let late = new URLSearchParams(location.search).get('late') === '1'
  const shown = (feature) => !late || isLate(feature.getProperties())

  const plain = land.getStyleFunction()
  land.setStyle((feature, resolution) => (shown(feature) ? plain(feature, resolution) : null))
  labels.setStyle((feature, resolution) =>
    (feature.get('layer') === 'projects-labels' && shown(feature) ? symbol(feature, resolution) : null))

  const made = new Map()
  function icon({ kind, percent, key }) {
    const name = `${kind}/${Math.round(percent / 5)}/${key}`
    if (!made.has(name)) {
      const canvas = document.createElement('canvas')
      canvas.width = canvas.height = SIDE * 2
      const context = canvas.getContext('2d')
      context.scale(2, 2)
      drawSymbol(context, { kind, percent, colour: style.find('projects', key).stroke, paper: style.paper, late: SEVERITY.indexOf(key) > 2 })
      made.set(name, new ol.style.Icon({ img: canvas, size: [SIDE * 2, SIDE * 2], scale: 0.5, declutterMode: 'obstacle' }))
    }
    return made.get(name)
  }

  function symbol(feature, resolution) {
    const key = latenessOf(feature.getProperties())
    const percent = feature.get('progress') ?? 0
    const days = isLate(feature.getProperties()) ? ` ▲ ${filled(texts.days, { days: format.whole(feature.get('late_days')) })}` : ''
    const title = resolution > NAMES_TO ? feature.get('code') : (language === 'en' && feature.get('name_en')) || feature.get('name_vi')
    const text = resolution > CODES_TO ? '' : `${title} · ${Math.round(percent)} %${days}`
    const drawn = style.label(text, { colour: style.find('projects', key).stroke, offsetY: -SIDE / 2 - 7, rank: 8 + SEVERITY.indexOf(key) / 10 })
    drawn.setImage(icon({ kind: feature.get('kind'), percent, key }))
    return drawn
  }

  const box = make('input', { class: 'form-check-input', type: 'checkbox', id: 'projects-late', checked: late })
  box.addEventListener('change', () => {
    late = box.checked
    remember({ late: late ? '1' : null })
    for (const layer of [land, labels]) layer.changed()
    redraw()
  })
  document.getElementById('layers').after(make('div', { class: 'project-switch' },
    make('label', { for: 'projects-late' }, box, make('span', { text: texts.only_late })),
    make('p', { class: 'soft small', text: texts.symbols })))

  const places = new ol.source.Vector()
  map.addLayer(new ol.layer.Vector({ source: places, zIndex: 46, style: camera(style) }))
  let current = null

  async function open(id) {
    room(id)
    current = id
    panel.hidden = false
    panel.setAttribute('aria-busy', 'true')
    panel.replaceChildren(make('div', { class: 'skeleton' }, ...[80, 60, 70].map((width) => make('span', { class: `w${width}` }))))
    let body
    try {
      const project = await load(id)
      body = projectCard(project, { texts, format, language, link, onClose: closed })
      for (const place of current === id ? Object.values(project.photo_places) : []) places.addFeature(new ol.Feature(new ol.geom.Point(place)))
    } catch (error) {
      if (error.name === 'AbortError') return
      body = [make('h2', { text: texts.card, tabindex: '-1' }), make('p', { class: 'note bad', role: 'alert', text: error.message })]
    }
    if (current !== id) return
    glow([id])
    panel.removeAttribute('aria-busy')
    panel.replaceChildren(...body)
    panel.querySelector('h2').focus({ preventScroll: true })
  }

  return {
    open,
    /** Open what lies under a click; true when a symbol was hit. */
    at(event) {
      const tolerance = matchMedia('(pointer: coarse)').matches ? 8 : 0
      const hit = map.forEachFeatureAtPixel(event.pixel, (feature) => feature, { layerFilter: (layer) => layer === labels, hitTolerance: tolerance })
      if (hit) open(hit.get('id'))
      return Boolean(hit)
    },
    /** The place beside the map is somebody else's now. */
    leave() {
      if (current) glow([])
      current = null
      places.clear()
    },
    current: () => current,
  }
}

function camera({ ink, paper }) {
  const { Circle, Fill, RegularShape, Stroke, Style } = ol.style
  return [
    new Style({ image: new Circle({ radius: 9, fill: new Fill({ color: paper }), stroke: new Stroke({ color: ink, width: 2 }) }) }),
    new Style({ image: new RegularShape({ points: 4, radius: 5.5, angle: Math.PI / 4, scale: [1.2, 0.8], fill: new Fill({ color: ink }) }) }),
    new Style({ image: new Circle({ radius: 1.8, fill: new Fill({ color: paper }) }) }),
  ]
}
