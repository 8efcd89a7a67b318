"""Items and steps of clearance brought in as tables; nobody is named in them, and no money.

Rows hang on the document of the import, or, where they name one, on their own minutes. A row of an
item the case has already says what changes of it; its land changes by acts, not by a table.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from planning.clearance import listed
from planning.clearance.cases import (
    NewItem,
    NewStep,
    add_items,
    change_item,
    hand_over_items,
    take_steps,
)
from planning.clearance.model import (
    ClearanceCase,
    ClearanceCaseVersion,
    ClearanceItem,
    ClearanceItemParcel,
)
from planning.clearance.register import parcels_taken
from planning.clocks import Moment, in_force, today
from planning.incoming import Line, ListKind, Paper, Places, RowRefused
from planning.parcels.queries import keys_of_zone
from planning.records.commands import register_document
from planning.statements import statement
from planning.zones.queries import zones


class CaseUnknown(RowRefused):
    """No such case, or one the account may not see. Context: ``case``, ``field``."""

    code = "list-row-case"


class ItemUnknown(RowRefused):
    """The case has no item of that number. Context: ``case``, ``number``, ``field``."""

    code = "list-row-item"


class ItemKnown(RowRefused):
    """The case has an item of that number already. Context: ``number``, ``field``."""

    code = "list-row-item-known"


class ParcelUnknown(RowRefused):
    """No parcel, or several, of the number. Context: ``parcel``, ``count``, ``field``."""

    code = "list-row-parcel"


class ParcelTaken(RowRefused):
    """In another item, handed over, or named twice. Context: ``parcel``, ``field``."""

    code = "list-row-parcel-taken"


class AreaUnknown(RowRefused):
    """No such resettlement area. Context: ``area``, ``field``."""

    code = "list-row-area"


class DayAhead(RowRefused):
    """What happened lies not ahead. Context: ``day``, ``field``."""

    code = "list-row-day-ahead"


class PaperHalfNamed(RowRefused):
    """Minutes are named by number, day and issuer together, or not at all. Context: ``field``."""

    code = "list-row-paper"


@dataclass(frozen=True, slots=True)
class Minutes:
    """A document a row names for itself."""

    number: str
    issued_on: date
    issuer: str


@dataclass(frozen=True, slots=True)
class CaseSeen:
    """A case the account may see."""

    id: UUID
    zone_id: UUID
    since: date


@dataclass(slots=True)
class Around:
    """What rows are held against: cases and their items, which item holds a parcel, which parcels
    are taken, areas of homes.
    """

    cases: Mapping[str, CaseSeen]
    items: Mapping[tuple[UUID, str], UUID]
    parcels: Mapping[UUID, Mapping[tuple[str, str], Sequence[UUID]]] = field(default_factory=dict)
    taken: set[UUID] = field(default_factory=set)
    holds: Mapping[UUID, UUID] = field(default_factory=dict)
    areas: Mapping[str, UUID] = field(default_factory=dict)

    def case(self, line: Line) -> CaseSeen:
        """The case a row names. Raises CaseUnknown."""
        code = line.text("case_code") or ""
        if code not in self.cases:
            raise CaseUnknown(case=code, field="case_code")
        return self.cases[code]

    def item(self, line: Line) -> UUID:
        """The item a row names. Raises CaseUnknown, ItemUnknown."""
        case, number = self.case(line), line.text("number") or ""
        if (case.id, number) not in self.items:
            raise ItemUnknown(case=line.text("case_code"), number=number, field="number")
        return self.items[case.id, number]


def seen(session: Session, places: Places) -> Around:
    """Cases of zones the account may see, and their items."""
    rows = session.execute(
        select(
            ClearanceCase.code,
            ClearanceCase.id,
            ClearanceCase.zone_id,
            ClearanceCaseVersion.valid_from,
        )
        .join(ClearanceCaseVersion, ClearanceCaseVersion.case_id == ClearanceCase.id)
        .where(
            ClearanceCase.zone_id.in_(places.zones.values()),
            ClearanceCaseVersion.closed_by.is_(None),
        )
        .order_by(ClearanceCaseVersion.valid_from.desc())
    )
    cases = {row[0]: CaseSeen(*row[1:]) for row in rows}
    numbers = session.execute(
        select(ClearanceItem.case_id, ClearanceItem.number, ClearanceItem.id).where(
            ClearanceItem.case_id.in_([case.id for case in cases.values()])
        )
    )
    return Around(cases, {(row[0], row[1]): row[2] for row in numbers})


def minutes_of(line: Line) -> Minutes | None:
    """The minutes a row names. Raises PaperHalfNamed, DayAhead."""
    number, issuer = line.text("document_no"), line.text("issuer")
    issued = line.day("document_date")
    if number is None and issued is None and issuer is None:
        return None
    if number is None or issued is None or issuer is None:
        raise PaperHalfNamed(field="document_no")
    return Minutes(number, happened(issued, "document_date"), issuer)


def happened(day: date, name: str) -> date:
    """A day that does not lie ahead. Raises DayAhead."""
    if day > today():
        raise DayAhead(day=day, field=name)
    return day


def papers(
    session: Session, paper: Paper, said: Iterable[Minutes | None], kind: str = "minutes"
) -> Callable[[Minutes | None], UUID]:
    """Register the minutes rows name, each once; say the document of a row."""
    known = {
        each: register_document(
            session, number=each.number, issued_on=each.issued_on, issuer=each.issuer,
            actor=paper.actor, kind=kind,
        )
        for each in dict.fromkeys(said)
        if each is not None
    }  # fmt: skip
    return lambda minutes: known[minutes] if minutes is not None else paper.document_id


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One parcel of an item to come; rows of one item say the same of it, the first one counts.

    `changes` says what becomes of an item that is there: then nothing of its land is said.
    """

    case: CaseSeen
    item: NewItem
    parcel: UUID
    changes: Mapping[str, object] | None = None


def _survey_items(session: Session, at: Moment, places: Places) -> Around:
    around = seen(session, places)
    wanted = {case.zone_id for case in around.cases.values()}
    every = zones(session, at)
    parcels: dict[UUID, dict[tuple[str, str], list[UUID]]] = {}
    for zone_id in wanted:
        found = parcels.setdefault(zone_id, {})
        for zone in every:
            if zone_id in (zone.id, zone.parent_id):
                for key in keys_of_zone(session, at, zone.id):
                    name = (key.sheet_no or "", key.parcel_no or "")
                    found.setdefault(name, []).append(key.parcel_id)
    around.parcels, around.taken = parcels, set(parcels_taken(session))
    held = ClearanceItemParcel
    around.holds = {
        parcel: item
        for parcel, item in session.execute(
            select(held.parcel_id, held.item_id).where(
                held.item_id.in_(list(around.items.values())), in_force(held, at)
            )
        )
    }
    homes = session.execute(statement("clearance/homes"))
    around.areas = {row.code: row.id for row in homes}
    return around


def _parse_item(around: Around, line: Line) -> ItemRow:
    case, number = around.case(line), line.text("number") or ""
    name = (line.text("sheet_no") or "", line.text("parcel_no") or "")
    here = around.parcels.get(case.zone_id, {}).get(name, ())
    known = around.items.get((case.id, number))
    if known is not None and known not in {around.holds.get(parcel) for parcel in here}:
        raise ItemKnown(number=number, field="number")
    if len(here) != 1:
        raise ParcelUnknown(parcel="/".join(name), count=len(here), field="parcel_no")
    home = line.text("resettlement_area")
    if home is not None and home not in around.areas:
        raise AreaUnknown(area=home, field="resettlement_area")
    said = _said(around, line)
    if known is not None:
        return ItemRow(case, NewItem(number, [], id=known), here[0], said)
    if here[0] in around.taken:
        raise ParcelTaken(parcel="/".join(name), field="parcel_no")
    around.taken.add(here[0])
    return ItemRow(case, replace(NewItem(number, [here[0]]), **said), here[0])  # type: ignore[arg-type]


def _said(around: Around, line: Line) -> dict[str, object]:
    """What a row says of its item; an empty cell says nothing."""
    found: dict[str, object] = {
        name: line.values[name]
        for name in ("land_class", "holder", "handover_planned_on")
        if line.values.get(name) is not None
    }
    plots, home = line.number_of("plots_needed"), line.text("resettlement_area")
    if plots is not None:
        found["plots_needed"] = int(plots)
    if home is not None:
        found["resettlement_area_id"] = around.areas[home]
    return found


def _write_items(session: Session, paper: Paper, rows: Sequence[ItemRow]) -> None:
    gathered: dict[CaseSeen, dict[str, NewItem]] = {}
    changed: dict[UUID, dict[str, object]] = {}
    for row in rows:
        if row.changes is not None:
            changed.setdefault(row.item.id, {}).update(row.changes)
            continue
        items = gathered.setdefault(row.case, {})
        known = items.get(row.item.number)
        items[row.item.number] = (
            replace(row.item, id=uuid4())
            if known is None
            else replace(known, parcels=[*known.parcels, row.parcel])
        )
    for case, items in gathered.items():
        add_items(
            session, paper.change, case_id=case.id, items=list(items.values()),
            since=max(case.since, paper.day),
        )  # fmt: skip
    for item, values in changed.items():
        if values:
            change_item(session, paper.change, item_id=item, day=paper.day, values=values)


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step to take, and the minutes it hangs on."""

    case: CaseSeen
    item_id: UUID
    kind: str
    day: date
    agreed_early: bool
    minutes: Minutes | None


def _survey_steps(session: Session, at: Moment, places: Places) -> Around:
    return seen(session, places)


def _parse_step(around: Around, line: Line) -> StepRow:
    item, kind = around.item(line), line.text("step") or ""
    day = happened(line.day("day") or date.max, "day")
    early = kind == "recovered" and bool(line.values.get("agreed_early"))
    return StepRow(around.case(line), item, kind, day, early, minutes_of(line))


def _write_steps(session: Session, paper: Paper, rows: Sequence[StepRow]) -> None:
    document = papers(session, paper, (row.minutes for row in rows))
    done = [row for row in rows if row.kind != "handed_over"]
    take_steps(
        session, paper.change,
        [
            NewStep(
                row.item_id, row.kind, row.day, document(row.minutes),
                agreed_early=row.agreed_early,
            )
            for row in done
        ],
    )  # fmt: skip
    handed: dict[tuple[CaseSeen, date, Minutes | None], list[UUID]] = {}
    for row in rows:
        if row.kind == "handed_over":
            handed.setdefault((row.case, row.day, row.minutes), []).append(row.item_id)
    for (case, day, minutes), items in handed.items():
        hand_over_items(
            session, paper.change, zone_id=case.zone_id, items=items, day=day,
            number=minutes.number if minutes else f"BB {day:%d/%m/%Y}",
            document_id=document(minutes),
        )  # fmt: skip


ITEMS: Final = ListKind(
    "clearance-items", _survey_items, _parse_item, _write_items, listed=listed.items,
    named=("case_code", "number", "sheet_no", "parcel_no"),
)  # fmt: skip
STEPS: Final = ListKind(
    "clearance-steps", _survey_steps, _parse_step, _write_steps,
    key=lambda row: (row.item_id, row.kind, row.day),
    listed=listed.steps, dated="row", named=("case_code", "number", "step", "day"),
)  # fmt: skip
