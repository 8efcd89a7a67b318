// Give parcels new sheet and number; the old ones stay known and lead to the parcel.
import { make } from '../../panels/elements.js'
import { figures as figuresOf } from '../figures.js'
import { chosenList, plainButton, textField, toolForm } from './fields.js'

export const tool = { name: 'renumber', icon: 'bi-hash', key: 'r', needs: 'any', withoutDocument: false, start }

function start(work) {
  const { texts } = work
  const words = texts.renumber
  const given = new Map()
  const cell = (feature, name) => {
    const id = feature.getId()
    const now = given.get(id) ?? { sheet: feature.get('sheet') ?? '', number: feature.get('number') ?? '' }
    given.set(id, now)
    const input = make('input', { class: 'form-control form-control-sm figures', type: 'text', value: now[name], maxlength: 40, 'aria-label': `${words[name]}`, 'data-said': name })
    input.addEventListener('input', () => (now[name] = input.value.trim()))
    return make('td', {}, input)
  }
  const list = chosenList(work, figuresOf(work.language), {
    columns: [words.sheet, words.number],
    column: (feature) => [cell(feature, 'sheet'), cell(feature, 'number')],
  })
  const first = textField({ name: 'first', label: words.first, numeric: true, width: 'narrow' })
  const run = plainButton('list-ol', words.in_row, inARow)
  const form = toolForm(work, tool, [list.element, make('div', { class: 'tool-row ends' }, first.element, run)], { act })

  function inARow() {
    const from = first.value().trim()
    if (!/^\d{1,9}$/.test(from)) return first.say(words.first_wrong, true)
    first.say('')
    work.chosen.ids().forEach((id, index) => (given.get(id).number = String(Number(from) + index)))
    return list.show()
  }

  async function act() {
    form.say('')
    const numbers = {}
    for (const feature of work.ground.features(work.chosen.ids())) {
      const { sheet, number } = given.get(feature.getId())
      if (sheet === (feature.get('sheet') ?? '') && number === (feature.get('number') ?? '')) continue
      if (!number) return form.say(words.number_missing)
      numbers[feature.getId()] = { number, ...(sheet ? { sheet } : {}) }
    }
    if (!Object.keys(numbers).length) return form.say(words.nothing_changed)
    await work.preview('renumber', { numbers })
    return undefined
  }

  form.focusOn(form.element.querySelector('[data-said=number]') ?? first.input)
  return {
    form: form.element,
    takesClicks: false,
    stop() {},
    cancel: () => false,
    finish: () => form.run(),
    removeLast: () => false,
    selectionChanged() {
      form.say('')
      list.show()
    },
    added() {
      given.clear()
      list.show()
    },
  }
}
