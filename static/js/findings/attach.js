// "Vướng mắc": what does not fit in the zone, on the map and as a list beside it; leaders waive in place.
import { ask } from '../api.js'
import { withChanges } from '../map/address.js'
import { make } from '../panels/elements.js'
import { findingLayers } from './layer.js'
import { findingsPanel } from './panel.js'
import { waiverForm, withdrawalForm } from './waiving.js'

const MOST = 2000
const AROUND = 0.6

/**
 * Attach the findings of a zone to its map. `host` lends: zone, style, format, language, day, today, remember, fit,
 * openParcel(id), closeCard(). Answers `refresh()`, to be called whenever the land or the day has changed, and
 * `at(pixel)`: true when a pin was hit and chosen.
 */
export function attachFindings(map, host) {
  const panel = document.getElementById('findings')
  const button = document.getElementById('open-findings')
  const page = panel.closest('.map-page')
  const texts = JSON.parse(document.getElementById('finding-texts').textContent)
  const { zone, format, language, day } = host
  const layers = findingLayers(map, host.style)
  const badge = make('span', { class: 'tool-badge figures', hidden: true })
  let features = []
  let asked = null
  let loaded = null
  button.append(badge)

  const post = (path, body) => ask(path, { method: 'POST', body, headers: { 'Idempotency-Key': crypto.randomUUID() } })
  const list = findingsPanel(panel, {
    texts,
    format,
    language,
    on: {
      close: () => turn(false),
      choose(id) {
        layers.choose(id)
        host.remember({ finding: id })
      },
      zoom: (id) => layers.extent(id) && host.fit(layers.extent(id), { around: AROUND }),
      async parcel(id) {
        await host.openParcel(id)
        document.querySelector('#card h2')?.focus()
      },
      filtered: (ids) => layers.draw(features.filter((each) => ids.has(each.id))),
    },
    forms,
    // what was so on another day, or was believed once, is not for waiving today
    mayWaive: () => panel.dataset.mayWaive === 'yes' && !day.known_at && (day.as_of ?? host.today) === host.today,
  })

  function forms(which, finding, { done, leave }) {
    const after = async () => {
      await refresh()
      done()
    }
    if (which === 'withdraw') {
      return withdrawalForm({ texts, leave, done: after, send: (reason) => post(`/api/v1/waivers/${finding.waiver.id}/withdraw`, { reason }) })
    }
    return waiverForm(finding, {
      texts, format, leave,
      zone: zone.code,
      today: host.today,
      done: after,
      findDocuments: async (q) => (await ask(`/api/v1/documents${withChanges('', { q })}`)).documents,
      send: (body) => post('/api/v1/waivers', body),
    })
  }

  /** Ask again, when the findings are on; otherwise the next time they are. */
  async function refresh() {
    loaded = null
    if (layers.isVisible()) await load()
  }

  async function load() {
    asked?.abort()
    asked = new AbortController()
    list.busy()
    try {
      const query = withChanges('', { ...day, crs: 'plane', limit: MOST })
      const found = await ask(`/api/v1/zones/${encodeURIComponent(zone.code)}/conflicts${query}`, { signal: asked.signal })
      features = found.features
      loaded = JSON.stringify(day)
      list.show(found, `/conflicts${withChanges('', { zone: zone.code, ...day })}`)
      badge.textContent = list.openCount() > 99 ? '99+' : String(list.openCount())
      badge.hidden = list.openCount() === 0
      page.dataset.findings = String(features.length)
    } catch (error) {
      if (error.name !== 'AbortError') list.failed(error.message, load)
    }
  }

  /** Switch layer and panel on or off together. */
  async function turn(on, { focus = true } = {}) {
    layers.visible(on)
    button.setAttribute('aria-pressed', String(on))
    host.remember({ findings: on ? '1' : null, finding: on ? list.chosen() : null })
    showPanel(on)
    if (on && loaded !== JSON.stringify(day)) await load()
    if (!focus) return
    if (on) list.focus()
    else button.focus()
  }

  function showPanel(yes) {
    if (yes) host.closeCard()
    panel.hidden = !yes
    page.classList.toggle('findings-open', yes)
    button.setAttribute('aria-expanded', String(yes))
  }

  button.addEventListener('click', () => turn(panel.hidden || !layers.isVisible()))
  panel.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return
    event.preventDefault()
    event.stopPropagation()
    if (list.chosen()) list.choose(null)
    else turn(false)
  })
  // whoever else needs the place beside the map gets it; the pins stay
  const card = document.getElementById('card')
  const desk = document.getElementById('edit-panel')
  const watched = { attributes: true, attributeFilter: ['hidden'], childList: true }
  new MutationObserver(() => !card.hidden && showPanel(false)).observe(card, watched)
  if (desk) new MutationObserver(() => !desk.hidden && !panel.contains(document.activeElement) && showPanel(false)).observe(desk, watched)

  async function open(id) {
    if (panel.hidden || !layers.isVisible()) await turn(true, { focus: false })
    list.choose(id, { focus: true })
  }

  const start = new URLSearchParams(location.search)
  const ready = start.get('finding') || start.get('findings') === '1' ? begin(start.get('finding')) : Promise.resolve()
  async function begin(id) {
    await turn(true, { focus: false })
    if (id && !list.choose(id, { zoom: true, focus: false })) host.remember({ finding: null })
  }

  return {
    refresh,
    ready,
    /** Choose the finding whose pin is at a pixel; false when there is none. */
    at(pixel) {
      const id = layers.at(pixel)
      if (!id) return false
      open(id)
      return true
    },
    count: () => layers.count(),
  }
}
