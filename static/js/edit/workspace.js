// The editing workspace of a zone's map: one open change, its ground, what is chosen, and the tool at work.
import { ask } from '../api.js'
import { filled } from '../map/format.js'
import { changeKeeper, isLost, standing } from './change.js'
import { parcelChoice } from './choice.js'
import { documentBar } from './document-bar.js'
import { stepText } from './effect-model.js'
import { figureNames } from './figure-names.js'
import { editGround } from './ground.js'
import { attachHands } from './hands.js'
import { keysSheet } from './keys.js'
import { chosenPart, readParcelNumber, stepsPart } from './lists.js'
import { editLook } from './look.js'
import { openingForm } from './opening.js'
import { extentOf, overlays } from './overlays.js'
import { editPanel } from './panel.js'
import { attachPending } from './pending.js'
import { attachPresence, presenceText } from './presence.js'
import { registerActs } from './register.js'
import { showing } from './showing.js'
import { attachSnapping } from './snapping.js'
import { editToolbar } from './toolbar.js'
import { toolbox } from './toolbox.js'
import { tools } from './tools/index.js'
import { workOf } from './work.js'

const MOST_CHOSEN_AFTER = 20
const element = (id) => document.getElementById(id)
const read = (id) => JSON.parse(element(id).textContent)

/** Attach editing to the map of a zone. `host` is what the map page lends. */
export async function attachEditing(host) {
  const { page, map, view, zone, tiles, style, format } = host
  const texts = { ...read('map-texts'), ...read('edit-texts') }
  const words = read('tool-texts')
  const look = editLook(style)
  const keeper = changeKeeper({ ask, storage: safeStorage(), user: page.dataset.user })
  const panel = editPanel(element('edit-panel'), { texts, onKeys: () => sheet.open() })
  const names = figureNames({ ask, zone })
  const over = overlays(map, look)
  const numbers = tiles.labels.find((each) => each.get('labels') === 'parcels')
  const ground = editGround({ map, view, zone, tiles, labels: numbers, ask, look, said: tellGround })
  const chosen = parcelChoice({ map, ground, look, busy: () => Boolean(desk.box.running()?.takesClicks) })
  let opening = false
  let working = 0

  // what the parts of the workspace share; each part adds what it can do
  const desk = { host, texts, format, reading: { texts, format, figureName: names.of }, panel, names, over, ground, chosen, keeper, ask, paint, leave, working: tellWorking, opening: () => opening }
  Object.assign(desk, showing(desk))
  desk.work = workOf({
    host, keeper, ground, chosen, look, words, ask,
    shown: { say: desk.say, preview: desk.preview, added, refused: desk.refused, withdrawn: desk.withdrawn, working: tellWorking },
  })
  desk.addPreviewed = () => {
    const found = desk.work.previewed()
    return found ? desk.work.add(found.operation, found.parameters) : false
  }
  desk.box = toolbox(desk)
  const { act, settled, takeBack, history, previewAll } = registerActs(desk, { host, tiles })
  Object.assign(desk, { act, takeBack })
  desk.work.snap = attachSnapping(desk.work)
  for (const each of chosen.interactions) map.addInteraction(each)

  const toolbar = editToolbar(element('edit-toolbar'), {
    tools, texts, words: words.tools,
    on: { undo: () => history('undo'), redo: () => history('redo'), choose: desk.box.choose, start: desk.box.start },
  })
  const bar = documentBar(element('document-bar'), {
    texts, format, ask,
    on: { preview: previewAll, commit: () => act('commit'), discard: () => act('discard'), leave: () => leave(), undo: () => act('undo'), redo: () => act('redo'), again: () => { leave(); showOpening() } },
  })
  attachPending(element('edit-pending'), keeper, { texts })
  const sheet = keysSheet({ texts, rows: texts.keys_rows, tools, words: words.tools })
  const presence = attachPresence({
    ask, zone,
    box: () => (keeper.change() ? view.calculateExtent(map.getSize()) : null),
    show(editors) {
      host.notice('presence', presenceText(editors, { texts, format }))
      over.others(ground.features(editors.flatMap((each) => each.parcels)))
    },
  })
  attachHands(desk, { map, view, sheet, history })

  function tellGround(state, error) {
    const said = { far: texts.ground_far, crowded: texts.ground_crowded }[state]
    const failed = state === 'failed' && error.code !== 'change-conflicts' ? [texts.ground_failed, isLost(error) ? '' : error.message].join(' ').trim() : ''
    host.notice('ground', said ?? failed)
    page.dataset.ground = state
    desk.box && paint()
  }
  /** Something is on its way: begun (1) or done (-1). */
  function tellWorking(by) {
    working += by
    page.toggleAttribute('data-working', working > 0)
  }

  /** An operation is in the change: what was chosen and is cut stays chosen as its pieces. */
  async function added({ operation, answer: { effect } }) {
    const before = chosen.ids()
    await ground.reload()
    const gone = new Set(effect.removed.map((each) => each.id))
    if (before.some((id) => gone.has(id))) {
      const pieces = effect.added.filter((each) => each.parents.some((parent) => before.includes(parent.id))).map((each) => each.id)
      chosen.set([...before.filter((id) => !gone.has(id)), ...(pieces.length <= MOST_CHOSEN_AFTER ? pieces : [])])
    }
    desk.added(filled(texts.added, { what: stepText({ operation, effect }, desk.reading) }), effect.warnings)
    desk.box.running()?.added?.()
    paint()
  }

  // --- opening, taking up, leaving -----------------------------------------------------------

  async function begin(change) {
    opening = false
    panel.fill('opening')
    panel.fill('effect')
    page.classList.add('editing')
    host.closeCard()
    host.remember({ change: change.id })
    host.holdDay(change.effective_on)
    names.from(change.effective_on)
    chosen.set([])
    chosen.active(true)
    if (change.status === 'open') await ground.use(change)
    if (change.conflicts?.length) desk.showConflicts(change.conflicts)
    presence.start()
    if (change.status === 'open' && change.effective_on !== page.dataset.today) desk.say(filled(texts.day_shown, { day: format.day(change.effective_on) }))
    paint()
    element('map').focus({ preventScroll: true })
  }

  async function resume(id) {
    await keeper.resume(id)
    await begin(keeper.change())
    const sent = keeper.deliverKept()
    paint()
    try {
      const found = await sent
      if (!found) return
      if (keeper.change().status === 'open') await ground.reload()
      else await settled(found.about.what, found.answer)
      desk.say(texts.kept_sent, { kind: 'good' })
    } catch (error) {
      await desk.refused(error)
    }
    paint()
  }

  function showOpening() {
    opening = true
    page.classList.add('editing')
    const form = openingForm({
      texts, format, ask,
      today: page.dataset.today,
      days: () => zone.days_of_change ?? [],
      on: { opened: async (asked) => begin(await keeper.open(asked)), resumed: resume },
    })
    panel.fill('opening', ...form.elements)
    host.closeCard()
    paint()
    form.focus()
  }

  function leave(said = '') {
    desk.box.stop()
    opening = false
    presence.stop()
    desk.showConflicts([])
    for (const part of ['opening', 'problem', 'effect']) panel.fill(part)
    chosen.set([])
    chosen.active(false)
    keeper.leave()
    ground.use(null)
    page.classList.remove('editing')
    host.remember({ change: null })
    host.holdDay(null)
    paint()
    if (said) desk.say(said)
    element('edit-open').focus()
  }

  // --- what is seen --------------------------------------------------------------------------

  function findParcel(text) {
    const { sheet: sheetNo, number } = readParcelNumber(text)
    const like = (value, wanted) => String(value ?? '').toLowerCase() === wanted
    const found = ground.source.getFeatures().filter((each) => like(each.get('number'), number) && (!sheetNo || like(each.get('sheet'), sheetNo)))
    if (!found.length) return desk.say(filled(texts.parcel_not_found, { text }), { kind: 'warn' })
    chosen.set(found.map((each) => each.getId()))
    if (!window.ol.extent.containsExtent(view.calculateExtent(map.getSize()), extentOf(found))) desk.goTo(extentOf(found))
    return desk.say(found.length > 1 ? filled(texts.several_found, { count: found.length }) : '')
  }

  function paint() {
    const state = keeper.state()
    const now = standing(state.change)
    const open = state.change?.status === 'open'
    const on = Boolean(state.change) || opening
    element('edit-toolbar').hidden = !on
    panel.show(on)
    panel.title(state.change ? texts.editing_title : texts.opening_title, opening ? () => leave() : null)
    const said = (step) => (step && open ? stepText(step, desk.reading) : null)
    toolbar.show({ ...desk.box.situation(), running: desk.box.name(), mode: chosen.mode(), canUndo: now.canUndo, canRedo: now.canRedo, last: said(now.last), next: said(now.next) })
    bar.show(state)
    const zoom = (ids) => desk.goTo(extentOf(ground.features(ids)))
    const features = ground.features(chosen.ids()).map((each) => ({ id: each.getId(), properties: each.getProperties() }))
    const drop = (id) => chosen.set(chosen.ids().filter((each) => each !== id))
    panel.fill('chosen', ...(open ? chosenPart(features, { texts, format, on: { zoom: (id) => zoom([id]), drop, card: (id) => host.openCard(id), clear: () => chosen.set([]), find: findParcel } }) : []))
    const touched = ({ effect }) => [...effect.added, ...effect.reshaped, ...effect.attributes].map((each) => each.id)
    panel.fill('steps', ...stepsPart(state.change?.operations ?? [], { texts, open, on: { zoom: (step) => zoom(touched(step)), undo: () => act('undo'), redo: () => act('redo') } }))
  }

  chosen.onChange((ids) => {
    desk.box.running()?.selectionChanged?.(ids)
    paint()
  })
  ground.onChange(() => {
    const there = chosen.ids().filter((id) => ground.feature(id))
    if (there.length !== chosen.ids().length) chosen.set(there)
    paint()
  })
  keeper.onChange(({ change }) => {
    ground.follow(change)
    paint()
  })
  element('day-bar').addEventListener('held', () => desk.say(filled(texts.day_held, { day: format.day(keeper.change().effective_on) }), { kind: 'warn' }))
  element('edit-open').addEventListener('click', () => (host.knownAt() ? desk.say(texts.known_at, { kind: 'warn' }) : showOpening()))

  element('edit-open').disabled = false

  const asked = new URLSearchParams(location.search).get('change')
  if (asked) {
    resume(asked).catch((error) => {
      host.remember({ change: null })
      desk.say(error.message, { kind: 'bad' })
    })
  }

  const owners = (at) => ground.source.getFeatures().filter((each) => each.getGeometry().getCoordinates().flat().some(([e, n]) => Math.hypot(e - at[0], n - at[1]) < 0.0005))
  return {
    active: () => Boolean(keeper.change()) || opening,
    /** What the browser tests look at; it changes nothing. */
    look: () => Object.freeze({
      ready: () => ground.state() === 'ready' && working === 0 && !keeper.state().sending,
      ground: () => ground.state(),
      tool: desk.box.name,
      chosen: () => [...chosen.ids()],
      count: () => ground.source.getFeatures().length,
      change: () => structuredClone(keeper.change()),
      pieces: over.pieceCount,
      coords: (id) => ground.feature(id)?.getGeometry().getCoordinates()[0] ?? null,
      sharing: (at) => owners(at).map((each) => each.getId()),
    }),
  }
}

function safeStorage() {
  try {
    return window.localStorage
  } catch {
    return null
  }
}
