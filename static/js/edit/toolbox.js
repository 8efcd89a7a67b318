// The tool at work: started from the toolbar or by its key, stopped when another begins or the change ends.
import { whyNot } from './toolbar.js'
import { tools } from './tools/index.js'

/** Make the toolbox of a desk. */
export function toolbox(desk) {
  const { texts, panel, chosen, keeper, ground } = desk
  let tool = null
  let running = null

  /** What tools depend on. */
  const situation = () => ({
    document: keeper.change()?.status === 'open',
    count: chosen.ids().length,
    far: ['far', 'crowded'].includes(ground.state()),
    busy: keeper.state().sending,
  })

  function stop() {
    const last = running
    running = tool = null
    last?.stop()
    desk.work.clear()
    desk.work.withdraw()
    panel.fill('form')
    chosen.use('click')
    desk.say('')
    desk.paint()
  }

  function start(name) {
    const next = tools.find((each) => each.name === name)
    const { busy, ...now } = situation()
    const why = busy && !next.withoutDocument ? 'busy' : whyNot(next, now)
    if (why) return desk.say(texts[why], { kind: 'warn' })
    const same = tool === next
    stop()
    if (same) return undefined
    tool = next
    running = next.start(desk.work)
    panel.fill('form', running.form)
    panel.unfold()
    return desk.paint()
  }

  function choose(mode) {
    if (!situation().document) return desk.say(texts.needs_document, { kind: 'warn' })
    stop()
    chosen.use(mode)
    desk.say(mode === 'click' ? '' : texts.choosing_hint[mode])
    return desk.paint()
  }

  return { situation, start, stop, choose, name: () => tool?.name ?? null, running: () => running }
}
