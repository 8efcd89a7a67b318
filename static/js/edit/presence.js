// Who else is editing near: asked now and then while somebody looks, said softly, never a lock.
import { filled } from '../map/format.js'

const EVERY_MS = 20_000

/** What to say of editors, or nothing. */
export function presenceText(editors, { texts, format }) {
  return editors
    .map((each) => filled(texts.somebody_near, { actor: each.actor, count: each.parcels.length, when: format.instant(each.last_at) }))
    .join(' ')
}

/** Ask every twenty seconds while the page is in view. `box()` is null when there is nothing to ask about. */
export function attachPresence({ ask, zone, box, show }) {
  let timer = 0
  let asked = null

  async function look() {
    clearTimeout(timer)
    const extent = box()
    if (extent && document.visibilityState === 'visible') {
      asked?.abort()
      asked = new AbortController()
      try {
        const bbox = extent.map((value) => value.toFixed(1)).join(',')
        const { editors } = await ask(`/api/v1/changes/presence?zone=${encodeURIComponent(zone.code)}&bbox=${bbox}`, { signal: asked.signal })
        show(editors)
      } catch (error) {
        if (error.name === 'AbortError') return
        show([]) // a comfort: what cannot be known now is asked again, and nothing is blocked by it
      }
    }
    timer = setTimeout(look, EVERY_MS)
  }
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && look())
  return {
    start: look,
    stop() {
      clearTimeout(timer)
      asked?.abort()
      show([])
    },
  }
}
