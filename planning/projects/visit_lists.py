"""Notes of inspections and dated exchange rates brought in as tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from planning.clearance.lists import Minutes, happened, minutes_of, papers
from planning.clocks import Moment
from planning.incoming import Line, ListKind, Paper, Places
from planning.projects import facts_listed
from planning.projects.fact_lists import Around, survey
from planning.projects.facts_model import Currency
from planning.projects.inspections import note_inspection
from planning.projects.permits import CurrencyUnknown, quote_rate


@dataclass(frozen=True, slots=True)
class VisitRow:
    """What was seen at a project on a day."""

    project: UUID
    day: date
    body: str
    personal: bool


def _parse_visit(around: Around, line: Line) -> VisitRow:
    day = happened(line.day("day") or date.max, "day")
    personal = bool(line.values.get("personal"))
    return VisitRow(around.project(line), day, line.text("body") or "", personal)


def _write_visits(session: Session, paper: Paper, rows: Sequence[VisitRow]) -> None:
    for row in rows:
        note_inspection(
            session, paper.change, day=row.day, body=row.body, project_id=row.project,
            personal=row.personal, document_id=paper.document_id,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class RateRow:
    """What a unit of a currency was worth in đồng from a day on."""

    currency: str
    day: date
    dong_per_unit: Decimal
    minutes: Minutes | None


def _survey_rates(session: Session, at: Moment, places: Places) -> frozenset[str]:
    return frozenset(session.scalars(select(Currency.code)))


def _parse_rate(currencies: frozenset[str], line: Line) -> RateRow:
    code = line.text("currency") or ""
    if code not in currencies:
        raise CurrencyUnknown(currency=code[:12], field="currency")
    day = happened(line.day("day") or date.max, "day")
    return RateRow(code, day, line.number_of("dong_per_unit") or Decimal(0), minutes_of(line))


def _write_rates(session: Session, paper: Paper, rows: Sequence[RateRow]) -> None:
    document = papers(session, paper, (row.minutes for row in rows), "notice")
    for row in sorted(rows, key=lambda each: each.day):
        quote_rate(
            session, paper.change, currency=row.currency, dong_per_unit=row.dong_per_unit,
            day=row.day, document_id=document(row.minutes),
        )  # fmt: skip


INSPECTIONS: Final = ListKind(
    "project-inspections", survey, _parse_visit, _write_visits,
    key=lambda row: (row.project, row.day, row.body),
    listed=facts_listed.inspections, dated="row", named=("code", "day", "body"),
)  # fmt: skip
RATES: Final = ListKind(
    "exchange-rates", _survey_rates, _parse_rate, _write_rates,
    key=lambda row: (row.currency, row.day),
    listed=facts_listed.rates, dated="row", named=("currency", "day"),
)  # fmt: skip
