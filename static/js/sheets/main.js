// Placing a sheet: points on the sheet and on the map, what they miss by, the sheet over the map, and keeping it.
import { ask } from '../api.js'
import { filled, formats } from '../map/format.js'
import { coarseSheet, overlayLayer } from './overlay.js'
import { cornersOf, groundPane, imagePane } from './panes.js'
import { pointList } from './placing.js'
import { pointTable } from './table.js'

const read = (id) => JSON.parse(document.getElementById(id).textContent)
const at = (id) => document.getElementById(id)
const language = document.documentElement.lang
const [given, texts] = [read('sheet-state'), read('sheet-texts')]
const may = at('sheet-page').dataset.mayEdit === 'yes'
const format = formats(language)
const number = (value, digits) => new Intl.NumberFormat(language === 'en' ? 'en-GB' : 'vi-VN', { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value)
const path = `/api/v1/sheets/${given.id}`
const wait = (ms) => new Promise((done) => setTimeout(done, ms))

const say = (text) => (at('sheet-say').textContent = text)
function refuse(text) {
  at('sheet-problem').textContent = text
  at('sheet-problem').hidden = !text
}

/** Follow the work on the sheet until none is under way; answers the sheet. */
async function followed() {
  for (;;) {
    const sheet = await ask(path)
    const busy = ['waiting', 'running'].includes(sheet.job?.status)
    const box = at('sheet-progress')
    box.hidden = !busy
    Object.assign(at('sheet-status'), { textContent: sheet.status_text, className: `chip ${sheet.status_tone}` })
    if (!busy) {
      refuse(['refused', 'failed'].includes(sheet.job?.status) ? sheet.job.error : '')
      return sheet
    }
    box.querySelector('[data-step]').textContent = sheet.job.step_text
    const bar = box.querySelector('progress')
    if (sheet.job.total) Object.assign(bar, { max: sheet.job.total, value: sheet.job.done })
    else bar.removeAttribute('value')
    await wait(700)
  }
}

async function open() {
  let sheet = await followed()
  if (!sheet.picture) return
  at('sheet-panes').hidden = false
  at('sheet-bar').hidden = false
  at('add-point').hidden = !may
  at('save-points').hidden = !may
  const [zone, styles, coarse] = await Promise.all([ask(`/api/v1/zones/${encodeURIComponent(sheet.zone_code)}`), ask('/api/v1/map/styles'), coarseSheet(sheet)])
  const points = pointList(sheet.points ?? [])
  let fit = sheet.placement ? { placement: sheet.placement } : null
  let told = new Map()
  let worst = -1
  let asked = null
  at('transform').value = sheet.transform ?? 'affine'
  at('transform').disabled = !may

  const tell = (where, text) => (document.querySelector(`[data-${where}]`).textContent = text)
  const image = imagePane(at('image-pane'), sheet, {
    texts, may,
    clicked: ([col, row]) => act(() => points.atImage(col, row), ['northing']),
    moved: (index, [col, row]) => act(() => points.set(index, { col, row })),
    pointed: ([col, row]) => tell('image-at', `${number(col, 0)} ; ${number(row, 0)}`),
  })
  const ground = groundPane(at('ground-pane'), {
    zone, styles, language, texts, may,
    clicked: ([e, n], corner) => act(() => points.atGround(e, n), [], corner ? texts.snapped : ''),
    moved: (index, [easting, northing]) => act(() => points.set(index, { easting, northing })),
    pointed: ([e, n]) => tell('ground-at', `X ${number(n, 1)} · Y ${number(e, 1)}`),
    corners: async (box) => {
      const near = await ask(`/api/v1/zones/${encodeURIComponent(zone.code)}/edges?bbox=${box.map((value) => value.toFixed(3)).join(',')}`)
      return cornersOf(near.lots, near.boundary)
    },
  })
  const overlay = overlayLayer({ ...sheet, ...coarse }, { placement: () => fit?.placement ?? null, projection: ground.projection })
  ground.map.addLayer(overlay.layer)
  at('strength').addEventListener('input', (event) => overlay.layer.setOpacity(Number(event.target.value) / 100))
  const table = pointTable(at('points'), {
    texts, number, may,
    act: {
      changed(index, name, value, text) {
        if (Number.isFinite(value)) return act(() => points.set(index, { [name]: value }))
        points.set(index, { [name]: undefined })
        refuse(text.trim() ? filled(texts.not_number, { number: index + 1, text }) : '')
        return update()
      },
      chosen(index) {
        if (points.chosen() === index) return
        points.choose(index)
        show()
      },
      removed: (index) => act(() => points.remove(index)),
    },
  })

  /** Do something to the points, then work out what they say. */
  function act(change, focus = [], more = '') {
    const index = change()
    refuse('')
    show()
    if (focus.length && index >= 0) table.focus(index, focus[0])
    return update(more)
  }

  function show() {
    const chosen = points.chosen()
    table.show(points.all(), { chosen, told, worst })
    const kind = (index) => (index === worst ? 'worst' : index === chosen ? 'chosen' : 'plain')
    const places = (pick, ready) => points.all().map((point, index) => ({ index, at: pick(point), kind: kind(index), ready: ready(point) })).filter((each) => each.ready)
    image.show(places((p) => [p.col, -p.row], (p) => Number.isFinite(p.col) && Number.isFinite(p.row)))
    ground.show(places((p) => [p.easting, p.northing], (p) => Number.isFinite(p.easting) && Number.isFinite(p.northing)))
  }

  function guide(more) {
    const waiting = points.waiting()
    const missing = given.least[at('transform').value] - points.complete().length
    const parts = [more, waiting >= 0 ? filled(texts.now_ground, { number: waiting + 1 }) : missing > 0 ? `${texts.start} ${filled(texts.need_more, { count: missing })}` : '']
    say(parts.filter(Boolean).join(' '))
  }

  async function update(more = '') {
    asked?.abort()
    const kind = at('transform').value
    const complete = points.complete()
    at('save-points').disabled = true
    guide(more)
    if (complete.length < given.least[kind]) return clear()
    asked = new AbortController()
    try {
      fit = await ask(`${path}/control-points?preview=1`, { method: 'PUT', body: { kind, points: complete }, signal: asked.signal })
    } catch (error) {
      if (error.name === 'AbortError') return undefined
      refuse(error.message)
      return clear()
    }
    const places = points.places()
    told = new Map(fit.points.map((each, index) => [places[index], each]))
    worst = fit.rms_m === null ? -1 : places[fit.worst]
    tellRms()
    at('save-points').disabled = false
    show()
    overlay.refresh()
    return undefined
  }

  function clear() {
    fit = null
    told = new Map()
    worst = -1
    at('sheet-rms').textContent = ''
    show()
    overlay.refresh()
  }

  function tellRms() {
    const box = at('sheet-rms')
    box.classList.toggle('unproven', fit.rms_m === null)
    if (fit.rms_m === null) box.textContent = texts.unproven
    else {
      const parts = [filled(texts.rms, { m: number(fit.rms_m, 2), mm: number(fit.rms_mm, 2) })]
      if (fit.alone_rms_m !== null) parts.push(filled(texts.alone, { m: number(fit.alone_rms_m, 2) }))
      box.textContent = parts.join(' · ')
    }
    const scale = sheet.dpi ? format.whole((fit.metres_a_pixel * sheet.dpi) / 0.0254) : null
    box.title = scale ? filled(texts.pixel, { m: number(fit.metres_a_pixel, 3), scale }) : ''
  }

  async function save() {
    at('save-points').disabled = true
    try {
      const body = { kind: at('transform').value, points: points.complete(), based_on: sheet.reference_id }
      sheet = await ask(`${path}/control-points`, { method: 'PUT', body })
      await ask(`${path}/convert`, { method: 'POST' })
      say(texts.saved)
      sheet = await followed()
      if (sheet.status === 'ready') {
        say(texts.ready)
        at('see-map').hidden = false
        at('see-map').focus()
      }
    } catch (error) {
      refuse(error.message)
      at('save-points').disabled = false
    }
  }

  at('transform').addEventListener('change', () => update())
  at('add-point').addEventListener('click', () => act(() => points.add(), ['col']))
  at('save-points').addEventListener('click', save)
  show()
  if (may && sheet.points) await update()
  else guide('')
  if (may && sheet.status === 'to_lay') at('save-points').disabled = false
  if (at('sheet-page').dataset.testing === 'yes') {
    const looking = {
      image: ([col, row]) => image.map.getPixelFromCoordinate([col, -row]),
      ground: (place) => ground.map.getPixelFromCoordinate(place),
      fit: () => fit,
      go: (place) => ground.go(place),
    }
    Object.defineProperty(window, '__sheet', { value: Object.freeze(looking) })
  }
}

open().catch((error) => {
  refuse(error.message)
  throw error
})
