"""Items of a case page by page: which are on the page is found first, what they say is read then.

A page of a case of 10,000 items costs what its filter needs and fifty items.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from planning.clearance.model import ClearanceItem
from planning.clocks import Moment, moment_parameters
from planning.errors import NotFound
from planning.statements import statement_text

NOTHING: Final = Decimal(0)
SEEN: Final = {"flagged": True, "homes": True}
"""Complaints, suspensions and homes looked at too."""
WHOLE: Final = {"kinds": None, "named": True, **SEEN}
"""All there is to say of an item."""
LARGE_PAGE: Final = 1_000
"""From here on a page is read at once: a file wants nearly everything."""


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A land user's part of a case at a moment. Nobody is named; areas are legal m²."""

    id: UUID
    case_id: UUID
    number: str
    holder: str
    household_id: UUID | None
    land_class: str
    plots_needed: int
    resettlement_area_id: UUID | None
    handover_planned_on: date | None
    parcels: int
    area_m2: Decimal
    names: str
    last_on: date | None
    notice_on: date | None
    approved_on: date | None
    paid_on: date | None
    recovered_on: date | None
    handed_over_on: date | None
    complaint: bool
    suspension: bool
    plots_assigned: int
    plots: str | None
    homeless: bool
    state: str


@dataclass(frozen=True, slots=True)
class ItemPage:
    """A page of items, with what all of them (not the page alone) add up to."""

    rows: Sequence[ItemRow]
    count: int
    area_m2: Decimal


def items(
    session: Session,
    at: Moment,
    case_id: UUID,
    *,
    state: str | None = None,
    flag: str | None = None,
    wanted: str = "",
    sort: str = "number",
    descending: bool = False,
    most: int = 50,
    skip: int = 0,
    after: str | None = None,
) -> ItemPage:
    """Return items of a case, one page of them, and what all that fit add up to.

    `sort`: number, area_m2, last_on or handover_planned_on; `flag`: complaint, suspension or
    homeless; `wanted` is found in item and parcel numbers; `after`: the number a page by number
    follows.
    """
    literal = wanted.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    asked = {
        "cases": [case_id], "only": None, "state": state or None, "flag": flag or None,
        "sort": sort, "descending": descending, "most": most, "skip": skip, "after": after,
        "wanted": f"%{literal}%" if wanted else None, **moment_parameters(at),
    }  # fmt: skip
    if most > LARGE_PAGE:
        found = _read(session, asked, WHOLE)
        rows = found
    else:
        found = _read(session, asked, _needed(state, flag, wanted, sort))
        chosen = [row["id"] for row in found]
        alone = {"only": chosen, "state": None, "flag": None, "wanted": None, "after": None}
        told = _read(session, {**asked, **alone, "skip": 0}, WHOLE) if chosen else []
        by_id = {row["id"]: row for row in told}
        rows = [by_id[each] for each in chosen]
    if not found and skip:
        return items(session, at, case_id, state=state, flag=flag, wanted=wanted, most=most)
    return ItemPage(
        [_item(row) for row in rows],
        int(found[0]["of_rows"]) if found else 0,
        found[0]["of_area_m2"] if found else NOTHING,
    )


def _needed(state: str | None, flag: str | None, wanted: str, sort: str) -> dict[str, object]:
    """What has to be known of every item to say which are on a page."""
    kinds: list[str] | None = ["handed_over"] if flag == "homeless" else []
    return {
        "kinds": None if state or sort == "last_on" else kinds,
        "named": bool(wanted),
        "flagged": flag in ("complaint", "suspension"),
        "homes": flag == "homeless",
    }


def _read(
    session: Session, asked: Mapping[str, object], needed: Mapping[str, object]
) -> Sequence[Mapping[str, Any]]:
    question = text(statement_text("clearance/items") + statement_text("clearance/page"))
    rows: Any = session.execute(question, {**asked, **needed}).mappings().all()
    return list(rows)


def _item(row: Mapping[str, Any]) -> ItemRow:
    return ItemRow(**{name: row[name] for name in ItemRow.__dataclass_fields__})


def item(session: Session, at: Moment, case_id: UUID, number: str) -> ItemRow:
    """Return one item of a case by its number. Raises NotFound."""
    known_id = item_numbers(session, case_id).get(number)
    if known_id is None:
        raise NotFound(kind="clearance_item", key=number)
    return item_of(session, at, case_id, known_id)


def item_of(session: Session, at: Moment, case_id: UUID, item_id: UUID) -> ItemRow:
    """Return one item of a case by its id. Raises NotFound."""
    asked = {
        "cases": [case_id], "only": [item_id], "state": None, "flag": None, "sort": "number",
        "descending": False, "most": 1, "skip": 0, "after": None, "wanted": None,
        **moment_parameters(at),
    }  # fmt: skip
    found = _read(session, asked, WHOLE)
    if not found:
        raise NotFound(kind="clearance_item", key=str(item_id))
    return _item(found[0])


def item_numbers(session: Session, case_id: UUID) -> dict[str, UUID]:
    """Return the items of a case by their numbers."""
    rows: Any = session.execute(
        select(ClearanceItem.number, ClearanceItem.id).where(ClearanceItem.case_id == case_id)
    )
    return {row.number: row.id for row in rows}
