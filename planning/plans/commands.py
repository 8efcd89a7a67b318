"""Writing verbs of the plans context: plans, their versions, lots, and what is in force."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from shapely import MultiPolygon, Polygon
from sqlalchemy import ColumnElement, insert, select
from sqlalchemy.orm import Session

from layers.copying import copy_rows, ewkb_hex
from planning.clocks import close, record
from planning.errors import AlreadyExists, LaterVersionsExist, NotFound
from planning.plans.model import Plan, PlanStatus, PlanVersion
from planning.vocabulary import IN_FORCE_STATUSES


def create_plan(
    session: Session,
    change: int,
    *,
    code: str,
    zone_id: UUID,
    srid: int,
    level: str,
    scale_denominator: int,
    name_vi: str,
    name_en: str | None = None,
) -> UUID:
    """Create a plan of a zone. Raises AlreadyExists."""
    if session.scalar(select(Plan.id).where(Plan.code == code)):
        raise AlreadyExists(kind="plan", key=code)
    plan_id = uuid4()
    session.execute(
        insert(Plan).values(
            id=plan_id,
            code=code,
            zone_id=zone_id,
            srid=srid,
            level=level,
            scale_denominator=scale_denominator,
            name_vi=name_vi,
            name_en=name_en,
            opened_by=change,
        )
    )
    return plan_id


def create_version(
    session: Session, change: int, *, plan_id: UUID, parent_id: UUID | None = None
) -> tuple[UUID, int]:
    """Create the next version of a plan, child of the one before or of the one named; return its
    id and number.
    """
    last = session.execute(
        select(PlanVersion.id, PlanVersion.number)
        .where(PlanVersion.plan_id == plan_id)
        .order_by(PlanVersion.number.desc())
        .limit(1)
    ).one_or_none()
    number = 1 if last is None else last.number + 1
    version_id = uuid4()
    session.execute(
        insert(PlanVersion).values(
            id=version_id,
            plan_id=plan_id,
            number=number,
            parent_id=parent_id or (last.id if last else None),
            opened_by=change,
        )
    )
    return version_id, number


def set_status(
    session: Session,
    change: int,
    *,
    plan_version_id: UUID,
    status: str,
    valid_from: date,
    scope: MultiPolygon,
    decision_id: UUID | None = None,
) -> None:
    """Say what a version is from a day on. Putting it in force ends, on that day, its plan's
    version in force, which is superseded from then on.

    `scope` is (E, N) in the plan's plane. Raises LaterVersionsExist for a day before a recorded
    status; the database refuses
    two versions of a level in force on the same ground and day, and approval without a decision.
    """
    plan = session.execute(
        select(Plan.id, Plan.srid, Plan.level)
        .join(PlanVersion, PlanVersion.plan_id == Plan.id)
        .where(PlanVersion.id == plan_version_id)
    ).one_or_none()
    if plan is None:
        raise NotFound(kind="plan_version", key=str(plan_version_id))
    end_rows(session, change, PlanStatus.plan_version_id == plan_version_id, valid_from)
    if status in IN_FORCE_STATUSES:
        others = (
            (PlanStatus.plan_id == plan.id)
            & (PlanStatus.plan_version_id != plan_version_id)
            & PlanStatus.status.in_(IN_FORCE_STATUSES)
        )
        for ended in end_rows(session, change, others, valid_from):
            replaced = {"status": "superseded", "valid_from": valid_from}
            if decision_id is not None:
                replaced["decision_id"] = decision_id
            record(session, PlanStatus, change, [{**ended, **replaced}])
    row = {
        "plan_version_id": plan_version_id,
        "plan_id": plan.id,
        "srid": plan.srid,
        "level": plan.level,
        "status": status,
        "decision_id": decision_id,
        "geom": ewkb_hex([scope], plan.srid)[0],
        "valid_from": valid_from,
    }
    record(session, PlanStatus, change, [row])


def end_rows(
    session: Session, change: int, where: ColumnElement[bool], day: date
) -> list[dict[str, Any]]:
    """End, on a day, the steps in hand; return what they were, each with its former end.

    Raises LaterVersionsExist when one begins after the day.
    """
    ended = []
    columns = [column for column in PlanStatus.__table__.columns if column.computed is None]
    rows = session.execute(
        select(*columns).where(where, PlanStatus.closed_by.is_(None)).with_for_update()
    ).mappings()
    for row in rows.all():
        if row["valid_from"] > day:
            raise LaterVersionsExist(table="plan_status", day=day)
        if row["valid_to"] is not None and row["valid_to"] <= day:
            continue
        close(session, PlanStatus, change, [row["version_id"]])
        kept = {key: row[key] for key in row if key not in ("version_id", "opened_by", "closed_by")}
        record(session, PlanStatus, change, [{**kept, "valid_to": day}])
        ended.append(kept)
    return ended


@dataclass(frozen=True, slots=True)
class NewLot:
    """A planning lot: the plan's own symbol, normalised category, class and legal area; shape (E,
    N) on the 1 mm grid.
    """

    symbol: str
    category: str
    leasable: str
    shape: Polygon
    legal_area_m2: Decimal | None = None
    density_pct: Decimal | None = None
    storeys_max: int | None = None
    floor_area_ratio: Decimal | None = None


def add_lots(
    session: Session, change: int, *, plan_version_id: UUID, lots: Sequence[NewLot]
) -> int:
    """Add lots to a plan version by COPY; the database relates each to every parcel."""
    plan = session.execute(
        select(Plan.id, Plan.srid, Plan.level)
        .join(PlanVersion, PlanVersion.plan_id == Plan.id)
        .where(PlanVersion.id == plan_version_id)
    ).one_or_none()
    if plan is None:
        raise NotFound(kind="plan_version", key=str(plan_version_id))
    shapes = ewkb_hex([lot.shape for lot in lots], plan.srid)
    columns = (
        "plan_version_id", "plan_id", "srid", "level", "symbol", "category", "leasable",
        "legal_area_m2",
        "density_pct", "storeys_max", "floor_area_ratio", "geom", "opened_by",
    )  # fmt: skip
    rows = (
        (
            plan_version_id, plan.id, plan.srid, plan.level, lot.symbol, lot.category, lot.leasable,
            lot.legal_area_m2, lot.density_pct, lot.storeys_max, lot.floor_area_ratio, shape,
            change,
        )
        for lot, shape in zip(lots, shapes, strict=True)
    )  # fmt: skip
    return copy_rows(session, "land.plan_lot", columns, rows)
