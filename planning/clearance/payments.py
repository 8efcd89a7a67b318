"""Approved plans and payments brought in as a table: whole dong, under the households' login."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from planning.clearance.cases import NewStep, take_steps
from planning.clearance.lists import Around, Minutes, happened, minutes_of, papers, seen
from planning.clocks import Moment
from planning.households.commands import Money, whole
from planning.incoming import Line, ListKind, Paper, Places, RowRefused


class NothingPaid(RowRefused):
    """A plan or payment says at least one amount above nought. Context: ``field``."""

    code = "list-row-nothing-paid"


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """What a step grants or pays an item."""

    item_id: UUID
    kind: str
    day: date
    money: Money
    minutes: Minutes | None


def _survey(session: Session, at: Moment, places: Places) -> Around:
    return seen(session, places)


def _parse(around: Around, line: Line) -> PaymentRow:
    item, kind = around.item(line), line.text("step") or ""
    day = happened(line.day("day") or date.max, "day")
    names = ("compensation", "support", "resettlement")
    money = whole(Money(*(line.number_of(name) or Decimal(0) for name in names)))
    if not money.total:
        raise NothingPaid(field="compensation")
    return PaymentRow(item, kind, day, money, minutes_of(line))


def _write(session: Session, paper: Paper, rows: Sequence[PaymentRow]) -> None:
    document = papers(session, paper, (row.minutes for row in rows))
    take_steps(
        session,
        paper.change,
        [NewStep(row.item_id, row.kind, row.day, document(row.minutes), row.money) for row in rows],
    )


PAYMENTS: Final = ListKind("clearance-payments", _survey, _parse, _write, personal=True)
