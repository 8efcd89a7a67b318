// Measure in the plane of the zone: lengths in m, azimuths from grid north, areas in m² and ha. Needs no document.
import { make } from '../../panels/elements.js'
import { azimuth, azimuthText, distance, pathLength, ringArea, selfCrossing } from '../bearings.js'
import { figures as figuresOf } from '../figures.js'
import { sketch } from '../sketch.js'
import { choice, plainButton, toolForm } from './fields.js'

export const tool = { name: 'measure', icon: 'bi-rulers', key: 'm', needs: 'none', withoutDocument: true, start }

const last = { kind: 'line' }

function start(work) {
  const { texts } = work
  const words = texts.measure
  const figures = figuresOf(work.language)
  const place = make('div')
  const sides = make('tbody')
  const whole = make('p', { class: 'measured figures', role: 'status' })
  const table = make('table', { class: 'tool-table', hidden: true }, make('thead', {}, make('tr', {}, make('th', { scope: 'col', text: words.side }), make('th', { scope: 'col', class: 'figures', text: words.length }), make('th', { scope: 'col', class: 'figures', text: words.azimuth }))), sides)
  let drawing = null

  const kind = choice({
    name: 'measure',
    label: words.what,
    value: last.kind,
    options: [{ value: 'line', text: words.line, icon: 'slash-lg' }, { value: 'polygon', text: words.polygon, icon: 'pentagon' }],
    changed(next) {
      last.kind = next
      begin()
    },
  })
  const copy = plainButton('clipboard', words.copy, async () => {
    await navigator.clipboard.writeText(plain())
    copy.querySelector('.bi').className = 'bi bi-clipboard-check'
  })
  const anew = plainButton('arrow-counterclockwise', texts.sketch.again, () => drawing.clear())
  const form = toolForm(work, tool, [kind.element, place, whole, table], { more: [copy, anew] })

  function segments(points) {
    const ring = last.kind === 'polygon' && points.length > 2 ? [...points, points[0]] : points
    return ring.slice(1).map((to, index) => ({ name: `${index + 1}–${last.kind === 'polygon' && index === points.length - 1 ? 1 : index + 2}`, from: ring[index], to }))
  }
  function show(points) {
    const all = segments(points)
    sides.replaceChildren(...all.map(({ name, from, to }) => make('tr', {}, make('th', { scope: 'row', text: name }), make('td', { class: 'figures', text: figures.metres(distance(from, to)) }), make('td', { class: 'figures', text: azimuthText(azimuth(from, to)) }))))
    table.hidden = all.length === 0
    whole.textContent = total(points)
    copy.disabled = anew.disabled = points.length < 2
    copy.querySelector('.bi').className = 'bi bi-clipboard'
  }
  function total(points) {
    if (points.length < 2) return ''
    if (last.kind === 'line') return figures.metres(pathLength(points))
    if (points.length < 3) return ''
    if (selfCrossing(points)) return texts.sketch.crosses
    return `${figures.area(ringArea(points))} · ${figures.hectares(ringArea(points))}`
  }
  function plain() {
    const points = drawing.points()
    const lines = points.map((point, index) => `${index + 1}\t${figures.coordinate(point[1])}\t${figures.coordinate(point[0])}`)
    const measured = segments(points).map(({ name, from, to }) => `${name}\t${figures.metres(distance(from, to))}\t${azimuthText(azimuth(from, to))}`)
    return [`${words.point}\tX (m)\tY (m)`, ...lines, '', `${words.side}\t${words.length}\t${words.azimuth}`, ...measured, '', total(points)].join('\n')
  }
  function begin() {
    drawing?.stop()
    drawing?.forget()
    drawing = sketch(work, { kind: last.kind, changed: show })
    place.replaceChildren(drawing.element)
    show([])
  }
  begin()

  return {
    form: form.element,
    takesClicks: true,
    stop: () => drawing.stop(),
    cancel: () => drawing.clear(),
    finish: () => drawing.finish(),
    removeLast: () => drawing.removeLast(),
  }
}
