// Printing: the map takes the size of the sheet at the scale shown, then what is drawn is printed.

const MM = 96 / 25.4
const SHEET = [277 * MM, 138 * MM] // what an A4 landscape page leaves for the map

/**
 * Make every way of printing give a whole map. The button first waits for the tiles of the sheet; the browser's own
 * command prints what is loaded. `fit(size)` shows again what must not be cut off; without it scale and middle stay.
 */
export function attachPrint(map, fit = null) {
  const view = map.getView()
  let before = null

  function toSheet() {
    if (before) return
    before = { centre: view.getCenter(), resolution: view.getResolution() }
    map.setSize(SHEET)
    fit?.(SHEET)
    map.renderSync()
  }
  function toScreen() {
    if (!before) return
    map.updateSize()
    view.setCenter(before.centre)
    view.setResolution(before.resolution)
    before = null
  }

  window.addEventListener('beforeprint', toSheet)
  window.addEventListener('afterprint', toScreen)
  document.getElementById('print-map').addEventListener('click', () => {
    map.once('rendercomplete', () => window.print())
    toSheet()
    map.render()
  })
}
