"""Two plan versions compared, for programs: the matrix, lots, broken leases, pieces as GeoJSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from flask import Response
from pydantic import Field

from gisapp.api.models import DayQuery, api_blueprint
from gisapp.api.written import GEOJSON, as_json
from gisapp.comparing import asked_comparison
from gisapp.present.formats import language
from gisapp.present.indicators import figure_facts
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from layers.crs import to_wgs84

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from planning.adjustments.comparison import Comparison
    from planning.adjustments.touched import Right
    from planning.plans.difference import Piece, Use
    from planning.plans.difference_lots import LotChange
    from planning.plans.difference_sides import Side

api = api_blueprint("differences", __name__, "Quy hoạch · plans")

DECIMALS = 7


class DifferenceQuery(DayQuery):
    """Two versions by `PLAN/NUMBER` or identifier; without `from`, the plan in force that day."""

    before: str | None = Field(None, alias="from", max_length=80, description="Bản trước · before")
    after: str = Field(alias="to", max_length=80, description="Bản sau · after")


@api.get("/plans/differences")
@api.input(DifferenceQuery, location="query", arg_name="query")
@api.doc(summary="So sánh hai phiên bản quy hoạch · difference of two plan versions")
@requires(Permission.READ)
def show(query: DifferenceQuery) -> Response:
    """From-use × to-use in measured m², changed lots, leases that lose leasable ground, figures."""
    query.shown()
    return as_json(comparison_facts(asked_comparison()))


@api.get("/plans/differences/pieces.geojson")
@api.input(DifferenceQuery, location="query", arg_name="query")
@api.doc(summary="Phần đất đổi mục đích · ground whose use changes (RFC 7946)")
@requires(Permission.READ)
def pieces(query: DifferenceQuery) -> Response:
    """Every piece whose use changes, WGS 84; areas are those of the VN-2000 plane."""
    query.shown()
    compared = asked_comparison()
    changed = compared.laid.changed()
    features = [_feature(compared, each, each.shape) for each in changed if each.shape is not None]
    return as_json({"type": "FeatureCollection", "features": features}, GEOJSON)


def comparison_facts(compared: Comparison) -> dict[str, Any]:
    """A comparison in plain values; areas m²."""
    return {
        "before": _version(compared.before),
        "after": _version(compared.after),
        "matrix": [
            {"before": _use(cell.before), "after": _use(cell.after), "area_m2": round(area, 4)}
            for cell, area in sorted(compared.matrix.items(), key=lambda item: -item[1])
        ],
        "changed_m2": round(compared.changed_m2, 4),
        "lots_overlap_m2": {
            "before": round(compared.laid.excess[0], 4),
            "after": round(compared.laid.excess[1], 4),
        },
        "leasable_m2": {
            "lost": round(compared.leasable.lost_m2, 4),
            "gained": round(compared.leasable.gained_m2, 4),
            "net": round(compared.leasable.net_m2, 4),
        },
        "broken_leases": [_right(right, area) for right, area in compared.broken],
        "broken_m2": round(compared.broken_m2, 4),
        "lots": [_lot(change) for change in compared.lots],
        "figures": [
            {
                "before": figure_facts(shift.before, language()),
                "after": figure_facts(shift.after, language()),
            }
            for shift in compared.shifts
        ],
    }


def _version(side: Side) -> dict[str, Any]:
    facts = side.facts
    return {
        "id": facts.plan_version_id,
        "plan": facts.code,
        "version": facts.number,
        "zone": facts.zone,
        "level": facts.level,
        "status": facts.status,
        "in_force": facts.in_force,
        "in_force_from": facts.in_force_from,
        "in_force_to": facts.in_force_to,
        "decision": facts.decision_number,
        "issued_on": facts.decision_issued_on,
        "lots": len(side.cover.lots),
        "lots_m2": round(sum(lot.area_m2 for lot in side.cover.lots), 4),
        "boundary_m2": side.cover.boundary and round(side.cover.boundary.area, 4),
    }


def _use(use: Use) -> dict[str, str]:
    return {"category": use.category, "leasable": use.leasable}


def _right(right: Right, area: float) -> dict[str, Any]:
    return {
        "id": right.id,
        "number": right.number,
        "kind": right.kind,
        "lessee": right.lessee,
        "contract_area_m2": right.contract_area_m2,
        "lost_m2": round(area, 4),
    }


def _lot(change: LotChange) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "before": change.before and change.before.symbol,
        "after": change.after and change.after.symbol,
        "moved_m2": round(change.moved_m2, 4),
        "fields": [
            {"name": field.name, "before": field.before, "after": field.after}
            for field in change.fields
        ],
    }


def _feature(compared: Comparison, piece: Piece, ground: BaseGeometry) -> dict[str, Any]:
    cell, laid = compared.laid.cell(piece), compared.laid
    world = to_wgs84(ground, compared.after.facts.srid)
    shape = shapely.transform(shapely.orient_polygons(world), _rounded)
    return {
        "type": "Feature",
        "geometry": shapely.geometry.mapping(shape),
        "properties": {
            "from_category": cell.before.category,
            "from_leasable": cell.before.leasable,
            "to_category": cell.after.category,
            "to_leasable": cell.after.leasable,
            "from_lot": laid.before.lots[piece.before].symbol if piece.before >= 0 else None,
            "to_lot": laid.after.lots[piece.after].symbol if piece.after >= 0 else None,
            "area_m2": round(piece.area_m2, 4),
        },
    }


def _rounded(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.round(lonlat, DECIMALS)
