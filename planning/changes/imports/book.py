"""The parcels of a zone by every name a paper gives them, with the days each was there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from planning.changes.imports.draft import Table
from planning.changes.imports.findings import RowFinding
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


def parcel_of(
    book: ParcelBook, table: Table, position: int, day: date
) -> tuple[UUID | None, RowFinding | None]:
    """Find the one parcel a row names on a day, or say why there is none."""
    row = int(table.rows[position])
    parcel_id, official = table.value("parcel_id", position), table.text("official_id", position)
    number: Number = (
        table.text("commune_code", position) or "",
        table.text("sheet_no", position) or "",
        table.text("parcel_no", position) or "",
    )
    if parcel_id is not None:
        named, found = str(parcel_id), book.by_id.get(parcel_id, [])
    elif official is not None:
        named, found = official, book.by_official.get(official, [])
    elif number[2]:
        named = "/".join(part for part in number if part)
        found = [
            held
            for held in book.by_number.get(number[1:], [])
            if not number[0] or number[0] == held.commune
        ]
    else:
        return None, RowFinding(row, "row-parcel-not-named")
    ids = list(dict.fromkeys(held.parcel_id for held in found if held.on(day)))
    if len(ids) == 1:
        return ids[0], None
    context: dict[str, object] = {"parcel": named, "day": day}
    if ids:
        return None, RowFinding(row, "row-parcel-ambiguous", {**context, "count": len(ids)})
    if found:
        context["since"] = min(held.valid_from for held in found)
        return None, RowFinding(row, "row-parcel-not-yet", context)
    return None, RowFinding(row, "row-parcel-not-found", context)
