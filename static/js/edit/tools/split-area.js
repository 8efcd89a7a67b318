// Cut an exact area off a parcel: type the area, Enter, and the effect is there.
import { filled } from '../../map/format.js'
import { figures as figuresOf } from '../figures.js'
import { parseArea } from '../typed.js'
import { problemText } from '../entry.js'
import { directionField } from './direction.js'
import { nameOf, textField, toolForm } from './fields.js'

export const tool = { name: 'split-area', icon: 'bi-scissors', key: 'a', needs: 'one', withoutDocument: false, start }

function start(work) {
  const { texts } = work
  const words = texts.split_area
  const figures = figuresOf(work.language)
  const parcel = () => (work.chosen.ids().length === 1 ? work.ground.feature(work.chosen.ids()[0]) : null)
  const area = textField({ name: 'area', label: words.area, placeholder: words.placeholder, numeric: true })

  const direction = directionField(work, figures, {
    parcel,
    changed() {
      if (work.previewed()) form.run()
    },
  })
  const form = toolForm(work, tool, [area.element, direction.element], { act })

  const understood = () => parseArea(area.value(), { language: work.language, most: parcel()?.get('area_m2') ?? Infinity })
  function tell() {
    const whole = parcel()?.get('area_m2')
    const said = understood()
    if (said.area_m2 === undefined) return area.say(whole ? filled(words.of_parcel, { parcel: nameOf(parcel(), texts), area: figures.area(whole) }) : texts.choose_one)
    const both = `${figures.area(said.area_m2)} (${figures.hectares(said.area_m2)})`
    if (whole && said.area_m2 >= whole) return area.say(filled(words.too_large, { area: both, whole: figures.area(whole) }), true)
    return area.say(filled(words.understood, { area: both, rest: whole ? figures.area(whole - said.area_m2) : '–' }))
  }
  area.input.addEventListener('input', () => {
    if (work.previewed()) work.withdraw()
    form.say('')
    tell()
  })

  async function act() {
    form.say('')
    const feature = parcel()
    if (!feature) return form.say(texts.choose_one)
    const said = understood()
    if (said.problem) {
      area.input.focus()
      return area.say(problemText(said.problem, texts, figures), true)
    }
    const where = direction.value()
    if (where.problem) return form.say(where.problem)
    await work.preview('split', { parcel: feature.getId(), method: 'area', area_m2: said.area_m2, direction: where })
    return undefined
  }

  tell()
  form.focusOn(area.input)
  return {
    form: form.element,
    get takesClicks() {
      return direction.takesClicks()
    },
    stop: () => direction.stop(),
    cancel() {
      if (!area.value()) return false
      area.input.value = ''
      work.withdraw()
      tell()
      return true
    },
    finish: () => form.run(),
    removeLast: () => false,
    selectionChanged() {
      work.withdraw()
      direction.refresh()
      tell()
    },
    added() {
      area.input.value = ''
      tell()
    },
  }
}
