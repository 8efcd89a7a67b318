"""Adjusting a plan: a complete new version with its parent; lots outside the scope carried over."""

from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final
from uuid import UUID

import numpy as np
import shapely
from shapely import MultiPolygon
from sqlalchemy import ColumnElement, func, insert, literal, select
from sqlalchemy.orm import Session

from layers.copying import ewkb_hex
from layers.coverage import sliver_tolerance_m2
from layers.geometry import multipolygon, on_grid, polygonal, polygons_of
from planning.plans.commands import NewLot, add_lots, create_version, set_status
from planning.plans.errors import NothingToAdjust, ScopeMissesPlan
from planning.plans.model import PlanAdjustment, PlanLot, PlanVersion
from planning.plans.steps import require_document_before, standing
from planning.vocabulary import IN_FORCE_STATUSES

ENTRY: Final = {"local": "drafting", "overall": "task"}
"""The step an adjustment enters at: an overall one begins again with its task."""


@dataclass(frozen=True, slots=True)
class Adjusted:
    """The new version, lots carried over as they were, cut at the scope, and left out (symbols)."""

    plan_version_id: UUID
    number: int
    carried: int = 0
    cut: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass
class _Sorted:
    whole: list[int] = field(default_factory=list)
    cut: list[Any] = field(default_factory=list)
    inside: list[str] = field(default_factory=list)


def adjust(
    session: Session,
    change: int,
    *,
    parent_id: UUID,
    kind: str,
    day: date,
    document_id: UUID,
    scope: MultiPolygon | None = None,
) -> Adjusted:
    """Begin an adjustment of an approved version: `local` within a scope (E, N), or `overall`.

    A local one carries every lot outside its scope over, byte for byte; lots the scope cuts keep
    what lies outside, their legal area shared out by size; lots inside are left out and come with
    the adjustment's own file. Raises NothingToAdjust, ScopeMissesPlan, BeforeDecision.
    """
    require_document_before(session, document_id, day)
    parent = standing(session, parent_id)
    if parent.status not in IN_FORCE_STATUSES or parent.scope is None:
        raise NothingToAdjust(**parent.names)
    plan_id, srid = session.execute(
        select(PlanVersion.plan_id, func.ST_SRID(PlanLot.geom))
        .outerjoin(PlanLot, PlanLot.plan_version_id == PlanVersion.id)
        .where(PlanVersion.id == parent_id)
        .limit(1)
    ).one()
    ground: MultiPolygon | None = None
    if kind == "local":
        ground = _on_plan(scope, parent.scope)
        if ground is None or srid is None:
            raise ScopeMissesPlan(**parent.names)
    version_id, number = create_version(session, change, plan_id=plan_id, parent_id=parent_id)
    set_status(
        session,
        change,
        plan_version_id=version_id,
        status=ENTRY[kind],
        valid_from=day,
        scope=parent.scope,
        decision_id=document_id,
    )
    session.execute(
        insert(PlanAdjustment).values(
            plan_version_id=version_id,
            plan_id=plan_id,
            srid=srid or 0,
            kind=kind,
            geom=None if ground is None else ewkb_hex([ground], srid)[0],
            opened_by=change,
        )
    )
    if ground is None:
        return Adjusted(version_id, number)
    found = _sorted(session, parent_id, ground)
    _carry(session, change, version_id, found.whole)
    pieces = [piece for row in found.cut for piece in _cut(row, ground)]
    if pieces:
        add_lots(session, change, plan_version_id=version_id, lots=pieces)
    return Adjusted(
        version_id,
        number,
        len(found.whole),
        tuple(row.symbol for row in found.cut),
        tuple(found.inside),
    )


def scope_of_symbols(session: Session, plan_version_id: UUID, symbols: list[str]) -> MultiPolygon:
    """Return the ground of lots by their symbols, for an adjustment of just these.

    Raises ScopeMissesPlan when one of them is not in the version.
    """
    found = _grounds(session, plan_version_id, PlanLot.symbol.in_(symbols))
    return _together(
        session, plan_version_id, found, {symbol for _id, symbol, _wkb in found}, symbols
    )


def scope_of_lots(session: Session, plan_version_id: UUID, lot_ids: Sequence[UUID]) -> MultiPolygon:
    """Return the ground of lots, for an adjustment of just these.

    Raises ScopeMissesPlan when one of them is not in the version.
    """
    found = _grounds(session, plan_version_id, PlanLot.lot_id.in_(lot_ids))
    return _together(
        session, plan_version_id, found, {lot for lot, _symbol, _wkb in found}, lot_ids
    )


def _grounds(
    session: Session, plan_version_id: UUID, wanted: ColumnElement[bool]
) -> list[tuple[UUID, str, bytes]]:
    rows = session.execute(
        select(PlanLot.lot_id, PlanLot.symbol, func.ST_AsBinary(PlanLot.geom)).where(
            PlanLot.plan_version_id == plan_version_id, PlanLot.closed_by.is_(None), wanted
        )
    )
    return [(row[0], row[1], bytes(row[2])) for row in rows]


def _together(
    session: Session,
    plan_version_id: UUID,
    found: Sequence[tuple[UUID, str, bytes]],
    met: Set[object],
    asked: Sequence[object],
) -> MultiPolygon:
    if not asked or met != set(asked):
        raise ScopeMissesPlan(**standing(session, plan_version_id).names)
    return multipolygon(shapely.union_all(shapely.from_wkb([wkb for _id, _symbol, wkb in found])))


def _on_plan(scope: MultiPolygon | None, plan: MultiPolygon) -> MultiPolygon | None:
    """The part of a scope that lies on the plan, on the 1 mm grid; None when none does."""
    if scope is None:
        return None
    shared = polygonal(shapely.intersection(scope, plan))
    rounded = on_grid(np.array([shared], dtype=object))[0]
    return None if rounded is None or rounded.is_empty else multipolygon(rounded)


def _sorted(session: Session, parent_id: UUID, ground: MultiPolygon) -> _Sorted:
    rows = session.execute(
        select(
            PlanLot.version_id,
            PlanLot.symbol,
            PlanLot.category,
            PlanLot.leasable,
            PlanLot.legal_area_m2,
            PlanLot.density_pct,
            PlanLot.storeys_max,
            PlanLot.floor_area_ratio,
            func.ST_AsBinary(PlanLot.geom).label("wkb"),
        )
        .where(PlanLot.plan_version_id == parent_id, PlanLot.closed_by.is_(None))
        .order_by(PlanLot.symbol, PlanLot.version_id)
    ).all()
    shapes = np.asarray(shapely.from_wkb([bytes(row.wkb) for row in rows]), dtype=object)
    shared = polygonal(shapely.intersection(shapes, ground))
    left = polygonal(shapely.difference(shapes, ground))
    real = [part.area > sliver_tolerance_m2(part.length) for part in shared]
    rest = [part.area > sliver_tolerance_m2(part.length) for part in left]
    found = _Sorted()
    for row, taken, kept in zip(rows, real, rest, strict=True):
        if not taken:
            found.whole.append(row.version_id)
        elif kept:
            found.cut.append(row)
        else:
            found.inside.append(row.symbol)
    return found


def _carry(session: Session, change: int, version_id: UUID, lots: list[int]) -> None:
    """Copy lots inside the database: not a bit of their shapes passes through anything else."""
    own = {"version_id", "lot_id", "plan_version_id", "opened_by", "closed_by"}
    names = [
        column.name
        for column in PlanLot.__table__.columns
        if column.computed is None and column.name not in own
    ]
    columns = [PlanLot.__table__.columns[name] for name in names]
    table = PlanLot.__table__.columns
    here = literal(version_id, table["plan_version_id"].type)
    now = literal(change, table["opened_by"].type)
    source = select(here, now, *columns).where(PlanLot.version_id.in_(lots))
    session.execute(insert(PlanLot).from_select(["plan_version_id", "opened_by", *names], source))


def _cut(row: Any, ground: MultiPolygon) -> list[NewLot]:
    """What the scope leaves of a lot."""
    shape = shapely.from_wkb(bytes(row.wkb))
    left = on_grid(np.array([polygonal(shapely.difference(shape, ground))], dtype=object))[0]
    return [
        NewLot(
            row.symbol,
            row.category,
            row.leasable,
            piece,
            _share(row.legal_area_m2, piece.area, shape.area),
            row.density_pct,
            row.storeys_max,
            row.floor_area_ratio,
        )
        for piece in polygons_of(left)
        if piece.area > sliver_tolerance_m2(piece.length)
    ]


def _share(legal_m2: Decimal | None, part_m2: float, whole_m2: float) -> Decimal | None:
    if legal_m2 is None:
        return None
    share = legal_m2 * Decimal(repr(part_m2)) / Decimal(repr(whole_m2))
    return share.quantize(Decimal("0.01"), ROUND_HALF_UP)
