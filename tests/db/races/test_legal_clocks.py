"""Legal clocks under attack: raw SQL, one session, and two at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from tests.db.races.arena import (
    LEVELS,
    OWNER,
    READ_COMMITTED,
    WRITE,
    Arena,
    Hand,
    Plot,
    add_parcel,
    close_rows,
    judged_early,
)

HANDED = "2024-09-15"


@dataclass(frozen=True)
class Site:
    """A project on one parcel, handed over on a day."""

    plot: Plot
    parcel: UUID
    project: UUID
    handover: UUID


def lay_site(arena: Arena) -> Site:
    plot = arena.plot()

    def work(hand: Hand) -> Site:
        number = hand.change(plot.document)
        parcel = add_parcel(hand, plot, plot.square(0, 0), number=number)
        project = hand.one(
            "INSERT INTO land.project (code, zone_id, opened_by)"
            " VALUES ('DA-' || %(number)s, %(zone)s, %(number)s) RETURNING id",
            number=number,
            zone=plot.zone,
        )
        hand.all(
            "INSERT INTO land.project_version (project_id, name_vi, kind, status, srid, valid_from,"
            " opened_by) VALUES (%(project)s, 'Nhà máy', 'ddi', 'land_secured', 5899,"
            " '2020-01-01', %(number)s)",
            project=project,
            number=number,
        )
        hold(hand, project, parcel, number)
        handover = hand.one(
            "INSERT INTO land.handover (zone_id, opened_by) VALUES (%(zone)s, %(number)s)"
            " RETURNING id",
            zone=plot.zone,
            number=number,
        )
        minutes(hand, handover, parcel, number, HANDED)
        return Site(plot, parcel, project, handover)

    site: Site = arena.write(work)
    return site


def hold(hand: Hand, project: UUID, parcel: UUID, number: int) -> None:
    hand.all(
        "INSERT INTO land.project_parcel (project_id, parcel_id, valid_from, opened_by)"
        " VALUES (%(project)s, %(parcel)s, '2020-01-01', %(number)s)",
        project=project,
        parcel=parcel,
        number=number,
    )


def minutes(hand: Hand, handover: UUID, parcel: UUID, number: int, day: str) -> None:
    facts = {"handover": handover, "parcel": parcel, "number": number, "day": day}
    hand.all(
        "INSERT INTO land.handover_version (handover_id, number, valid_from, opened_by)"
        " VALUES (%(handover)s, 'BB', %(day)s, %(number)s)",
        **facts,
    )
    hand.all(
        "INSERT INTO land.handover_parcel (handover_id, parcel_id, valid_from, opened_by)"
        " VALUES (%(handover)s, %(parcel)s, %(day)s, %(number)s)",
        **facts,
    )


def suspend(hand: Hand, site: Site, since: str, until: str | None = None) -> None:
    hand.all(
        "INSERT INTO land.project_suspension (project_id, cause, reason, document_id, valid_from,"
        " valid_to, opened_by) VALUES (%(project)s, 'force_majeure', 'Bão', %(document)s,"
        " %(since)s, %(until)s, %(number)s)",
        project=site.project,
        document=site.plot.document,
        since=since,
        until=until,
        number=hand.change(site.plot.document),
    )


def extend(hand: Hand, site: Site, months: int = 12, day: str = "2025-09-20") -> None:
    hand.all(
        "INSERT INTO land.project_extension (project_id, months, document_id, valid_from,"
        " opened_by) VALUES (%(project)s, %(months)s, %(document)s, %(day)s, %(number)s)",
        project=site.project,
        months=months,
        document=site.plot.document,
        day=day,
        number=hand.change(site.plot.document),
    )


def move_hand_over(hand: Hand, site: Site, day: str) -> None:
    """A correction of the day, of minutes and parcel alike."""
    number = hand.change(site.plot.document, "correction")
    for table in ("handover_version", "handover_parcel"):
        close_rows(hand, table, number, "handover_id = %(handover)s", handover=site.handover)
    minutes(hand, site.handover, site.parcel, number, day)


def take_land(hand: Hand, site: Site) -> None:
    number = hand.change(site.plot.document, "correction")
    close_rows(hand, "project_parcel", number, "project_id = %(project)s", project=site.project)


def draft(hand: Hand, site: Site, as_of: str = "2025-05-01") -> UUID:
    made: UUID = hand.one(
        "INSERT INTO land.reminder_draft (project_id, clock, as_of, known, breach_on, facts,"
        " drafted_by) VALUES (%(project)s, 'idle', %(as_of)s, 1, '2025-09-15', '{}', 'racer')"
        " RETURNING id",
        project=site.project,
        as_of=as_of,
    )
    return made


def issue(hand: Hand, site: Site, letter: UUID, day: str) -> None:
    hand.all(
        "INSERT INTO land.reminder_letter (draft_id, document_id, valid_from, opened_by)"
        " VALUES (%(letter)s, %(document)s, %(day)s, %(number)s)",
        letter=letter,
        document=site.plot.document,
        day=day,
        number=hand.change(site.plot.document),
    )


def threshold(hand: Hand, code: str, months: int | None, days: int | None, **more: Any) -> None:
    facts = {"since": "2030-01-01", "until": None, "from": None} | more
    hand.all(
        "INSERT INTO land.clock_threshold (code, months, days, counts_from, valid_from, valid_to,"
        " clause, source, verification) VALUES (%(code)s, %(months)s, %(days)s, %(from)s,"
        " %(since)s, %(until)s, 'Điều', 'Nguồn', 'unverified')",
        code=code,
        months=months,
        days=days,
        **facts,
    )


Work = Callable[[Hand, Site], object]
NO_JUDGE = (
    "DROP TRIGGER f_judge ON land.project_{0}; CREATE CONSTRAINT TRIGGER f_judge AFTER INSERT"
    " ON land.project_{0} DEFERRABLE FOR EACH ROW WHEN (false) EXECUTE FUNCTION land.refuse()"
)
NO_WATCH = (
    "DROP TRIGGER g_clock_needs_land ON land.{0}; CREATE CONSTRAINT TRIGGER g_clock_needs_land"
    " AFTER INSERT ON land.{0} DEFERRABLE FOR EACH ROW WHEN (false) EXECUTE FUNCTION land.refuse()"
)


def both(*works: Work) -> Work:
    return lambda hand, site: [work(hand, site) for work in works]


def milestone(hand: Hand, site: Site, reached: str) -> None:
    hand.all(
        "INSERT INTO land.project_milestone (project_id, step, planned_on, actual_on, valid_from,"
        " opened_by) VALUES (%(project)s, 'land', '2024-09-01', %(reached)s, '2020-01-01',"
        " %(number)s)",
        project=site.project,
        reached=reached,
        number=hand.change(site.plot.document),
    )


def by_milestone_alone(hand: Hand, site: Site) -> None:
    """Without minutes and parcels, stopped on the milestone's word, which is then taken back."""
    take_land(hand, site)
    milestone(hand, site, HANDED)
    suspend(hand, site, "2025-01-01", "2025-02-01")
    hand.all("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    number = hand.change(site.plot.document, "correction")
    close_rows(hand, "project_milestone", number, "project_id = %(project)s", project=site.project)


FAULTS: dict[str, tuple[Work, str, str]] = {
    "stopped before the hand-over": (
        lambda hand, site: suspend(hand, site, "2024-09-14"),
        "clock_needs_land",
        NO_JUDGE.format("suspension"),
    ),
    "extended before the hand-over": (
        lambda hand, site: extend(hand, site, day="2024-09-14"),
        "clock_needs_land",
        NO_JUDGE.format("extension"),
    ),
    "extended too long": (
        lambda hand, site: extend(hand, site, months=25),
        "extension_within_law",
        NO_JUDGE.format("extension"),
    ),
    "extended twice": (
        both(extend, lambda hand, site: extend(hand, site, 1, "2026-09-20")),
        "extended_once",
        "ALTER TABLE land.project_extension DROP CONSTRAINT extended_once",
    ),
    "stopped twice at once": (
        both(
            lambda hand, site: suspend(hand, site, "2025-01-01", "2025-02-01"),
            lambda hand, site: suspend(hand, site, "2025-01-31", "2025-03-01"),
        ),
        "suspensions_apart",
        "ALTER TABLE land.project_suspension DROP CONSTRAINT suspensions_apart",
    ),
    "the hand-over moved behind the stop": (
        both(
            lambda hand, site: suspend(hand, site, "2025-01-01", "2025-02-01"),
            lambda hand, site: move_hand_over(hand, site, "2025-01-02"),
        ),
        "clock_needs_land",
        NO_JUDGE.format("suspension")
        + ";"
        + NO_WATCH.format("handover_version")
        + ";"
        + NO_WATCH.format("handover_parcel"),
    ),
    "the land taken away": (
        both(lambda hand, site: suspend(hand, site, "2025-01-01", "2025-02-01"), take_land),
        "clock_needs_land",
        NO_JUDGE.format("suspension") + ";" + NO_WATCH.format("project_parcel"),
    ),
    "the milestone taken back": (
        by_milestone_alone,
        "clock_needs_land",
        NO_JUDGE.format("suspension")
        + ";"
        + NO_WATCH.format("project_milestone")
        + ";"
        + NO_WATCH.format("project_parcel"),
    ),
    "a letter older than its draft": (
        lambda hand, site: issue(hand, site, draft(hand, site), "2025-04-30"),
        "letter_after_its_draft",
        "DROP TRIGGER c_after_draft ON land.reminder_letter",
    ),
    "two terms of one code from a day on": (
        lambda hand, _site: threshold(hand, "extension", 36, None, since="2024-08-01"),
        "clock_threshold_version",
        "DROP TRIGGER c_next_version ON land.clock_threshold;"
        "ALTER TABLE land.clock_threshold DROP CONSTRAINT clock_threshold_version",
    ),
    "a term of law in days": (
        lambda hand, _site: threshold(
            hand, "extension", None, 30, since="2000-01-01", until="2001-01-01"
        ),
        "clock_threshold_unit_check",
        "ALTER TABLE land.clock_threshold DROP CONSTRAINT clock_threshold_unit_check",
    ),
    "a clock that starts nowhere": (
        lambda hand, _site: threshold(
            hand, "idle", 6, None, since="2000-01-01", until="2001-01-01"
        ),
        "clock_threshold_start_check",
        "ALTER TABLE land.clock_threshold DROP CONSTRAINT clock_threshold_start_check",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_it_is_refused_whoever_asks(arena: Arena, name: str) -> None:
    work, rule, _disarm = FAULTS[name]
    for login in (WRITE, OWNER):
        assert attempt(arena, work, login) == rule


@pytest.mark.parametrize("name", FAULTS)
def test_without_its_guard_it_would_pass(arena: Arena, name: str) -> None:
    work, _rule, disarm = FAULTS[name]
    assert attempt(arena, work, OWNER, disarm) == ""


def attempt(arena: Arena, work: Work, login: str, disarm: str = "") -> str:
    site = lay_site(arena)
    with arena.hand(login) as hand:
        if disarm:
            hand.all(disarm)
        hand.do(judged_early(lambda hand: work(hand, site)))
        return hand.refused_by


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("turned", [False, True], ids=["stop first", "move first"])
def test_a_stop_and_a_moved_hand_over_do_not_pass_each_other(
    arena: Arena, level: str, turned: bool
) -> None:
    site = lay_site(arena)
    stop = judged_early(lambda hand: suspend(hand, site, "2025-01-01", "2025-02-01"))
    move = judged_early(lambda hand: move_hand_over(hand, site, "2025-01-02"))
    one, two = (
        arena.race(move, stop, level=level) if turned else arena.race(stop, move, level=level)
    )
    assert not (one.committed and two.committed)
    if level == READ_COMMITTED:
        assert one.committed
        assert two.refused_by == "clock_needs_land"


def test_a_stop_on_land_that_is_being_given_is_judged_on_what_is_left(arena: Arena) -> None:
    """A project gets its first land and is stopped at once, while the minutes of it move."""
    site = lay_site(arena)
    arena.write(lambda hand: take_land(hand, site))

    def give_and_stop(hand: Hand) -> None:
        hold(hand, site.project, site.parcel, hand.change(site.plot.document))
        suspend(hand, site, "2025-01-01", "2025-02-01")

    for turned in (False, True):
        works = [
            judged_early(give_and_stop),
            judged_early(lambda h: move_hand_over(h, site, "2025-06-01")),
        ]
        one, two = arena.race(*(reversed(works) if turned else works))
        assert [one.committed, two.committed] == [True, False]
        if not turned:
            arena.write(lambda hand: undo_stop(hand, site))


def undo_stop(hand: Hand, site: Site) -> None:
    number = hand.change(site.plot.document, "correction")
    for table in ("project_suspension", "project_parcel"):
        close_rows(hand, table, number, "project_id = %(project)s", project=site.project)


@pytest.mark.parametrize("level", LEVELS)
def test_two_extensions_at_once_are_one(arena: Arena, level: str) -> None:
    site = lay_site(arena)
    one, two = arena.race(
        judged_early(lambda hand: extend(hand, site, 12)),
        judged_early(lambda hand: extend(hand, site, 6, "2025-10-01")),
        level=level,
    )
    assert not (one.committed and two.committed)
    assert (
        arena.ask(
            "SELECT count(*) FROM land.project_extension WHERE project_id = %(project)s",
            project=site.project,
        )
        <= 1
    )


def test_two_stops_at_once_lie_apart(arena: Arena) -> None:
    site = lay_site(arena)
    one, two = arena.race(
        lambda hand: suspend(hand, site, "2025-01-01", "2025-02-01"),
        lambda hand: suspend(hand, site, "2025-01-15", "2025-03-01"),
    )
    assert one.committed
    assert two.refused_by == "suspensions_apart"


def test_a_draft_is_issued_once(arena: Arena) -> None:
    site = lay_site(arena)
    letter = arena.write(lambda hand: draft(hand, site))
    one, two = arena.race(
        lambda hand: issue(hand, site, letter, "2025-05-06"),
        lambda hand: issue(hand, site, letter, "2025-05-07"),
    )
    assert one.committed
    assert two.refused_by == "reminder_letter_one_row_a_day"
