// What the workspace shows: words over the map, refusals in place, both sides of a conflict, the effect of a preview.
import { Problem } from '../api.js'
import { filled } from '../map/format.js'
import { parcelName } from '../panels/card-model.js'
import { GivenUp } from './change.js'
import { conflictPart } from './conflicts.js'
import { effectPart } from './effect.js'
import { effectModel } from './effect-model.js'
import { extentOf } from './overlays.js'
import { conflictModel, problemModel } from './problem-model.js'
import { problemPart } from './problems.js'

const placed = (each) => Number.isFinite(each.x) && Number.isFinite(each.y)

/** Make the showing part of a desk; it fills the panel and the overlays, and decides nothing. */
export function showing(desk) {
  const { host, texts, format, panel, over, ground, keeper, names } = desk
  const saying = document.getElementById('edit-say')
  let conflicts = []

  /** Say one thing over the map, with a pin where it is about; '' takes it away. */
  function say(text, { kind = 'info', at = null } = {}) {
    saying.hidden = !text
    saying.className = `edit-say ${kind}`
    saying.textContent = text
    over.pins(text && at ? [{ at, kind }] : [])
  }

  // --- refusals ------------------------------------------------------------------------------

  /** Show a refusal where it belongs. Nothing was changed by it. */
  async function refused(error) {
    if (error instanceof GivenUp || error.name === 'AbortError') return
    const known = error instanceof Problem
    const said = known ? error : Object.assign(new Error(error.name === 'StillWaiting' ? texts.still_waiting : texts.no_answer), { code: error.name })
    if (!known && error.name !== 'StillWaiting' && !(error instanceof TypeError && /fetch|network/i.test(error.message))) console.error(error)
    const model = problemModel(said, desk.reading)
    if (model.conflicts) {
      await keeper.refresh().catch(() => null)
      showConflicts(keeper.change()?.conflicts?.length ? keeper.change().conflicts : model.conflicts)
      return
    }
    // what was chosen may be gone by now, and tools drop what they showed: the refusal is shown after that
    if (model.stale || model.code === 'parcel-retired') await ground.reload()
    say('')
    over.pins(model.place ? [{ at: model.place, kind: 'bad' }] : [])
    if (model.stale) {
      over.sides([{ shapes: { mine: null, base: null, theirs: error.document.context.theirs?.feature ?? null } }])
    }
    const on = { place: (at) => goTo([...at, ...at]), parcels: goToParcels, choose, close: quiet }
    panel.fill('problem', ...problemPart(model, { texts, on }))
    panel.unfold()
    panel.parts.problem.scrollIntoView({ block: 'nearest' })
  }

  function choose(ids) {
    quiet()
    desk.chosen.set(ids)
  }

  /** Take a refusal away again; conflicts stay until they are settled. */
  function quiet() {
    panel.fill('problem')
    over.pins([])
    over.sides([])
    if (conflicts.length) showConflicts(conflicts)
  }

  function showConflicts(found) {
    conflicts = found
    const name = (parcel) => parcelName(parcel, texts)
    const models = conflictModel(found, keeper.change()?.operations ?? [], { texts, format, name })
    over.sides(models)
    const on = { zoom: (each) => goTo(over.sideExtent(each.parcel)), takeBack: (count) => desk.takeBack(count) }
    panel.fill('problem', ...(models.length ? conflictPart(models, { texts, on }) : []))
    if (models.length) panel.unfold()
    desk.paint()
  }

  // --- effects -------------------------------------------------------------------------------

  /** Show what an answer {effect, indicators} would do, on the map and in the panel, with what can be done next. */
  function showEffect(answer, { heading, note = texts.nothing_saved_yet, acts }) {
    const model = effectModel(answer.effect, answer.indicators, desk.reading)
    over.pieces(model.pieces)
    over.pins(model.warnings.filter(placed).map((each, index) => ({ at: [each.x, each.y], kind: 'warn', text: String(index + 1) })))
    panel.fill('problem')
    panel.fill('effect', ...effectPart(model, { heading, note, texts, acts, on: { zoom: (id) => goTo(over.pieceExtent(id)) } }))
    panel.unfold()
    panel.parts.effect.scrollIntoView({ block: 'nearest' })
    return model
  }

  /** A preview of one operation: Enter adds, Esc drops. */
  async function preview(found) {
    await names.learn()
    showEffect(found.answer, {
      heading: filled(texts.would, { what: texts.operations[found.operation] }),
      acts: [
        { text: texts.add, act: desk.addPreviewed, kind: 'primary', symbol: 'plus-lg', id: 'edit-add' },
        { text: texts.drop, act: desk.work.withdraw, id: 'edit-drop' },
      ],
    })
    const at = document.activeElement
    if (!at || at === document.body || at.matches('#map, button, input[type=text]')) document.getElementById('edit-add').focus({ preventScroll: true })
    desk.paint()
  }

  /** The change as a whole: what it would write, and which figures it would move. */
  async function whole() {
    const [answer] = await Promise.all([desk.ask(`/api/v1/changes/${keeper.change().id}/preview`, { method: 'POST', body: {} }), names.learn()])
    showEffect(answer, {
      heading: texts.whole_change,
      acts: [
        { text: texts.commit, act: () => desk.act('commit'), kind: 'primary', symbol: 'journal-check', id: 'edit-commit' },
        { text: texts.close, act: withdrawn, id: 'edit-drop' },
      ],
    })
    goTo(over.pieceExtent())
    document.getElementById('edit-commit').focus({ preventScroll: true })
  }

  function withdrawn() {
    over.pieces([])
    panel.fill('effect')
    panel.fill('problem')
    over.pins([])
    if (conflicts.length) showConflicts(conflicts)
    desk.paint()
  }

  /** An operation is in the change: say so, and what the server warns of. */
  function added(text, warnings) {
    over.pieces([])
    panel.fill('problem')
    panel.fill('effect')
    say([text, ...warnings.map((each) => each.text)].join(' '), { kind: warnings.length ? 'warn' : 'good', at: warnings.filter(placed).map((each) => [each.x, each.y])[0] ?? null })
  }

  // --- going there ---------------------------------------------------------------------------

  function goTo(box) {
    if (box) host.fit(box, { around: 0.6 })
  }
  function goToParcels(ids) {
    const there = ground.features(ids)
    if (there.length) goTo(extentOf(there))
    else host.openCard(ids[0], { jump: true })
  }

  return {
    say, refused, quiet, showConflicts, preview, whole, withdrawn, added, goTo, goToParcels,
    saying: () => !saying.hidden,
    conflicts: () => conflicts,
  }
}
