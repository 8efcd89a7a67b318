"""Hand-overs from a file on land of clearance cases: they become the last step of the items they
clear, or are refused with what to do, so that case and hand-over never say different things.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from planning.changes.imports.draft import Table
from planning.changes.imports.findings import RowFinding
from planning.changes.imports.grouped import Paper, called
from planning.clearance.model import (
    ClearanceCase,
    ClearanceItem,
    ClearanceItemParcel,
    ClearanceStep,
)


@dataclass(slots=True)
class ItemHeld:
    """An item with all its parcels and their days, and the day its land was recovered."""

    id: UUID
    case_code: str
    number: str
    parcels: dict[UUID, list[tuple[date, date | None]]] = field(default_factory=dict)
    recovered_on: date | None = None

    def on(self, day: date) -> set[UUID]:
        """The parcels the item holds on a day."""
        return {
            parcel
            for parcel, periods in self.parcels.items()
            if any(since <= day and (until is None or day < until) for since, until in periods)
        }


def item_holdings(session: Session, parcels: Iterable[UUID]) -> dict[UUID, list[ItemHeld]]:
    """Return the items that hold some parcels, whatever their days, by parcel."""
    held, step = ClearanceItemParcel, ClearanceStep
    mine = select(held.item_id).where(held.parcel_id.in_(list(parcels)), held.closed_by.is_(None))
    rows = session.execute(
        select(
            ClearanceItem.id, ClearanceCase.code, ClearanceItem.number, held.parcel_id,
            held.valid_from, held.valid_to,
        )
        .join(ClearanceCase, ClearanceCase.id == ClearanceItem.case_id)
        .join(held, (held.item_id == ClearanceItem.id) & held.closed_by.is_(None))
        .where(ClearanceItem.id.in_(mine))
    )  # fmt: skip
    items: dict[UUID, ItemHeld] = {}
    by_parcel: dict[UUID, list[ItemHeld]] = {}
    for item_id, code, number, parcel, since, until in rows:
        item = items.setdefault(item_id, ItemHeld(item_id, code, number))
        item.parcels.setdefault(parcel, []).append((since, until))
        if item not in by_parcel.setdefault(parcel, []):
            by_parcel[parcel].append(item)
    recovered = session.execute(
        select(step.item_id, step.valid_from).where(
            step.item_id.in_(items), step.kind == "recovered", step.closed_by.is_(None)
        )
    )
    for item_id, day in recovered:
        items[item_id].recovered_on = day
    return by_parcel


def items_cleared(
    table: Table, paper: Paper, holdings: dict[UUID, list[ItemHeld]], steps: list[UUID]
) -> Iterator[RowFinding]:
    """Find the items whose land a paper hands over; `steps` takes up their ids.

    An item goes as a whole, and after its recovery decision; otherwise its rows are refused.
    """
    seen: set[UUID] = set()
    for parcel, position in paper.parcels.items():
        for item in holdings.get(parcel, []):
            land = item.on(paper.day)
            if parcel not in land or item.id in seen:
                continue
            seen.add(item.id)
            row = int(table.rows[position])
            context: dict[str, object] = {
                "parcel": called(table, position), "case": item.case_code,
                "number": item.number, "day": paper.day,
            }  # fmt: skip
            if item.recovered_on is None or item.recovered_on > paper.day:
                yield RowFinding(row, "row-item-not-recovered", context)
            elif not land <= paper.parcels.keys():
                missing = len(land - paper.parcels.keys())
                yield RowFinding(row, "row-item-in-part", {**context, "count": missing})
            else:
                steps.append(item.id)
