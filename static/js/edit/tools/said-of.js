// What is said of a parcel: the fields that drawing, the coordinate table and the attributes tool share.
import { make } from '../../panels/elements.js'
import { parseArea } from '../typed.js'
import { problemText } from '../entry.js'
import { textField } from './fields.js'

export const SAID = ['sheet', 'number', 'commune', 'land_use', 'legal_area_m2', 'official_id']
const LONGEST = 40
let serial = 0

/** Fields for what is said of a parcel. `value(name)` is what stands there now, as text. */
export function saidFields(work, figures, value = () => '') {
  const words = work.texts.said_of
  const codes = `land-uses-${(serial += 1)}`
  const fields = Object.fromEntries(SAID.map((name) => {
    const field = textField({ name, label: words[name], value: value(name), numeric: name === 'legal_area_m2', width: name === 'official_id' || name === 'legal_area_m2' ? '' : 'half', after: name === 'legal_area_m2' ? 'm²' : '' })
    field.input.maxLength = LONGEST
    return [name, field]
  }))
  fields.land_use.input.setAttribute('list', codes)
  const known = [...new Set(work.ground.source.getFeatures().map((each) => each.get('land_use')).filter(Boolean))].sort()
  const element = make('div', { class: 'tool-fields' }, ...SAID.map((name) => fields[name].element), make('datalist', { id: codes }, ...known.map((code) => make('option', { value: code }))))

  function area() {
    const said = parseArea(fields.legal_area_m2.value(), { language: work.language })
    const problem = said.problem && said.problem.code !== 'empty' ? said.problem : null
    fields.legal_area_m2.say(problem ? problemText(problem, work.texts, figures) : said.area_m2 ? `= ${figures.area(said.area_m2)}` : '', Boolean(problem))
    return problem ? { problem } : { area_m2: said.area_m2 ?? null }
  }
  fields.legal_area_m2.input.addEventListener('input', area)

  return {
    element,
    fields,
    fill(next) {
      for (const name of SAID) fields[name].input.value = next(name)
      fields.legal_area_m2.say('')
    },
    /** What stands in the fields: {name: text or number or null}, or null when something cannot be read. */
    read() {
      const legal = area()
      if (legal.problem) {
        fields.legal_area_m2.input.focus()
        return null
      }
      const said = Object.fromEntries(SAID.map((name) => [name, fields[name].value().trim() || null]))
      if (said.land_use) said.land_use = said.land_use.toUpperCase()
      return { ...said, legal_area_m2: legal.area_m2 }
    },
  }
}

/** Only what is there. */
export const without = (said) => Object.fromEntries(Object.entries(said).filter(([, value]) => value !== null))
