"""A park whose plan is drawn by formula: columns of lots, one version approved by a leader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from shapely import MultiPolygon, Polygon, box
from sqlalchemy.orm import Session

from planning.plans.approval import approve
from planning.plans.commands import NewLot, add_lots, create_plan, create_version
from planning.plans.steps import advance
from planning.records.commands import open_change, register_document
from tests.db.ground import EAST, NORTH, PLANE, Ground, lay

DRAWN, APPROVED = date(2021, 1, 4), date(2021, 3, 1)
SIDE = 100.0
USES = ("CN", "CN", "CN", "DV", "CX", "GT", "HTKT", "CN", "CN", "CX")
LEASABLE = {"CN": "industrial", "DV": "service"}


def cell(column: int, row: int = 0, columns: float = 1, rows: float = 1) -> Polygon:
    """Ground of some cells of 100 m × 100 m."""
    return box(
        EAST + column * SIDE,
        NORTH + row * SIDE,
        EAST + (column + columns) * SIDE,
        NORTH + (row + rows) * SIDE,
    )


def lot(name: str, shape: Polygon, category: str = "CN") -> NewLot:
    """A lot with its measured area as its legal one."""
    legal = Decimal(str(round(shape.area, 1)))
    return NewLot(name, category, LEASABLE.get(category, "none"), shape, legal)


def row_of_lots(uses: tuple[str, ...] = USES) -> list[NewLot]:
    """One lot a column, 10 columns of 1 ha."""
    return [lot(f"{use}-{n:02d}", cell(n), use) for n, use in enumerate(uses)]


SCOPE = MultiPolygon([cell(0, 0, 10)])


@dataclass(frozen=True)
class Planned:
    """The zone, its plan, and the version approved on 1 March 2021."""

    ground: Ground
    plan: UUID
    version: UUID


def act(session: Session, ground: Ground, actor: str, day: date) -> int:
    """Open a change of somebody on a day."""
    return open_change(
        session,
        kind="act",
        reason="step",
        actor=actor,
        effective_on=day,
        document_id=ground.document_id,
    )


def paper(session: Session, number: str, day: date) -> UUID:
    """A decision of a day."""
    return register_document(session, number=number, issued_on=day, issuer="UBND", actor="an")


def draw(
    session: Session, ground: Ground, plan: UUID, lots: list[NewLot], scope: MultiPolygon = SCOPE
) -> UUID:
    """A version of these lots under appraisal, drawn by `an`."""
    change = act(session, ground, "an", DRAWN)
    version, _ = create_version(session, change, plan_id=plan)
    advance(
        session,
        change,
        plan_version_id=version,
        status="appraisal",
        day=DRAWN,
        document_id=ground.document_id,
        scope=scope,
    )
    brought = act(session, ground, "an", DRAWN)
    add_lots(session, brought, plan_version_id=version, lots=lots)
    return version


def planned(session: Session, code: str = "QH") -> Planned:
    """Lay a zone, draw its plan, and let `chi` approve it."""
    ground = lay(session, 10, code=f"Z-{code}")
    change = act(session, ground, "an", DRAWN)
    plan = create_plan(
        session,
        change,
        code=code,
        zone_id=ground.zone_id,
        srid=PLANE,
        level="subdivision",
        scale_denominator=2000,
        name_vi="Quy hoạch phân khu",
    )
    version = draw(session, ground, plan, row_of_lots())
    approve(
        session,
        act(session, ground, "chi", APPROVED),
        plan_version_id=version,
        day=APPROVED,
        document_id=ground.document_id,
    )
    return Planned(ground, plan, version)
