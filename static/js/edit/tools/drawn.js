// What tools that begin with a sketch share: the sketch, the button to begin anew, and how such a tool ends.
import { sketch } from '../sketch.js'
import { plainButton, toolForm } from './fields.js'

/** The sketch of a tool: a changed one withdraws its preview, a finished one is previewed; `moved` hears of every change. */
export function sketched(work, { kind, moved = () => {} }) {
  let form = null
  let running = null
  let drawing = null // a sketch says that it changed before it is there to be asked
  drawing = sketch(work, {
    kind,
    verb: true,
    changed(points, pointer) {
      if (work.previewed() && !drawing.complete()) work.withdraw()
      moved(points, pointer, drawing)
    },
    finished: () => form.run(),
  })
  const anew = plainButton('arrow-counterclockwise', work.texts.sketch.again, () => running.cancel())

  /** The tool at work, with its form; `added` when its operation was kept. */
  function tool(of, fields, { act, added = () => {} }) {
    form = toolForm(work, of, fields, { act, more: [drawing.back, anew] })
    running = {
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
        added()
      },
    }
    return { form, running }
  }
  return { drawing, tool }
}
