"""Findings as a layer of the map and as a layer of files: worked out here, written by the database.

What is worked out travels as arrays of bound values, so that tiles and files are cut from it by the
same statements as every other layer.
"""

from collections.abc import Sequence
from typing import Any, Final

import shapely
from sqlalchemy import BigInteger, Integer, TextClause, column

from layers.exporting import ExportSource
from layers.tiles import TileSource
from planning.conformance.finding import Boundary, Finding, Lot, Parcel, Side
from planning.statements import statement

LAYER: Final = "conflicts"
PROPERTIES: Final = ("id", "number", "kind", "severity", "open", "area")
LABELS: Final = ("id", "number", "severity", "open")
EXPORTED: Final = (
    "id",
    "layer",
    "zone_code",
    "category_code",
    "severity",
    "status",
    "parcel",
    "other",
    "contract_no",
    "gis_area_m2",
    "share_pct",
    "waived_by",
    "waiver_reason",
    "valid_from",
    "valid_to",
    "source_crs",
    "updated_at",
    "data_class",
)


def tile_source(found: Sequence[Finding]) -> TileSource:
    """Describe findings to the tile maker."""
    typed: dict[str, Any] = {"fid": BigInteger(), "srid": Integer(), "number": Integer()}
    names = ("fid", "srid", "geom", "geom_wgs84", *PROPERTIES)
    question = _bound(
        "published/conflicts",
        found,
        fids=[each.number for each in found],
        ids=[each.key for each in found],
        numbers=[each.number for each in found],
    )
    rows = question.columns(*(column(name, typed.get(name)) for name in names)).subquery("rows")
    return TileSource(
        name=LAYER,
        rows=rows,
        properties=PROPERTIES,
        label_properties=LABELS,
        labels_to_m_px=float("inf"),
    )


def export_source(found: Sequence[Finding]) -> ExportSource:
    """Describe findings to the exporter."""
    held = [each.waiver if each.waiver and not each.is_open else None for each in found]
    question = _bound(
        "export/conflicts",
        found,
        ids=[each.key for each in found],
        zones=[each.parcel.zone for each in found],
        parcels=[each.parcel.name for each in found],
        others=[name_of(each.other) for each in found],
        contracts=[each.right.number if each.right else None for each in found],
        shares=[100 * each.share for each in found],
        waivers=[each.granted_by if each else None for each in held],
        reasons=[each.reason if each else None for each in held],
        starts=[each.granted_on if each else None for each in held],
        ends=[each.expires_on if each else None for each in held],
        changes=[max(each.parcel.opened_by, each.other.opened_by) for each in found],
    )
    numbers = frozenset({"gis_area_m2", "share_pct"})
    return ExportSource(LAYER, question, EXPORTED, numbers, "MultiPolygon")


def name_of(side: Side) -> str:
    """The other side by what it is called: a parcel's number, a lot's symbol, a zone, a plan."""
    match side:
        case Parcel():
            return side.name
        case Lot():
            return side.symbol
        case Boundary():
            return side.zone
        case _:
            return side.plan


def _bound(name: str, found: Sequence[Finding], **more: list[Any]) -> TextClause:
    values: dict[str, list[Any]] = {
        "kinds": [each.kind for each in found],
        "severities": [each.severity for each in found],
        "opens": [each.is_open for each in found],
        "areas": [each.area_m2 for each in found],
        "srids": [each.parcel.srid for each in found],
        "shapes": [shapely.to_wkb(each.shape) for each in found],
        **more,
    }
    return statement(name).bindparams(**values)
