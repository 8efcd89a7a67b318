"""Households of items brought in as a table, under their own login; what is known stays.

Who a household is may be corrected on its own page alone: a table never reads a name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from planning.clearance import listed
from planning.clearance.cases import change_item
from planning.clearance.lists import Around, seen
from planning.clearance.model import ClearanceItemVersion
from planning.clocks import Moment, in_force
from planning.households.commands import NewHousehold, Person, checked, enter_households
from planning.incoming import Line, ListKind, Paper, Places, RowRefused


class HouseholdKnown(RowRefused):
    """Somebody stands behind the item already. Context: ``case``, ``number``, ``field``."""

    code = "list-row-household-known"


@dataclass(frozen=True, slots=True)
class Homes:
    """Items in sight, and those with a household."""

    around: Around
    peopled: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class HouseholdRow:
    """Who stands behind an item."""

    item_id: UUID
    person: Person


def _survey(session: Session, at: Moment, places: Places) -> Homes:
    around, said = seen(session, places), ClearanceItemVersion
    peopled = session.scalars(
        select(said.item_id).where(
            said.item_id.in_(list(around.items.values())), in_force(said, at),
            said.household_id.is_not(None),
        )
    )  # fmt: skip
    return Homes(around, frozenset(peopled))


def _parse(homes: Homes, line: Line) -> HouseholdRow:
    item = homes.around.item(line)
    if item in homes.peopled:
        case, number = line.text("case_code"), line.text("number")
        raise HouseholdKnown(case=case, number=number, field="number")
    members = line.number_of("members")
    person = Person(
        line.text("head_name") or "", line.text("identity_no"), line.text("phone"),
        line.text("address"), line.text("bank_account"),
        None if members is None else int(members),
    )  # fmt: skip
    return HouseholdRow(item, checked(person))


def _write(session: Session, paper: Paper, rows: Sequence[HouseholdRow]) -> None:
    people = [NewHousehold(row.person, paper.day) for row in rows]
    for row, household in zip(rows, enter_households(session, paper.change, people), strict=True):
        values = {"household_id": household}
        change_item(session, paper.change, item_id=row.item_id, day=paper.day, values=values)


HOUSEHOLDS: Final = ListKind(
    "households", _survey, _parse, _write, key=lambda row: row.item_id, personal=True,
    listed=listed.households, dated="never",
)  # fmt: skip
