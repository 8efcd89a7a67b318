"""The family of a parcel: what it was cut from and what it became, generation by generation."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from planning.parcels.cards import last_seen, read_rows
from planning.published import Sight

MOST_GENERATIONS: Final = 20
MOST_LINES: Final = 400


@dataclass(frozen=True, slots=True)
class Relative:
    """A parcel of the family as last known, area in m² (legal, else measured).

    `in_force` on the day looked at; `withdrawn`: an undo took it out of the register.
    """

    id: str
    zone_id: UUID
    zone: str
    commune: str | None
    sheet: str | None
    number: str | None
    land_use: str | None
    area_m2: float
    valid_from: date
    valid_to: date | None
    in_force: bool
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A parcel that came from another: the operation, the ground shared (m²), day and document."""

    parent: str
    child: str
    kind: str
    area_m2: float
    change: int
    effective_on: date
    document_id: str | None
    document_number: str | None
    document_issued_on: date | None
    document_has_file: bool


@dataclass(frozen=True, slots=True)
class Lineage:
    """The parcels of a family and the lines between them; not `complete` when there are more."""

    parcels: list[Relative]
    lines: list[Line]
    complete: bool


def lineage(session: Session, sight: Sight, parcel_id: UUID) -> Lineage:
    """Return a parcel's ancestors and descendants with the lines between them, nearest first.

    Lines of a change that was undone do not count. Relatives outside the zones in sight are left
    out, and so is what lies behind them.

    Raises:
        NotFound: no such parcel is known, or it lies outside the zones in sight.
    """
    last_seen(session, sight, parcel_id)
    asked = {"generations": MOST_GENERATIONS, "most": MOST_LINES + 1}
    lines = read_rows(session, sight, Line, "card/lineage", parcel_id=parcel_id, **asked)
    complete = len(lines) <= MOST_LINES
    lines = lines[:MOST_LINES]
    ids = {str(parcel_id)} | {each for line in lines for each in (line.parent, line.child)}
    found = read_rows(session, sight, Relative, "card/relatives", parcel_ids=sorted(ids))
    seen = {
        each.id: each for each in found if sight.zone_ids is None or each.zone_id in sight.zone_ids
    }
    return Lineage(
        parcels=list(seen.values()),
        lines=[line for line in lines if line.parent in seen and line.child in seen],
        complete=complete,
    )
