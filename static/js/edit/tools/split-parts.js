// Divide a parcel into parts of the same area, one behind the other in a direction.
import { filled } from '../../map/format.js'
import { figures as figuresOf } from '../figures.js'
import { directionField } from './direction.js'
import { textField, toolForm } from './fields.js'

export const tool = { name: 'split-parts', icon: 'bi-layout-three-columns', key: 'p', needs: 'one', withoutDocument: false, start }

const [LEAST, MOST] = [2, 100]

function start(work) {
  const { texts } = work
  const words = texts.split_parts
  const figures = figuresOf(work.language)
  const parcel = () => (work.chosen.ids().length === 1 ? work.ground.feature(work.chosen.ids()[0]) : null)
  const parts = textField({ name: 'parts', label: words.parts, value: '2', numeric: true, width: 'narrow' })
  parts.input.setAttribute('inputmode', 'numeric')
  const direction = directionField(work, figures, {
    parcel,
    changed() {
      if (work.previewed()) form.run()
    },
  })
  const form = toolForm(work, tool, [parts.element, direction.element], { act })

  function count() {
    const said = parts.value().trim()
    return /^\d{1,3}$/.test(said) && Number(said) >= LEAST && Number(said) <= MOST ? Number(said) : null
  }
  function tell() {
    const feature = parcel()
    if (count() === null) return parts.say(filled(words.range, { least: LEAST, most: MOST }), true)
    if (!feature) return parts.say(texts.choose_one)
    return parts.say(filled(words.each, { area: figures.area(feature.get('area_m2') / count()) }))
  }
  parts.input.addEventListener('input', () => {
    if (work.previewed()) work.withdraw()
    tell()
  })

  async function act() {
    form.say('')
    const feature = parcel()
    if (!feature) return form.say(texts.choose_one)
    if (count() === null) return tell()
    const where = direction.value()
    if (where.problem) return form.say(where.problem)
    await work.preview('split', { parcel: feature.getId(), method: 'parts', parts: count(), direction: where })
    return undefined
  }

  tell()
  form.focusOn(parts.input)
  return {
    form: form.element,
    get takesClicks() {
      return direction.takesClicks()
    },
    stop: () => direction.stop(),
    cancel: () => false,
    finish: () => form.run(),
    removeLast: () => false,
    selectionChanged() {
      work.withdraw()
      direction.refresh()
      tell()
    },
    added: tell,
  }
}
