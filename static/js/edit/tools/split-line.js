// Divide a parcel by a line that is drawn or typed across it, from side to side.
import { sketched } from './drawn.js'

export const tool = { name: 'split-line', icon: 'bi-slash-lg', key: 'l', needs: 'one', withoutDocument: false, start }

function start(work) {
  const { texts } = work
  const { drawing, tool: begun } = sketched(work, { kind: 'line' })
  const { form, running } = begun(tool, [drawing.element], { act })
  return running

  async function act() {
    form.say('')
    const [parcel] = work.chosen.ids()
    if (work.chosen.ids().length !== 1) return form.say(texts.choose_one)
    if (!drawing.complete() && !drawing.finish()) return form.say(texts.sketch.too_few_line)
    await work.preview('split', { parcel, method: 'line', line: drawing.points() })
    return undefined
  }
}
