// How what is being edited looks: the land keeps its colours, the draft is accent and dashed, a fault is red.
const { Circle, Fill, Stroke, Style, Text } = window.ol.style

const BAD = '#B3261E'
const WARN = '#B26A00'
const FONT = '"Be Vietnam Pro", "Noto Sans", sans-serif'
const NUMBERS_TO = 1 // metres a pixel, as on the tiles

/** Styles of the editor, from the map's own (colours of land are judged on its light ground in both themes). */
export function editLook(style) {
  const accent = style.find('selection', 'selected').stroke
  const plain = new Style({ fill: new Fill({ color: 'rgba(255,255,255,0.01)' }), stroke: new Stroke({ color: style.ink, width: 1 }) })
  const edge = new Style({ stroke: new Stroke({ color: style.ink, width: 1 }) })
  const changed = new Style({ zIndex: 2, fill: new Fill({ color: `${accent}1f` }), stroke: new Stroke({ color: accent, width: 2.5, lineDash: [8, 5] }) })
  const land = new Map()

  function parcel(feature) {
    const state = feature.get('state')
    if (!land.has(state)) land.set(state, [state ? style.drawn('parcels', state) : plain, edge].filter(Boolean))
    return feature.get('changed') && !feature.get('noded') ? [...land.get(state), changed] : land.get(state)
  }

  const text = (words, colour = style.ink, offsetY = 0, size = 12) =>
    new Text({ text: words, font: `600 ${size}px ${FONT}`, fill: new Fill({ color: colour }), stroke: new Stroke({ color: style.paper, width: 4 }), offsetY, overflow: true })

  const written = new Map()
  function name(feature, resolution) {
    if (resolution > NUMBERS_TO) return null
    const { sheet, number } = feature.get('parcel').getProperties()
    if (!number) return null
    const words = sheet ? `${sheet}/${number}` : number
    if (!written.has(words)) written.set(words, style.label(words, { size: 11, weight: 400, rank: 5 }))
    return written.get(words)
  }

  const halo = new Stroke({ color: style.paper, width: 6.5 })
  const chosen = [new Style({ stroke: halo }), new Style({ fill: new Fill({ color: `${accent}24` }), stroke: new Stroke({ color: accent, width: 3 }) })]
  const lasso = new Style({ fill: new Fill({ color: `${accent}14` }), stroke: new Stroke({ color: accent, width: 1.5, lineDash: [4, 4] }) })

  /** A piece of a preview, and above everything the letter the panel calls it by. */
  const piece = [new Style({ stroke: halo }), new Style({ fill: new Fill({ color: `${accent}33` }), stroke: new Stroke({ color: accent, width: 2.5, lineDash: [8, 5] }) })]
  const middle = (feature) => feature.getGeometry().getInteriorPoint?.() ?? feature.getGeometry()
  function letter(feature) {
    const said = feature.get('letter')
    return said ? new Style({ geometry: middle, text: text(said, accent, -15, 14) }) : null
  }

  /** A pin at a place: a ring that leaves the place itself to be seen, numbered where there are several. */
  function pin(feature) {
    const colour = { bad: BAD, warn: WARN }[feature.get('kind')] ?? accent
    const ring = (width, paint) => new Style({ image: new Circle({ radius: 14, stroke: new Stroke({ color: paint, width }) }) })
    const said = feature.get('text')
    return [
      ring(6, style.paper),
      ring(2.5, colour),
      new Style({ image: new Circle({ radius: 2.5, fill: new Fill({ color: colour }) }), text: said ? text(said, colour, -24) : undefined }),
    ]
  }

  const other = [
    new Style({ stroke: new Stroke({ color: style.paper, width: 4 }) }),
    new Style({ stroke: new Stroke({ color: WARN, width: 2, lineDash: [2, 5] }) }),
  ]

  const sides = {
    base: new Style({ stroke: new Stroke({ color: style.ink, width: 1.5, lineDash: [2, 4] }) }),
    mine: new Style({ fill: new Fill({ color: `${accent}26` }), stroke: new Stroke({ color: accent, width: 3 }) }),
    theirs: new Style({ fill: new Fill({ color: `${BAD}1f` }), stroke: new Stroke({ color: BAD, width: 3, lineDash: [10, 5] }) }),
  }
  const conflict = (feature) => [new Style({ stroke: halo }), sides[feature.get('side')]]

  return { parcel, name, chosen, lasso, piece, letter, pin, other, conflict, text, accent, bad: BAD, ink: style.ink, paper: style.paper }
}
