"""What parcels are already held by: rights of each tier and hand-overs, with their days."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from planning.changes.imports.cases import ItemHeld, item_holdings
from planning.clearance.model import HandoverParcel, HandoverVersion
from planning.tenure.model import LandRight, LandRightParcel, LandRightVersion

FOREVER: Final = date.max


@dataclass(frozen=True, slots=True)
class Holding:
    """A parcel held from a day until (exclusive) another, under a number."""

    owner_id: UUID
    number: str
    valid_from: date
    valid_to: date | None

    def meets(self, since: date, until: date | None) -> bool:
        """Whether a period shares a day with this one; an empty period shares none."""
        end, other_end = self.valid_to or FOREVER, until or FOREVER
        return max(self.valid_from, since) < min(end, other_end)


@dataclass(slots=True)
class ParentRight:
    """A State allocation or lease that sub-leases stand under; areas in m²."""

    id: UUID
    number: str
    lessee_id: UUID | None
    contract_area_m2: Decimal
    valid_from: date
    valid_to: date | None
    term_ends: date | None
    parcels: set[UUID] = field(default_factory=set)
    row: int | None = None
    children: list[tuple[date, date | None, Decimal]] = field(default_factory=list)

    def on(self, day: date) -> bool:
        """Whether the right is in force at the end of the day."""
        return self.valid_from <= day and (self.valid_to is None or self.valid_to > day)

    def leased_on(self, day: date) -> Decimal:
        """Contract area of the sub-leases that run on a day, in m²."""
        return sum(
            (area for since, until, area in self.children if since <= day < (until or FOREVER)),
            Decimal(0),
        )


@dataclass(slots=True)
class Ledger:
    """Rights and hand-overs of some zones as the register now holds them."""

    held: dict[tuple[int, UUID], list[Holding]] = field(default_factory=dict)
    handed_over: dict[UUID, list[Holding]] = field(default_factory=dict)
    parents: dict[str, list[ParentRight]] = field(default_factory=dict)
    numbers: set[tuple[str, str]] = field(default_factory=set)
    items: dict[UUID, list[ItemHeld]] = field(default_factory=dict)

    def parent_of(self, number: str, day: date) -> ParentRight | None:
        """Return the one State right of a number in force on a day."""
        found = [parent for parent in self.parents.get(number, []) if parent.on(day)]
        return found[0] if len(found) == 1 else None

    def parent_holding(self, parcels: Collection[UUID], day: date) -> ParentRight | None:
        """Return the one State right that holds all these parcels on a day."""
        found = [
            parent
            for same in self.parents.values()
            for parent in same
            if parent.on(day) and parent.parcels.issuperset(parcels)
        ]
        return found[0] if parcels and len(found) == 1 else None


def rights_ledger(session: Session, zone_ids: Iterable[UUID]) -> Ledger:
    """Read the rights of some zones and the parcels they hold, whatever their days."""
    zones = list(zone_ids)
    ledger = Ledger()
    by_id: dict[UUID, ParentRight] = {}
    terms = LandRightVersion
    rows = session.execute(
        select(
            LandRight.id, LandRight.kind, LandRight.parent_id, terms.number, terms.lessee_id,
            terms.contract_area_m2, terms.valid_from, terms.valid_to, terms.term_ends,
        )
        .join(terms, terms.land_right_id == LandRight.id)
        .where(LandRight.zone_id.in_(zones), terms.closed_by.is_(None))
        .order_by(LandRight.tier, terms.valid_from)
    )  # fmt: skip
    for row in rows:
        ledger.numbers.add((row.kind, row.number))
        if row.kind in ("state_allocation", "state_lease"):
            parent = ParentRight(
                row.id, row.number, row.lessee_id, row.contract_area_m2,
                row.valid_from, row.valid_to, row.term_ends,
            )  # fmt: skip
            by_id[row.id] = parent
            ledger.parents.setdefault(row.number, []).append(parent)
        elif row.parent_id in by_id:
            by_id[row.parent_id].children.append(
                (row.valid_from, row.valid_to, row.contract_area_m2)
            )
    held = session.execute(
        select(
            LandRightParcel.tier, LandRightParcel.parcel_id, LandRightParcel.land_right_id,
            terms.number, LandRightParcel.valid_from, LandRightParcel.valid_to,
        )
        .join(LandRight, LandRight.id == LandRightParcel.land_right_id)
        .join(
            terms,
            (terms.land_right_id == LandRight.id)
            & terms.closed_by.is_(None)
            & (terms.valid_from <= LandRightParcel.valid_from)
            & (terms.valid_to.is_(None) | (terms.valid_to > LandRightParcel.valid_from)),
        )
        .where(LandRight.zone_id.in_(zones), LandRightParcel.closed_by.is_(None))
    )  # fmt: skip
    for tier, parcel, right, number, since, until in held:
        ledger.held.setdefault((tier, parcel), []).append(Holding(right, number, since, until))
        if right in by_id:
            by_id[right].parcels.add(parcel)
    return ledger


def handover_ledger(session: Session, parcels: Iterable[UUID]) -> Ledger:
    """Read the hand-overs of some parcels, and the clearance items that hold them."""
    wanted = list(parcels)
    ledger = Ledger(items=item_holdings(session, wanted))
    rows = session.execute(
        select(
            HandoverParcel.parcel_id, HandoverParcel.handover_id, HandoverVersion.number,
            HandoverParcel.valid_from, HandoverParcel.valid_to,
        )
        .join(
            HandoverVersion,
            (HandoverVersion.handover_id == HandoverParcel.handover_id)
            & HandoverVersion.closed_by.is_(None),
        )
        .where(HandoverParcel.closed_by.is_(None), HandoverParcel.parcel_id.in_(wanted))
    )  # fmt: skip
    for parcel, handover, number, since, until in rows:
        found = Holding(handover, number, since, until)
        ledger.handed_over.setdefault(parcel, []).append(found)
    return ledger
