"""Which facts of the register are map layers, and which of their properties may leave it.

A property that is not named here is in no tile: no party, no price, nothing about a person.
"""

from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BigInteger, ColumnClause, Integer, TextClause, column
from sqlalchemy.orm import Session

from layers.tiles import TileSource
from planning.clocks import Moment, moment_parameters
from planning.errors import NotFound
from planning.statements import statement

SINGLE_PARCELS_TO_M_PX: Final = 8.0
"""Parcels are drawn one by one down to about 1:25,000 (8 m a pixel on a plane's grid)."""


@dataclass(frozen=True, slots=True)
class MapLayer:
    """A layer of the map: its question, its properties, and how coarsely it is drawn."""

    name: str
    question: str
    properties: tuple[str, ...]
    label_properties: tuple[str, ...] = ()
    single_to_m_px: float = float("inf")
    dissolve_by: tuple[str, ...] = ()
    dissolve_to_m_px: float = 0.0
    labels_to_m_px: float = float("inf")
    any_plane: bool = False


def _by_name(*layers: MapLayer) -> MappingProxyType[str, MapLayer]:
    return MappingProxyType({layer.name: layer for layer in layers})


MAP_LAYERS: Final = _by_name(
    MapLayer(
        "zones",
        "published/zones",
        ("id", "code", "name_vi", "name_en", "kind", "inner_zone", "certainty", "area"),
        ("code", "name_vi", "name_en", "inner_zone"),
    ),
    MapLayer(
        "plan-lots",
        "published/plan_lots",
        ("id", "symbol", "category", "leasable", "level", "plan", "plan_version", "area"),
        ("symbol", "category", "level"),
        single_to_m_px=16.0,
        dissolve_by=("category", "level"),
        dissolve_to_m_px=256.0,
        labels_to_m_px=8.0,
    ),
    MapLayer(
        "parcels",
        "parcel_state",
        ("id", "zone", "sheet", "number", "state", "in_clearance", "late", "land_use", "area"),
        ("sheet", "number", "state"),
        single_to_m_px=SINGLE_PARCELS_TO_M_PX,
        dissolve_by=("zone", "state", "in_clearance"),
        dissolve_to_m_px=128.0,
        labels_to_m_px=1.0,
    ),
    MapLayer(
        "resettlement",
        "published/resettlement",
        ("id", "code", "name_vi", "name_en", "status", "plots_planned", "area"),
        ("name_vi", "name_en"),
    ),
    MapLayer(
        "resettlement-plots",
        "published/plots",
        ("id", "number", "area_code", "status", "item", "area"),
        ("number",),
        single_to_m_px=8.0,
        labels_to_m_px=1.0,
    ),
    MapLayer(
        "zone-phases",
        "published/phases",
        ("id", "zone", "number", "name_vi", "name_en", "state", "area"),
        ("number", "state"),
    ),
    MapLayer(
        "clearance",
        "published/clearance",
        ("id", "case_code", "number", "state", "complaint", "suspension", "area"),
        ("number", "complaint", "suspension"),
        single_to_m_px=16.0,
        labels_to_m_px=1.0,
    ),
    MapLayer(
        "projects",
        "published/projects",
        (
            "id",
            "code",
            "name_vi",
            "name_en",
            "kind",
            "status",
            "progress",
            "late_days",
            "late",
            "lateness",
        ),
        (
            "id",
            "code",
            "name_vi",
            "name_en",
            "kind",
            "progress",
            "late",
            "late_days",
            "lateness",
        ),
        single_to_m_px=64.0,
    ),
    MapLayer(
        "admin-units",
        "published/admin_units",
        ("id", "level", "code", "name_vi", "name_en"),
        ("level", "name_vi", "name_en"),
        single_to_m_px=1024.0,
        any_plane=True,
    ),
)


@dataclass(frozen=True, slots=True)
class Sight:
    """What a reader looks at: a moment, the zones (``None`` = all) and perhaps one plan version."""

    at: Moment
    zone_ids: tuple[UUID, ...] | None = None
    plan_version: UUID | None = None


def tile_source(name: str, sight: Sight) -> TileSource:
    """Describe a layer at a moment to the tile maker.

    Raises:
        NotFound: no map layer goes by that name.
    """
    layer = MAP_LAYERS.get(name)
    if layer is None:
        raise NotFound(kind="map_layer", key=name[:40])
    typed: dict[str, ColumnClause[Any]] = {
        "fid": column("fid", BigInteger()),
        "srid": column("srid", Integer()),
    }
    names = ("fid", "srid", "geom", "geom_wgs84", *layer.properties, *layer.label_properties)
    columns: list[ColumnClause[Any]] = [
        typed.get(each, column(each)) for each in dict.fromkeys(names)
    ]
    rows = question(layer.question, sight).columns(*columns).subquery("rows")
    return TileSource(
        name=layer.name,
        rows=rows,
        properties=layer.properties,
        label_properties=layer.label_properties,
        single_to_m_px=layer.single_to_m_px,
        dissolve_by=layer.dissolve_by,
        dissolve_to_m_px=layer.dissolve_to_m_px,
        labels_to_m_px=layer.labels_to_m_px,
        any_plane=layer.any_plane,
    )


def question(name: str, sight: Sight) -> TextClause:
    """Return a question of ``planning/sql`` with what the reader looks at bound to it."""
    found = statement(name)
    asked = found.compile().params
    values = {
        **moment_parameters(sight.at),
        "zone_ids": None if sight.zone_ids is None else list(sight.zone_ids),
        "plan_version": sight.plan_version,
    }
    return found.bindparams(**{key: value for key, value in values.items() if key in asked})


def zone_and_inner(session: Session, zone_id: UUID) -> tuple[UUID, ...]:
    """Return a zone and every zone inside it."""
    rows = session.execute(statement("zone_and_inner"), {"zone_id": zone_id})
    return tuple(row.id for row in rows)


def days_of_change(session: Session, sight: Sight) -> list[date]:
    """Return the days on which something began in the zones in sight, latest first, at most 400."""
    asked = question("days_of_change", sight)
    return [row.day for row in session.execute(asked)]


def revision(session: Session) -> str:
    """Return a mark of all that is known now: it is another one after every committed change.

    The highest number alone would not do: a change under way may commit after a later one.
    """
    row = session.execute(statement("revision")).one()
    return f"{row.highest}.{row.total}"
