// From styles of land to what OpenLayers draws. Every colour comes from the server's one list.
import { keysOf } from './legend.js'
import { fillOf } from './patterns.js'

const { Fill, Stroke, Style, Text } = window.ol.style
const FONT = '"Be Vietnam Pro", "Noto Sans", sans-serif'
const LOTS_UNDER_PARCELS = 0.45
const GENERAL_PLAN = 0.12
const PHASES_OVER_PARCELS = 0.16

/** Labels are drawn once: the typeface has to be there before. */
export async function fonts() {
  const sample = 'Đặng Ữ'
  await Promise.all(['400 12px "Be Vietnam Pro"', '600 12px "Be Vietnam Pro"'].map((each) => document.fonts.load(each, sample)))
}

/** Styles by layer and key, made once for each pixel ratio and opacity. */
export function stylist({ styles, ink, paper }, language) {
  const known = new Map(styles.map((style) => [`${style.layer}/${style.key}`, style]))
  const made = new Map()
  const ratio = window.devicePixelRatio
  const find = (layer, key) => known.get(`${layer}/${key}`)

  function drawn(layer, key, { opacity, dissolved = false, zIndex = 0 } = {}) {
    const name = `${layer}/${key}/${opacity ?? ''}/${dissolved}`
    if (!made.has(name)) {
      const style = find(layer, key)
      if (!style) return null
      const fill = fillOf(style, ratio, opacity ?? style.opacity)
      made.set(
        name,
        new Style({
          zIndex,
          fill: fill ? new Fill({ color: fill }) : null,
          stroke: dissolved
            ? null
            : new Stroke({ color: style.stroke, width: style.width, lineDash: style.dash.length ? style.dash : undefined }),
        }),
      )
    }
    return made.get(name)
  }

  const named = (feature) => (language === 'en' && feature.get('name_en')) || feature.get('name_vi')

  function label(text, { size = 12, weight = 600, colour = ink, offsetY = 0, rank = 0 } = {}) {
    return new Style({
      zIndex: rank,
      text: new Text({
        text,
        font: `${weight} ${size}px ${FONT}`,
        fill: new Fill({ color: colour }),
        stroke: new Stroke({ color: paper, width: 3 }),
        offsetY,
        overflow: true,
      }),
    })
  }

  const labels = {
    'zones-labels': (feature) => label(named(feature), { size: feature.get('inner_zone') ? 14 : 16, rank: 9 }),
    'plan-lots-labels': (feature) => label(feature.get('symbol'), { size: 12, rank: 7 }),
    'parcels-labels': (feature) =>
      feature.get('number') ? label(`${feature.get('sheet') ?? ''}/${feature.get('number')}`.replace(/^\//, ''), { size: 11, weight: 400, rank: 5 }) : null,
    'clearance-labels': (feature) =>
      label(`${feature.get('number')}${feature.get('complaint') ? ' ⚑' : ''}${feature.get('suspension') ? ' ⏸' : ''}`, { size: 11, rank: 6 }),
    'zone-phases-labels': (feature) => label(`${language === 'en' ? 'Phase' : 'GĐ'} ${feature.get('number')}`, { size: 13, rank: 10 }),
    'resettlement-plots-labels': (feature) => label(feature.get('number'), { size: 11, weight: 400, rank: 6 }),
    'resettlement-labels': (feature) => label(named(feature), { rank: 6 }),
    'admin-units-labels': (feature) => label(named(feature), { size: 11, weight: 400, colour: find('admin-units', 'province').stroke, rank: 3 }),
    'projects-labels': () => null, // drawn by projects/attach.js, which knows kinds and the switch for late ones
  }

  /** The style function of a layer's land. Plan lots fade under parcels, phases over them; a general plan is a frame only. */
  function land(layer, { parcelsShown, planChosen }) {
    return (feature) => {
      if (feature.get('layer') !== layer) return null
      const dissolved = Boolean(feature.get('dissolved'))
      let opacity
      if (layer === 'plan-lots' && feature.get('level') === 'general' && !planChosen()) opacity = GENERAL_PLAN
      else if (layer === 'plan-lots' && parcelsShown()) opacity = LOTS_UNDER_PARCELS
      else if (layer === 'zone-phases' && parcelsShown()) opacity = PHASES_OVER_PARCELS
      const keys = keysOf(layer, feature.getProperties())
      return keys.map((key, index) => drawn(layer, key, { opacity, dissolved: dissolved && !index, zIndex: index })).filter(Boolean)
    }
  }

  /** The style function of a layer's labels. */
  const labelsOf = (layer) => (feature, resolution) =>
    feature.get('layer') === `${layer}-labels` ? labels[feature.get('layer')](feature, resolution) : null

  return { land, labels: labelsOf, drawn, find, label, ink, paper }
}
