// Close slivers and gaps of a block of parcels, with a report of before and after.
import { filled } from '../../map/format.js'
import { make } from '../../panels/elements.js'
import { figures as figuresOf } from '../figures.js'
import { problemText } from '../entry.js'
import { parseLength } from '../typed.js'
import { textField, toolForm } from './fields.js'

export const tool = { name: 'clean', icon: 'bi-stars', key: 'c', needs: 'any', withoutDocument: false, start }

const WIDEST_CM = 10
const COUNTED = [['gaps', 'count'], ['gap', 'area'], ['overlaps', 'count'], ['overlap', 'area']]

function start(work) {
  const { texts } = work
  const words = texts.clean
  const figures = figuresOf(work.language)
  const width = textField({ name: 'tolerance', label: words.tolerance, value: '5', numeric: true, width: 'narrow', after: 'cm' })
  const report = make('div', { class: 'tool-report', role: 'status' })
  const form = toolForm(work, tool, [width.element, report], { act })

  function tolerance() {
    const said = parseLength(width.value(), work.language)
    if (said.problem) return { text: problemText(said.problem, texts, figures) }
    if (!(said.metres > 0) || said.metres > WIDEST_CM) return { text: filled(words.range, { most: WIDEST_CM }) }
    return { metres: said.metres / 100 }
  }
  width.input.addEventListener('input', () => {
    const said = tolerance()
    width.say(said.text ?? '', Boolean(said.text))
    report.replaceChildren()
    work.withdraw()
  })

  /** The report of what was previewed: how many and how much, before and after. */
  function tell(counted) {
    if (!counted) return report.replaceChildren()
    const write = (kind, value) => (value === undefined ? '–' : kind === 'area' ? figures.area(value) : figures.number(value))
    const rows = COUNTED.filter(([name, kind]) => counted[`${name}_before${kind === 'area' ? '_m2' : ''}`] !== undefined).map(([name, kind]) => {
      const [before, after] = ['before', 'after'].map((when) => write(kind, counted[`${name}_${when}${kind === 'area' ? '_m2' : ''}`]))
      return make('tr', {}, make('th', { scope: 'row', text: words.report[name] }), make('td', { class: 'figures', text: before }), make('td', { class: 'figures', text: after }))
    })
    const sound = !counted.gaps_before && !counted.overlaps_before
    return report.replaceChildren(
      ...(sound ? [make('p', { class: 'small', text: words.sound })] : []),
      make('table', { class: 'tool-table' }, make('thead', {}, make('tr', {}, make('th'), make('th', { scope: 'col', class: 'figures', text: words.before }), make('th', { scope: 'col', class: 'figures', text: words.after }))), make('tbody', {}, ...rows)),
    )
  }

  async function act() {
    form.say('')
    const parcels = [...work.chosen.ids()]
    if (!parcels.length) return form.say(texts.choose_some)
    const said = tolerance()
    if (said.text) return width.say(said.text, true)
    const done = await work.preview('clean', { parcels, tolerance_m: said.metres })
    return tell(done ? work.effect()?.report : null)
  }

  form.focusOn(width.input)
  return {
    form: form.element,
    takesClicks: false,
    stop() {},
    cancel: () => false,
    finish: () => form.run(),
    removeLast: () => false,
    selectionChanged() {
      report.replaceChildren()
      work.withdraw()
    },
  }
}
