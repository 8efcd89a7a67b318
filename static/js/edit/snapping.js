// Snapping of the pointer to parcels, plan lots and boundaries: on by default, switched by F3 or S, suspended by Alt.
// It stands above every other interaction, so that all of them see the caught place as if the pointer were there.
// Only what lies near the pointer is looked at: nothing is built up beforehand and nothing has to be kept in step.
import { icon, make } from '../panels/elements.js'
import { caught, sidesNear } from './catching.js'

const { ol } = window
const POINTER = new Set(['pointermove', 'pointerdown', 'pointerdrag', 'pointerup', 'click', 'singleclick', 'dblclick'])
const REMEMBERED = 'gisapp:snapping'

/** Pixels within which something is caught. */
export const pixelTolerance = () => (matchMedia('(pointer: coarse)').matches ? 24 : 10)

function marks(texts, paper, colour) {
  const { Circle, Fill, RegularShape, Stroke, Style, Text } = ol.style
  const line = () => ({ fill: new Fill({ color: 'rgb(255 255 255 / 35%)' }), stroke: new Stroke({ color: colour, width: 2 }) })
  const images = {
    vertex: new RegularShape({ points: 4, radius: 9, angle: Math.PI / 4, ...line() }),
    intersection: new RegularShape({ points: 4, radius: 10, radius2: 0, angle: Math.PI / 4, ...line() }),
    foot: new RegularShape({ points: 3, radius: 10, ...line() }),
    edge: new Circle({ radius: 6, ...line() }),
  }
  const styleOf = (kind) =>
    new Style({
      image: images[kind],
      text: new Text({
        text: texts.caught[kind],
        font: '600 12px "Be Vietnam Pro", sans-serif',
        textAlign: 'left',
        offsetX: 14,
        offsetY: -14,
        fill: new Fill({ color: colour }),
        stroke: new Stroke({ color: paper, width: 4 }),
      }),
    })
  return Object.fromEntries(Object.keys(images).map((kind) => [kind, styleOf(kind)]))
}

/** The switch and what was caught, in the strip under the map. */
function stripPart(strip, texts, toggle) {
  const button = make('button', { class: 'snap-switch', type: 'button', 'aria-pressed': 'true', title: texts.snap_title, 'aria-label': texts.snap_title, on: { click: toggle } }, icon('magnet'))
  const told = make('span', { class: 'snap-told figures', 'data-snap': '', 'aria-live': 'off' })
  const part = make('span', { class: 'snap-part' }, button, told)
  strip.insertBefore(part, strip.querySelector('.plane'))
  return {
    part,
    show(on, running, text) {
      button.setAttribute('aria-pressed', String(on))
      told.textContent = on && running && text ? text : on ? texts.snap_on : texts.snap_off
    },
  }
}

const typing = (target) => Boolean(target.closest?.('input, textarea, select, [contenteditable]'))

function remembered() {
  try {
    return sessionStorage.getItem(REMEMBERED) !== 'off'
  } catch {
    return true
  }
}

/** Attach snapping to the workspace. Answers `start(options)`, `stop()`, `residual()`, `toggle()`, `enabled()`. */
export function attachSnapping({ map, ground, texts, format }) {
  const source = new ol.source.Vector()
  const layer = new ol.layer.Vector({ source, zIndex: 70, updateWhileInteracting: true, updateWhileAnimating: true })
  const marker = new ol.Feature()
  const styles = marks(texts, '#ffffff', '#b3005e')
  map.addLayer(layer)
  const strip = document.getElementById('map-strip')
  const [northing, easting] = ['northing', 'easting'].map((name) => strip.querySelector(`[data-${name}]`))
  const told = stripPart(strip, texts, () => toggle())
  let enabled = remembered()
  let now = null // the running tool's wishes
  let last = null

  function sidesAround(point, reach) {
    const found = []
    const box = ol.extent.buffer([...point, ...point], reach)
    for (const each of [ground.source, ground.lots, ground.boundary]) {
      for (const feature of each?.getFeaturesInExtent(box) ?? []) {
        const geometry = feature.getGeometry()
        const ends = geometry.getEnds ? geometry.getEnds() : geometry.getEndss().flat()
        sidesNear(point, reach, geometry.getFlatCoordinates(), ends, geometry.getStride(), found)
      }
    }
    return now.skip ? found.filter((side) => !now.skip(...side)) : found
  }

  function find(point) {
    const reach = pixelTolerance() * map.getView().getResolution()
    return caught(point, sidesAround(point, reach), {
      reach,
      from: now.from?.() ?? null,
      intersections: now.intersections,
      loose: now.loose?.() ?? [],
    })
  }

  function show(found) {
    last = found
    if (!found) source.clear(true)
    else {
      marker.setGeometry(new ol.geom.Point(found.point))
      marker.setStyle(styles[found.kind])
      if (source.isEmpty()) source.addFeature(marker)
      northing.textContent = format.metres(found.point[1])
      easting.textContent = format.metres(found.point[0])
    }
    tell()
  }
  function tell() {
    const centimetres = last ? format.whole(last.residual * 100) : ''
    told.show(enabled, Boolean(now), last ? `${texts.caught[last.kind]} · ${texts.off_by} ${centimetres} cm` : '')
  }

  const interaction = new ol.interaction.Interaction({
    handleEvent(event) {
      if (!now || !enabled || !POINTER.has(event.type)) return true
      const original = event.originalEvent
      const many = (event.activePointers?.length ?? 0) > 1
      if (original.altKey || many) {
        show(null)
        return true
      }
      const found = find(event.coordinate)
      if (found) {
        event.coordinate = [...found.point]
        event.pixel = map.getPixelFromCoordinate(found.point)
      }
      // what is under a finger is known only when it comes down
      if (event.type !== 'click' && event.type !== 'singleclick') show(found)
      return true
    },
  })
  map.addInteraction(interaction)
  map.getInteractions().on('add', ({ element }) => {
    if (element !== interaction) queueMicrotask(toTop)
  })
  function toTop() {
    const all = map.getInteractions()
    if (all.item(all.getLength() - 1) === interaction) return
    all.remove(interaction)
    all.push(interaction)
  }
  map.getViewport().addEventListener('pointerleave', () => show(null))

  function toggle() {
    enabled = !enabled
    try {
      sessionStorage.setItem(REMEMBERED, enabled ? 'on' : 'off')
    } catch {
      // remembered as long as the page is open
    }
    show(null)
  }
  document.addEventListener('keydown', (event) => {
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey
    const asked = event.key === 'F3' || (event.key.toLowerCase() === 's' && !typing(event.target))
    if (!now || !plain || !asked || event.defaultPrevented) return
    event.preventDefault()
    toggle()
  })
  tell()

  return {
    /**
     * Snap from now on. `intersections`: crossings too; `from()`: the point a segment starts at, for perpendiculars;
     * `loose()`: further corners; `skip(a, b)`: sides that are not to be caught, such as those being dragged.
     */
    start(wishes = {}) {
      now = { intersections: false, ...wishes }
      toTop()
      tell()
    },
    stop() {
      now = null
      show(null)
    },
    /** Metres between pointer and caught place, or null. */
    residual: () => last?.residual ?? null,
    /** What was caught last: {kind, point, residual}, or null. */
    caught: () => last,
    toggle,
    enabled: () => enabled,
  }
}
