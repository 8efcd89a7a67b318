"""Ground and shorthand for tests of edits: four by four squares of 100 m, changes of a planner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planning.changes.drafts.commands import add, commit, open_draft, own_draft
from planning.changes.drafts.replay import named_in, replay, steps_of
from planning.parcels.commands import NewParcel, add_parcels
from planning.parcels.holding import Held, held_of
from planning.parcels.model import ParcelVersion
from tests.db.ground import EAST, NORTH, PLANE, START, Ground, change, lay, square

DAY = date(2024, 6, 1)
SIDE = 4


@dataclass(frozen=True)
class Block:
    """A zone with sixteen squares, row by row from the south-west."""

    ground: Ground
    parcels: list[UUID]

    def at(self, column: int, row: int) -> UUID:
        """The parcel of a column and a row."""
        return self.parcels[row * SIDE + column]


def laid(session: Session, *, code: str = "KCN-1", legal: bool = False) -> Block:
    """Lay the block."""
    ground = lay(session, code=code)
    number = change(session, ground.document_id)
    rows = [
        NewParcel(
            square(n % SIDE, n // SIDE), "27001", "12", str(n + 1),
            legal_area_m2=10_000 if legal else None,  # type: ignore[arg-type]
        )
        for n in range(SIDE * SIDE)
    ]  # fmt: skip
    made = add_parcels(
        session, number, zone_id=ground.zone_id, srid=PLANE, parcels=rows, valid_from=START
    )
    return Block(ground, made)


def spot(column: float, row: float) -> list[float]:
    """A place of the lattice in metres (E, N)."""
    return [EAST + column * 100, NORTH + row * 100]


def opened(
    session: Session, block: Block, *, kind: str = "act", day: date = DAY, actor: str = "an"
) -> UUID:
    """Open a change."""
    return open_draft(
        session,
        kind=kind,
        document_id=block.ground.document_id,
        reason="Theo quyết định",
        effective_on=day,
        actor=actor,
    )


def did(
    session: Session, draft_id: UUID, operation: str, said: Mapping[str, Any], actor: str = "an"
) -> dict[str, Any]:
    """Add an operation on the parcels as they stand; answer its effect."""
    draft = own_draft(session, draft_id, actor, to_change=True)
    ground = replay(session, draft, steps_of(session, draft_id))
    names = named_in(said)
    versions = {each.parcel_id: each.version for each in ground.held(names)} if names else {}
    return add(session, draft, operation, said, versions).effect


def committed(session: Session, draft_id: UUID, actor: str = "an") -> int:
    """Commit a change; answer its number."""
    number: int = commit(session, own_draft(session, draft_id, actor, to_change=True))["number"]
    return number


def standing(session: Session, block: Block, day: date = DAY) -> dict[UUID, Held]:
    """The parcels of the zone in force on a day."""
    ids = session.scalars(
        select(ParcelVersion.parcel_id).where(
            ParcelVersion.zone_id == block.ground.zone_id, ParcelVersion.closed_by.is_(None)
        )
    )
    return held_of(session, set(ids), day)


def area(session: Session, block: Block, day: date = DAY) -> float:
    """The ground of all parcels in force on a day."""
    return sum(each.area_m2 for each in standing(session, block, day).values())


def whole(session: Session, block: Block, day: date = DAY) -> bool:
    """Whether the parcels in force are a valid coverage."""
    shapes = [each.shape for each in standing(session, block, day).values()]
    return bool(shapely.coverage_is_valid(shapes))


def everything(session: Session, block: Block) -> list[tuple[Any, ...]]:
    """Every open version of the zone as it is stored, without its number and change."""
    version = ParcelVersion
    rows = session.execute(
        select(
            version.parcel_id,
            func.ST_AsHEXEWKB(version.geom),
            version.parcel_no,
            version.legal_area_m2,
            version.noded,
            version.valid_from,
            version.valid_to,
        )
        .where(version.zone_id == block.ground.zone_id, version.closed_by.is_(None))
        .order_by(version.parcel_id, version.valid_from, version.valid_to)
    )
    return [tuple(row) for row in rows]
