"""Writing verbs of clearance cases: open them, add items, take steps, hand over, follow up."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from layers.copying import copy_rows
from planning.clearance.commands import hand_over
from planning.clearance.model import (
    ClearanceCase,
    ClearanceCaseVersion,
    ClearanceFlag,
    ClearanceFollowup,
    ClearanceItemParcel,
    ClearanceItemVersion,
    ClearanceTarget,
)
from planning.clocks import amend, close, end, record, set_from, valid_on
from planning.errors import AlreadyExists
from planning.households.commands import Money, StepMoney, note_money


@dataclass(frozen=True, slots=True)
class NewItem:
    """A land user's part of a case: its parcels, kind of land, resettlement needed.

    `holder` is household, organisation or community; who a household is stands elsewhere, under
    `household_id`.
    """

    number: str
    parcels: Sequence[UUID]
    land_class: str = "agricultural"
    holder: str = "household"
    household_id: UUID | None = None
    plots_needed: int = 0
    resettlement_area_id: UUID | None = None
    handover_planned_on: date | None = None
    id: UUID = field(default_factory=uuid4)


@dataclass(frozen=True, slots=True)
class NewStep:
    """A step taken on a day, by the minutes of a document, with the money it says."""

    item_id: UUID
    kind: str
    day: date
    document_id: UUID
    money: Money | None = None
    agreed_early: bool = False
    id: UUID = field(default_factory=uuid4)


def open_case(
    session: Session,
    change: int,
    *,
    code: str,
    zone_id: UUID,
    name_vi: str,
    since: date,
    name_en: str | None = None,
) -> UUID:
    """Open the clearance of a project's land. Raises AlreadyExists."""
    if session.scalar(select(ClearanceCase.id).where(ClearanceCase.code == code)):
        raise AlreadyExists(kind="clearance_case", key=code)
    case_id = uuid4()
    identity = {"id": case_id, "code": code, "zone_id": zone_id, "opened_by": change}
    session.execute(insert(ClearanceCase).values(**identity))
    names = {"case_id": case_id, "name_vi": name_vi, "name_en": name_en, "valid_from": since}
    record(session, ClearanceCaseVersion, change, [names])
    return case_id


def add_items(
    session: Session, change: int, *, case_id: UUID, items: Sequence[NewItem], since: date
) -> list[UUID]:
    """Record items of a case by COPY; return their ids in the order given.

    The database refuses a parcel that is in another item, or handed over already.
    """
    copy_rows(
        session,
        "land.clearance_item",
        ("id", "case_id", "number", "opened_by"),
        ((item.id, case_id, item.number, change) for item in items),
    )
    facts = (
        "holder", "household_id", "land_class", "plots_needed", "resettlement_area_id",
        "handover_planned_on",
    )  # fmt: skip
    copy_rows(
        session,
        "land.clearance_item_version",
        ("item_id", *facts, "valid_from", "opened_by"),
        ((item.id, *(getattr(item, name) for name in facts), since, change) for item in items),
    )
    copy_rows(
        session,
        "land.clearance_item_parcel",
        ("item_id", "parcel_id", "valid_from", "opened_by"),
        (
            (item.id, parcel, since, change)
            for item in items
            for parcel in dict.fromkeys(item.parcels)
        ),
    )
    return [item.id for item in items]


def change_item(
    session: Session, change: int, *, item_id: UUID, day: date, values: Mapping[str, object]
) -> None:
    """Say from a day on what an item needs, and when its hand-over is planned.

    Raises NotFound, LaterVersionsExist.
    """
    mine = ClearanceItemVersion.item_id == item_id
    amend(session, ClearanceItemVersion, change, mine, day, values)


def take_steps(session: Session, change: int, steps: Sequence[NewStep]) -> list[UUID]:
    """Record steps by COPY, and the money they say; return their ids in the order given.

    The database judges order, the notice's terms, and payments, when the transaction ends. Money
    takes the login of personal data. Land is handed over by `hand_over_items` alone.
    """
    copy_rows(
        session,
        "land.clearance_step",
        ("step_id", "item_id", "kind", "document_id", "agreed_early", "valid_from", "opened_by"),
        (
            (
                each.id,
                each.item_id,
                each.kind,
                each.document_id,
                each.agreed_early,
                each.day,
                change,
            )
            for each in steps
        ),
    )
    said = [
        StepMoney(each.id, each.item_id, each.day, each.money)
        for each in steps
        if each.money is not None
    ]
    if said:
        note_money(session, change, said)
    return [each.id for each in steps]


def held_parcels(session: Session, items: Collection[UUID], day: date) -> dict[UUID, list[UUID]]:
    """Return the parcels each item holds on a day."""
    rows = session.execute(
        select(ClearanceItemParcel.item_id, ClearanceItemParcel.parcel_id)
        .where(
            ClearanceItemParcel.item_id.in_(items),
            ClearanceItemParcel.closed_by.is_(None),
            valid_on(ClearanceItemParcel, day),
        )
        .order_by(ClearanceItemParcel.parcel_id)
    )
    found: dict[UUID, list[UUID]] = {item: [] for item in items}
    for item, parcel in rows:
        found[item].append(parcel)
    return found


def hand_over_items(
    session: Session,
    change: int,
    *,
    zone_id: UUID,
    items: Sequence[UUID],
    day: date,
    number: str,
    document_id: UUID,
    stated_area_m2: Decimal | None = None,
) -> UUID:
    """Hand the land of items over by minutes: from the day on it is cleared; return the hand-over.

    The database refuses land that is handed over already.
    """
    held = held_parcels(session, items, day)
    handover = hand_over(
        session,
        change,
        zone_id=zone_id,
        number=number,
        day=day,
        parcels=[parcel for item in items for parcel in held[item]],
        stated_area_m2=stated_area_m2,
        document_id=document_id,
    )
    take_steps(session, change, [NewStep(item, "handed_over", day, document_id) for item in items])
    return handover


def release_parcels(
    session: Session, change: int, *, item_id: UUID, parcels: Sequence[UUID], day: date
) -> None:
    """Let parcels go from an item on a day: they are not recovered after all. Raises NotFound."""
    held = ClearanceItemParcel
    mine = (held.item_id == item_id) & held.parcel_id.in_(parcels)
    fresh = session.scalars(
        select(held.version_id).where(
            mine, held.closed_by.is_(None), held.opened_by == change, held.valid_from == day
        )
    ).all()
    close(session, held, change, list(fresh))  # rows of this very change never were
    if len(fresh) < len(set(parcels)):
        end(session, held, change, mine, day)


def raise_flag(
    session: Session,
    change: int,
    *,
    item_id: UUID,
    kind: str,
    day: date,
    document_id: UUID,
    until: date | None = None,
) -> None:
    """A complaint is heard, or the clearance is suspended, from a day on; `until` when over."""
    row = {"item_id": item_id, "kind": kind, "document_id": document_id, "valid_from": day}
    record(session, ClearanceFlag, change, [{**row, "valid_to": until}])


def lower_flag(session: Session, change: int, *, item_id: UUID, kind: str, day: date) -> None:
    """A complaint is settled, a suspension lifted, on a day. Raises NotFound."""
    mine = (ClearanceFlag.item_id == item_id) & (ClearanceFlag.kind == kind)
    end(session, ClearanceFlag, change, mine, day)


def follow_up(
    session: Session,
    change: int,
    *,
    case_id: UUID,
    step: str,
    day: date,
    area_m2: Decimal,
    document_id: UUID,
) -> None:
    """Record what the board did with the tract: confirmed, lease_filed or state_lease (m²)."""
    row = {"case_id": case_id, "step": step, "area_m2": area_m2, "document_id": document_id}
    record(session, ClearanceFollowup, change, [{**row, "valid_from": day}])


def set_target(
    session: Session,
    change: int,
    *,
    board_id: UUID,
    year: int,
    area_m2: Decimal,
    day: date,
    document_id: UUID,
    zone_id: UUID | None = None,
) -> None:
    """Decide, from a day on, how much a zone or a whole board is to clear in a year (m²).

    A later decision changes the year's target from its own day. Raises LaterVersionsExist.
    """
    key = {"board_id": board_id, "zone_id": zone_id, "year": year}
    values = {"area_m2": area_m2, "document_id": document_id}
    set_from(session, ClearanceTarget, change, key, day, values)
