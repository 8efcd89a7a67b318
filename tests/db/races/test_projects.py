"""Rules of projects, attacked by raw SQL: alone, by two sessions at once, and without the guard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID, uuid4

import pytest

from planning.projects.refused import (
    AmendmentBeforeBase,
    CertificateTaken,
    MilestoneAfterProject,
    MilestoneOutsideProject,
    MilestonesOutOfOrder,
    PeriodsOverlap,
)
from planning.refusals import AmountRefused, ValueRefused, refusal
from tests.db.races.arena import (
    LEVELS,
    OWNER,
    READ_COMMITTED,
    Arena,
    Hand,
    Plot,
    close_rows,
    judged_early,
)
from tests.db.races.disarming import without

Work = Callable[[Hand], object]
TOUCH = ";".join(
    f"DROP TRIGGER {name} ON land.{table}"
    for table in ("project_version", "project_milestone", "project_term", "project_certificate")
    for name in ("c_touch_insert", "c_touch_update")
)
JUDGE = ";".join(
    f"DROP TRIGGER f_judge ON land.{table}"
    for table in ("project_version", "project_milestone", "project_term", "project_certificate")
)


def a_project(arena: Arena, plot: Plot, since: str = "2021-01-01") -> UUID:
    """A project of the plot's zone, known from a day on."""

    def work(hand: Hand) -> UUID:
        number = hand.change(plot.document)
        project: UUID = hand.one(
            "INSERT INTO land.project (code, zone_id, opened_by)"
            " VALUES (%(code)s, %(zone)s, %(number)s) RETURNING id",
            code=f"DA-{uuid4()}",
            zone=plot.zone,
            number=number,
        )
        hand.all(
            "INSERT INTO land.project_version (project_id, name_vi, kind, status, srid, valid_from,"
            " opened_by) VALUES (%(project)s, 'Nhà máy', 'fdi', 'certified', 5899, %(since)s,"
            " %(number)s)",
            project=project,
            since=since,
            number=number,
        )
        return project

    made: UUID = arena.write(work)
    return made


def row(plot: Plot, table: str, project: UUID | None, **values: object) -> Work:
    """Write one row of a project under a change of its own."""

    def work(hand: Hand) -> None:
        number = hand.change(plot.document)
        said = {"valid_from": "2021-01-01", **values, "opened_by": number}
        if project is not None:
            said["project_id"] = project
        names = ", ".join(said)
        places = ", ".join(f"%({name})s" for name in said)
        hand.all(f"INSERT INTO land.{table} ({names}) VALUES ({places})", **said)

    return work


def milestone(
    plot: Plot, project: UUID, step: str, planned: str, actual: str | None = None
) -> Work:
    return row(plot, "project_milestone", project, step=step, planned_on=planned, actual_on=actual)


def term(plot: Plot, project: UUID, ends: str, starts: str = "2021-01-01") -> Work:
    return row(plot, "project_term", project, starts_on=starts, ends_on=ends)


def paper(arena: Arena, day: str) -> UUID:
    """A document issued on a day."""
    made: UUID = arena.write(
        lambda hand: hand.one(
            "INSERT INTO land.document (number, issued_on, issuer, created_by)"
            " VALUES (%(number)s, %(day)s, 'BQL', 'racer') RETURNING id",
            number=str(uuid4()),
            day=day,
        )
    )
    return made


def certificate(arena: Arena, plot: Plot, project: UUID, amendment: int, issued: str) -> Work:
    return row(
        plot, "project_certificate", project, certificate="irc", amendment=amendment,
        document_id=paper(arena, issued), valid_from=issued,
    )  # fmt: skip


def refused(arena: Arena, work: Work, login: str = "gisapp_write") -> str:
    """The rule that refuses a piece of work, judged at commit; nothing stays."""
    with arena.hand(login) as hand:
        hand.do(work)
        if hand.error is None:
            hand.do(lambda hand: hand.all("SET CONSTRAINTS ALL IMMEDIATE"))
        return hand.refused_by


def typed(arena: Arena, work: Work) -> object:
    """The refusal as people's types."""
    with arena.hand() as hand:
        hand.do(work)
        if hand.error is None:
            hand.do(lambda hand: hand.all("SET CONSTRAINTS ALL IMMEDIATE"))
        assert hand.error is not None
        return refusal(hand.error)


def money(plot: Plot, project: UUID, **values: object) -> Work:
    said: dict[str, object] = {
        "currency": "USD", "period_from": "2021-01-01", "period_to": "2021-12-31", "planned": 5,
    }  # fmt: skip
    return row(plot, "project_disbursement", project, **{**said, **values})


def test_a_milestone_lies_between_the_ends_of_its_project(arena: Arena) -> None:
    plot = arena.plot()
    project = a_project(arena, plot)
    early = milestone(plot, project, "land", "2020-12-31")
    assert refused(arena, early) == "milestones_within_project"
    said = typed(arena, early)
    assert isinstance(said, MilestoneOutsideProject)
    assert said.context["starts"] == date(2021, 1, 1)
    assert said.context["day"] == date(2020, 12, 31)
    assert refused(arena, milestone(plot, project, "land", "2090-01-01")) == ""
    arena.write(term(plot, project, "2030-12-31"))
    assert refused(arena, milestone(plot, project, "land", "2030-12-31")) == ""
    late = milestone(plot, project, "land", "2031-01-01")
    assert refused(arena, late) == "milestones_within_project"
    assert isinstance(typed(arena, late), MilestoneAfterProject)
    reached = milestone(plot, project, "land", "2022-01-01", "2031-01-01")
    assert isinstance(typed(arena, reached), MilestoneAfterProject)
    before = milestone(plot, project, "land", "2022-01-01", "2020-12-31")
    assert refused(arena, before) == "milestones_within_project"


def test_a_term_is_not_shortened_under_its_schedule(arena: Arena) -> None:
    plot = arena.plot()
    project = a_project(arena, plot)
    arena.write(milestone(plot, project, "operation", "2031-01-01"))
    assert refused(arena, term(plot, project, "2030-12-31")) == "milestones_within_project"
    assert refused(arena, term(plot, project, "2031-01-01")) == ""


def test_the_life_of_a_project_is_not_cut_under_its_schedule(arena: Arena) -> None:
    plot = arena.plot()
    project = a_project(arena, plot)
    arena.write(milestone(plot, project, "operation", "2031-01-01"))

    def cut_at(day: str) -> Work:
        def work(hand: Hand) -> None:
            number = hand.change(plot.document)
            close_rows(hand, "project_version", number, "project_id = %(p)s", p=project)
            hand.all(
                "INSERT INTO land.project_version (project_id, name_vi, kind, status, srid,"
                " valid_from, valid_to, opened_by) VALUES (%(p)s, 'Nhà máy', 'fdi', 'certified',"
                " 5899, '2021-01-01', %(day)s, %(number)s)",
                p=project,
                day=day,
                number=number,
            )

        return work

    assert refused(arena, cut_at("2030-01-01")) == "milestones_within_project"
    assert refused(arena, cut_at("2032-01-01")) == ""


def test_milestones_keep_their_order(arena: Arena) -> None:
    plot = arena.plot()
    project = a_project(arena, plot)
    arena.write(milestone(plot, project, "construction", "2022-06-01"))
    swapped = milestone(plot, project, "land", "2022-06-02")
    assert refused(arena, swapped) == "milestones_in_order"
    said = typed(arena, swapped)
    assert isinstance(said, MilestonesOutOfOrder)
    assert said.context["before"] == "land"
    assert said.context["step"] == "construction"
    assert refused(arena, milestone(plot, project, "operation", "2022-05-31"))
    assert refused(arena, milestone(plot, project, "operation", "2022-06-01")) == ""


def test_an_amendment_follows_its_base(arena: Arena) -> None:
    plot = arena.plot()
    project = a_project(arena, plot)
    first = certificate(arena, plot, project, 1, "2021-05-01")
    assert refused(arena, first) == "amendment_follows_base"
    assert isinstance(typed(arena, first), AmendmentBeforeBase)
    arena.write(certificate(arena, plot, project, 0, "2021-04-01"))
    assert refused(arena, first) == ""
    early = certificate(arena, plot, project, 1, "2021-03-31")
    assert refused(arena, early) == "amendment_follows_base"
    arena.write(certificate(arena, plot, project, 2, "2021-06-01"))
    assert refused(arena, certificate(arena, plot, project, 1, "2021-06-02"))
    assert refused(arena, certificate(arena, plot, project, 3, "2021-05-31"))
    again = certificate(arena, plot, project, 2, "2021-07-01")
    assert refused(arena, again) == "one_certificate_of_a_number"
    assert isinstance(typed(arena, again), CertificateTaken)

    def take_base_away(hand: Hand) -> None:
        number = hand.change(plot.document)
        where = "project_id = %(p)s AND amendment = 0"
        assert close_rows(hand, "project_certificate", number, where, p=project) == 1

    assert refused(arena, take_base_away) == "amendment_follows_base"


MONEY = {
    "negative": ({"planned": -1}, "money_check"),
    "a third of a cent": ({"planned": "1.005"}, "money_check"),
    "beyond counting": ({"planned": "1000000000000000000"}, "money_check"),
    "half a dong": ({"currency": "VND", "planned": "1.5"}, "vnd_is_whole"),
    "half a dong spent": ({"currency": "VND", "actual": "1.5"}, "vnd_is_whole"),
    "no currency": ({"currency": None}, "23502"),
    "no code of ISO": ({"currency": "USX"}, "project_disbursement_currency_fkey"),
    "small letters": ({"currency": "usd"}, "project_disbursement_currency_fkey"),
    "nothing said": ({"planned": None}, "disbursement_said_check"),
    "backwards": ({"period_to": "2020-12-31"}, "disbursement_period_check"),
    "spent before it began": (
        {"actual": 1, "period_from": "2021-02-01"},
        "disbursement_begun_check",
    ),
}


@pytest.mark.parametrize("fault", MONEY)
def test_money_is_whole_named_and_dated(arena: Arena, fault: str) -> None:
    plot = arena.plot()
    project = a_project(arena, plot)
    values, rule = MONEY[fault]
    assert refused(arena, money(plot, project, **values)) == rule
    if rule != "23502":
        assert isinstance(
            typed(arena, money(plot, project, **values)), AmountRefused | ValueRefused
        )


def test_money_is_counted_once(arena: Arena) -> None:
    plot = arena.plot()
    project = a_project(arena, plot)
    arena.write(money(plot, project))
    again = money(plot, project, period_from="2021-12-31", period_to="2022-12-31")
    assert refused(arena, again) == "disbursement_periods_apart"
    said = typed(arena, again)
    assert isinstance(said, PeriodsOverlap)
    assert said.context["currency"] == "USD"
    other = money(plot, project, period_from="2022-01-01", period_to="2022-12-31")
    assert refused(arena, other) == ""
    assert refused(arena, money(plot, project, currency="VND")) == ""


def test_capital_names_a_currency_of_iso(arena: Arena) -> None:
    plot = arena.plot()
    capital = row(plot, "project_capital", a_project(arena, plot), currency="ABC", registered=1)
    assert refused(arena, capital) == "project_capital_currency_fkey"


def test_rates_and_workers_are_plausible(arena: Arena) -> None:
    plot = arena.plot()
    project = a_project(arena, plot)

    def rate(**values: object) -> str:
        said = {"currency": "USD", "dong_per_unit": 25_000, "document_id": plot.document}
        return refused(arena, row(plot, "exchange_rate", None, **{**said, **values}))

    assert rate() == ""
    assert rate(currency="VND") == "exchange_rate_currency_check"
    assert rate(dong_per_unit=0) == "exchange_rate_dong_per_unit_check"
    assert rate(dong_per_unit=-3) == "exchange_rate_dong_per_unit_check"
    assert rate(dong_per_unit="NaN") == "exchange_rate_dong_per_unit_check"
    assert rate(document_id=None) == "23502"
    assert rate(currency="QQQ") == "exchange_rate_currency_fkey"

    def workers(total: int, foreigners: int) -> str:
        counted = row(plot, "project_workers", project, total=total, foreigners=foreigners)
        return refused(arena, counted)

    assert workers(0, 0) == workers(9, 9) == ""
    assert workers(9, 10) == "workers_foreign_check"
    assert workers(9, -1) == "workers_foreign_check"
    assert workers(-1, 0) == "project_workers_total_check"


def _two(one: Work, other: Work, arena: Arena, broken: str, project: UUID, level: str) -> bool:
    arena.race(judged_early(one), judged_early(other), level=level)
    return bool(arena.ask(broken, project=project))


OUTSIDE = """
    SELECT EXISTS (SELECT FROM land.project_milestone AS step JOIN land.project_term AS term
                   USING (project_id) WHERE project_id = %(project)s AND step.closed_by IS NULL
                   AND term.closed_by IS NULL AND step.planned_on > term.ends_on)"""
SWAPPED = """
    SELECT count(DISTINCT planned_on) = 2 AND min(planned_on) FILTER (WHERE step = 'operation')
           < min(planned_on) FILTER (WHERE step = 'land')
    FROM land.project_milestone WHERE project_id = %(project)s AND closed_by IS NULL"""
ORPHAN = """
    SELECT bool_and(amendment > 0) FROM land.project_certificate
    WHERE project_id = %(project)s AND closed_by IS NULL"""


def _attack(arena: Arena, name: str) -> tuple[Work, Work, str, UUID]:
    plot = arena.plot()
    project = a_project(arena, plot)
    if name == "term and milestone":
        late = milestone(plot, project, "operation", "2031-01-01")
        return term(plot, project, "2030-12-31"), late, OUTSIDE, project
    if name == "two milestones":
        first = milestone(plot, project, "operation", "2022-01-01")
        return first, milestone(plot, project, "land", "2022-02-01"), SWAPPED, project
    arena.write(certificate(arena, plot, project, 0, "2021-04-01"))

    def take_base_away(hand: Hand) -> None:
        number = hand.change(plot.document)
        close_rows(hand, "project_certificate", number, "project_id = %(p)s", p=project)

    return take_base_away, certificate(arena, plot, project, 1, "2021-05-01"), ORPHAN, project


ATTACKS = ["term and milestone", "two milestones", "base and amendment"]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", ATTACKS)
def test_two_sessions_break_no_schedule(arena: Arena, name: str, level: str) -> None:
    one, other, broken, project = _attack(arena, name)
    assert not _two(one, other, arena, broken, project, level)


@pytest.mark.parametrize("guard", ["c_touch_insert c_touch_update", "f_judge"])
@pytest.mark.parametrize("name", ATTACKS)
def test_without_its_guard_the_attack_succeeds(quarry: Arena, name: str, guard: str) -> None:
    one, other, broken, project = _attack(quarry, name)
    with without(quarry, TOUCH if guard.startswith("c_touch") else JUDGE):
        assert _two(one, other, quarry, broken, project, READ_COMMITTED)
        quarry.close()


def test_the_owner_is_judged_too(arena: Arena) -> None:
    plot = arena.plot()
    project = a_project(arena, plot)
    early = milestone(plot, project, "land", "2020-12-31")
    assert refused(arena, early, OWNER) == "milestones_within_project"
