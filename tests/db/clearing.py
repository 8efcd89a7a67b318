"""A clearance case for tests: parcels in items, households, and steps led up to a kind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Session

from planning.clearance.cases import NewItem, NewStep, add_items, open_case, take_steps
from planning.households.commands import Money, Person, enter_household
from tests.db.ground import Ground, change, lay

CANARY = "Nguyễn Thị Hoàng Yến"
PERSON = Person(CANARY, "012345678901", "0912345678", "Thôn Chim Yến", "970400112233", 4)
OPENED = date(2024, 9, 1)
DAYS = {
    "notice": date(2024, 9, 10),
    "inventory": date(2024, 10, 1),
    "plan_drafted": date(2024, 11, 1),
    "plan_posted": date(2024, 11, 15),
    "plan_approved": date(2024, 12, 20),
    "paid": date(2025, 1, 10),
    "recovered": date(2025, 1, 15),
}
HANDED = date(2025, 2, 1)
PLAN = Money(Decimal(800_000_000), Decimal(150_000_000), Decimal(50_000_000))


@dataclass(frozen=True)
class Case:
    """A case of two items on the first two parcels of the ground; the first has a household."""

    ground: Ground
    id: UUID
    items: list[UUID]
    household: UUID

    @property
    def document(self) -> UUID:
        """What every step hangs on."""
        return self.ground.document_id


def lay_case(session: Session, *, parcels: int = 3, code: str = "KCN-1", column: int = 0) -> Case:
    """Open a case; `session` is of the household login."""
    ground = lay(session, parcels, code=code, column=column)
    number = change(session, ground.document_id, day=OPENED)
    household = enter_household(session, number, PERSON, OPENED)
    case = open_case(
        session,
        number,
        code=f"GPMB-{code}",
        zone_id=ground.zone_id,
        name_vi="GPMB đợt 1",
        since=OPENED,
    )
    items = [
        NewItem("1", ground.parcels[:1], household_id=household, plots_needed=1),
        NewItem("2", ground.parcels[1:2], "non_agricultural", "organisation"),
    ]
    made = add_items(session, number, case_id=case, items=items, since=OPENED)
    return Case(ground, case, made, household)


def step(case: Case, kind: str, place: int = 0, day: date | None = None, **more: object) -> NewStep:
    """A step of an item on its usual day, with the usual money."""
    money = PLAN if kind in ("plan_approved", "paid") else None
    values: dict[str, object] = {"money": money, **more}
    return NewStep(case.items[place], kind, day or DAYS[kind], case.document, **values)  # type: ignore[arg-type]


def lead(session: Session, case: Case, *kinds: str, place: int = 0) -> None:
    """Take steps, each on its usual day, in one change."""
    number = change(session, case.document, day=DAYS[kinds[-1]])
    take_steps(session, number, [step(case, kind, place) for kind in kinds])
