// Steps of a change as a whole: undo, redo, commit, discard. What they did is said only when the server has answered.
import { filled } from '../map/format.js'
import { standing } from './change.js'
import { stepText } from './effect-model.js'
import { make } from '../panels/elements.js'

/** Make the acts of a desk: act(what), history(way), takeBack(count), preview(). */
export function registerActs(desk, { host, tiles }) {
  const { texts, format, keeper, ground, chosen, panel, box } = desk

  async function act(what) {
    const before = standing(keeper.change())
    const wasOpen = keeper.change().status === 'open'
    const stepping = what === 'undo' || what === 'redo'
    if (stepping) desk.work.withdraw()
    else box.stop()
    desk.working(1)
    try {
      const answer = await keeper[what]()
      if (wasOpen && stepping) {
        const step = what === 'undo' ? before.last : before.next
        await ground.reload()
        desk.say(filled(what === 'undo' ? texts.taken_back : texts.brought_back, { what: stepText(step, desk.reading) }))
      } else {
        await settled(what, answer)
      }
      if (desk.conflicts().length || keeper.change()?.conflicts?.length) desk.showConflicts(keeper.change()?.conflicts ?? [])
    } catch (error) {
      await desk.refused(error)
    } finally {
      desk.working(-1)
    }
    desk.paint()
  }

  /** The register has moved, or the change is given up: the map shows the register again. */
  async function settled(what, answer) {
    chosen.set([])
    panel.fill('problem')
    await ground.use(null)
    for (const layer of tiles.layers.values()) layer.getSource().refresh()
    host.moved()
    if (what === 'discard') return desk.leave(texts.discarded)
    const said = { commit: texts.commit_done, undo: texts.undo_done, redo: texts.redo_done }[what]
    panel.fill('effect', ...(what === 'commit' ? receipt(answer) : []))
    desk.say(filled(said, { number: answer.number }), { kind: 'good' })
    return undefined
  }

  function receipt({ number, parcels, area_before_m2: before, area_after_m2: after }) {
    const rows = [
      [texts.receipt_number, String(number)],
      [texts.receipt_closed, format.whole(parcels.closed.length)],
      [texts.receipt_opened, format.whole(parcels.opened.length)],
      [texts.receipt_before, format.squareMetres(before)],
      [texts.receipt_after, format.squareMetres(after)],
    ]
    return [
      make('h3', { class: 'part-head', text: texts.receipt }),
      make('dl', { class: 'facts', id: 'edit-receipt', 'data-number': number }, ...rows.flatMap(([label, value]) => [make('dt', { text: label }), make('dd', { text: value })])),
    ]
  }

  async function takeBack(count) {
    try {
      for (let left = count; left > 0; left -= 1) await keeper.undo()
      desk.showConflicts(keeper.change().conflicts ?? [])
      await ground.reload()
      desk.say(filled(texts.steps_taken_back, { count }))
    } catch (error) {
      await desk.refused(error)
    }
    desk.paint()
  }

  function history(way) {
    const now = standing(keeper.change())
    if (keeper.state().sending) return desk.say(texts.busy, { kind: 'warn' })
    if (way === 'undo' ? now.canUndo : now.canRedo) return act(way)
    return desk.say(way === 'undo' ? texts.nothing_to_undo : texts.nothing_to_redo)
  }

  async function preview() {
    box.stop()
    try {
      await desk.whole()
    } catch (error) {
      await desk.refused(error)
    }
  }

  return { act, settled, takeBack, history, previewAll: preview }
}
