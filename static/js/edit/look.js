// How what is being edited looks: the land keeps its colours, the draft is accent and dashed, a fault is red.
const { Circle, Fill, Stroke, Style, Text } = window.ol.style

const BAD = '#B3261E'
const FONT = '600 12px "Be Vietnam Pro", "Noto Sans", sans-serif'
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
    return feature.get('changed') ? [...land.get(state), changed] : land.get(state)
  }

  const text = (words, colour = style.ink, offsetY = 0) =>
    new Text({ text: words, font: FONT, fill: new Fill({ color: colour }), stroke: new Stroke({ color: style.paper, width: 3 }), offsetY, overflow: true })

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

  /** A piece of a preview with the letter the panel calls it by. */
  function piece(feature) {
    const kind = feature.get('kind')
    if (kind === 'noded') return null
    const made = [new Style({ stroke: halo }), new Style({ fill: new Fill({ color: `${accent}33` }), stroke: new Stroke({ color: accent, width: 2.5, lineDash: [8, 5] }) })]
    if (feature.get('letter')) {
      made.push(new Style({ geometry: (each) => each.getGeometry().getInteriorPoint?.() ?? each.getGeometry(), text: text(feature.get('letter'), accent) }))
    }
    return made
  }

  /** The numbered pin of a fault or a notice at a place. */
  function pin(feature) {
    const colour = feature.get('kind') === 'bad' ? BAD : accent
    return [
      new Style({ image: new Circle({ radius: 16, stroke: new Stroke({ color: style.paper, width: 5 }) }) }),
      new Style({ image: new Circle({ radius: 16, stroke: new Stroke({ color: colour, width: 2.5 }) }) }),
      new Style({ image: new Circle({ radius: 3, fill: new Fill({ color: colour }) }) }),
    ]
  }

  const sides = {
    base: new Style({ stroke: new Stroke({ color: style.ink, width: 1.5, lineDash: [2, 4] }) }),
    mine: new Style({ fill: new Fill({ color: `${accent}26` }), stroke: new Stroke({ color: accent, width: 3 }) }),
    theirs: new Style({ fill: new Fill({ color: `${BAD}1f` }), stroke: new Stroke({ color: BAD, width: 3, lineDash: [10, 5] }) }),
  }
  const conflict = (feature) => [new Style({ stroke: halo }), sides[feature.get('side')]]

  return { parcel, name, chosen, lasso, piece, pin, conflict, text, accent, bad: BAD, ink: style.ink, paper: style.paper }
}
