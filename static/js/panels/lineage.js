// Draws the family tree of a parcel: one row a parcel, lines between them in SVG, arrow keys walk, Enter or a click opens.
import { filled } from '../map/format.js'
import { make } from './elements.js'
import { familyRows, rails } from './lineage-model.js'

const SVG = 'http://www.w3.org/2000/svg'

function drawing(tag, attributes) {
  const element = document.createElementNS(SVG, tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  return element
}

function lines(rows, { width, height, paths, dots }) {
  const svg = drawing('svg', { width, height, viewBox: `0 0 ${width} ${height}`, 'aria-hidden': 'true' })
  for (const path of paths) svg.append(drawing('path', { d: path }))
  rows.forEach((row, index) => {
    if (row.more) return
    const kind = row.self ? 'self' : row.inForce ? 'standing' : 'gone'
    svg.append(drawing('circle', { cx: dots[index].x, cy: dots[index].y, r: row.self ? 6 : 4.5, class: kind }))
  })
  return svg
}

/** Fill `place` with the family's tree. `onChoose(id)` opens a relative. */
export function drawFamily(place, family, { texts, format, onChoose }) {
  const open = new Set()

  function draw() {
    const rows = familyRows(family, { texts, format, open })
    if (rows.length === 1) {
      place.replaceChildren(make('p', { class: 'soft small', text: texts.no_family }))
      return
    }
    const frame = rails(rows)
    const list = make('ul', { class: 'lineage', 'aria-label': texts.family, on: { keydown: walk } },
      ...rows.map((row, index) => make('li', { class: row.self ? 'self' : '' }, line(row, frame.indents[index]))))
    list.prepend(make('li', { class: 'rails', 'aria-hidden': 'true' }, lines(rows, frame)))
    place.replaceChildren(list)
    if (!family.complete) place.append(make('p', { class: 'soft small', text: texts.family_cut }))
  }

  function line(row, indent) {
    const style = `padding-left: ${indent}px`
    if (row.more) {
      return make('button', { type: 'button', class: 'more', style, text: filled(texts.more_parcels, { count: row.more }), on: { click: () => unfold(row.of) } })
    }
    const said = [row.how, row.withdrawn ? texts.withdrawn : row.repeated ? texts.drawn_already : null].filter(Boolean).join(' · ')
    const under = row.self ? texts.this_parcel : said
    const parts = [make('b', { text: row.label }), make('span', { class: 'figures', text: row.area }), make('span', { class: 'small soft how', text: under, title: under })]
    if (row.self) return make('span', { class: 'person', style, 'aria-current': 'true' }, ...parts)
    return make('button', { type: 'button', class: `person${row.inForce ? '' : ' gone'}`, style, 'data-parcel': row.id, on: { click: () => onChoose(row.id) } },
      make('span', { class: 'visually-hidden', text: `${filled(row.side === 'before' ? texts.generation_before : texts.generation_after, { count: row.depth })}: ` }), ...parts)
  }

  function unfold(of) {
    const index = [...place.querySelectorAll('button')].indexOf(document.activeElement)
    open.add(of)
    draw()
    place.querySelectorAll('button')[Math.max(0, index)]?.focus()
  }

  function walk(event) {
    const all = [...place.querySelectorAll('button')]
    const index = all.indexOf(document.activeElement)
    const to = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: all.length - 1 }[event.key]
    if (to === undefined || index < 0) return
    event.preventDefault()
    all[Math.max(0, Math.min(all.length - 1, to))].focus()
  }

  draw()
}
