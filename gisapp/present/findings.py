"""Findings as people and programs read them: names, numbers, sentences in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
import shapely

from gisapp.messages import render
from gisapp.present.formats import language
from layers.crs import to_wgs84
from planning.conformance.finding import Boundary, Finding, Lot, Parcel, Scope, Side, Waived
from planning.records.queries import changes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from planning.records.queries import ChangeSummary

CHIPS = {"high": "bad", "medium": "warn", "low": "plain"}
"""The colour of a severity."""
PLANE_DECIMALS = 6
"""Micrometres: a shared sliver may be thinner than the grid that parcels are stored on."""


def kind_name(kind: str) -> str:
    """A kind of finding in the reader's language."""
    return render(f"finding-kind-{kind}", {}, language())


def severity_name(severity: str) -> str:
    """A severity in the reader's language."""
    return render(f"finding-severity-{severity}", {}, language())


def parcel_name(parcel: Parcel) -> str:
    """A parcel by number and sheet."""
    return _named(parcel)


def sentence(finding: Finding) -> str:
    """What does not fit, with numbers, and what to do."""
    facts: dict[str, object] = {
        "parcel": _named(finding.parcel),
        "other": _named(finding.other),
        "area_m2": finding.area_m2,
        "share": 100 * finding.share,
    }
    if isinstance(finding.other, Boundary):
        facts["tolerance_m"] = finding.other.tolerance_m
    if isinstance(finding.other, Scope):
        facts["level"] = finding.other.level
    if finding.right is not None:
        facts |= {"right": finding.right.number, "right_kind": finding.right.kind}
    said = render(f"finding-says-{finding.kind}", facts, language())
    return said[:1].upper() + said[1:]


def _named(side: Side) -> str:
    match side:
        case Parcel():
            facts: dict[str, object] = {"number": side.number or "?", "sheet": side.sheet or "?"}
            return render("finding-parcel", facts, language())
        case Boundary():
            return render("finding-boundary", {"zone": side.zone}, language())
        case Lot():
            facts = {"symbol": side.symbol, "category": side.category}
            facts |= {"plan": side.plan, "plan_version": side.plan_version}
            return render("finding-lot", facts, language())
        case Scope():
            facts = {"plan": side.plan, "plan_version": side.plan_version}
            return render("finding-scope", facts, language())


def causes(session: Session, found: Sequence[Finding]) -> Mapping[int, ChangeSummary]:
    """The changes by which waivers lapsed, by number."""
    numbers = {
        each.waiver.lapsed_by for each in found if each.waiver and each.waiver.lapsed_by is not None
    }
    return changes(session, sorted(numbers))


def waiver_text(waiver: Waived, because: Mapping[int, ChangeSummary]) -> str:
    """Who let it stand and why, or why that no longer holds."""
    facts: dict[str, object] = {
        "by": waiver.granted_by,
        "granted_on": waiver.granted_on,
        "expires_on": waiver.expires_on,
        "reason": waiver.reason,
        "document": _paper(waiver, because),
    }
    if waiver.lapsed is None:
        code = "waiver-holds" if waiver.expires_on is None else "waiver-holds-until"
    else:
        code = f"waiver-lapsed-{waiver.lapsed}"
    return render(code, facts, language())


def _paper(waiver: Waived, because: Mapping[int, ChangeSummary]) -> str | None:
    change = None if waiver.lapsed_by is None else because.get(waiver.lapsed_by)
    return None if change is None else change.document_number or change.reason


def properties(finding: Finding, because: Mapping[int, ChangeSummary]) -> dict[str, Any]:
    """Everything that is said of a finding beside its shape."""
    waiver = finding.waiver
    return {
        "id": finding.key,
        "number": finding.number,
        "kind": finding.kind,
        "kind_name": kind_name(finding.kind),
        "severity": finding.severity,
        "severity_name": severity_name(finding.severity),
        "open": finding.is_open,
        "area_m2": finding.area_m2,
        "share_pct": round(100 * finding.share, 4),
        "text": sentence(finding),
        "zone": finding.parcel.zone,
        "parcel": _side(finding.parcel),
        "other": _side(finding.other),
        "right": _right(finding),
        "waiver": None if waiver is None else _waiver(waiver, because),
    }


def _side(side: Side) -> dict[str, Any]:
    said: dict[str, Any] = {"version": side.version_id, "name": _named(side)}
    match side:
        case Parcel():
            more = {"type": "parcel", "id": str(side.parcel_id), "area_m2": side.area_m2}
        case Boundary():
            more = {"type": "boundary", "zone": side.zone, "tolerance_m": side.tolerance_m}
        case Lot():
            more = {
                "type": "lot",
                "symbol": side.symbol,
                "category": side.category,
                "leasable": side.leasable,
            } | _plan(side)
        case Scope():
            more = {"type": "plan"} | _plan(side)
    return said | more


def _plan(side: Lot | Scope) -> dict[str, Any]:
    return {
        "plan": side.plan,
        "plan_version": side.plan_version,
        "level": side.level,
        "decision": side.decision,
        "decided_on": side.decided_on,
    }


def _right(finding: Finding) -> dict[str, Any] | None:
    right = finding.right
    if right is None:
        return None
    return {
        "version": right.version_id,
        "kind": right.kind,
        "number": right.number,
        "lessee": right.lessee,
        "contract_area_m2": float(right.contract_area_m2),
    }


def _waiver(waiver: Waived, because: Mapping[int, ChangeSummary]) -> dict[str, Any]:
    return {
        "id": str(waiver.id),
        "granted_by": waiver.granted_by,
        "reason": waiver.reason,
        "granted_on": waiver.granted_on,
        "expires_on": waiver.expires_on,
        "document": waiver.document,
        "holds": waiver.lapsed is None,
        "lapsed": waiver.lapsed,
        "lapsed_by": waiver.lapsed_by,
        "text": waiver_text(waiver, because),
    }


def features(
    found: Sequence[Finding], because: Mapping[int, ChangeSummary], *, in_plane: bool
) -> list[dict[str, Any]]:
    """Findings as GeoJSON: E, N of their plane, or longitude and latitude."""
    return [
        {
            "type": "Feature",
            "id": each.key,
            "geometry": _shape(each, in_plane=in_plane),
            "properties": properties(each, because),
        }
        for each in found
    ]


def _shape(finding: Finding, *, in_plane: bool) -> Any:
    shape, decimals = finding.shape, PLANE_DECIMALS
    if not in_plane:
        shape, decimals = to_wgs84(shape, finding.parcel.srid), 9
    written = orjson.loads(shapely.to_geojson(shapely.orient_polygons(shape)))
    return {**written, "coordinates": _rounded(written["coordinates"], decimals)}


def _rounded(value: Any, decimals: int) -> Any:
    if isinstance(value, float | int):
        return round(value, decimals)
    return [_rounded(each, decimals) for each in value]
