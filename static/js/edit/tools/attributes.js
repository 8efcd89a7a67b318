// What is said of a parcel: land use, legal area, numbers, official id. Who holds it is a right and is told by rights.
import { filled } from '../../map/format.js'
import { make } from '../../panels/elements.js'
import { figures as figuresOf } from '../figures.js'
import { nameOf, toolForm } from './fields.js'
import { SAID, saidFields } from './said-of.js'

export const tool = { name: 'attributes', icon: 'bi-card-text', key: 'i', needs: 'one', withoutDocument: false, start }

function start(work) {
  const { texts } = work
  const words = texts.attributes
  const figures = figuresOf(work.language)
  const parcel = () => (work.chosen.ids().length === 1 ? work.ground.feature(work.chosen.ids()[0]) : null)
  const standing = (name) => {
    const value = parcel()?.get(name) ?? null
    if (value === null) return ''
    return name === 'legal_area_m2' ? figures.square(Number(value)) : String(value)
  }
  const head = make('p', { class: 'tool-parcel' })
  const said = saidFields(work, figures, standing)
  const form = toolForm(work, tool, [head, said.element, make('p', { class: 'small soft', text: words.holder })], { act })

  function tell() {
    const feature = parcel()
    head.textContent = feature ? filled(words.parcel, { parcel: nameOf(feature, texts), area: figures.area(feature.get('area_m2')) }) : texts.choose_one
    said.fill(standing)
  }
  tell()

  async function act() {
    form.say('')
    const feature = parcel()
    if (!feature) return form.say(texts.choose_one)
    const read = said.read()
    if (!read) return undefined
    const before = Object.fromEntries(SAID.map((name) => [name, feature.get(name) ?? null]))
    // a field that was not touched says nothing: the area stands there rounded to a tenth
    const touched = SAID.filter((name) => said.fields[name].value().trim() !== standing(name) && read[name] !== before[name])
    if (!touched.length) return form.say(words.nothing_changed)
    await work.preview('attributes', { parcel: feature.getId(), set: Object.fromEntries(touched.map((name) => [name, read[name]])) })
    return undefined
  }

  form.focusOn(said.fields.land_use.input)
  return {
    form: form.element,
    takesClicks: false,
    stop() {},
    cancel: () => false,
    finish: () => form.run(),
    removeLast: () => false,
    selectionChanged: tell,
    added: tell,
  }
}
