// The editing workspace of a zone's map: one open change, its ground, what is chosen, and the tool at work.
import { Problem, ask } from '../api.js'
import { filled } from '../map/format.js'
import { make } from '../panels/elements.js'
import { changeKeeper, GivenUp, standing, StillWaiting } from './change.js'
import { parcelChoice } from './choice.js'
import { editGround } from './ground.js'
import { editLook } from './look.js'
import { attachSnapping } from './snapping.js'
import { editToolbar, whyNot } from './toolbar.js'
import { tools } from './tools/index.js'

const { ol } = window
const read = (id) => JSON.parse(document.getElementById(id)?.textContent ?? '{}')

/** Attach editing to the map of a zone. `host` is what the map page lends. */
export async function attachEditing(host) {
  const { page, map, view, zone, tiles, style, format, language } = host
  const texts = read('edit-texts')
  const words = read('tool-texts')
  const look = editLook(style)
  const keeper = changeKeeper({ ask, storage: safeStorage(), user: page.dataset.user })
  const [panel, bar, saying] = ['edit-panel', 'edit-toolbar', 'edit-say'].map((id) => document.getElementById(id))
  const formPlace = make('section', { id: 'edit-form' })
  panel.append(formPlace)

  const pins = new ol.source.Vector()
  map.addLayer(new ol.layer.Vector({ source: pins, zIndex: 48, style: look.pin }))
  const pieces = new ol.source.Vector()
  map.addLayer(new ol.layer.Vector({ source: pieces, zIndex: 38, style: look.piece }))
  const reader = new ol.format.GeoJSON()

  const ground = editGround({ map, view, zone, tiles, labels: tiles.labels.find((each) => each.get('labels') === 'parcels'), ask, look, said: tellGround })
  let running = null
  let tool = null
  let previewed = null
  let layers = []

  const chosen = parcelChoice({ map, ground, look, busy: () => Boolean(tool) })

  const work = {
    map, view, zone, texts: words, format, language, ask, ground, chosen, look,
    change: () => keeper.change(),
    versions: (ids) => Object.fromEntries(ground.features(ids).map((each) => [each.getId(), each.get('version')])),
    say,
    layer(name, layerStyle) {
      const layer = new ol.layer.Vector({ source: new ol.source.Vector(), zIndex: 45, style: layerStyle })
      layer.set('name', name)
      layers.push(layer)
      map.addLayer(layer)
      return layer
    },
    async preview(operation, parameters) {
      try {
        const answer = await keeper.preview(operation, withVersions(parameters))
        previewed = { operation, parameters, answer }
        showPieces(answer.effect)
        return true
      } catch (error) {
        refused(error)
        return false
      }
    },
    async add(operation, parameters) {
      try {
        await keeper.add(operation, withVersions(parameters))
        dropPreview()
        await ground.reload()
        return true
      } catch (error) {
        refused(error)
        await ground.reload()
        return false
      } finally {
        paint()
      }
    },
  }
  work.snap = document.getElementById('tool-texts') ? attachSnapping(work) : { start() {}, stop() {}, residual: () => null }
  for (const each of chosen.interactions) map.addInteraction(each)

  function withVersions(parameters) {
    const named = [parameters.parcel, ...(parameters.parcels ?? []), ...Object.keys(parameters.numbers ?? {})].filter(Boolean)
    return { ...parameters, versions: { ...work.versions(named), ...parameters.versions } }
  }

  function say(text, { kind = 'info', at = null } = {}) {
    saying.hidden = !text
    saying.className = `edit-say ${kind}`
    saying.textContent = text
    pins.clear()
    if (text && at) pins.addFeature(new ol.Feature({ geometry: new ol.geom.Point(at), kind }))
  }

  function refused(error) {
    if (error instanceof GivenUp || error.name === 'AbortError') return
    const text = error instanceof StillWaiting ? texts.still_waiting : error.message
    const { x, y } = error instanceof Problem ? (error.document.context ?? {}) : {}
    say(text, { kind: 'bad', at: Number.isFinite(x) && Number.isFinite(y) ? [x, y] : null })
  }

  function tellGround(state, error) {
    const said = { far: texts.ground_far, crowded: texts.ground_crowded, failed: error?.message }[state]
    host.notice('ground', said ?? '')
    page.dataset.ground = state
    paint()
  }

  function showPieces(effect) {
    pieces.clear()
    const shown = [...effect.added, ...effect.reshaped]
    pieces.addFeatures(shown.map((each) => reader.readFeature(each.feature)))
  }
  function dropPreview() {
    previewed = null
    pieces.clear()
  }

  function stop() {
    running?.stop()
    for (const layer of layers) map.removeLayer(layer)
    layers = []
    running = tool = null
    formPlace.replaceChildren()
    dropPreview()
    say('')
    paint()
  }

  function start(name) {
    const next = tools.find((each) => each.name === name)
    const why = whyNot(next, { document: Boolean(keeper.change()), count: chosen.ids().length })
    stop()
    if (why) return say(texts[why], { kind: 'warn' })
    tool = next
    running = next.start(work)
    if (running.form) formPlace.replaceChildren(running.form)
    paint()
  }

  const toolbar = editToolbar(bar, {
    tools,
    texts,
    words: words.tools ?? {},
    on: { undo: () => step('undo'), redo: () => step('redo'), choose: (mode) => { stop(); chosen.use(mode); paint() }, start, keys: () => {} },
  })

  async function step(way) {
    try {
      await keeper[way]()
      await ground.reload()
    } catch (error) {
      refused(error)
    }
    paint()
  }

  function paint() {
    const now = standing(keeper.change())
    toolbar.show({ running: tool?.name, mode: chosen.mode(), document: Boolean(keeper.change()), count: chosen.ids().length, busy: keeper.state().sending, ...now, last: null, next: null })
  }

  chosen.onChange((ids) => {
    running?.selectionChanged?.(ids)
    paint()
  })
  keeper.onChange(({ change }) => {
    ground.follow(change)
    paint()
  })

  map.on('click', (event) => {
    if (!keeper.change() || tool || chosen.mode() !== 'click') return
    chosen.click(event.pixel, event.originalEvent.shiftKey || event.originalEvent.ctrlKey)
  })

  async function take(id) {
    await keeper.resume(id)
    document.body.classList.add('editing')
    page.classList.add('editing')
    bar.hidden = panel.hidden = false
    await ground.use(keeper.change())
    paint()
  }

  document.addEventListener('keydown', (event) => {
    if (!keeper.change() || event.target.closest('input, select, textarea, dialog') || event.ctrlKey || event.altKey || event.metaKey) return
    const found = tools.find((each) => each.key === event.key)
    if (found) {
      event.preventDefault()
      start(found.name)
    }
  })

  const asked = new URLSearchParams(location.search).get('change')
  if (asked) await take(asked)
  return { active: () => Boolean(keeper.change()), escape: () => (tool ? running.cancel?.() || stop() || true : false), look: () => ({ work, keeper, filled }) }
}

function safeStorage() {
  try {
    return window.localStorage
  } catch {
    return null
  }
}
