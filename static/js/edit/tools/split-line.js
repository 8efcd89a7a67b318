// Divide a parcel by a line that is drawn or typed across it, from side to side.
import { sketch } from '../sketch.js'
import { plainButton, toolForm } from './fields.js'

export const tool = { name: 'split-line', icon: 'bi-slash-lg', key: 'l', needs: 'one', withoutDocument: false, start }

function start(work) {
  const { texts } = work
  const drawing = sketch(work, {
    kind: 'line',
    verb: true,
    changed: () => {
      if (work.previewed() && !drawing.complete()) work.withdraw()
    },
    finished: () => form.run(),
  })
  const again = plainButton('arrow-counterclockwise', texts.sketch.again, () => running.cancel())
  const form = toolForm(work, tool, [drawing.element], { act, more: [drawing.back, again] })

  async function act() {
    form.say('')
    const [parcel] = work.chosen.ids()
    if (work.chosen.ids().length !== 1) return form.say(texts.choose_one)
    if (!drawing.complete() && !drawing.finish()) return form.say(texts.sketch.too_few_line)
    await work.preview('split', { parcel, method: 'line', line: drawing.points() })
    return undefined
  }

  const running = {
    form: form.element,
    takesClicks: true,
    stop: () => drawing.stop(),
    cancel() {
      work.withdraw()
      return drawing.clear()
    },
    finish: () => form.run(),
    removeLast: () => drawing.removeLast(),
    added() {
      drawing.clear()
    },
  }
  return running
}
