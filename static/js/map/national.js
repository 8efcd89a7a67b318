// The whole country in Web Mercator: provinces, both archipelagos always drawn and named, and the zones to open.
const { ol } = window

const COUNTRY = [102, 6.2, 117.9, 23.5]
const NAMES_FROM = 1200

/** The view of the country; it cannot leave it. */
export function nationalView() {
  const extent = ol.proj.transformExtent(COUNTRY, 'EPSG:4326', 'EPSG:3857')
  const wide = ol.extent.buffer(extent, 400_000)
  return { view: new ol.View({ projection: 'EPSG:3857', extent: wide, showFullExtent: true, minResolution: 2 }), extent }
}

/**
 * Layers of the national frame {provinces: GeoJSON, archipelagos}. Both archipelagos lie above everything
 * else, and their names never give way to another.
 */
export function nationalLayers(frame, style, language) {
  const land = new ol.format.GeoJSON().readFeatures(frame.provinces, { featureProjection: 'EPSG:3857' })
  const province = style.drawn('national-frame', 'province')
  const soft = style.find('national-frame', 'archipelago').stroke
  const named = (feature, resolution) =>
    resolution < NAMES_FROM ? [province, style.label(feature.get('name'), { size: 11, weight: 400, colour: soft })] : [province]
  const islands = new ol.layer.Vector({
    source: new ol.source.Vector({ features: frame.archipelagos.flatMap((each) => archipelago(each, style, soft, language)) }),
    zIndex: 60,
  })
  islands.set('name', 'archipelagos')
  return [
    new ol.layer.Vector({ source: new ol.source.Vector({ features: land }), zIndex: 1, declutter: 'provinces', style: named }),
    islands,
  ]
}

function archipelago({ lonlat, islands, label_vi: labelVi, label_en: labelEn }, style, soft, language) {
  const north = Math.max(...islands.map(([, latitude]) => latitude))
  const at = (place) => new ol.geom.Point(ol.proj.fromLonLat(place))
  const dots = new ol.Feature(new ol.geom.MultiPoint(islands.map((place) => ol.proj.fromLonLat(place))))
  dots.setStyle(new ol.style.Style({
    image: new ol.style.Circle({ radius: 1.75, fill: new ol.style.Fill({ color: soft }) }),
  }))
  const name = new ol.Feature({ geometry: at([lonlat[0], north]), name: labelVi })
  name.setStyle(style.label(language === 'en' ? labelEn : labelVi, { size: 12, rank: 99, offsetY: -12 }))
  return [dots, name]
}

/** Pins of the zones; a click on one opens its map. */
export function zonePins(zones, style, language) {
  const features = zones.filter((zone) => zone.lonlat).map(
    (zone) => new ol.Feature({ geometry: new ol.geom.Point(ol.proj.fromLonLat(zone.lonlat)), zone: zone.code, name: (language === 'en' && zone.name_en) || zone.name_vi }),
  )
  const accent = style.find('selection', 'selected').stroke
  return new ol.layer.Vector({
    source: new ol.source.Vector({ features }),
    zIndex: 70,
    declutter: 'pins',
    style: (feature) => {
      const pin = style.label(feature.get('name'), { offsetY: -16 })
      pin.setImage(new ol.style.Circle({
        radius: 6,
        declutterMode: 'none',
        fill: new ol.style.Fill({ color: accent }),
        stroke: new ol.style.Stroke({ color: style.paper, width: 2 }),
      }))
      return pin
    },
  })
}
