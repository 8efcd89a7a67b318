// Pointer and keys of the workspace: what a press means depends on what is going on.
import { commandOf, isTyping } from './keys.js'
import { tools } from './tools/index.js'

const MODES = { v: 'click', x: 'box', z: 'lasso' }

/** Attach pointer and keys to a desk. */
export function attachHands(desk, { map, view, sheet, history }) {
  const { chosen, box, work, panel, keeper } = desk
  const card = document.getElementById('card')

  map.on('click', (event) => {
    if (!box.situation().document || chosen.mode() !== 'click' || box.running()?.takesClicks) return
    const { shiftKey, ctrlKey, metaKey } = event.originalEvent
    chosen.click(event.pixel, shiftKey || ctrlKey || metaKey)
  })

  // a command answers false when the press is somebody else's
  const commands = {
    undo: () => history('undo'),
    redo: () => history('redo'),
    help: () => sheet.open(),
    remove: () => box.running()?.removeLast?.(),
    enter(event) {
      if (event.target.closest('button, a, summary, input, textarea, select')) return false
      if (work.previewed()) return desk.addPreviewed()
      if (box.running()) return box.running().finish?.()
      if (event.target.id !== 'map') return false
      return chosen.click(map.getPixelFromCoordinate(view.getCenter()), event.shiftKey)
    },
    escape() {
      if (work.previewed()) return work.withdraw()
      if (box.running()) return box.running().cancel?.() ? undefined : box.stop()
      if (!panel.parts.problem.hidden && !desk.conflicts().length) return desk.quiet()
      if (!panel.parts.effect.hidden) return desk.withdrawn()
      if (chosen.mode() !== 'click') return box.choose('click')
      if (desk.opening()) return desk.leave()
      if (desk.saying()) return desk.say('')
      return chosen.set([])
    },
  }

  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing || (!keeper.change() && !desk.opening())) return
    if (card.contains(event.target) || document.querySelector('dialog[open], details.drop[open]')) return
    const command = commandOf(event, isTyping(event.target))
    if (!command) return
    const [, key] = command.split('key:')
    if (key) {
      const next = tools.find((each) => each.key === key)
      if (!next && !MODES[key]) return
      event.preventDefault()
      if (next) box.start(next.name)
      else box.choose(MODES[key])
    } else if (commands[command](event) !== false) {
      event.preventDefault()
    }
  })
}
