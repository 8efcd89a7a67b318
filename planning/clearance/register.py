"""Questions to clearance: cases with their totals, items page by page, and one item's story."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text, union_all
from sqlalchemy.orm import Session

from planning.clearance.item_pages import (
    NOTHING,
    SEEN,
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
from planning.clocks import Moment, in_force, known, moment_parameters
from planning.errors import NotFound
from planning.households.commands import Money
from planning.parcels.model import ParcelVersion
from planning.records.model import Document
from planning.statements import statement_text
from planning.zones.model import Zone

__all__ = [
    "CaseRow", "CaseSums", "FlagRow", "Followed", "ItemPage", "ItemRow", "StepRow", "case", "cases",
    "flags", "households_of", "item", "item_numbers", "item_of", "items", "parcels_of",
    "parcels_taken", "pauses", "steps", "taken",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class CaseSums:
    """What the items of a case add up to at a moment: counts, m², dong."""

    items: int = 0
    households: int = 0
    handed_over: int = 0
    area_m2: Decimal = NOTHING
    cleared_m2: Decimal = NOTHING
    complaints: int = 0
    suspensions: int = 0
    plots_needed: int = 0
    plots_assigned: int = 0
    homeless: int = 0
    granted: Money = field(default_factory=Money)
    paid: Money = field(default_factory=Money)

    @property
    def cleared_share(self) -> Decimal | None:
        """Handed over ÷ all land of the case; None without land."""
        return self.cleared_m2 / self.area_m2 if self.area_m2 else None

    @property
    def paid_share(self) -> Decimal | None:
        """Paid ÷ granted by the plans in force; None before any plan."""
        return self.paid.total / self.granted.total if self.granted.total else None


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A clearance case at a moment, with its totals and how far the board has followed it up."""

    id: UUID
    code: str
    zone_id: UUID
    zone: str
    name_vi: str
    name_en: str | None
    since: date
    sums: CaseSums = field(default_factory=CaseSums)
    followups: tuple["Followed", ...] = ()


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
    found_rows: Any = session.execute(asked)
    found = [CaseRow(*tuple(row)) for row in found_rows]
    ids = [case.id for case in found]
    sums, followed = _sums(session, at, ids), _followups(session, at, ids)
    return [
        CaseRow(
            case.id, case.code, case.zone_id, case.zone, case.name_vi, case.name_en, case.since,
            sums.get(case.id, CaseSums()), tuple(followed.get(case.id, ())),
        )
        for case in found
    ]  # fmt: skip


def case(session: Session, at: Moment, code: str) -> CaseRow:
    """Return one case. Raises NotFound."""
    zone = session.scalar(select(ClearanceCase.zone_id).where(ClearanceCase.code == code))
    for row in cases(session, at, [zone]) if zone is not None else ():
        if row.code == code:
            return row
    raise NotFound(kind="clearance_case", key=code)


def _sums(session: Session, at: Moment, ids: Sequence[UUID]) -> dict[UUID, CaseSums]:
    if not ids:
        return {}
    when = moment_parameters(at)
    asked = text(statement_text("clearance/items") + statement_text("clearance/sums"))
    given = {"cases": list(ids), "only": None, "kinds": ["handed_over"], "named": False}
    rows = session.execute(asked, {**given, **SEEN, **when}).mappings().all()
    money = _money(session, when)
    return {
        row["case_id"]: CaseSums(
            **{name: value for name, value in row.items() if name != "case_id"},
            granted=money.get((row["case_id"], "plan_approved"), Money()),
            paid=money.get((row["case_id"], "paid"), Money()),
        )
        for row in rows
    }


def _money(session: Session, when: Mapping[str, object]) -> dict[tuple[UUID, str], Money]:
    told = func.land.clearance_money(when["as_of"], when["known"]).table_valued(
        "case_id", "kind", "items", "compensation", "support", "resettlement"
    )
    rows: Any = session.execute(select(told))
    return {(row[0], row[1]): Money(row[3], row[4], row[5]) for row in rows}


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
