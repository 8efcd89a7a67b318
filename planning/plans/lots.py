"""Lots of a draft: what their symbols mean in this plan, and what the plan says of each.

The raw symbol is the plan's own and is kept; the normalised category and the leasable class are
chosen version by version, because KT is storage in one plan and utilities in another.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from planning.clocks import Moment, close, known, record, today
from planning.errors import NotFound
from planning.plans.errors import CategoryUnknown, DraftOnly
from planning.plans.model import PlanLot
from planning.plans.steps import standing
from planning.vocabulary import IN_FORCE_STATUSES, lot_categories

LEASABLE = ("industrial", "service", "none")
EDITABLE = (
    "category", "leasable", "legal_area_m2", "density_pct", "storeys_max", "floor_area_ratio",
)  # fmt: skip
"""What may be edited while a version is a draft; the symbol and the shape come with the file."""


@dataclass(frozen=True, slots=True)
class LotRow:
    """A lot as lists show it; areas in m²."""

    lot_id: UUID
    symbol: str
    category: str
    leasable: str
    area_m2: float
    legal_area_m2: Decimal | None
    density_pct: Decimal | None
    storeys_max: int | None
    floor_area_ratio: Decimal | None


@dataclass(frozen=True, slots=True)
class SymbolGroup:
    """Lots whose symbols begin with the same letters: how they are read in this version."""

    letters: str
    lots: int
    area_m2: float
    meanings: tuple[tuple[str, str], ...]
    """Every (category, leasable) among them; one when they agree."""


def lots(session: Session, plan_version_id: UUID, at: Moment) -> list[LotRow]:
    """Return the lots of a version as known at a moment, by symbol."""
    rows = session.execute(
        select(
            PlanLot.lot_id,
            PlanLot.symbol,
            PlanLot.category,
            PlanLot.leasable,
            PlanLot.area_m2,
            PlanLot.legal_area_m2,
            PlanLot.density_pct,
            PlanLot.storeys_max,
            PlanLot.floor_area_ratio,
        )
        .where(PlanLot.plan_version_id == plan_version_id, known(PlanLot, at))
        .order_by(PlanLot.symbol, PlanLot.version_id)
    )
    return [LotRow(*row) for row in rows]


def letters_of(symbol: str) -> str:
    """The letters a symbol begins with: "CN" of "CN-01"; the whole symbol when it has none."""
    found = re.match(r"[^\W\d_]+", symbol.strip())
    return found.group().upper() if found else symbol.strip()


def symbol_groups(rows: Sequence[LotRow]) -> list[SymbolGroup]:
    """Group lots by the letters of their symbols."""
    groups: dict[str, list[LotRow]] = {}
    for row in rows:
        groups.setdefault(letters_of(row.symbol), []).append(row)
    return [
        SymbolGroup(
            letters,
            len(members),
            sum(row.area_m2 for row in members),
            tuple(sorted({(row.category, row.leasable) for row in members})),
        )
        for letters, members in sorted(groups.items())
    ]


def require_draft(session: Session, plan_version_id: UUID) -> None:
    """Refuse to edit what is or was in force, or was annulled. Raises DraftOnly."""
    stands = standing(session, plan_version_id)
    if stands.status in (*IN_FORCE_STATUSES, "superseded", "annulled"):
        raise DraftOnly(**stands.names, status=stands.status)


def mean(
    session: Session,
    change: int,
    *,
    plan_version_id: UUID,
    letters: str,
    category: str,
    leasable: str,
) -> int:
    """Say what every lot of these letters is in this version; return how many lots that moves.

    Raises DraftOnly, CategoryUnknown, NotFound.
    """
    _check_use(category, leasable)
    rows = lots(session, plan_version_id, Moment(today()))
    ids = [row.lot_id for row in rows if letters_of(row.symbol) == letters]
    if not ids:
        raise NotFound(kind="plan_lot", key=letters)
    told = {"category": category, "leasable": leasable}
    return edit_lots(
        session, change, plan_version_id=plan_version_id, told=dict.fromkeys(ids, told)
    )


def edit_lots(
    session: Session,
    change: int,
    *,
    plan_version_id: UUID,
    told: Mapping[UUID, Mapping[str, Any]],
) -> int:
    """Record lots of a draft again with other values; return how many really changed.

    The database relates each again to every parcel and refuses lots of an approved version.
    Raises DraftOnly, CategoryUnknown, NotFound.
    """
    require_draft(session, plan_version_id)
    columns = [column for column in PlanLot.__table__.columns if column.computed is None]
    rows = session.execute(
        select(*columns)
        .where(
            PlanLot.plan_version_id == plan_version_id,
            PlanLot.lot_id.in_(list(told)),
            PlanLot.closed_by.is_(None),
        )
        .with_for_update()
    ).mappings()
    found = [dict(row) for row in rows]
    if len(found) != len(told):
        raise NotFound(kind="plan_lot", key=str(next(iter(told), "")))
    moved = []
    for row in found:
        values = {name: told[row["lot_id"]].get(name, row[name]) for name in EDITABLE}
        _check_use(values["category"], values["leasable"])
        if any(values[name] != row[name] for name in EDITABLE):
            moved.append((row, values))
    if moved:
        close(session, PlanLot, change, [row["version_id"] for row, _ in moved])
        outside = ("version_id", "opened_by", "closed_by")
        kept = [{k: v for k, v in row.items() if k not in outside} | new for row, new in moved]
        record(session, PlanLot, change, kept)
    return len(moved)


def _check_use(category: str, leasable: str) -> None:
    if category not in lot_categories():
        raise CategoryUnknown(category=category)
    if leasable not in LEASABLE:
        raise CategoryUnknown(category=leasable)
