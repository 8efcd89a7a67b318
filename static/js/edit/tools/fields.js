// What the forms of the tools are made of: one heading, fields with their word, a place for what is wrong, one verb.
import { icon, make } from '../../panels/elements.js'
import { filled } from '../../map/format.js'

let serial = 0
const newId = (name) => `tool-${name}-${(serial += 1)}`

/** A text field with its label; `said` under it is for what was understood. */
export function textField({ name, label, value = '', placeholder = '', numeric = false, width = '', after = '' }) {
  const id = newId(name)
  const input = make('input', {
    class: `form-control form-control-sm${numeric ? ' figures' : ''}`, id, name, type: 'text', value, placeholder, autocomplete: 'off',
    spellcheck: 'false', inputmode: numeric ? 'decimal' : null, 'aria-describedby': `${id}-said`,
  })
  const said = make('p', { class: 'field-said small', id: `${id}-said`, role: 'status' })
  const row = after ? make('div', { class: 'with-unit' }, input, make('span', { class: 'unit', text: after })) : input
  const element = make('div', { class: `tool-field ${width}` }, make('label', { class: 'form-label', for: id, text: label }), row, said)
  return {
    element,
    input,
    value: () => input.value,
    say(text, bad = false) {
      said.textContent = text
      said.classList.toggle('bad', bad)
      input.setAttribute('aria-invalid', String(bad))
    },
  }
}

/** A choice between a few: real radio buttons that look like one row of buttons. */
export function choice({ name, label, options, value, changed = () => {} }) {
  const group = newId(name)
  const inputs = options.map((option) => {
    const id = `${group}-${option.value}`
    const input = make('input', { type: 'radio', name: group, id, value: option.value, checked: option.value === value, on: { change: () => changed(option.value) } })
    const words = make('span', { text: option.text })
    return make('label', { class: 'tool-choice', for: id, title: option.title ?? null }, input, option.icon ? icon(option.icon) : null, words)
  })
  const element = make('fieldset', { class: 'tool-field' }, make('legend', { class: 'form-label', text: label }), make('div', { class: 'choice-row' }, ...inputs))
  const radios = () => [...element.querySelectorAll('input')]
  return {
    element,
    value: () => radios().find((each) => each.checked)?.value ?? null,
    set(next) {
      for (const each of radios()) each.checked = each.value === next
    },
  }
}

/** A button beside the main verb. */
export const plainButton = (symbol, text, click) =>
  make('button', { class: 'btn btn-plain btn-sm', type: 'button', on: { click } }, symbol ? icon(symbol) : null, make('span', { text }))

/**
 * The form of a tool: its name and what to do, its parts, the place of what is wrong, the verb.
 * `act()` is called by the verb and by Enter in a field; while it is at work the verb waits.
 */
export function toolForm(work, tool, parts, { verb = work.texts.preview, symbol = 'eye', act = null, more = [] } = {}) {
  const words = work.texts.tools[tool.name]
  const message = make('p', { class: 'tool-message', role: 'alert', hidden: true })
  const button = act ? make('button', { class: 'btn btn-primary', type: 'submit' }, icon(symbol), make('span', { text: verb })) : null
  const head = make('header', { class: 'tool-head' }, icon(tool.icon.replace(/^bi-/, '')), make('h3', { text: words.label }), tool.key ? make('kbd', { text: tool.key.toUpperCase() }) : null)
  const element = make('form', { class: 'tool-form', novalidate: true, 'data-tool-form': tool.name, 'aria-label': words.label },
    head, make('p', { class: 'tool-hint', text: words.hint }), ...parts.filter(Boolean), message, button || more.length ? make('div', { class: 'tool-row verbs' }, button, ...more) : null)
  let busy = false

  async function run() {
    if (busy || !act) return
    busy = true
    button.disabled = true
    element.setAttribute('aria-busy', 'true')
    try {
      await act()
    } finally {
      busy = false
      button.disabled = false
      element.removeAttribute('aria-busy')
    }
  }
  element.addEventListener('submit', async (event) => {
    event.preventDefault()
    // whoever asks by Enter goes on by Enter: the keyboard is left to the verb of the preview, and comes back when refused
    const at = document.activeElement
    at?.blur()
    await run()
    if (!work.previewed() && document.activeElement === document.body) at?.focus()
  })
  // Enter in a field is this form's; what stands around must not take it for its own verb
  element.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && event.target.closest('input, select')) event.stopPropagation()
  })

  return {
    element,
    run,
    busy: () => busy,
    /** Say what is wrong with what was typed; '' takes it away. */
    say(text) {
      message.hidden = !text
      message.textContent = text
    },
    /**
     * Put the keyboard into a field once the form is in the page, before the next key; on a touch screen that would
     * raise the keyboard.
     */
    focusOn(input) {
      if (matchMedia('(pointer: coarse)').matches) return
      queueMicrotask(() => {
        if (!input.isConnected) return
        input.focus()
        input.select?.()
      })
    },
  }
}

/** A parcel as people say it. */
export function nameOf(feature, texts) {
  const { sheet, number } = feature.getProperties()
  if (!number) return texts.unnumbered
  return filled(sheet ? texts.parcel_on_sheet : texts.parcel, { number, sheet })
}

/** The chosen parcels with their areas and a sum; each can be taken out of the choice. `column(feature)` may add a cell. */
export function chosenList(work, figures, { column = null, columns = [] } = {}) {
  const { texts } = work
  const body = make('tbody')
  const sum = make('td', { class: 'figures' })
  const count = make('th', { scope: 'row' })
  const blank = columns.map(() => make('td'))
  const table = make('table', { class: 'tool-table' },
    make('thead', {}, make('tr', {}, make('th', { scope: 'col', text: texts.parcels }), ...columns.map((text) => make('th', { scope: 'col', text })), make('th', { scope: 'col', class: 'figures', text: texts.area_m2 }), make('th'))),
    body, make('tfoot', {}, make('tr', {}, count, ...blank, sum, make('td'))))
  const nothing = make('p', { class: 'soft small', text: texts.choose_on_map })
  const element = make('div', { class: 'tool-field' }, table, nothing)

  function show() {
    const features = work.ground.features(work.chosen.ids())
    body.replaceChildren(...features.map((feature) => {
      const name = nameOf(feature, texts)
      const out = make('button', { class: 'icon-button', type: 'button', title: texts.take_out, 'aria-label': `${texts.take_out}: ${name}`, on: { click: () => work.chosen.set(work.chosen.ids().filter((id) => id !== feature.getId())) } }, icon('x'))
      return make('tr', { 'data-parcel': feature.getId() }, make('th', { scope: 'row', text: name }), ...(column ? column(feature) : []), make('td', { class: 'figures', text: figures.square(feature.get('area_m2')) }), make('td', {}, out))
    }))
    count.textContent = filled(texts.how_many, { count: features.length })
    sum.textContent = figures.square(features.reduce((total, each) => total + each.get('area_m2'), 0))
    table.hidden = features.length === 0
    nothing.hidden = features.length > 0
    return features
  }
  show()
  return { element, show }
}
