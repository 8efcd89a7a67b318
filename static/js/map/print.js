// Printing: the map takes the size of the sheet at the scale shown, then the browser prints what is drawn.

const MM = 96 / 25.4
const SHEET = { width: 267, height: 150 } // mm of an A4 landscape page left for the map

/** Print with the button; before printing the map is redrawn at the sheet's size, afterwards as it was. */
export function attachPrint(map) {
  const button = document.getElementById('print-map')
  const target = map.getTargetElement()
  button?.addEventListener('click', () => {
    document.body.classList.add('printing-map')
    target.style.setProperty('--sheet-width', `${SHEET.width * MM}px`)
    target.style.setProperty('--sheet-height', `${SHEET.height * MM}px`)
    map.updateSize()
    map.once('rendercomplete', () => {
      window.print()
      document.body.classList.remove('printing-map')
      map.updateSize()
    })
    map.renderSync()
  })
}
