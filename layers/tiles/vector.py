"""Vector tiles from PostGIS: one statement a tile, made from a plain description of the layer.

The geometry stays in its own plane: a tile of the plane's grid needs no transformation at all, and
Web Mercator starts from the WGS 84 twin that the database keeps. What is transformed for the search
is the tile's box, never the indexed column.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import CTE, ColumnElement, FromClause, Select, and_, func, literal_column, select
from sqlalchemy import literal as value
from sqlalchemy.dialects.postgresql import BYTEA

from layers.crs import WGS84
from layers.tiles.grids import WEB_MERCATOR_QUAD, Box, Grid, TileAddress

MEDIA_TYPE: Final = "application/vnd.mapbox-vector-tile"
EXTENT: Final = 4096
"""Steps a tile's side is divided into: an eighth of a pixel on a plane's grid."""

_BUFFER: Final = 64
"""Steps drawn beyond the tile's edge, so that outlines meet."""


@dataclass(frozen=True, slots=True)
class TileSource:
    """A layer as the tile maker sees it.

    ``rows`` has the columns ``fid`` (integer), ``srid``, ``geom`` (E, N in metres of that plane),
    ``geom_wgs84`` and every property. Properties not named here never leave the database.

    ``single_to_m_px``: single shapes are drawn at this many metres a pixel or finer; coarser than
    that they are dissolved by ``dissolve_by`` and say so (``dissolved``), or left out when there is
    nothing to dissolve by. A tile with more than ``dissolve_most`` shapes holds none of them but
    the one feature of ``<name>-crowded``: merging them would take longer than a reader waits.
    ``labels_to_m_px``: as far as points for labels are sent along, in a second layer
    ``<name>-labels``, one point a shape however many tiles it crosses.
    ``any_plane``: rows of other planes are projected into the asked one (display only).
    """

    name: str
    rows: FromClause
    properties: tuple[str, ...]
    label_properties: tuple[str, ...] = ()
    single_to_m_px: float = float("inf")
    dissolve_by: tuple[str, ...] = ()
    dissolve_to_m_px: float = 0.0
    dissolve_most: int = 4000
    labels_to_m_px: float = 0.0
    any_plane: bool = False


def tile_statement(source: TileSource, grid: Grid, tile: TileAddress) -> Select[Any] | None:
    """The statement that answers a tile as bytes; ``None`` when nothing is drawn this coarsely."""
    resolution = grid.resolution(tile.z)
    box = grid.tile_box(tile)
    if resolution > source.single_to_m_px:
        if resolution > source.dissolve_to_m_px or not source.dissolve_by:
            return None
        merged, crowded = _dissolved(source, grid, box)
        answer = _encoded(merged, source.name, grid, box)
        return select(answer.op("||")(_encoded(crowded, f"{source.name}-crowded", grid, box)))
    drawn = _single(source, grid, box)
    answer = _encoded(drawn, source.name, grid, box)
    if source.label_properties and resolution <= source.labels_to_m_px:
        points = _label_points(source, drawn, grid, box)
        answer = answer.op("||")(_encoded(points, f"{source.name}-labels", grid, box))
    return select(answer)


def _single(source: TileSource, grid: Grid, box: Box) -> CTE:
    rows = source.rows
    names = dict.fromkeys((*source.properties, *source.label_properties))
    return (
        select(
            rows.c.fid,
            _shape(source, grid).label("shape"),
            *(rows.c[name] for name in names),
        )
        .where(_near(source, grid, box))
        .cte("drawn")
    )


def _dissolved(source: TileSource, grid: Grid, box: Box) -> tuple[CTE, CTE]:
    """Shapes merged by what they have in common; or, when they are too many, that fact alone."""
    near = (
        select(
            source.rows.c.fid,
            _shape(source, grid).label("shape"),
            *(source.rows.c[name] for name in source.dissolve_by),
        )
        .where(_near(source, grid, box))
        .limit(source.dissolve_most + 1)
        .cte("near")
    )
    count = select(func.count()).select_from(near).scalar_subquery()
    keys = [near.c[name] for name in source.dissolve_by]
    merged = (
        select(
            func.min(near.c.fid).label("fid"),
            func.ST_Collect(near.c.shape).label("shape"),
            func.count().label("count"),
            value(True).label("dissolved"),
            *keys,
        )
        .where(count <= source.dissolve_most)
        .group_by(*keys)
        .cte("merged")
    )
    crowded = (
        select(
            value(0).label("fid"),
            func.ST_MakeEnvelope(*box, grid.srid).label("shape"),
            value(source.dissolve_most).label("more_than"),
        )
        .where(count > source.dissolve_most)
        .cte("crowded")
    )
    return merged, crowded


def _label_points(source: TileSource, drawn: CTE, grid: Grid, box: Box) -> CTE:
    point = func.ST_PointOnSurface(drawn.c.shape)
    points = select(
        drawn.c.fid, point.label("shape"), *(drawn.c[name] for name in source.label_properties)
    ).cte("label_points")
    west, south, east, north = box
    here = and_(
        func.ST_X(points.c.shape) >= west,
        func.ST_X(points.c.shape) < east,
        func.ST_Y(points.c.shape) > south,
        func.ST_Y(points.c.shape) <= north,
    )
    return select(points).where(here).cte("labels_here")


def _encoded(drawn: CTE, name: str, grid: Grid, box: Box) -> ColumnElement[bytes]:
    properties = [column for column in drawn.c if column.name != "shape"]
    features = select(
        func.ST_AsMVTGeom(
            drawn.c.shape, func.ST_MakeEnvelope(*box, grid.srid), EXTENT, _BUFFER, True
        ).label("shape"),
        *properties,
    ).subquery("feature")
    encoded = (
        select(
            func.ST_AsMVT(literal_column("feature"), name, EXTENT, "shape", "fid", type_=BYTEA())
        )
        .select_from(features)
        .where(features.c.shape.is_not(None))
    )
    return func.coalesce(encoded.scalar_subquery(), b"", type_=BYTEA())


def _shape(source: TileSource, grid: Grid) -> ColumnElement[Any]:
    if grid is WEB_MERCATOR_QUAD:
        return func.ST_Transform(source.rows.c.geom_wgs84, grid.srid)
    if source.any_plane:
        return func.spatial.replane(source.rows.c.geom, grid.srid)
    return source.rows.c.geom


def _near(source: TileSource, grid: Grid, box: Box) -> ColumnElement[bool]:
    side = box[2] - box[0]
    wide = func.ST_MakeEnvelope(*_widened(box, side * _BUFFER / EXTENT, grid.extent), grid.srid)
    rows = source.rows
    if grid is WEB_MERCATOR_QUAD:
        return rows.c.geom_wgs84.op("&&")(func.ST_Transform(wide, WGS84))
    if source.any_plane:  # a straight edge of the plane is a curve in degrees
        curved = func.spatial.to_wgs84(func.ST_Segmentize(wide, side / 8))
        return rows.c.geom_wgs84.op("&&")(curved)
    return and_(rows.c.srid == grid.srid, rows.c.geom.op("&&")(wide))


def _widened(box: Box, margin: float, extent: Box) -> Box:
    west, south, east, north = box
    return (
        max(west - margin, extent[0]),
        max(south - margin, extent[1]),
        min(east + margin, extent[2]),
        min(north + margin, extent[3]),
    )
