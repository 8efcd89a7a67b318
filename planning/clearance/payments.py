"""Approved plans and payments brought in as a table: whole dong, under the households' login.

What stands on a paper is recorded once: the same table a second time is refused row by row. For
that no amount is read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from planning.clearance import listed
from planning.clearance.cases import NewStep, take_steps
from planning.clearance.lists import Around, Minutes, happened, minutes_of, papers, seen
from planning.clearance.model import ClearanceStep
from planning.clearance.steps import WITH_MONEY
from planning.clocks import Moment
from planning.households.commands import Money, whole
from planning.incoming import Line, ListKind, Paper, Places, RowRefused
from planning.records.model import Document


class NothingPaid(RowRefused):
    """A plan or payment says at least one amount above nought. Context: ``field``."""

    code = "list-row-nothing-paid"


class StepKnown(RowRefused):
    """The item has that step on that day by that paper already. Context: ``number``, ``day``."""

    code = "list-row-step-known"


@dataclass(frozen=True, slots=True)
class Known:
    """Cases and items in sight; the steps with money by item, kind and day, with their papers."""

    around: Around
    steps: Mapping[tuple[UUID, str, date], frozenset[str]]


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """What a step grants or pays an item."""

    item_id: UUID
    kind: str
    day: date
    money: Money
    minutes: Minutes | None


def _survey(session: Session, at: Moment, places: Places) -> Known:
    around, taken = seen(session, places), ClearanceStep
    rows = session.execute(
        select(taken.item_id, taken.kind, taken.valid_from, Document.number)
        .join(Document, Document.id == taken.document_id)
        .where(
            taken.item_id.in_(list(around.items.values())), taken.closed_by.is_(None),
            taken.kind.in_(WITH_MONEY),
        )
    )  # fmt: skip
    found: dict[tuple[UUID, str, date], set[str]] = {}
    for item, kind, day, number in rows:
        found.setdefault((item, kind, day), set()).add(number)
    return Known(around, {key: frozenset(numbers) for key, numbers in found.items()})


def _parse(known: Known, line: Line) -> PaymentRow:
    item, kind = known.around.item(line), line.text("step") or ""
    day = happened(line.day("day") or date.max, "day")
    names = ("compensation", "support", "resettlement")
    money = whole(Money(*(line.number_of(name) or Decimal(0) for name in names)))
    if not money.total:
        raise NothingPaid(field="compensation")
    minutes = minutes_of(line)
    papers_then = known.steps.get((item, kind, day), frozenset())
    if papers_then and (minutes is None or minutes.number in papers_then):
        raise StepKnown(number=line.text("number"), day=day, field="day")
    return PaymentRow(item, kind, day, money, minutes)


def _write(session: Session, paper: Paper, rows: Sequence[PaymentRow]) -> None:
    document = papers(session, paper, (row.minutes for row in rows))
    take_steps(
        session,
        paper.change,
        [NewStep(row.item_id, row.kind, row.day, document(row.minutes), row.money) for row in rows],
    )


PAYMENTS: Final = ListKind(
    "clearance-payments", _survey, _parse, _write, personal=True,
    key=lambda row: (row.item_id, row.kind, row.day, row.minutes),
    listed=listed.payments, dated="never",
)  # fmt: skip
