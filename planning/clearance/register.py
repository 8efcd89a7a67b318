"""Questions to clearance: cases with their totals, items page by page, and one item's story."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select, union_all
from sqlalchemy.orm import Session

from planning.clearance.item_pages import (
    ItemPage,
    ItemRow,
    item,
    item_numbers,
    item_of,
    items,
)
from planning.clearance.model import (
    ClearanceCase,
    ClearanceCaseVersion,
    ClearanceFlag,
    ClearanceFollowup,
    ClearanceItemParcel,
    ClearanceItemVersion,
    ClearanceStep,
    HandoverParcel,
)
from planning.clearance.steps import Pause, Taken
from planning.clearance.sums import CaseSums, sums_of, with_money
from planning.clocks import Moment, in_force, known
from planning.errors import NotFound
from planning.parcels.model import ParcelVersion
from planning.records.model import Document
from planning.zones.model import Zone

__all__ = [
    "CaseHead", "CaseRow", "CaseSums", "FlagRow", "Followed", "ItemPage", "ItemRow", "StepRow",
    "case", "cases", "flags", "head", "households_of", "item", "item_numbers", "item_of", "items",
    "parcels_of", "parcels_taken", "pauses", "steps", "summed_up", "taken",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class CaseHead:
    """A clearance case at a moment by its names: what is known without going over its items."""

    id: UUID
    code: str
    zone_id: UUID
    zone: str
    name_vi: str
    name_en: str | None
    since: date


@dataclass(frozen=True, slots=True)
class CaseRow(CaseHead):
    """A case with its totals, and how far the board has followed it up."""

    sums: CaseSums
    followups: tuple["Followed", ...]


@dataclass(frozen=True, slots=True)
class Followed:
    """What the board did with the tract on a day (m²)."""

    step: str
    day: date
    area_m2: Decimal
    document: str


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step as it was taken: its day and the minutes it hangs on."""

    id: UUID
    kind: str
    day: date
    agreed_early: bool
    document_id: UUID
    document: str
    issued_on: date
    issuer: str


@dataclass(frozen=True, slots=True)
class FlagRow:
    """A complaint or suspension from a day to a day (exclusive; None: still)."""

    kind: str
    since: date
    until: date | None
    document: str


def cases(session: Session, at: Moment, zones: Collection[UUID] | None = None) -> list[CaseRow]:
    """Return the cases (of zones) at a moment with their totals, by code."""
    return _whole(session, at, _heads(session, at, zones=zones))


def case(session: Session, at: Moment, code: str) -> CaseRow:
    """Return one case with its totals. Raises NotFound."""
    return _whole(session, at, [head(session, at, code)])[0]


def head(session: Session, at: Moment, code: str) -> CaseHead:
    """Return one case without its totals. Raises NotFound."""
    for found in _heads(session, at, code=code):
        return found
    raise NotFound(kind="clearance_case", key=code)


def summed_up(session: Session, at: Moment, found: CaseHead, sums: CaseSums) -> CaseRow:
    """Return a case whose items were gone over already (`ItemPage.sums`), with its money."""
    return _rows(session, at, [found], {found.id: sums})[0]


def _heads(
    session: Session, at: Moment, *, zones: Collection[UUID] | None = None, code: str | None = None
) -> list[CaseHead]:
    asked = (
        select(
            ClearanceCase.id,
            ClearanceCase.code,
            ClearanceCase.zone_id,
            Zone.code,
            ClearanceCaseVersion.name_vi,
            ClearanceCaseVersion.name_en,
            ClearanceCaseVersion.valid_from,
        )
        .join(
            ClearanceCaseVersion,
            (ClearanceCaseVersion.case_id == ClearanceCase.id) & in_force(ClearanceCaseVersion, at),
        )
        .join(Zone, Zone.id == ClearanceCase.zone_id)
        .order_by(ClearanceCase.code)
    )
    if zones is not None:
        asked = asked.where(ClearanceCase.zone_id.in_(zones))
    if code is not None:
        asked = asked.where(ClearanceCase.code == code)
    rows: Any = session.execute(asked)
    return [CaseHead(*tuple(row)) for row in rows]


def _whole(session: Session, at: Moment, heads: Sequence[CaseHead]) -> list[CaseRow]:
    return _rows(session, at, heads, sums_of(session, at, [each.id for each in heads]))


def _rows(
    session: Session, at: Moment, heads: Sequence[CaseHead], sums: Mapping[UUID, CaseSums]
) -> list[CaseRow]:
    told = with_money(session, at, sums)
    followed = _followups(session, at, [each.id for each in heads])
    return [
        CaseRow(
            each.id, each.code, each.zone_id, each.zone, each.name_vi, each.name_en, each.since,
            told.get(each.id, CaseSums()), tuple(followed.get(each.id, ())),
        )
        for each in heads
    ]  # fmt: skip


def _followups(session: Session, at: Moment, ids: Sequence[UUID]) -> dict[UUID, list[Followed]]:
    table = ClearanceFollowup
    rows: Any = session.execute(
        select(table.case_id, table.step, table.valid_from, table.area_m2, Document.number)
        .join(Document, Document.id == table.document_id)
        .where(table.case_id.in_(ids), in_force(table, at))
        .order_by(table.valid_from, table.version_id)
    )
    found: dict[UUID, list[Followed]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(Followed(*row[1:]))
    return found


def parcels_of(session: Session, at: Moment, item_id: UUID) -> list[tuple[UUID, str]]:
    """Return the parcels an item holds at a moment, each with sheet and number."""
    held, parcel = ClearanceItemParcel, ParcelVersion
    rows = session.execute(
        select(held.parcel_id, parcel.sheet_no, parcel.parcel_no)
        .join(parcel, (parcel.parcel_id == held.parcel_id) & in_force(parcel, at))
        .where(held.item_id == item_id, in_force(held, at))
        .order_by(parcel.sheet_no, parcel.parcel_no)
    )
    return [(row[0], f"{row[1] or '?'}/{row[2] or '?'}") for row in rows]


def steps(session: Session, at: Moment, item_id: UUID) -> list[StepRow]:
    """Return the steps an item took up to the moment, in their order."""
    rows: Any = session.execute(
        select(
            ClearanceStep.step_id,
            ClearanceStep.kind,
            ClearanceStep.valid_from,
            ClearanceStep.agreed_early,
            Document.id,
            Document.number,
            Document.issued_on,
            Document.issuer,
        )
        .join(Document, Document.id == ClearanceStep.document_id)
        .where(
            ClearanceStep.item_id == item_id,
            ClearanceStep.valid_from <= at.as_of,
            known(ClearanceStep, at),
        )
        .order_by(ClearanceStep.valid_from, ClearanceStep.version_id)
    )
    return [StepRow(*tuple(row)) for row in rows]


def flags(session: Session, at: Moment, item_id: UUID) -> list[FlagRow]:
    """Return complaints and suspensions of an item begun by the moment, in their order."""
    rows: Any = session.execute(
        select(
            ClearanceFlag.kind, ClearanceFlag.valid_from, ClearanceFlag.valid_to, Document.number
        )
        .join(Document, Document.id == ClearanceFlag.document_id)
        .where(
            ClearanceFlag.item_id == item_id,
            ClearanceFlag.valid_from <= at.as_of,
            known(ClearanceFlag, at),
        )
        .order_by(ClearanceFlag.valid_from, ClearanceFlag.kind)
    )
    return [FlagRow(*tuple(row)) for row in rows]


def households_of(session: Session, at: Moment, items: Collection[UUID]) -> dict[UUID, UUID]:
    """Return the household behind each item that has one; who it is stands elsewhere."""
    held = ClearanceItemVersion
    rows: Any = session.execute(
        select(held.item_id, held.household_id).where(
            held.item_id.in_(items), held.household_id.is_not(None), in_force(held, at)
        )
    )
    return {row.item_id: row.household_id for row in rows}


def parcels_taken(session: Session) -> frozenset[UUID]:
    """Parcels that are in an item, or handed over, as known now."""
    held = select(ClearanceItemParcel.parcel_id).where(ClearanceItemParcel.closed_by.is_(None))
    cleared = select(HandoverParcel.parcel_id).where(HandoverParcel.closed_by.is_(None))
    return frozenset(session.scalars(union_all(held, cleared)))


def taken(rows: Sequence[StepRow]) -> list[Taken]:
    """Steps as the rules read them."""
    return [Taken(row.kind, row.day) for row in rows]


def pauses(rows: Sequence[FlagRow]) -> list[Pause]:
    """Suspensions as the rules read them."""
    return [Pause(row.since, row.until) for row in rows if row.kind == "suspension"]
