"""The parcels of a zone by every name a paper gives them, with the days each was there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from planning.parcels.model import ParcelVersion

Number = tuple[str, str, str]
"""Commune code, sheet, parcel number; blank where not told."""


@dataclass(frozen=True, slots=True)
class Held:
    """A parcel under one name from a day until (exclusive) another, and the zone it belongs to."""

    parcel_id: UUID
    zone_id: UUID
    commune: str
    valid_from: date
    valid_to: date | None

    def on(self, day: date) -> bool:
        """Whether the parcel is there at the end of the day."""
        return self.valid_from <= day and (self.valid_to is None or self.valid_to > day)


@dataclass(slots=True)
class ParcelBook:
    """Names of parcels as the register now holds them."""

    by_number: dict[tuple[str, str], list[Held]] = field(default_factory=dict)
    by_official: dict[str, list[Held]] = field(default_factory=dict)
    by_id: dict[UUID, list[Held]] = field(default_factory=dict)

    def numbered(self, number: Number, day: date) -> list[UUID]:
        """Return the parcels of a number on a day; a blank commune fits any."""
        commune, sheet, parcel = number
        found = self.by_number.get((sheet, parcel), [])
        ids = [h.parcel_id for h in found if h.on(day) and (not commune or commune == h.commune)]
        return list(dict.fromkeys(ids))


def parcel_book(session: Session, zone_ids: Iterable[UUID]) -> ParcelBook:
    """Read the book of some zones: every recorded name, whatever its days."""
    rows = session.execute(
        select(
            ParcelVersion.parcel_id,
            ParcelVersion.zone_id,
            ParcelVersion.commune_code,
            ParcelVersion.sheet_no,
            ParcelVersion.parcel_no,
            ParcelVersion.official_id,
            ParcelVersion.valid_from,
            ParcelVersion.valid_to,
        ).where(ParcelVersion.zone_id.in_(list(zone_ids)), ParcelVersion.closed_by.is_(None))
    )
    book = ParcelBook()
    for parcel_id, zone_id, commune, sheet, number, official, since, until in rows:
        held = Held(parcel_id, zone_id, commune or "", since, until)
        book.by_id.setdefault(parcel_id, []).append(held)
        if number:
            book.by_number.setdefault((sheet or "", number), []).append(held)
        if official:
            book.by_official.setdefault(official, []).append(held)
    return book
