// A window for the browser tests, only where the server asks for it: it looks, it changes nothing.
import { drawnIn } from './tiles.js'

export function lookAtApp(page, { map, tiles, card, day, frame, editing }) {
  if (page.dataset.testing !== 'yes') return
  const drawn = (name) => drawnIn(tiles.layers.get(name), map.getView().calculateExtent(map.getSize()))
  const looking = {
    px: (coordinate) => map.getPixelFromCoordinate(coordinate),
    scale: () => Number(document.getElementById('map-strip').dataset.scale),
    day: () => ({ ...day }),
    parcel: () => card?.current() ?? null,
    projection: () => map.getView().getProjection().getCode(),
    count: (name) => new Set(drawn(name).map(({ id }) => id)).size,
    states: () => {
      const found = {}
      for (const { id, state } of drawn('parcels')) if (id) (found[state] ??= new Set()).add(id)
      return Object.fromEntries(Object.entries(found).map(([state, ids]) => [state, ids.size]))
    },
    edit: editing?.look() ?? null,
    archipelagos: () => frame?.archipelagos.map((each) => each.label_vi) ?? [],
    drawnNames: () =>
      map.getAllLayers().find((layer) => layer.get('name') === 'archipelagos')
        ?.getSource().getFeatures().map((feature) => feature.getStyle()?.getText?.()?.getText()).filter(Boolean) ?? [],
  }
  Object.defineProperty(window, '__app', { value: Object.freeze(looking), writable: false, configurable: false })
}
