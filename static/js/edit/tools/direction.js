// From where a part is cut off: one of eight sides, parallel to an edge that is clicked or stepped to, or along a bearing.
// An arrow on the map shows how the cut advances; what was chosen last is proposed next time.
import { icon, make } from '../../panels/elements.js'
import { filled } from '../../map/format.js'
import { azimuth, azimuthText, distance, eachSide, insidePolygon, nearestSide, pointAt } from '../bearings.js'
import { pixelTolerance } from '../snapping.js'
import { parseAzimuth } from '../typed.js'
import { problemText } from '../entry.js'
import { textField } from './fields.js'

const { ol } = window
const ROSE = ['northwest', 'north', 'northeast', 'west', null, 'east', 'southwest', 'south', 'southeast']
const ADVANCE = { south: 0, southwest: 45, west: 90, northwest: 135, north: 180, northeast: 225, east: 270, southeast: 315 }
const ARROWS = { north: 'arrow-down', northeast: 'arrow-down-left', east: 'arrow-left', southeast: 'arrow-up-left', south: 'arrow-up', southwest: 'arrow-up-right', west: 'arrow-right', northwest: 'arrow-down-right' }
const last = { mode: 'side', side: 'south', bearing: '' }
let serial = 0

function arrowStyle() {
  const { Fill, RegularShape, Stroke, Style } = ol.style
  const halo = new Style({ stroke: new Stroke({ color: 'rgb(255 255 255 / 90%)', width: 8 }) })
  const line = new Style({ stroke: new Stroke({ color: '#0b5cad', width: 3 }) })
  const edge = [halo, new Style({ stroke: new Stroke({ color: '#b3005e', width: 4 }) })]
  const hover = [halo, new Style({ stroke: new Stroke({ color: '#b3005e', width: 3, lineDash: [5, 5] }) })]
  const heads = new Map()
  const head = (degrees) => {
    const key = Math.round(degrees)
    if (!heads.has(key)) heads.set(key, new RegularShape({ points: 3, radius: 10, rotation: key * (Math.PI / 180), rotateWithView: true, fill: new Fill({ color: '#0b5cad' }), stroke: new Stroke({ color: '#ffffff', width: 2 }) }))
    return heads.get(key)
  }
  return (feature) => {
    if (feature.get('part') === 'edge') return edge
    if (feature.get('part') === 'hover') return hover
    const tip = new Style({ geometry: (each) => new ol.geom.Point(each.getGeometry().getLastCoordinate()), image: head(feature.get('degrees')) })
    return [halo, line, tip]
  }
}

/** Make the choice of direction. `parcel()` is the feature to be cut, `changed()` hears of every other choice. */
export function directionField(work, figures, { parcel, changed }) {
  const { map, texts } = work
  const words = texts.direction
  const source = work.layer('direction', arrowStyle()).getSource()
  const marks = Object.fromEntries(['arrow', 'edge', 'hover'].map((part) => [part, new ol.Feature({ part })]))
  const group = `direction-${(serial += 1)}`
  let mode = last.mode === 'edge' ? 'side' : last.mode
  let { side } = last
  let edge = null

  const radios = new Map()
  const cells = ROSE.map((each) => {
    if (!each) return make('span', { class: 'rose-middle', 'aria-hidden': 'true' }, icon('scissors'))
    const input = make('input', { type: 'radio', name: group, value: each, checked: mode === 'side' && each === side, on: { change: () => choose('side', each) } })
    radios.set(each, input)
    return make('label', { class: 'rose-side', title: words.sides[each] }, input, icon(ARROWS[each]), make('span', { class: 'visually-hidden', text: words.sides[each] }))
  })
  const byEdge = make('input', { type: 'radio', name: group, value: 'edge', on: { change: () => choose('edge') } })
  const byBearing = make('input', { type: 'radio', name: group, value: 'bearing', checked: mode === 'bearing', on: { change: () => choose('bearing') } })
  const edgeTold = make('span', { class: 'small soft figures' })
  const stepper = (symbol, text, by) => make('button', { class: 'btn btn-plain btn-sm', type: 'button', title: text, 'aria-label': text, on: { click: () => step(by) } }, icon(symbol))
  const edgeRow = make('div', { class: 'direction-more' }, stepper('chevron-left', words.edge_before, -1), stepper('chevron-right', words.edge_after, 1), edgeTold)
  const bearing = textField({ name: 'bearing', label: words.bearing_label, value: last.bearing, placeholder: '45°30′00″', numeric: true })
  const told = make('p', { class: 'small soft', role: 'status' })
  const element = make('fieldset', { class: 'tool-field direction' },
    make('legend', { class: 'form-label', text: words.label }),
    make('div', { class: 'direction-row' },
      make('div', { class: 'rose' }, ...cells),
      make('div', { class: 'direction-other' },
        make('label', { class: 'tool-choice' }, byEdge, make('span', { text: words.by_edge })),
        make('label', { class: 'tool-choice' }, byBearing, make('span', { text: words.by_bearing })))),
    edgeRow, bearing.element, told)
  bearing.input.addEventListener('input', () => {
    last.bearing = bearing.value()
    show()
    changed()
  })

  const rings = () => parcel()?.getGeometry().getCoordinates() ?? null
  function allSides() {
    const found = []
    if (rings()) eachSide(rings().slice(0, 1), (a, b) => found.push([a, b]))
    return found
  }
  function step(by) {
    const all = allSides()
    if (!all.length) return
    const here = edge ? all.findIndex(([a, b]) => distance(a, edge[0]) < 0.001 && distance(b, edge[1]) < 0.001) : by > 0 ? -1 : 0
    take(all[(here + by + all.length) % all.length])
  }
  function take(next) {
    edge = next
    show()
    changed()
  }
  function choose(next, nextSide = side) {
    mode = next
    side = nextSide
    Object.assign(last, { mode, side })
    for (const [each, input] of radios) input.checked = mode === 'side' && each === side
    byEdge.checked = mode === 'edge'
    byBearing.checked = mode === 'bearing'
    if (mode === 'edge' && !edge) step(1)
    else {
      show()
      changed()
    }
    if (mode === 'bearing') bearing.input.focus()
  }

  /** The azimuth in which the cut advances, or null when it is not said yet. */
  function advance() {
    if (mode === 'side') return ADVANCE[side]
    if (mode === 'bearing') return parseAzimuth(bearing.value()).degrees ?? null
    if (!edge || !rings()) return null
    const along = azimuth(...edge)
    const middle = [(edge[0][0] + edge[1][0]) / 2, (edge[0][1] + edge[1][1]) / 2]
    return insidePolygon(pointAt(middle, 0.05, along + 90), rings()) ? (along + 90) % 360 : (along + 270) % 360
  }
  function put(part, geometry, more = {}) {
    const feature = marks[part]
    if (!geometry) {
      if (source.hasFeature(feature)) source.removeFeature(feature)
      return
    }
    feature.setProperties({ geometry, ...more })
    if (!source.hasFeature(feature)) source.addFeature(feature)
  }
  function show() {
    edgeRow.hidden = mode !== 'edge'
    bearing.element.hidden = mode !== 'bearing'
    const all = allSides()
    const place = edge ? all.findIndex(([a, b]) => distance(a, edge[0]) < 0.001 && distance(b, edge[1]) < 0.001) : -1
    if (mode === 'edge' && place < 0) edge = null
    edgeTold.textContent = edge ? filled(words.edge_told, { n: place + 1, of: all.length, length: figures.metres(distance(...edge)), azimuth: azimuthText(azimuth(...edge)) }) : words.click_edge
    told.textContent = mode === 'side' ? filled(words.side_told, { side: words.sides[side] }) : mode === 'edge' ? words.edge_hint : words.bearing_hint
    put('edge', mode === 'edge' && edge ? new ol.geom.LineString(edge) : null)
    const degrees = advance()
    const ground = rings()
    if (degrees === null || !ground) return put('arrow', null)
    const [from, to] = arrowAlong(ground[0], degrees, map.getView().getResolution())
    put('arrow', new ol.geom.LineString([from, to]), { degrees })
  }

  const interaction = new ol.interaction.Interaction({
    handleEvent(event) {
      if (mode !== 'edge' || !rings() || (event.type !== 'pointermove' && event.type !== 'click')) return true
      const found = nearestSide(event.coordinate, rings().slice(0, 1))
      const near = found && found.distance <= Math.max(pixelTolerance(), 16) * map.getView().getResolution()
      if (event.type === 'pointermove') put('hover', near ? new ol.geom.LineString(found.side) : null)
      else if (near) take(found.side)
      return true
    },
  })
  map.addInteraction(interaction)
  show()

  return {
    element,
    /** Whether a click on the map means an edge. */
    takesClicks: () => mode === 'edge',
    /** The direction for the server, or {problem: text}. */
    value() {
      if (mode === 'side') return { side }
      if (mode === 'edge') return edge ? { edge } : { problem: words.click_edge }
      const said = parseAzimuth(bearing.value())
      return said.problem ? { problem: problemText(said.problem, texts, figures) } : { bearing_deg: said.degrees }
    },
    /** Another parcel is to be cut. */
    refresh() {
      edge = null
      if (mode === 'edge') step(1)
      show()
    },
    stop: () => map.removeInteraction(interaction),
  }
}

/** An arrow from outside a ring's start side into it. */
function arrowAlong(ring, degrees, resolution) {
  const turn = degrees * (Math.PI / 180)
  const [east, north] = [Math.sin(turn), Math.cos(turn)]
  const along = ring.map(([e, n]) => e * east + n * north)
  const across = ring.map(([e, n]) => e * north - n * east)
  const [low, high] = [Math.min(...along), Math.max(...along)]
  const middle = (Math.min(...across) + Math.max(...across)) / 2
  const place = (a) => [a * east + middle * north, a * north - middle * east]
  return [place(low - 26 * resolution), place(low + Math.min((high - low) * 0.3, 40 * resolution))]
}
