"""Writing verbs for personal data: households, and what a step grants or pays."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from layers.copying import copy_rows
from planning.clocks import close, record
from planning.errors import NotFound, RuleViolated
from planning.households.model import HouseholdVersion

MOST_VND: Final = Decimal(999_999_999_999_999_999)
_IDENTITY: Final = re.compile(r"[0-9]{9}([0-9]{3})?")


class PersonRefused(RuleViolated):
    """A field of a household cannot be kept as typed. Context: ``field`` (never its value)."""

    code = "person-refused"


class MoneyNotWhole(RuleViolated):
    """Money is whole dong from nought to 10^18. Context: ``field``."""

    code = "money-not-whole"


@dataclass(frozen=True, slots=True)
class Person:
    """The head of a household and how it is reached; identity number of 9 or 12 digits."""

    head_name: str
    identity_no: str | None = None
    phone: str | None = None
    address: str | None = None
    bank_account: str | None = None
    members: int | None = None


@dataclass(frozen=True, slots=True)
class Money:
    """Compensation, support and resettlement of one step, whole dong."""

    compensation: Decimal = Decimal(0)
    support: Decimal = Decimal(0)
    resettlement: Decimal = Decimal(0)

    @property
    def total(self) -> Decimal:
        """All three together, dong."""
        return self.compensation + self.support + self.resettlement


@dataclass(frozen=True, slots=True)
class NewHousehold:
    """A household to enter from a day on."""

    person: Person
    since: date
    id: UUID = field(default_factory=uuid4)


@dataclass(frozen=True, slots=True)
class StepMoney:
    """The money of a step of an item, on the step's day."""

    step_id: UUID
    item_id: UUID
    day: date
    money: Money


def checked(person: Person) -> Person:
    """Return a person the register can keep; the database would refuse others and show the row.

    Raises:
        PersonRefused: naming the field, never its value.
    """
    if not person.head_name.strip():
        raise PersonRefused(field="head_name")
    if person.identity_no is not None and not _IDENTITY.fullmatch(person.identity_no):
        raise PersonRefused(field="identity_no")
    if person.members is not None and not 1 <= person.members <= 99:
        raise PersonRefused(field="members")
    for name, value in asdict(person).items():
        if isinstance(value, str) and (len(value) > 200 or "\x00" in value):
            raise PersonRefused(field=name)
    return person


def whole(money: Money) -> Money:
    """Return money in whole dong.

    Raises:
        MoneyNotWhole: negative, fractional or too large. Naming the field.
    """
    for name, value in asdict(money).items():
        if (
            not value.is_finite()
            or value != value.to_integral_value()
            or not 0 <= value <= MOST_VND
        ):
            raise MoneyNotWhole(field=name)
    return money


def enter_households(
    session: Session, change: int, households: Sequence[NewHousehold]
) -> list[UUID]:
    """Record households by COPY; return their ids in the order given. Raises PersonRefused."""
    people = [checked(each.person) for each in households]
    ids = ((each.id, change) for each in households)
    copy_rows(session, "household.household", ("id", "opened_by"), ids)
    columns = ("head_name", "identity_no", "phone", "address", "bank_account", "members")
    copy_rows(
        session,
        "household.household_version",
        ("household_id", *columns, "valid_from", "opened_by"),
        (
            (each.id, *(getattr(person, name) for name in columns), each.since, change)
            for each, person in zip(households, people, strict=True)
        ),
    )
    return [each.id for each in households]


def enter_household(session: Session, change: int, person: Person, since: date) -> UUID:
    """Record one household. Raises PersonRefused."""
    return enter_households(session, change, [NewHousehold(person, since)])[0]


def correct_household(session: Session, change: int, household_id: UUID, person: Person) -> None:
    """A correction: what was believed of a household is replaced. Raises NotFound, PersonRefused.

    The former values are not read: this login reads names through the noted functions only.
    """
    values = asdict(checked(person))
    rows = session.execute(
        select(
            HouseholdVersion.version_id, HouseholdVersion.valid_from, HouseholdVersion.valid_to
        ).where(HouseholdVersion.household_id == household_id, HouseholdVersion.closed_by.is_(None))
    ).all()
    if not rows:
        raise NotFound(kind="household", key=str(household_id))
    close(session, HouseholdVersion, change, [row.version_id for row in rows])
    periods = [{"valid_from": row.valid_from, "valid_to": row.valid_to} for row in rows]
    again = [{"household_id": household_id, **values, **period} for period in periods]
    record(session, HouseholdVersion, change, again)


def note_money(session: Session, change: int, said: Sequence[StepMoney]) -> None:
    """Record what steps grant or pay, by COPY. Raises MoneyNotWhole.

    The database refuses payments above the plan approved by then, each kind of money for itself.
    """
    rows = [(each, whole(each.money)) for each in said]
    copy_rows(
        session,
        "household.amount",
        (
            "step_id",
            "item_id",
            "compensation",
            "support",
            "resettlement",
            "valid_from",
            "opened_by",
        ),
        (
            (
                each.step_id,
                each.item_id,
                money.compensation,
                money.support,
                money.resettlement,
                each.day,
                change,
            )
            for each, money in rows
        ),
    )
