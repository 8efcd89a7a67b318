// Two things in one view, one left and one right of a line that is moved: the map, a sheet, the lots of a plan version.
import { make } from '../panels/elements.js'
import { tileAddress } from './grid.js'
import { sheetLayer, sheetName } from './scans.js'
import { versionGroups, versionName } from './versions.js'

const { ol } = window
const OVER_LAND = 30
const STILL = ['zones', 'admin-units']

/** `plan-ID~sheet-ID` as the two sides; null when it is not that. */
export function readSwipe(text) {
  const sides = (text ?? '').split('~')
  const known = /^(map|sheet-[0-9a-f-]{36}|plan-[0-9a-f-]{36})$/
  return sides.length === 2 && sides.every((side) => known.test(side)) ? sides : null
}

/** Cut a layer at the line: `side()` is left, right or null (nothing of it), undefined leaves it whole. */
function cut(map, layer, side, share) {
  layer.on('prerender', (event) => {
    const where = side()
    const { context } = event
    context.save()
    if (where === undefined) return
    const [width, height] = map.getSize()
    const line = width * share()
    const [from, to] = where === 'left' ? [0, line] : where === 'right' ? [line, width] : [0, 0]
    const corners = [[from, 0], [to, 0], [to, height], [from, height]].map((each) => ol.render.getRenderPixel(event, each))
    context.beginPath()
    corners.forEach(([x, y], index) => (index ? context.lineTo(x, y) : context.moveTo(x, y)))
    context.closePath()
    context.clip()
  })
  layer.on('postrender', (event) => event.context.restore())
}

/**
 * The comparison under the layers and the line over the map. `tiles` are the land's layers, `versions` the plan
 * versions to choose from (drafts too; `today` is the day shown), `day()` what tiles are asked for besides; `remember(text)` keeps it in the address.
 */
export function attachSwipe({ map, stage, after, tiles, sheets, versions, grid, style, zone, day, today, texts, format, remember }) {
  let sides = [null, null]
  let share = 0.5
  const made = new Map()
  const land = [...tiles.layers.entries()].filter(([name]) => !STILL.includes(name))
  const line = make('div', { class: 'swipe-line', hidden: true })
  const range = make('input', { class: 'swipe-range', type: 'range', min: 0, max: 1000, value: 500, 'aria-label': texts.swipe_line, hidden: true })
  const names = make('div', { class: 'swipe-names', 'aria-hidden': 'true', hidden: true }, make('span'), make('span'))
  stage.append(line, range, names)

  const planName = (version) => versionName(version, { texts, format, today })
  const planned = versionGroups(versions, { texts, today }).map(([label, members]) => [label, members.map((version) => [`plan-${version.plan_version_id}`, planName(version)])])
  const groups = [['', [['map', texts.swipe_map]]], [texts.scans, sheets.map((sheet) => [`sheet-${sheet.id}`, sheetName(sheet)])], ...planned]
  const choices = groups.flatMap(([, members]) => members)
  const nameOf = (side) => choices.find(([key]) => key === side)?.[1] ?? ''
  const sideOf = (key) => (sides[0] === key ? 'left' : sides[1] === key ? 'right' : null)
  const active = () => Boolean(sides[0] && sides[1])

  for (const [, layer] of land) cut(map, layer, () => (active() ? sideOf('map') : undefined), () => share)

  function lotsLayer(version) {
    const source = new ol.source.VectorTile({ format: new ol.format.MVT(), projection: grid.projection, tileGrid: grid.tileGrid })
    source.setTileUrlFunction((coordinate) => tileAddress('plan-lots', grid.gridName, coordinate, { zone: zone.code, known_at: day().known_at, plan_version: version }))
    const drawn = style.land('plan-lots', { parcelsShown: () => false, planChosen: () => true })
    const named = style.labels('plan-lots')
    return new ol.layer.VectorTile({ source, zIndex: OVER_LAND, style: (feature, resolution) => drawn(feature) ?? named(feature, resolution) })
  }

  /** The layer of a side, made when it is first looked at. */
  function layerOf(key) {
    if (!key || key === 'map') return null
    if (!made.has(key)) {
      const sheet = sheets.find((each) => key === `sheet-${each.id}`)
      const layer = sheet ? sheetLayer(sheet, grid, { zIndex: OVER_LAND }) : lotsLayer(key.slice(5))
      layer.set('name', `swipe-${key}`)
      cut(map, layer, () => sideOf(key), () => share)
      map.addLayer(layer)
      made.set(key, layer)
    }
    return made.get(key)
  }

  function show() {
    const on = active()
    sides.forEach(layerOf)
    for (const [key, layer] of made) layer.setVisible(on && sideOf(key) !== null)
    // names are written over everything, so they cannot be cut: they wait until the comparison is over
    for (const each of tiles.labels) each.setOpacity(on ? 0 : 1)
    for (const each of [line, range, names]) each.hidden = !on
    names.children[0].textContent = nameOf(sides[0])
    names.children[1].textContent = nameOf(sides[1])
    place()
  }

  function place() {
    line.style.left = `${share * 100}%`
    range.setAttribute('aria-valuetext', `${nameOf(sides[0])} ${Math.round(share * 100)} % | ${nameOf(sides[1])}`)
    map.render()
  }

  range.addEventListener('input', () => {
    share = Number(range.value) / 1000
    place()
  })

  const option = ([value, text]) => make('option', { value, text })
  const grouped = ([label, members]) => (label && members.length ? [make('optgroup', { label }, ...members.map(option))] : members.map(option))
  const select = (index, label) => {
    const box = make('select', { class: 'form-select form-select-sm', id: `swipe-${index ? 'right' : 'left'}` },
      make('option', { value: '', text: texts.swipe_off }), ...groups.flatMap(grouped))
    box.addEventListener('change', () => {
      sides[index] = box.value || null
      if (sides[0] && sides[0] === sides[1]) {
        sides[1 - index] = null
        boxes[1 - index].value = ''
      }
      remember(active() ? sides.join('~') : null)
      show()
    })
    return [make('label', {}, make('span', { text: label }), box), box]
  }
  const [[left, leftBox], [right, rightBox]] = [select(0, texts.swipe_left), select(1, texts.swipe_right)]
  const boxes = [leftBox, rightBox]
  after.after(make('section', { 'aria-labelledby': 'swipe-head' }, make('h2', { id: 'swipe-head', text: texts.swipe }), make('div', { class: 'swipe' }, left, right)))

  return {
    /** Compare two sides, as an address names them. */
    open(wanted) {
      if (!wanted?.every((side) => nameOf(side))) return
      sides = [...wanted]
      boxes.forEach((box, index) => (box.value = sides[index]))
      show()
    },
    sides: () => [...sides],
    share: () => share,
  }
}
