"""What the register already says where a file wants to go: zone, boundaries, plan, neighbours,
numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planning import days
from planning.changes.imports.book import ParcelBook, parcel_book
from planning.changes.imports.ledger import Ledger, handover_ledger, rights_ledger
from planning.changes.imports.request import Layer, Request
from planning.clocks import valid_on
from planning.errors import BeforeZoneExisted, NotFound, ZoneNeverBounded
from planning.parcels.model import ParcelVersion
from planning.plans.model import Plan, PlanAdjustment, PlanLot, PlanStatus, PlanVersion
from planning.plans.queries import find_plan, find_version
from planning.projects.model import Project
from planning.resettlement.model import ResettlementArea
from planning.zones.model import (
    AdminUnitVersion,
    Board,
    BoardVersion,
    Zone,
    ZoneBoundary,
    ZoneVersion,
)

Shapes = NDArray[np.object_]
NAMES_PARCELS = (Layer.PARCELS, Layer.LAND_RIGHTS, Layer.HANDOVERS)
"""Layers whose rows name parcels."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A zone with the boundary in force: `shape` as drawn, `ground` with its tolerance; (E, N)
    of the plane.
    """

    zone_id: UUID
    code: str
    depth: int
    shape: BaseGeometry | None
    ground: BaseGeometry | None
    since: date | None
    """First day with a boundary, whatever its version."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Parcels of the plane in force on the day: what a new coverage must fit to."""

    ids: list[UUID]
    labels: list[str]
    shapes: Shapes


@dataclass(frozen=True, slots=True)
class PlanGround:
    """The plan version lots go to: its ids, the ground it covers, and the lots already in it."""

    plan_id: UUID
    version_id: UUID
    number: int
    level: str
    scope: BaseGeometry | None
    symbols: list[str]
    lots: Shapes


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Everything an examination needs to know of the register; plain values, no session."""

    zone: Ground
    srid: int
    board_id: UUID
    province_name: str
    founded_on: date
    day: date
    children: tuple[Ground, ...]
    where: BaseGeometry | None
    """Ground a file must fit to when the zone has no boundary yet: its parent's, or the communes
    known.
    """
    neighbours: Neighbours | None = None
    plan: PlanGround | None = None
    book: ParcelBook = field(default_factory=ParcelBook)
    ledger: Ledger = field(default_factory=Ledger)
    codes: frozenset[str] = frozenset()
    """Codes of resettlement areas or projects already in the register."""


def survey(session: Session, request: Request) -> Surroundings:
    """Look around before a file is examined.

    Raises:
        DocumentAhead, EffectTooFarAhead: a day no paper can carry yet.
        NotFound: no such zone, plan or plan version.
        BeforeZoneExisted: the day lies before the zone was founded, or (but for boundaries)
        before its first boundary.
    """
    days.issued(request.document.number, request.document.issued_on)
    days.takes_effect(request.day)
    zone = session.execute(select(Zone).where(Zone.code == request.zone_code)).scalar_one_or_none()
    if zone is None:
        raise NotFound(kind="zone", key=request.zone_code)
    day = request.day
    founded = session.execute(
        select(ZoneVersion.valid_from, ZoneVersion.board_id)
        .where(ZoneVersion.zone_id == zone.id, ZoneVersion.closed_by.is_(None))
        .order_by(ZoneVersion.valid_from)
    ).first()
    if founded is None or founded.valid_from > day:
        since = founded.valid_from if founded else None
        raise BeforeZoneExisted(zone_name=request.zone_code, day=day, since=since)
    ground = _ground(session, zone.id, zone.code, 0, day)
    needs_ground = request.layer in (Layer.PARCELS, Layer.PLAN_LOTS)
    if needs_ground and ground.since is None:
        raise ZoneNeverBounded(zone_name=request.zone_code, day=day)
    if needs_ground and ground.since is not None and ground.since > day:
        raise BeforeZoneExisted(zone_name=request.zone_code, day=day, since=ground.since)
    province = session.scalar(
        select(BoardVersion.province_name)
        .join(Board, Board.id == BoardVersion.board_id)
        .where(Board.id == founded.board_id, BoardVersion.closed_by.is_(None))
        .order_by(BoardVersion.valid_from.desc())
        .limit(1)
    )
    family = _family(session, zone)
    book = parcel_book(session, family) if request.layer in NAMES_PARCELS else ParcelBook()
    return Surroundings(
        zone=ground,
        srid=zone.srid,
        board_id=founded.board_id,
        province_name=province or "",
        founded_on=founded.valid_from,
        day=day,
        children=tuple(_children(session, zone.id, day)),
        where=ground.ground if ground.ground is not None else _wider(session, zone, day),
        neighbours=_neighbours(session, zone.srid, ground, day)
        if request.layer is Layer.PARCELS
        else None,
        plan=_plan(session, zone.id, request) if request.layer is Layer.PLAN_LOTS else None,
        book=book,
        ledger=_ledger(session, request.layer, family, book),
        codes=_codes(session, request.layer),
    )


def _ledger(session: Session, layer: Layer, family: list[UUID], book: ParcelBook) -> Ledger:
    if layer is Layer.LAND_RIGHTS:
        return rights_ledger(session, family)
    return handover_ledger(session, book.by_id) if layer is Layer.HANDOVERS else Ledger()


def _codes(session: Session, layer: Layer) -> frozenset[str]:
    if layer is Layer.RESETTLEMENT:
        return frozenset(session.scalars(select(ResettlementArea.code)))
    if layer is Layer.PROJECTS:
        return frozenset(session.scalars(select(Project.code)))
    return frozenset()


def _ground(session: Session, zone_id: UUID, code: str, depth: int, day: date) -> Ground:
    since = session.scalar(
        select(func.min(ZoneBoundary.valid_from)).where(
            ZoneBoundary.zone_id == zone_id, ZoneBoundary.closed_by.is_(None)
        )
    )
    row = session.execute(
        select(func.ST_AsBinary(ZoneBoundary.geom), ZoneBoundary.tolerance_m).where(
            ZoneBoundary.zone_id == zone_id,
            ZoneBoundary.closed_by.is_(None),
            valid_on(ZoneBoundary, day),
        )
    ).one_or_none()
    if row is None:
        return Ground(zone_id, code, depth, None, None, since)
    shape = shapely.from_wkb(bytes(row[0]))
    return Ground(zone_id, code, depth, shape, shape.buffer(row[1], join_style="mitre"), since)


def _family(session: Session, zone: Zone) -> list[UUID]:
    """A zone, its descendants and its parent: where a number must not come twice."""
    found = [zone.id] if zone.parent_id is None else [zone.id, zone.parent_id]
    wave = [zone.id]
    while wave:
        wave = list(session.scalars(select(Zone.id).where(Zone.parent_id.in_(wave))))
        found += wave
    return found


def _children(session: Session, zone_id: UUID, day: date, depth: int = 1) -> list[Ground]:
    found: list[Ground] = []
    for child in session.execute(select(Zone.id, Zone.code).where(Zone.parent_id == zone_id)):
        ground = _ground(session, child.id, child.code, depth, day)
        if ground.ground is not None:
            found.append(ground)
        found += _children(session, child.id, day, depth + 1)
    return found


def _wider(session: Session, zone: Zone, day: date) -> BaseGeometry | None:
    """The parent's boundary, else the administrative units of the plane, else nothing to fit to."""
    if zone.parent_id is not None:
        parent = _ground(session, zone.parent_id, "", 0, day)
        if parent.ground is not None:
            return parent.ground
    units = session.scalar(
        select(func.ST_AsBinary(func.ST_Collect(func.ST_Envelope(AdminUnitVersion.geom)))).where(
            AdminUnitVersion.srid == zone.srid, AdminUnitVersion.closed_by.is_(None)
        )
    )
    return shapely.unary_union(shapely.from_wkb(bytes(units))) if units is not None else None


def _neighbours(session: Session, srid: int, ground: Ground, day: date) -> Neighbours:
    if ground.ground is None:
        return Neighbours([], [], np.empty(0, dtype=object))
    rows = session.execute(
        select(
            ParcelVersion.parcel_id,
            ParcelVersion.sheet_no,
            ParcelVersion.parcel_no,
            func.ST_AsBinary(ParcelVersion.geom),
        ).where(
            ParcelVersion.srid == srid,
            ParcelVersion.geom.op("&&")(func.ST_MakeEnvelope(*ground.ground.bounds, srid)),
            ParcelVersion.closed_by.is_(None),
            valid_on(ParcelVersion, day),
        )
    ).all()
    shapes = np.asarray(shapely.from_wkb([bytes(row[3]) for row in rows]), dtype=object)
    labels = ["/".join(part for part in (row[1], row[2]) if part) for row in rows]
    return Neighbours([row[0] for row in rows], labels, shapes)


def _plan(session: Session, zone_id: UUID, request: Request) -> PlanGround:
    if not request.plan_code:
        raise NotFound(kind="plan", key="")
    plan_id = find_plan(session, request.plan_code)
    plan = session.execute(select(Plan.zone_id, Plan.level).where(Plan.id == plan_id)).one()
    if plan.zone_id != zone_id:
        raise NotFound(kind="plan", key=request.plan_code)
    version_id = find_version(session, plan_id, request.plan_version)
    number = session.scalar(select(PlanVersion.number).where(PlanVersion.id == version_id))
    scope = session.scalar(  # a local adjustment takes lots within its own scope only
        select(func.ST_AsBinary(PlanAdjustment.geom)).where(
            PlanAdjustment.plan_version_id == version_id,
            PlanAdjustment.closed_by.is_(None),
            PlanAdjustment.geom.is_not(None),
        )
    ) or session.scalar(
        select(func.ST_AsBinary(PlanStatus.geom))
        .where(PlanStatus.plan_version_id == version_id, PlanStatus.closed_by.is_(None))
        .order_by(PlanStatus.valid_from.desc())
        .limit(1)
    )
    lots = session.execute(
        select(PlanLot.symbol, func.ST_AsBinary(PlanLot.geom)).where(
            PlanLot.plan_version_id == version_id, PlanLot.closed_by.is_(None)
        )
    ).all()
    return PlanGround(
        plan_id,
        version_id,
        int(number or 0),
        plan.level,
        shapely.from_wkb(bytes(scope)) if scope is not None else None,
        [row[0] for row in lots],
        np.asarray(shapely.from_wkb([bytes(row[1]) for row in lots]), dtype=object),
    )
