// Drawing, the same in every tool: clicks, taps or typed places; live length and azimuth of the running segment;
// Enter or a double click completes, Backspace takes the last point back, Escape drops all.
import { make } from '../panels/elements.js'
import { azimuth, azimuthText, distance, onGrid, pathLength, ringArea, selfCrossing } from './bearings.js'
import { entryLine } from './entry.js'
import { figures as figuresOf } from './figures.js'
import { drawnPath } from './path.js'

const { ol } = window
const FONT = '600 12px "Be Vietnam Pro", "Noto Sans", sans-serif'
const ACCENT = '#0b5cad'
const BAD = '#b3261e'
const ABOVE_LABELS = 60

function styles() {
  const { Circle, Fill, Stroke, Style, Text } = ol.style
  const halo = new Stroke({ color: 'rgb(255 255 255 / 85%)', width: 5 })
  const line = (colour, dash) => [new Style({ stroke: halo }), new Style({ stroke: new Stroke({ color: colour, width: 2.5, lineDash: dash }) })]
  const drawn = { good: line(ACCENT), bad: line(BAD), running: line(ACCENT, [6, 5]) }
  const fills = { good: new Style({ fill: new Fill({ color: 'rgb(11 92 173 / 12%)' }) }), bad: new Style({ fill: new Fill({ color: 'rgb(179 38 30 / 14%)' }) }) }
  const corner = new Style({ image: new Circle({ radius: 4.5, fill: new Fill({ color: '#ffffff' }), stroke: new Stroke({ color: ACCENT, width: 2 }) }) })
  return (feature) => {
    const part = feature.get('part')
    if (part === 'corners') return corner
    if (part === 'ground') return fills[feature.get('kind')]
    const lines = drawn[feature.get('kind')]
    const text = feature.get('text')
    if (!text) return lines
    return [...lines, new Style({
      text: new Text({ text, font: FONT, placement: 'line', textBaseline: 'bottom', offsetY: -6, overflow: true, fill: new Fill({ color: '#1b2530' }), stroke: new Stroke({ color: '#ffffff', width: 4 }) }),
    })]
  }
}

/**
 * Start drawing. `kind`: 'line' or 'polygon'. `changed(points, pointer)` after every change and while the pointer
 * moves, `finished(points)` when it is complete. With `verb` the form around has the button that completes it.
 */
export function sketch(work, { kind, changed = () => {}, finished = () => {}, entry = true, verb = false }) {
  const { map, texts } = work
  const figures = figuresOf(work.language)
  const path = drawnPath(kind)
  const layer = work.layer('sketch', styles())
  layer.setZIndex(ABOVE_LABELS)
  const source = layer.getSource()
  const parts = Object.fromEntries(['ground', 'line', 'running', 'corners'].map((part) => [part, new ol.Feature({ part })]))
  let pointer = null
  let typed = null
  let lastClick = null
  let twice = false

  const readout = make('dl', { class: 'sketch-read figures', 'aria-live': 'off' })
  const back = make('button', { class: 'btn btn-plain btn-sm', type: 'button', on: { click: () => removeLast() } }, make('i', { class: 'bi bi-backspace', 'aria-hidden': 'true' }), texts.sketch.remove_last)
  const done = verb ? null : make('button', { class: 'btn btn-plain btn-sm', type: 'button', on: { click: () => finish() } }, make('i', { class: 'bi bi-check2', 'aria-hidden': 'true' }), texts.sketch.finish)
  const line = entry
    ? entryLine(work, {
        figures,
        from: () => (path.finished() ? null : path.last()),
        towards: () => pointer,
        take: (point) => add(point, { typedIn: true }),
        finish: () => finish(),
        removeLast: () => removeLast(),
        leave: () => map.getTargetElement().focus(),
        meant: (point) => {
          typed = point
          show()
        },
      })
    : null
  const element = make('div', { class: 'sketch' }, line?.element ?? null, readout, done ? make('div', { class: 'tool-row' }, back, done) : null)

  function put(part, geometry, more = {}) {
    const feature = parts[part]
    if (!geometry) {
      if (source.hasFeature(feature)) source.removeFeature(feature)
      return
    }
    feature.setProperties({ geometry, ...more })
    if (!source.hasFeature(feature)) source.addFeature(feature)
  }

  function show() {
    const points = path.points()
    const running = path.finished() ? null : (typed ?? pointer)
    const whole = running && points.length ? [...points, running] : points
    const crossed = kind === 'polygon' && whole.length > 3 ? selfCrossing(whole) : null
    const tone = crossed ? 'bad' : 'good'
    const ring = whole.length > 2 ? [...whole, whole[0]] : null
    put('ground', kind === 'polygon' && ring ? new ol.geom.Polygon([ring]) : null, { kind: tone })
    const outline = kind === 'polygon' && path.finished() ? ring : points
    put('line', outline.length > 1 ? new ol.geom.LineString(outline) : null, { kind: tone })
    const text = running && points.length ? `${figures.metres(distance(points.at(-1), running))} · ${azimuthText(azimuth(points.at(-1), running))}` : ''
    put('running', running && points.length ? new ol.geom.LineString([points.at(-1), running]) : null, { kind: 'running', text })
    put('corners', points.length ? new ol.geom.MultiPoint(points) : null)
    read(points, whole, crossed)
    changed(points, running)
  }

  function read(points, whole, crossed) {
    const rows = []
    if (whole.length > 1) {
      const [a, b] = whole.slice(-2)
      rows.push([texts.sketch.segment, `${figures.metres(distance(a, b))} · ${azimuthText(azimuth(a, b))}`])
    }
    if (whole.length > 2 && kind === 'line') rows.push([texts.sketch.length, figures.metres(pathLength(whole))])
    if (whole.length > 2 && kind === 'polygon') {
      rows.push([texts.sketch.perimeter, figures.metres(pathLength([...whole, whole[0]]))])
      rows.push([texts.sketch.area, crossed ? texts.sketch.crosses : `${figures.area(ringArea(whole))} · ${figures.hectares(ringArea(whole))}`])
    }
    rows.push([texts.sketch.points, String(points.length)])
    readout.replaceChildren(...rows.flatMap(([label, value]) => [make('dt', { text: label }), make('dd', { text: value })]))
    back.disabled = points.length === 0
    if (done) done.disabled = path.finished() || !path.enough()
  }

  function add(coordinate, { typedIn = false } = {}) {
    const what = path.add(onGrid(coordinate))
    work.say('')
    if (typedIn) bringIntoView(path.last())
    show()
    if (what === 'finished') finished(path.points())
  }
  function bringIntoView(point) {
    const view = map.getView()
    if (point && !ol.extent.containsCoordinate(view.calculateExtent(map.getSize()), point)) view.animate({ center: point, duration: 200 })
  }
  function finish() {
    if (path.finished()) return true
    if (!path.finish()) {
      if (path.count()) work.say(texts.sketch[kind === 'line' ? 'too_few_line' : 'too_few_polygon'], { kind: 'warn' })
      return false
    }
    show()
    finished(path.points())
    return true
  }
  function removeLast() {
    const did = path.removeLast()
    show()
    return did
  }

  const interaction = new ol.interaction.Interaction({
    handleEvent(event) {
      if (event.type === 'pointermove' && event.originalEvent.pointerType !== 'touch') {
        pointer = onGrid(event.coordinate)
        show()
      } else if (event.type === 'click') {
        const now = event.originalEvent
        twice = lastClick && now.timeStamp - lastClick.timeStamp < 300 && Math.hypot(now.clientX - lastClick.clientX, now.clientY - lastClick.clientY) < 8
        lastClick = now
        pointer = null
        if (!twice) add(event.coordinate)
      } else if (event.type === 'dblclick') {
        // the map calls any two quick clicks a double one, however far apart
        if (twice) finish()
        return false
      }
      return true
    },
  })
  const gone = () => {
    pointer = null
    show()
  }
  map.addInteraction(interaction)
  map.getViewport().addEventListener('pointerleave', gone)
  work.snap.start({
    intersections: true,
    from: () => (path.finished() ? null : path.last()),
    loose: () => (kind === 'polygon' && !path.finished() ? path.points().slice(0, 1) : []),
  })
  show()

  return {
    element,
    /** Takes the last point back; for the row of the form's verb. */
    back,
    points: () => path.points(),
    complete: () => path.finished(),
    /** Put points there as if they had been drawn, complete. */
    set(points) {
      path.set(points)
      path.finish()
      show()
    },
    clear() {
      const had = path.clear()
      line?.clear()
      show()
      return had
    },
    finish,
    removeLast,
    focus: () => line?.focus(),
    /** Take what is drawn off the map; the layer itself goes with the tool. */
    forget: () => source.clear(true),
    stop() {
      line?.stop()
      work.snap.stop()
      map.removeInteraction(interaction)
      map.getViewport().removeEventListener('pointerleave', gone)
    },
  }
}
