// A new parcel from the coordinate table of a decision: pasted or typed row by row, understood by the server, shown on
// the map with its computed sides and area beside the stated ones, and only then drawn.
import { filled } from '../../map/format.js'
import { icon, make } from '../../panels/elements.js'
import { azimuthText } from '../bearings.js'
import { figures as figuresOf } from '../figures.js'
import { problemText } from '../entry.js'
import { rowsText, tableText } from '../table-text.js'
import { parseArea } from '../typed.js'
import { choice, plainButton, textField, toolForm } from './fields.js'
import { saidFields, without } from './said-of.js'

const { ol } = window

export const tool = { name: 'table', icon: 'bi-table', key: 't', needs: 'none', withoutDocument: false, start }

const FIRST_ROWS = 4

function outlineStyle() {
  const { Circle, Fill, Stroke, Style, Text } = ol.style
  const whole = new Style({ fill: new Fill({ color: 'rgb(11 92 173 / 12%)' }), stroke: new Stroke({ color: '#0b5cad', width: 2.5, lineDash: [8, 5] }) })
  return (feature) => {
    if (!feature.get('name')) return whole
    const bad = feature.get('bad')
    return new Style({
      image: new Circle({ radius: bad ? 7 : 4, fill: new Fill({ color: '#ffffff' }), stroke: new Stroke({ color: bad ? '#b3261e' : '#0b5cad', width: 2.5 }) }),
      text: new Text({ text: feature.get('name'), font: '600 12px "Be Vietnam Pro", sans-serif', offsetX: 12, offsetY: -10, fill: new Fill({ color: '#1b2530' }), stroke: new Stroke({ color: '#ffffff', width: 4 }) }),
    })
  }
}

function start(work) {
  const { texts } = work
  const words = texts.table
  const figures = figuresOf(work.language)
  const source = work.layer('table', outlineStyle()).getSource()
  let understood = null // {asked, answer}

  const pasted = make('textarea', { class: 'form-control form-control-sm figures table-text', rows: 7, spellcheck: 'false', placeholder: words.placeholder, 'aria-label': words.paste, 'data-table-text': '' })
  const grid = make('tbody')
  const addRow = plainButton('plus-lg', words.add_row, () => row().querySelector('[data-column=x]').focus())
  const typedRows = make('div', { hidden: true }, make('table', { class: 'tool-table typed-rows' }, make('thead', {}, make('tr', {}, ...['point', 'x', 'y'].map((name) => make('th', { scope: 'col', text: words[name] })))), grid), addRow)
  const way = choice({
    name: 'way',
    label: words.way,
    value: 'paste',
    options: [{ value: 'paste', text: words.paste, icon: 'clipboard' }, { value: 'rows', text: words.rows, icon: 'list-ol' }],
    changed(next) {
      pasted.hidden = next !== 'paste'
      typedRows.hidden = next !== 'rows'
      if (next === 'rows' && !grid.children.length) for (let index = 0; index < FIRST_ROWS; index += 1) row()
      forget()
    },
  })
  const stated = textField({ name: 'stated', label: words.stated, numeric: true, placeholder: '10.000,0' })
  const result = make('div', { class: 'tool-report', role: 'status' })
  const said = saidFields(work, figures)
  const more = make('details', { class: 'tool-more' }, make('summary', { text: texts.said_of.label }), said.element)
  const drawIt = make('button', { class: 'btn btn-primary', type: 'button', disabled: true, on: { click: () => draw() } }, icon('eye'), make('span', { text: words.draw }))
  const form = toolForm(work, tool, [way.element, pasted, typedRows, stated.element, result, more], { verb: words.read, symbol: 'table', act, more: [drawIt] })
  form.element.querySelector('[type=submit]').classList.replace('btn-primary', 'btn-plain')

  function row() {
    const number = grid.children.length + 1
    const cell = (name) => make('td', {}, make('input', { class: 'form-control form-control-sm figures', type: 'text', inputmode: name === 'point' ? null : 'decimal', 'data-column': name, placeholder: name === 'point' ? String(number) : '', 'aria-label': `${words[name]} ${number}`, on: { keydown: onward } }))
    const made = make('tr', {}, ...['point', 'x', 'y'].map(cell))
    grid.append(made)
    return made
  }
  /** Enter goes to the next number; behind the last one it makes another row, and in an empty row it reads the table. */
  function onward(event) {
    if (event.key !== 'Enter') return
    const { column } = event.target.dataset
    const here = event.target.closest('tr')
    const filledIn = [...here.querySelectorAll('[data-column=x], [data-column=y]')].some((each) => each.value.trim())
    if (!filledIn && column !== 'point') return
    event.preventDefault()
    event.stopPropagation()
    const next = column === 'point' ? here.querySelector('[data-column=x]') : column === 'x' ? here.querySelector('[data-column=y]') : (here.nextElementSibling ?? row()).querySelector('[data-column=x]')
    next.focus()
  }
  const rows = () => [...grid.children].map((each) => Object.fromEntries([...each.querySelectorAll('input')].map((input) => [input.dataset.column, input.value])))

  function forget() {
    if (understood) work.withdraw()
    understood = null
    source.clear()
    result.replaceChildren()
    drawIt.disabled = true
    form.say('')
    work.say('')
  }
  for (const each of [pasted, typedRows, stated.element]) each.addEventListener('input', forget)
  pasted.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.run()
    if (event.key === 'Enter') event.stopPropagation()
  })
  stated.input.addEventListener('input', () => {
    const area = statedArea()
    stated.say(area.text ?? (area.area_m2 ? `= ${figures.area(area.area_m2)}` : ''), Boolean(area.text))
  })

  function statedArea() {
    const area = parseArea(stated.value(), { language: work.language })
    if (area.problem) return area.problem.code === 'empty' ? {} : { text: problemText(area.problem, texts, figures) }
    return area
  }

  async function act() {
    forget()
    const { text, edges, rows: count } = tableText(way.value() === 'paste' ? pasted.value : rowsText(rows()))
    if (count < 3) return form.say(words.too_few)
    const area = statedArea()
    if (area.text) return stated.say(area.text, true)
    const asked = { text, ...(edges ? { stated_edges_m: edges } : {}), ...(area.area_m2 ? { stated_area_m2: area.area_m2 } : {}) }
    try {
      const answer = await work.ask(`/api/v1/coordinate-table?lang=${work.language}`, { method: 'POST', body: { zone: work.zone.code, ...asked } })
      understood = { asked, answer }
      show(answer)
    } catch (error) {
      form.say(error.message)
      const { x, y } = error.document?.context ?? {}
      if (Number.isFinite(x) && Number.isFinite(y)) work.say(error.message, { kind: 'bad', at: [x, y] })
    }
    return undefined
  }

  function show(answer) {
    const outline = [...answer.outline, answer.outline[0]]
    const polygon = new ol.geom.Polygon([outline])
    const doubted = new Set(answer.findings.flatMap((each) => [each.point, each.start]).filter(Boolean))
    source.addFeature(new ol.Feature(polygon))
    source.addFeatures(answer.points.map((point) => new ol.Feature({ geometry: new ol.geom.Point([point.y, point.x]), name: point.name, bad: doubted.has(point.name) })))
    work.map.getView().fit(polygon, { padding: [60, 60, 60, 60], duration: 200, maxZoom: 22, minResolution: 0.1 })
    const difference = answer.difference_m2
    result.replaceChildren(
      make('p', { class: 'measured figures', text: `${figures.area(answer.area_m2)} · ${figures.hectares(answer.area_m2)}` }),
      ...(difference === null ? [] : [make('p', { class: `small${answer.findings.some((each) => each.code === 'table-area-differs') ? ' warning' : ''}`, text: filled(words.against, { stated: figures.area(answer.stated_area_m2), difference: `${difference > 0 ? '+' : ''}${figures.area(difference)}` }) })]),
      ...answer.findings.map(finding),
      sidesTable(answer.edges),
    )
    drawIt.disabled = false
    drawIt.focus()
  }
  function finding(each) {
    const mere = ['table-not-closed', 'table-order-yx'].includes(each.code)
    const spot = understood.answer.points.find((point) => point.name === (each.point ?? each.start))
    const line = make('p', { class: `finding small${mere ? '' : ' warning'}`, 'data-finding': each.code }, icon(mere ? 'info-circle' : 'exclamation-triangle'), make('span', { text: each.text }))
    if (spot) line.append(make('button', { class: 'link-button', type: 'button', text: texts.zoom_to, on: { click: () => work.map.getView().animate({ center: [spot.y, spot.x], resolution: 0.2, duration: 250 }) } }))
    return line
  }
  function sidesTable(edges) {
    const anyStated = edges.some((each) => each.stated_m !== null)
    const head = [words.side, words.length, words.azimuth, ...(anyStated ? [words.stated_side] : [])]
    return make('table', { class: 'tool-table' },
      make('thead', {}, make('tr', {}, ...head.map((text, index) => make('th', { scope: 'col', class: index ? 'figures' : null, text })))),
      make('tbody', {}, ...edges.map((each) => {
        const off = each.stated_m !== null && Math.abs(each.stated_m - each.length_m) > 0.02
        return make('tr', { class: off ? 'off' : null }, make('th', { scope: 'row', text: `${each.start}–${each.end}` }), make('td', { class: 'figures', text: figures.metres(each.length_m) }), make('td', { class: 'figures', text: azimuthText(each.azimuth_deg) }), anyStated ? make('td', { class: 'figures', text: each.stated_m === null ? '–' : figures.metres(each.stated_m) }) : null)
      })))
  }

  async function draw() {
    if (!understood) return
    const attributes = said.read()
    if (!attributes) {
      more.open = true
      return
    }
    const given = without(attributes)
    drawIt.disabled = true
    await work.preview('draw', { zone: work.zone.code, table: understood.asked, ...(Object.keys(given).length ? { attributes: given } : {}) })
    drawIt.disabled = !understood
  }

  form.focusOn(pasted)
  return {
    form: form.element,
    takesClicks: false,
    stop() {},
    cancel() {
      if (!understood) return false
      forget()
      return true
    },
    finish: () => (understood ? draw() : form.run()),
    removeLast: () => false,
    added() {
      forget()
      pasted.value = ''
      grid.replaceChildren()
      if (way.value() === 'rows') for (let index = 0; index < FIRST_ROWS; index += 1) row()
      said.fill(() => '')
    },
  }
}
