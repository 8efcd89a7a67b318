// Draw a new parcel on ground that has none; what neighbours hold already is cut away, and told.
import { make } from '../../panels/elements.js'
import { selfCrossing } from '../bearings.js'
import { figures as figuresOf } from '../figures.js'
import { sketched } from './drawn.js'
import { saidFields, without } from './said-of.js'

export const tool = { name: 'draw', icon: 'bi-pentagon', key: 'n', needs: 'none', withoutDocument: false, start }

function start(work) {
  const { texts } = work
  const figures = figuresOf(work.language)
  const { drawing, tool: begun } = sketched(work, { kind: 'polygon' })
  const said = saidFields(work, figures)
  const more = make('details', { class: 'tool-more' }, make('summary', { text: texts.said_of.label }), said.element)
  const { form, running } = begun(tool, [drawing.element, more], { act, added: () => said.fill(() => '') })
  return running

  async function act() {
    form.say('')
    work.say('')
    if (!drawing.complete() && !drawing.finish()) return form.say(texts.sketch.too_few_polygon)
    const outline = drawing.points()
    const crossing = selfCrossing(outline)
    if (crossing) {
      work.say(texts.sketch.crosses_here, { kind: 'bad', at: crossing })
      return form.say(texts.sketch.crosses_here)
    }
    const attributes = said.read()
    if (!attributes) {
      more.open = true
      return undefined
    }
    const given = without(attributes)
    await work.preview('draw', { zone: work.zone.code, outline, ...(Object.keys(given).length ? { attributes: given } : {}) })
    return undefined
  }
}
