// The table of points: everything can be typed; misses stand beside, the worst in red.
import { icon, make } from '../panels/elements.js'
import { readings } from '../edit/typed.js'
import { filled } from '../map/format.js'

const DIGITS = { col: 1, row: 1, northing: 3, easting: 3 }
const MISSES = ['error_m', 'error_mm', 'alone_m']
const RANGES = { northing: [500_000, 2_700_000], easting: [100_000, 1_000_000] }

/** A typed number: of its possible meanings the one that lies in Vietnam, else the first. NaN when it is none. */
export function typedNumber(name, text) {
  const meant = readings(text)
  const [least, most] = RANGES[name] ?? [-Infinity, Infinity]
  return meant.find((value) => value >= least && value <= most) ?? meant[0] ?? NaN
}

/** Keep rows in `body`. `act`: changed(index, name, value, text), chosen(index), removed(index). */
export function pointTable(body, { texts, number, act, may }) {
  const empty = body.innerHTML
  const written = (point, name) => (Number.isFinite(point[name]) ? number(point[name], DIGITS[name]) : '')

  function input(index, name) {
    return make('td', { class: 'num' }, make('input', {
      class: 'form-control form-control-sm num', type: 'text', inputmode: 'decimal', autocomplete: 'off',
      'data-name': name, 'aria-label': `${filled(texts.point, { number: index + 1 })}: ${texts[name]}`, readonly: !may,
      on: {
        focus: () => act.chosen(index),
        input: (event) => (event.target.dataset.typing = 'yes'),
        change: (event) => {
          delete event.target.dataset.typing
          act.changed(index, name, typedNumber(name, event.target.value), event.target.value)
        },
      },
    }))
  }

  function row(index) {
    const remove = may
      ? make('button', { class: 'icon-button', type: 'button', 'aria-label': filled(texts.remove, { number: index + 1 }), on: { click: () => act.removed(index) } }, icon('trash'))
      : null
    return make('tr', { 'data-point': index },
      make('th', { scope: 'row' }, make('span', { text: String(index + 1) }), make('span', { class: 'chip bad', text: texts.worst, hidden: true })),
      ...Object.keys(DIGITS).map((name) => input(index, name)),
      ...MISSES.map((name) => make('td', { class: 'num figures', 'data-miss': name })), make('td', {}, remove))
  }

  /** Rows stay while points do: what is being typed, and where the next Tab leads, is not disturbed. */
  function fill(element, point, told, { chosen, worst }) {
    element.classList.toggle('chosen', chosen)
    element.classList.toggle('worst', worst)
    element.querySelector('.chip').hidden = !worst
    for (const box of element.querySelectorAll('input')) {
      // an answer that comes back must not take away what is being typed
      if (!box.dataset.typing) box.value = written(point, box.dataset.name)
    }
    for (const cell of element.querySelectorAll('[data-miss]')) {
      const value = told?.[cell.dataset.miss]
      cell.textContent = Number.isFinite(value) ? number(value, 2) : '–'
    }
  }

  return {
    /** `points`, which is chosen, `told` misses by index, `worst` index or -1. */
    show(points, { chosen, told, worst }) {
      if (!points.length) body.innerHTML = empty
      else if (body.querySelectorAll('tr[data-point]').length !== points.length) body.replaceChildren(...points.map((_, index) => row(index)))
      points.forEach((point, index) => fill(body.children[index], point, told.get(index), { chosen: index === chosen, worst: index === worst }))
    },
    focus: (index, name) => body.querySelector(`tr[data-point="${index}"] [data-name="${name}"]`)?.focus(),
  }
}
