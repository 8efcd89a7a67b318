// The numeric entry line of every drawing tool: a place is typed, what was understood is said at once, Enter takes it.
import { make } from '../panels/elements.js'
import { filled } from '../map/format.js'
import { azimuth, azimuthText, distance } from './bearings.js'
import { parsePlace, planeOf } from './typed.js'

let serial = 0

/** The sentence of a problem with something typed. */
export function problemText(problem, texts, figures) {
  const facts = { ...problem }
  for (const name of ['one', 'other', 'first', 'second']) if (typeof facts[name] === 'number') facts[name] = figures.number(facts[name])
  if (typeof facts.metres === 'number') facts.metres = figures.metres(facts.metres)
  return filled(texts.typed[problem.code] ?? texts.typed.unreadable, facts)
}

const inField = (target) => Boolean(target.closest?.('input, textarea, select, [contenteditable]'))

/**
 * Make the entry line. `from()`, `towards()`: the last point and where the pointer is; `take(point)` is called for a
 * place, `finish()` for Enter in an empty line, `removeLast()` for Backspace in it, `leave()` for Escape in it,
 * `meant(point | null)` while typing.
 */
export function entryLine(work, { figures, from, towards, take, finish, removeLast, leave, meant = () => {} }) {
  const { texts } = work
  const id = `entry-${(serial += 1)}`
  const plane = work.zone.plane ? planeOf(work.zone.plane.proj4) : null
  const input = make('input', {
    class: 'form-control form-control-sm figures', id, type: 'text', autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false',
    enterkeyhint: 'enter', placeholder: texts.entry.placeholder, 'aria-describedby': `${id}-said`, 'data-entry': '',
  })
  const said = make('p', { class: 'entry-said small', id: `${id}-said`, role: 'status', text: texts.entry.help })
  const element = make('div', { class: 'tool-field entry-line' }, make('label', { class: 'form-label', for: id, text: texts.entry.label }), input, said)

  const understood = () => parsePlace(input.value, { extent: work.zone.extent, plane, from: from(), towards: towards(), language: work.language })

  function tell(text, bad = false) {
    said.textContent = text
    said.classList.toggle('bad', bad)
    input.setAttribute('aria-invalid', String(bad))
  }
  function described(point) {
    const start = from()
    const place = figures.place(point)
    return start ? `${place} · ${figures.metres(distance(start, point))} · ${azimuthText(azimuth(start, point))}` : place
  }
  function typed() {
    const found = understood()
    meant(found.point ?? null)
    if (found.point) tell(`= ${described(found.point)}`)
    else tell(found.problem.code === 'empty' ? texts.entry.help : texts.entry.going_on)
  }
  function enter() {
    const found = understood()
    if (found.problem?.code === 'empty') return finish()
    if (found.problem) {
      meant(null)
      return tell(problemText(found.problem, texts, figures), true)
    }
    input.value = ''
    meant(null)
    tell(filled(texts.entry.taken, { place: figures.place(found.point) }))
    return take(found.point)
  }

  input.addEventListener('input', typed)
  input.addEventListener('keydown', (event) => {
    const empty = input.value === ''
    if (event.key === 'Enter') enter()
    else if (event.key === 'Escape') {
      if (empty) leave()
      else clear()
    } else if (event.key === 'Backspace' && empty) removeLast()
    else return
    event.preventDefault()
    event.stopPropagation()
  })
  // whoever begins to type a number over the map means the entry line
  function ahead(event) {
    if (!element.isConnected || inField(event.target) || event.ctrlKey || event.metaKey || event.altKey || !/^[0-9@]$/.test(event.key)) return
    event.preventDefault()
    input.focus()
    input.value += event.key
    typed()
  }
  document.addEventListener('keydown', ahead)

  function clear() {
    input.value = ''
    meant(null)
    tell(texts.entry.help)
  }
  return {
    element,
    clear,
    focus: () => input.focus(),
    said: (text, bad) => tell(text, bad),
    stop: () => document.removeEventListener('keydown', ahead),
  }
}
