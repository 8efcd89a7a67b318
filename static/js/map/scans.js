// Scanned sheets as layers of the map, each with its strength; and the piece of a sheet in a parcel's card.
import { make } from '../panels/elements.js'
import { filled } from './format.js'

const { ol } = window
const BELOW_LAND = 4

/** The tiles of a laid sheet: windows of its own grid, no finer than it was scanned. */
function sheetSource(sheet, { projection, tileGrid, gridName }) {
  const resolutions = tileGrid.getResolutions().slice(0, sheet.map.zoom + 1)
  const last = resolutions.at(-1)
  for (let z = resolutions.length; z <= sheet.map.zoom; z += 1) resolutions.push(last / 2 ** (z - tileGrid.getResolutions().length + 1))
  const own = new ol.tilegrid.TileGrid({ extent: tileGrid.getExtent(), origin: tileGrid.getOrigin(0), resolutions, tileSize: tileGrid.getTileSize(0) })
  return new ol.source.TileImage({
    projection,
    tileGrid: own,
    tileUrlFunction: ([z, x, y]) => `/tiles/sheets/${sheet.id}/${gridName}/${z}/${x}/${y}.png?v=${sheet.version}`,
  })
}

/** A layer of a sheet that is not asked for outside its extent. */
export const sheetLayer = (sheet, grid, given = {}) => new ol.layer.Tile({ source: sheetSource(sheet, grid), extent: sheet.map.extent, ...given })

export function sheetName(sheet) {
  return sheet.plan_code ? `${sheet.title} · ${sheet.plan_code} · ${sheet.plan_number}` : sheet.title
}

/** How surely a sheet lies where it is drawn, in words. */
export function accuracy(sheet, { texts, format }) {
  if (sheet.rms_m === null) return texts.scan_unproven
  return filled(texts.scan_rms, { m: format.metres(sheet.rms_m), mm: format.metres(sheet.rms_mm), scale: format.whole(sheet.scale_denominator) })
}

/** The list of sheets under the layers; `after` is the element it follows. Answers the layers by sheet. */
export function scanList(after, sheets, { map, grid, texts, format }) {
  const layers = new Map()
  if (!sheets.length) return layers
  const rows = sheets.map((sheet) => {
    const layer = sheetLayer(sheet, grid, { visible: false, opacity: 0.8, zIndex: BELOW_LAND })
    layer.set('name', `sheet-${sheet.id}`)
    map.addLayer(layer)
    layers.set(sheet.id, layer)
    const id = `scan-${sheet.id}`
    const box = make('input', { class: 'form-check-input', type: 'checkbox', id })
    const strength = make('input', { type: 'range', min: 10, max: 100, step: 5, value: 80, disabled: true, 'aria-label': `${texts.opacity}: ${sheet.title}`, title: texts.opacity })
    box.addEventListener('change', () => {
      layer.setVisible(box.checked)
      strength.disabled = !box.checked
    })
    strength.addEventListener('input', () => layer.setOpacity(Number(strength.value) / 100))
    return make('li', {}, make('label', { for: id, title: sheetName(sheet) }, box, make('span', { text: sheetName(sheet) })), strength,
      make('span', { class: 'soft', text: accuracy(sheet, { texts, format }) }))
  })
  after.after(make('section', { 'aria-labelledby': 'scans-head' }, make('h2', { id: 'scans-head', text: texts.scans }), make('ul', { class: 'layer-list scan-list', id: 'scans' }, ...rows)))
  return layers
}

/** Pieces of the sheets that lie on a parcel, newest plan version first: picture, error circle, words. */
export function cropFigures(sheets, asked, { texts, format }) {
  return sheets.filter((sheet) => sheet.ready && sheet.kind === 'sheet').slice(0, 2).map((sheet) => {
    const error = accuracy(sheet, { texts, format })
    return make('figure', { class: 'scan-crop' },
      make('img', { src: `/api/v1/sheets/${sheet.id}/crop?${asked}&width=680&height=440`, width: 680, height: 440, loading: 'lazy', alt: filled(texts.crop_of, { sheet: sheet.title }) }),
      make('figcaption', {}, make('a', { href: `/plans/sheets/${sheet.id}`, text: sheetName(sheet) }), make('span', { text: ` · ${error}. ${sheet.rms_m === null ? '' : texts.crop_circle}` })))
  })
}
