"""Terms of law under attack: rows that follow each other, confirmations, by raw SQL."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from tests.db.races.arena import LEVELS, OWNER, WRITE, Arena, Hand
from tests.db.races.disarming import without

DEADLINE = """
    INSERT INTO land.plan_deadline (step, level, version, valid_from, valid_to, least_days,
        most_days, waits_for_vi, waits_for_en, clause_vi, clause_en, source, verification,
        recorded_by)
    VALUES ('task', %(level)s, %(version)s, %(valid_from)s, %(valid_to)s, %(least)s, %(most)s,
        'a', 'a', %(clause)s, 'a', 'a', %(verification)s, %(by)s) RETURNING id"""
TERM = """
    INSERT INTO land.clearance_term (code, bound, from_step, until_step, land_class, days, months,
        version, valid_from, valid_to, clause, verification, recorded_by)
    VALUES (%(code)s, %(bound)s, %(from_step)s, %(until)s, NULL, 45, NULL, %(version)s,
        %(valid_from)s, NULL, %(clause)s, %(verification)s, %(by)s) RETURNING id"""
THRESHOLD = """
    INSERT INTO land.clock_threshold (code, months, days, counts_from, version, valid_from,
        valid_to, clause, source, verification, founding, recorded_by)
    VALUES ('extension', %(months)s, NULL, NULL, %(version)s, %(valid_from)s, %(valid_to)s,
        %(clause)s, 'a', %(verification)s, %(founding)s, %(by)s) RETURNING id"""
Entry = Callable[..., Callable[[Hand], int]]


def deadline(**facts: Any) -> Callable[[Hand], int]:
    """Enter a deadline of the task step."""
    given = {
        "level": None, "version": 1, "valid_from": "2031-01-01", "valid_to": None, "least": None,
        "most": 90, "clause": "a", "verification": "unverified", "by": "An", **facts,
    }  # fmt: skip
    return lambda hand: hand.one(DEADLINE, **given)


def term(**facts: Any) -> Callable[[Hand], int]:
    """Enter a term of payment."""
    given = {
        "code": "payment", "bound": "within", "from_step": "plan_approved", "until": "paid",
        "version": 1, "valid_from": "2031-01-01", "clause": "a", "verification": "unverified",
        "by": "An", **facts,
    }  # fmt: skip
    return lambda hand: hand.one(TERM, **given)


def threshold(**facts: Any) -> Callable[[Hand], int]:
    """Enter a threshold of the extension."""
    given = {
        "months": 12, "version": 1, "valid_from": "2031-01-01", "valid_to": None, "clause": "a",
        "verification": "unverified", "founding": False, "by": "An", **facts,
    }  # fmt: skip
    return lambda hand: hand.one(THRESHOLD, **given)


KINDS: dict[str, tuple[Entry, str, str, str]] = {
    "deadline": (deadline, "land.plan_deadline", "deadline_version", "deadline_id"),
    "term": (term, "land.clearance_term", "clearance_term_version", "term_id"),
    "threshold": (threshold, "land.clock_threshold", "clock_threshold_version", "threshold_id"),
}
every_kind = pytest.mark.parametrize("kind", KINDS)


def refused(arena: Arena, work: Callable[[Hand], object], login: str = WRITE) -> str:
    """The rule a piece of work breaks; empty when it may be done. Nothing stays."""
    with arena.hand(login) as hand:
        hand.do(work)
        return hand.refused_by


@pytest.mark.parametrize(
    ("work", "broken"),
    [
        (deadline(valid_from="1900-01-01"), "deadline_plausible"),
        (deadline(valid_to="2300-01-01"), "deadline_plausible"),
        (deadline(most=4000), "deadline_within_ten_years"),
        (deadline(clause="x" * 301), "deadline_texts"),
        (deadline(by=" "), "deadline_texts"),
        (deadline(version=2), "deadline_version"),
        (deadline(verification="verified"), "term_confirmed_by_another"),
        (term(valid_from="1900-01-01"), "clearance_term_plausible_check"),
        (term(clause="x" * 201), "clearance_term_texts_check"),
        (term(version=2), "clearance_term_version"),
        (term(verification="verified"), "term_confirmed_by_another"),
        (term(code="of_ones_own"), "clearance_term_keeps_its_kind"),
        (term(bound="at_least"), "clearance_term_keeps_its_kind"),
        (term(until="recovered"), "clearance_term_keeps_its_kind"),
        (term(from_step="meeting"), "clearance_term_keeps_its_kind"),
        (threshold(valid_from="1900-01-01"), "clock_threshold_plausible_check"),
        (threshold(valid_to="2300-01-01"), "clock_threshold_plausible_check"),
        (threshold(valid_to="2031-01-01"), "clock_threshold_forward_check"),
        (threshold(by=" "), "clock_threshold_by_check"),
        (threshold(months=None), "clock_threshold_unit_check"),
        (threshold(version=2), "clock_threshold_version"),
        (threshold(verification="verified"), "term_confirmed_by_another"),
        (threshold(founding=True), "term_confirmed_by_another"),
    ],
)
@pytest.mark.parametrize("login", [WRITE, OWNER])
def test_a_row_that_makes_no_sense_is_not_entered(
    arena: Arena, work: Callable[[Hand], int], broken: str, login: str
) -> None:
    assert refused(arena, work, login) == broken


@every_kind
@pytest.mark.parametrize("level", LEVELS)
def test_two_who_correct_a_row_do_not_both_succeed(arena: Arena, kind: str, level: str) -> None:
    """c_next_version with the key of the version: one of them is told that the row moved."""
    enter, table, rule, _ = KINDS[kind]
    day = f"2032-0{LEVELS.index(level) + 1}-01"
    arena.write(enter(valid_from=day))
    _, two = arena.race(
        enter(valid_from=day, version=2, by="one"), enter(valid_from=day, version=2, by="two"),
        level=level,
    )  # fmt: skip
    asked = f"SELECT count(*) FROM {table} WHERE valid_from = %(day)s"
    assert arena.ask(asked, day=day) == 2
    assert two.error is not None and two.refused_by in (rule, "40001")


@every_kind
def test_without_its_guard_versions_have_gaps(arena: Arena, quarry: Arena, kind: str) -> None:
    enter, table, rule, _ = KINDS[kind]
    assert refused(arena, enter(valid_from="2033-01-01", version=7)) == rule
    with without(quarry, f"DROP TRIGGER c_next_version ON {table}"):
        assert refused(quarry, enter(valid_from="2033-01-01", version=7)) == ""


def confirm(kind: str, row: int, by: str) -> Callable[[Hand], object]:
    """Confirm a row."""
    _, table, _, column = KINDS[kind]
    statement = (
        f"INSERT INTO {table}_confirmation ({column}, seen_in, confirmed_by)"
        " VALUES (%(row)s, 'page 3', %(by)s)"
    )
    return lambda hand: hand.all(statement, row=row, by=by)


@every_kind
def test_nobody_confirms_their_own_entry(arena: Arena, quarry: Arena, kind: str) -> None:
    """c_by_another: whatever the case and the spaces of the name."""
    enter, table, _, _ = KINDS[kind]
    made = arena.write(enter(valid_from="2034-01-01"))
    for name in ("An", "an", " AN "):
        assert refused(arena, confirm(kind, made, name)) == "term_confirmed_by_another"
    assert refused(arena, confirm(kind, made, "binh")) == ""
    with without(quarry, f"DROP TRIGGER c_by_another ON {table}_confirmation"):
        made = quarry.write(enter(valid_from="2034-02-01"))
        assert refused(quarry, confirm(kind, made, "An")) == ""


@every_kind
@pytest.mark.parametrize("level", LEVELS)
def test_a_row_is_confirmed_once(arena: Arena, kind: str, level: str) -> None:
    enter, table, _, column = KINDS[kind]
    made = arena.write(enter(valid_from=f"2035-0{LEVELS.index(level) + 1}-01"))
    arena.race(confirm(kind, made, "binh"), confirm(kind, made, "cuc"), level=level)
    asked = f"SELECT count(*) FROM {table}_confirmation WHERE {column} = %(row)s"
    assert arena.ask(asked, row=made) == 1


@every_kind
@pytest.mark.parametrize("login", [WRITE, OWNER])
def test_nothing_is_rewritten(arena: Arena, kind: str, login: str) -> None:
    enter, table, _, _ = KINDS[kind]
    made = arena.write(enter(valid_from=f"2036-0{1 + (login == OWNER)}-01"))
    arena.write(confirm(kind, made, "binh"))
    for name in (table, f"{table}_confirmation"):
        for verb in ("DELETE FROM {}", "UPDATE {} SET ctid = ctid", "TRUNCATE {}"):
            with arena.hand(login) as hand, pytest.raises(psycopg.Error):
                hand.all(verb.format(name))


def test_the_words_of_a_confirmation_are_told(arena: Arena) -> None:
    made = arena.write(deadline(valid_from="2037-01-01"))
    statement = (
        "INSERT INTO land.plan_deadline_confirmation (deadline_id, seen_in, confirmed_by)"
        " VALUES (%(row)s, %(seen)s, 'binh')"
    )
    for seen in ("", "  a ", "x" * 501):
        with arena.hand() as hand, pytest.raises(psycopg.errors.CheckViolation):
            hand.all(statement, row=made, seen=seen)
