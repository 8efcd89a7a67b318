// What every tool is given: the map, the exact ground, what is chosen, and the ways to preview, to add and to say.
import { GivenUp, StillWaiting } from './change.js'

const { ol } = window

/** The ids of the parcels an operation names. */
function namedIn(parameters) {
  return [parameters.parcel, ...(parameters.parcels ?? []), ...Object.keys(parameters.numbers ?? {})].filter(Boolean)
}

/**
 * Make `work`. `shown` is how the workspace answers: preview(found), added(found, answer), refused(error), say(…).
 */
export function workOf({ host, keeper, ground, chosen, look, words, ask, shown }) {
  const { map, view, zone, format, language } = host
  let layers = []
  let previewed = null
  let asked = null

  const versions = (ids) => Object.fromEntries(ground.features(ids).map((each) => [each.getId(), each.get('version')]))
  const complete = (parameters) => ({ ...parameters, versions: { ...versions(namedIn(parameters)), ...parameters.versions } })

  function withdraw() {
    asked?.abort()
    previewed = null
    shown.withdrawn()
  }

  const work = {
    map, view, zone, texts: words, format, language, ask, ground, chosen, look, versions, withdraw,
    change: () => keeper.change(),
    effect: () => previewed?.answer.effect ?? null,
    previewed: () => previewed,
    say: shown.say,
    /** A scratch layer; it goes when the tool stops. */
    layer(name, style) {
      const layer = new ol.layer.Vector({ source: new ol.source.Vector(), zIndex: 45, style })
      layer.set('name', name)
      layers.push(layer)
      map.addLayer(layer)
      return layer
    },
    /** Take the scratch layers away. */
    clear() {
      for (const layer of layers) map.removeLayer(layer)
      layers = []
    },

    /** Work an operation out and show it; the latest asked wins. */
    async preview(operation, parameters) {
      withdraw()
      const mine = (asked = new AbortController())
      shown.working(1)
      try {
        const body = complete(parameters)
        const answer = await keeper.preview(operation, body, mine.signal)
        if (mine.signal.aborted) return false
        previewed = { operation, parameters, body, answer }
        shown.preview(previewed)
        return true
      } catch (error) {
        if (mine.signal.aborted) return false
        await shown.refused(error)
        return false
      } finally {
        shown.working(-1)
      }
    },

    /** Add to the change at once. True only when the server has it. */
    async add(operation, parameters) {
      const body = parameters === previewed?.parameters ? previewed.body : complete(parameters)
      shown.working(1)
      try {
        const answer = await keeper.add(operation, body)
        previewed = null
        await shown.added({ operation, answer })
        return true
      } catch (error) {
        if (!(error instanceof GivenUp)) await shown.refused(error)
        if (!(error instanceof StillWaiting)) await ground.reload()
        return false
      } finally {
        shown.working(-1)
      }
    },
  }
  return work
}
