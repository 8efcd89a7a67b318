"""Sessions of the household login, and verbs short enough for tests of clearance."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from gisapp.messages import LOCALES, placeholders, render, texts
from planning import refusals
from planning.clearance.cases import (
    hand_over_items,
    take_steps,
)
from planning.clocks import Moment
from planning.errors import PlanningError
from planning.indicators.queries import land
from tests.conftest import TestDatabase
from tests.db.clearing import DAYS, HANDED, Case, lay_case, step
from tests.db.ground import change

TO_PLAN = ("notice", "inventory", "plan_drafted", "plan_posted", "plan_approved")
NOW = Moment(date(2026, 1, 1))


@pytest.fixture
def session(shared_database: TestDatabase) -> Iterator[Session]:
    """A session of the household login in a transaction that is undone."""
    database = shared_database.database
    engine = database._engine("household")
    with engine.connect() as connection:
        outer = connection.begin()
        joined = Session(
            connection, join_transaction_mode="create_savepoint", expire_on_commit=False
        )
        with joined:
            yield joined
        outer.rollback()


@pytest.fixture
def case(session: Session) -> Case:
    return lay_case(session)


def judge(session: Session) -> None:
    session.execute(text("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED"))


@contextmanager
def refused(session: Session, kind: type[PlanningError]) -> Iterator[dict[str, object]]:
    """Expect a refusal of that kind at the write or at the judgement; its context is filled in."""
    context: dict[str, object] = {}
    with pytest.raises(DBAPIError) as raised, session.begin_nested():
        yield context
        session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    session.execute(text("SET CONSTRAINTS ALL DEFERRED"))
    found = refusals.refusal(raised.value)
    assert type(found) is kind, raised.value
    found = refusals.explained(session, found)
    context.update(found.context)
    for locale in LOCALES:
        said = render(found.code, found.context, locale)
        assert placeholders(texts(locale)[found.code]) <= found.context.keys()
        assert "<" not in said and said != found.code


def take(session: Session, case: Case, kind: str, **more: Any) -> None:
    day = more.get("day") or DAYS.get(kind, HANDED)
    number = change(session, case.document, day=day)
    take_steps(session, number, [step(case, kind, **{**more, "day": day})])


def hand(session: Session, case: Case, *places: int, day: date = HANDED) -> None:
    number = change(session, case.document, day=day)
    hand_over_items(
        session,
        number,
        zone_id=case.ground.zone_id,
        items=[case.items[place] for place in places],
        day=day,
        number="BBBG-1",
        document_id=case.document,
    )


def cleared_m2(session: Session, day: date) -> Decimal:
    figures = land(session, Moment(day), zone="KCN-1").figures(["cleared_area"])
    return figures["cleared_area"].answer.value or Decimal(0)
