"""Items of a case page by page: which are on the page is found first, what they say is read then.

Finding the page goes over the case once, for what its filter needs; the sums of the whole case come
along.
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
from planning.clearance.sums import NOTHING, CaseSums, plan_for_these, summed
from planning.clocks import Moment, moment_parameters
from planning.errors import NotFound
from planning.statements import statement_text

WHOLE: Final = {"kinds": None, "named": True, "flagged": True, "homes": True}
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
    """A page of items, with what all that fit (not the page alone) add up to.

    `sums` are those of the whole case, whatever was asked for; money is left to `with_money`.
    """

    rows: Sequence[ItemRow]
    count: int
    area_m2: Decimal
    sums: CaseSums


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
    at_once = most > LARGE_PAGE
    found = _read(session, asked, WHOLE if at_once else _needed(state, wanted, sort))
    on_page = [row for row in found if row["id"] is not None]
    if not on_page and skip:
        return items(session, at, case_id, state=state, flag=flag, wanted=wanted, most=most)
    if not at_once:
        on_page = _told(session, asked, [row["id"] for row in on_page])
    return ItemPage(
        [_item(row) for row in on_page],
        found[0]["fitting"] if found else 0,
        found[0]["fitting_m2"] if found else NOTHING,
        summed(found[0]) if found else CaseSums(),
    )


def _told(
    session: Session, asked: Mapping[str, object], chosen: Sequence[UUID]
) -> list[Mapping[str, Any]]:
    """All there is to say of the items chosen, in their order."""
    if not chosen:
        return []
    alone = {"only": chosen, "state": None, "flag": None, "wanted": None, "after": None, "skip": 0}
    by_id = {row["id"]: row for row in _read(session, {**asked, **alone}, WHOLE)}
    return [by_id[each] for each in chosen if each in by_id]


def _needed(state: str | None, wanted: str, sort: str) -> dict[str, object]:
    """What has to be known of every item to say which are on a page, and to add the case up."""
    every_step = bool(state) or sort == "last_on"
    return {**WHOLE, "kinds": None if every_step else ["handed_over"], "named": bool(wanted)}


def _read(
    session: Session, asked: Mapping[str, object], needed: Mapping[str, object]
) -> list[Mapping[str, Any]]:
    plan_for_these(session)
    parts = ("clearance/items", "clearance/sums", "clearance/page")
    rows: Any = session.execute(
        text("".join(statement_text(part) for part in parts)), {**asked, **needed}
    ).mappings()
    return list(rows)


def _item(row: Mapping[str, Any]) -> ItemRow:
    return ItemRow(**{name: row[name] for name in ItemRow.__dataclass_fields__})


def item(session: Session, at: Moment, case_id: UUID, number: str) -> ItemRow:
    """Return one item of a case by its number. Raises NotFound."""
    numbered = (ClearanceItem.case_id == case_id, ClearanceItem.number == number)
    known_id = session.scalar(select(ClearanceItem.id).where(*numbered))
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
    found = _told(session, asked, [item_id])
    if not found:
        raise NotFound(kind="clearance_item", key=str(item_id))
    return _item(found[0])


def item_numbers(session: Session, case_id: UUID) -> dict[str, UUID]:
    """Return the items of a case by their numbers."""
    rows: Any = session.execute(
        select(ClearanceItem.number, ClearanceItem.id).where(ClearanceItem.case_id == case_id)
    )
    return {row.number: row.id for row in rows}
