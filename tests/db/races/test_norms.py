"""The rulebook under attack: rules that follow each other, confirmations, waivers, by raw SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest

from tests.db.races.arena import LEVELS, READ_COMMITTED, WRITE, Arena, Hand
from tests.db.races.waivers import change_by

RULE = """
    INSERT INTO land.norm_rule (code, version, regulation, clause, quote_vi, quote_en, source,
        valid_from, valid_to, reaches_by, measure, categories, people, comparison, threshold,
        name_vi, name_en, recorded_by)
    VALUES (%(code)s, %(version)s, 'QC', '1', 'v', 'e', 's', %(valid_from)s, %(valid_to)s,
        'approval', %(measure)s, %(categories)s, %(people)s, 'at_least', %(threshold)s, 'v', 'e',
        %(by)s) RETURNING id"""
DRAWER, LEADER = "drawer", "leader"


def rule(code: str, version: int = 1, **facts: Any) -> Callable[[Hand], int]:
    """Enter a version of a rule."""
    values: dict[str, Any] = {
        "valid_from": "2021-07-05", "valid_to": None, "measure": "share", "categories": ["CX"],
        "people": None, "threshold": 10, "by": "entered", **facts,
    }  # fmt: skip

    def work(hand: Hand) -> int:
        hand.all("INSERT INTO land.norm VALUES (%(code)s) ON CONFLICT DO NOTHING", code=code)
        found: int = hand.one(RULE, code=code, version=version, **values)
        return found

    return work


def refused(arena: Arena, work: Callable[[Hand], object]) -> str:
    """The rule a piece of work breaks; empty when it may be done. Nothing stays."""
    with arena.hand() as hand:
        hand.do(work)
        if hand.error is None:
            return ""
        return hand.error.diag.constraint_name or hand.error.sqlstate or "?"


@pytest.mark.parametrize(
    ("facts", "broken"),
    [
        ({"valid_to": "2021-07-05"}, "norm_rule_forward"),
        ({"valid_from": "1900-01-01"}, "norm_rule_plausible"),
        ({"people": "workers"}, "norm_rule_per_whom"),
        ({"measure": "per_person"}, "norm_rule_per_whom"),
        ({"categories": None}, "norm_rule_of_what"),
        ({"threshold": 101}, "norm_rule_share_is_percent"),
        ({"threshold": -1}, "norm_rule_threshold_check"),
        ({"threshold": "0.00001"}, "norm_rule_threshold_check"),
        ({"version": 2}, "norm_rule_version"),
        ({"by": " "}, "norm_rule_recorded_by_check"),
    ],
)
def test_a_rule_that_makes_no_sense_is_not_entered(
    arena: Arena, facts: dict[str, Any], broken: str
) -> None:
    given = dict(facts)
    assert refused(arena, rule("nonsense", given.pop("version", 1), **given)) == broken
    assert refused(arena, rule("nonsense")) == ""


@pytest.mark.parametrize("level", LEVELS)
def test_two_who_enter_the_next_version_do_not_both_succeed(arena: Arena, level: str) -> None:
    """c_next_version and norm_rule_version: one of them is told that the rule moved."""
    code = f"raced_{LEVELS.index(level)}"
    arena.write(rule(code))
    arena.race(rule(code, 2, by="one"), rule(code, 2, by="two"), level=level)
    assert arena.ask("SELECT count(*) FROM land.norm_rule WHERE code = %(code)s", code=code) == 2


def test_versions_have_no_gap(arena: Arena) -> None:
    arena.write(rule("gap"))
    assert refused(arena, rule("gap", 3)) == "norm_rule_version"
    assert refused(arena, rule("gap", 1)) == "norm_rule_version"
    assert refused(arena, rule("gap", 2)) == ""


def confirm(rule_id: int, by: str) -> Callable[[Hand], object]:
    """Confirm a rule."""
    return lambda hand: hand.all(
        "INSERT INTO land.norm_confirmation (rule_id, seen_in, confirmed_by)"
        " VALUES (%(rule)s, 'page 3', %(by)s)",
        rule=rule_id,
        by=by,
    )


def test_nobody_confirms_their_own_entry(arena: Arena) -> None:
    """c_by_another: whatever the case and the spaces of the name."""
    made = arena.write(rule("own", by="An"))
    for name in ("An", "an", " AN "):
        assert refused(arena, confirm(made, name)) == "norm_confirmed_by_another"
    assert refused(arena, confirm(made, "binh")) == ""
    unknown = arena.write(rule("unknown", threshold=None))
    assert refused(arena, confirm(unknown, "binh")) == "norm_confirmed_with_value"


@pytest.mark.parametrize("level", LEVELS)
def test_a_rule_is_confirmed_once(arena: Arena, level: str) -> None:
    made = arena.write(rule(f"once_{LEVELS.index(level)}"))
    arena.race(confirm(made, "binh"), confirm(made, "cuc"), level=level)
    assert (
        arena.ask("SELECT count(*) FROM land.norm_confirmation WHERE rule_id = %(r)s", r=made) == 1
    )


LOT = """
    INSERT INTO land.plan_lot (plan_version_id, plan_id, srid, level, symbol, category, leasable,
                               geom, opened_by)
    VALUES (%(version)s, %(plan)s, 5899, 'subdivision', 'CN-01', 'CN', 'industrial',
            ST_MakeEnvelope(%(east)s, %(north)s, %(east)s + 50, %(north)s + 50, 5899),
            %(number)s)"""


class Draft:
    """A draft of a plan, drawn by one person, and a rule of the book."""

    def __init__(self, arena: Arena) -> None:
        self.arena, self.plot = arena, arena.plot()
        self.plan: UUID
        self.version: UUID
        arena.write(self._draw)
        self.rule = arena.write(rule(f"draft_{self.version.hex[:12]}"))

    def _draw(self, hand: Hand) -> None:
        number = change_by(hand, DRAWER, hand.one("SELECT id FROM land.document LIMIT 1"))
        self.plan = hand.one(
            "INSERT INTO land.plan (code, zone_id, srid, level, scale_denominator, name_vi,"
            " opened_by) VALUES ('P' || upper(left(gen_random_uuid()::text, 8)), %(zone)s, 5899,"
            " 'subdivision', 2000, 'x', %(number)s) RETURNING id",
            zone=self.plot.zone,
            number=number,
        )
        self.version = hand.one(
            "INSERT INTO land.plan_version (plan_id, number, opened_by)"
            " VALUES (%(plan)s, 1, %(number)s) RETURNING id",
            plan=self.plan,
            number=number,
        )
        self.lot(hand, 0, number)

    def lot(self, hand: Hand, place: int, number: int) -> None:
        """Draw a lot."""
        hand.all(
            LOT, version=self.version, plan=self.plan, number=number,
            east=self.plot.east + 60 * place, north=self.plot.north,
        )  # fmt: skip

    def redraw(self, hand: Hand) -> None:
        """Somebody draws another lot."""
        document = hand.one("SELECT id FROM land.document LIMIT 1")
        self.lot(hand, 1, change_by(hand, DRAWER, document))

    def sign(self, **facts: Any) -> Callable[[Hand], UUID]:
        """Sign that the draft may fail the rule."""
        values: dict[str, Any] = {
            "by": LEADER, "named": None, "since": "2026-01-01", "until": None, "state": None,
            "withdrawn": None, "why": None, **facts,
        }  # fmt: skip

        def work(hand: Hand) -> UUID:
            state = values["state"] or hand.one(
                "SELECT land.lots_state(%(version)s)", version=self.version
            )
            found: UUID = hand.one(
                "INSERT INTO land.norm_waiver (plan_version_id, rule_id, lots_state, reason,"
                " signed_by, withdrawn_by, withdrawal_reason, valid_from, valid_to, opened_by)"
                " VALUES (%(version)s, %(rule)s, %(state)s, 'r', %(named)s, %(withdrawn)s,"
                " %(why)s, %(since)s, %(until)s, %(number)s) RETURNING waiver_id",
                version=self.version, rule=self.rule, state=state,
                named=values["named"] or values["by"], withdrawn=values["withdrawn"],
                why=values["why"], since=values["since"], until=values["until"],
                number=change_by(hand, values["by"]),
            )  # fmt: skip
            return found

        return work

    def count(self) -> int:
        """How many waivers of it stand."""
        found: int = self.arena.ask(
            "SELECT count(*) FROM land.norm_waiver WHERE plan_version_id = %(version)s"
            " AND closed_by IS NULL",
            version=self.version,
        )
        return found


@pytest.fixture
def draft(arena: Arena) -> Iterator[Draft]:
    yield Draft(arena)


COLUMNS = {
    "norm": "code", "norm_rule": "source", "norm_confirmation": "seen_in", "norm_people": "source",
}  # fmt: skip


@pytest.mark.parametrize("table", COLUMNS)
def test_nothing_in_the_rulebook_is_rewritten(arena: Arena, draft: Draft, table: str) -> None:
    """a_kept and a_kept_whole, for the login that owns the tables too."""
    arena.write(confirm(draft.rule, "binh"))
    arena.write(
        lambda hand: hand.all(
            "INSERT INTO land.norm_people (plan_version_id, kind, people, source, recorded_by)"
            " VALUES (%(version)s, 'workers', 9, 's', 'an')",
            version=draft.version,
        )
    )
    for login in (WRITE, "gisapp_owner"):
        for statement in (
            f"UPDATE land.{table} SET {COLUMNS[table]} = 'x'",
            f"DELETE FROM land.{table}",
            f"TRUNCATE land.{table} CASCADE",
        ):
            with arena.hand(login) as hand:
                hand.do(lambda hand, sql=statement: hand.all(sql))
                assert hand.error is not None, statement
                assert hand.error.sqlstate == "42501", statement


def test_a_leader_signs(arena: Arena, draft: Draft) -> None:
    assert refused(arena, draft.sign()) == ""


@pytest.mark.parametrize(
    ("facts", "broken"),
    [
        ({"by": DRAWER}, "norm_waiver_not_own_work"),
        ({"by": " Drawer "}, "change_actor_is_an_account"),
        ({"named": "somebody"}, "norm_waiver_signed_by_actor"),
        ({"withdrawn": LEADER, "why": "x", "until": "2026-02-01"}, "norm_waiver_signed_by_actor"),
        ({"withdrawn": LEADER}, "norm_waiver_withdrawn_for_a_reason"),
        ({"withdrawn": LEADER, "why": "x"}, "norm_waiver_withdrawn_for_a_reason"),
        ({"state": "another"}, "norm_waiver_on_lots_as_they_stand"),
    ],
)
def test_a_waiver_that_is_not_fit_is_refused(
    arena: Arena, draft: Draft, facts: dict[str, Any], broken: str
) -> None:
    """g_is_fit and the rules of the table."""
    assert refused(arena, draft.sign(**facts)) == broken


@pytest.mark.parametrize("level", LEVELS)
def test_two_waivers_of_the_same_days_do_not_both_stand(
    arena: Arena, draft: Draft, level: str
) -> None:
    """norm_waived_once, and land.read_committed for stale snapshots."""
    arena.race(draft.sign(), draft.sign(by="other leader"), level=level)
    assert draft.count() <= 1
    assert draft.count() == (1 if level == READ_COMMITTED else 0)


@pytest.mark.parametrize("level", LEVELS)
def test_nobody_signs_for_lots_that_are_drawn_meanwhile(
    arena: Arena, draft: Draft, level: str
) -> None:
    """Whoever is second sees the first: the waiver is refused, or it was signed for the lots before
    and has lapsed.
    """
    before = arena.ask("SELECT land.lots_state(%(v)s)", v=draft.version)
    arena.race(draft.redraw, draft.sign(state=before), level=level)
    after = arena.ask("SELECT land.lots_state(%(v)s)", v=draft.version)
    if after != before:
        assert draft.count() == 0


def test_a_waiver_lapses_with_its_lots_and_may_be_signed_anew(arena: Arena, draft: Draft) -> None:
    arena.write(draft.sign())
    arena.write(draft.redraw)
    assert refused(arena, draft.sign()) == ""


def test_a_waiver_is_shortened_by_who_withdraws_it_and_never_undone(
    arena: Arena, draft: Draft
) -> None:
    """g_not_undone; a withdrawal by another name than the actor's is refused."""
    waiver = arena.write(draft.sign())

    def withdraw(named: str, until: str = "2026-03-01") -> Callable[[Hand], object]:
        def work(hand: Hand) -> None:
            number = change_by(hand, LEADER)
            hand.all(
                "UPDATE land.norm_waiver SET closed_by = %(n)s WHERE waiver_id = %(w)s",
                n=number,
                w=waiver,
            )
            hand.all(
                "INSERT INTO land.norm_waiver (waiver_id, plan_version_id, rule_id, lots_state,"
                " reason, signed_by, withdrawn_by, withdrawal_reason, valid_from, valid_to,"
                " opened_by) SELECT waiver_id, plan_version_id, rule_id, lots_state, reason,"
                " signed_by, %(named)s, 'over', valid_from, %(until)s, %(n)s"
                " FROM land.norm_waiver WHERE waiver_id = %(w)s AND closed_by = %(n)s",
                named=named,
                until=until,
                n=number,
                w=waiver,
            )

        return work

    assert refused(arena, withdraw("another")) == "norm_waiver_signed_by_actor"
    assert refused(arena, withdraw(LEADER)) == ""

    def undo(hand: Hand) -> None:
        former = hand.one(
            "SELECT opened_by FROM land.norm_waiver WHERE waiver_id = %(w)s", w=waiver
        )
        number = hand.one(
            "INSERT INTO land.change (kind, reason, actor, effective_on, document_id, undoes)"
            " SELECT 'correction', 'undo', 'planner', '2026-01-02', id, %(former)s"
            " FROM land.document LIMIT 1 RETURNING number",
            former=former,
        )
        hand.all(
            "UPDATE land.norm_waiver SET closed_by = %(n)s WHERE waiver_id = %(w)s",
            n=number,
            w=waiver,
        )

    assert refused(arena, undo) == "waiver_not_undone"
