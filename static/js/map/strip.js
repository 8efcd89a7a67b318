// The strip under the map: scale, where the pointer is as Vietnamese sheets write it (X north, Y east), the plane.
import { resolutionOf, roundedScale, scaleOf } from './grid.js'

/** Keep the strip telling. `groundResolution(view)` is metres of ground a pixel. */
export function attachStrip(map, { format, groundResolution, toPlane }) {
  const element = document.getElementById('map-strip')
  const [scale, northing, easting] = ['scale', 'northing', 'easting'].map((name) => element.querySelector(`[data-${name}]`))
  const view = map.getView()
  const current = scale.options[0]

  function tellScale() {
    const value = roundedScale(scaleOf(groundResolution(view)))
    current.textContent = format.scale(value)
    current.value = String(value)
    scale.value = current.value
    element.dataset.scale = String(value)
  }
  view.on('change:resolution', tellScale)
  tellScale()
  scale.addEventListener('change', () => {
    const wanted = Number(scale.value)
    const ratio = groundResolution(view) / view.getResolution()
    view.animate({ resolution: resolutionOf(wanted) / ratio, duration: 200 })
  })

  const tell = (coordinate) => {
    const [east, north] = toPlane(coordinate)
    northing.textContent = format.metres(north)
    easting.textContent = format.metres(east)
  }
  map.on('pointermove', (event) => {
    if (!event.dragging) tell(event.coordinate)
  })
  const centre = () => tell(view.getCenter())
  map.on('moveend', () => {
    if (!matchMedia('(hover: hover)').matches) centre()
  })
  centre()
}
