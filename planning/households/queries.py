"""Reading personal data: every reading names reader and purpose, and the database notes it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planning.clocks import Moment, moment_parameters
from planning.households.commands import Money, Person


@dataclass(frozen=True, slots=True)
class PaidStep:
    """What a step grants or pays an item."""

    step_id: UUID
    item_id: UUID
    day: date
    money: Money


def persons(
    session: Session, at: Moment, households: Collection[UUID], *, reader: str, purpose: str
) -> dict[UUID, Person]:
    """Return who households are at a moment, by id; the reading is noted in the same transaction.

    `session` is of the household login; any other is refused by the database.
    """
    if not households:
        return {}
    when = moment_parameters(at)
    called = func.household.persons(
        reader, purpose, list(households), when["as_of"], when["known"]
    ).table_valued(
        "household_id", "head_name", "identity_no", "phone", "address", "bank_account", "members"
    )
    return {row[0]: Person(*row[1:]) for row in session.execute(select(called))}


def amounts(
    session: Session, at: Moment, items: Collection[UUID], *, reader: str, purpose: str
) -> list[PaidStep]:
    """Return what steps of items grant or pay at a moment; the reading is noted."""
    if not items:
        return []
    when = moment_parameters(at)
    called = func.household.amounts(
        reader, purpose, list(items), when["as_of"], when["known"]
    ).table_valued("step_id", "item_id", "day", "compensation", "support", "resettlement")
    found = session.execute(select(called))
    return [
        PaidStep(row[0], row[1], row[2], Money(*(Decimal(each) for each in row[3:])))
        for row in found
    ]


def masked(person: Person) -> Person:
    """A person as a list shows them: the last three characters of numbers, the rest dots."""
    return Person(
        person.head_name,
        _masked(person.identity_no),
        _masked(person.phone),
        person.address,
        _masked(person.bank_account),
        person.members,
    )


def _masked(text: str | None) -> str | None:
    return None if text is None else "•" * max(len(text) - 3, 0) + text[-3:]
