// The zone's own plane as the map's projection. Coordinates never pass through another one.
import { resolutions } from './grid.js'

const { ol, proj4 } = window

/** Register a VN-2000 plane (proj4 text from the server) and return its OpenLayers projection. */
export function planeProjection(plane) {
  const code = `EPSG:${plane.srid}`
  proj4.defs(code, plane.proj4)
  ol.proj.proj4.register(proj4)
  const projection = ol.proj.get(code)
  projection.setExtent(plane.grid.extent)
  return projection
}

/** The grid its vector tiles are cut by. */
export function planeTileGrid(plane) {
  const [west, , , north] = plane.grid.extent
  return new ol.tilegrid.TileGrid({
    extent: plane.grid.extent,
    origin: [west, north],
    resolutions: resolutions(plane.grid),
    tileSize: plane.grid.tile_px,
  })
}
