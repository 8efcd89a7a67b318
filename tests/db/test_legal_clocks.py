"""Legal clocks by hand: days of breach counted on a calendar, not by the code under test."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from planning.clearance.model import HandoverParcel, HandoverVersion
from planning.clocks import Moment, correct
from planning.legal_clocks import commands
from planning.legal_clocks.queries import extension, land_parts, suspensions
from planning.projects import commands as projects
from planning.projects.model import ProjectParcel
from planning.projects.queries import projects as project_rows
from tests.db.clocked_project import CODE, clock, hand, lay_site, plan, stop

TO_COME = date(2030, 1, 1)


@pytest.mark.parametrize(
    ("handed", "breach"),
    [
        (date(2024, 9, 15), date(2025, 9, 15)),
        (date(2024, 2, 29), date(2025, 2, 28)),  # no 29 February in 2025: the month's last day
        (date(2023, 2, 28), date(2024, 2, 28)),
        (date(2024, 12, 31), date(2025, 12, 31)),
    ],
    ids=str,
)
def test_idle_land_is_in_breach_twelve_months_after_its_hand_over(
    session: Session, handed: date, breach: date
) -> None:
    site = lay_site(session)
    hand(session, site, handed)
    row = clock(session, site, handed)
    assert (row.state, row.anchor_on, row.breach_on, row.limit_months) == (
        "running", handed, breach, 12,
    )  # fmt: skip
    eve = clock(session, site, breach - timedelta(days=1))
    assert (eve.state, eve.severity) == ("warning", 3)
    due = clock(session, site, breach)
    assert (due.state, due.severity, due.running_days) == ("breached", 4, (breach - handed).days)


def test_the_law_of_the_day_judges(session: Session) -> None:
    """Handed over under the law of 2013, run out under that of 2024; and run out before it."""
    site = lay_site(session)
    hand(session, site, date(2023, 9, 1))
    row = clock(session, site, date(2024, 3, 1))
    assert (row.breach_on, row.clause) == (date(2024, 9, 1), "Luật Đất đai 2024, Điều 81.8")
    early = lay_site(session, code="DA-SOM", column=200)
    hand(session, early, date(2023, 7, 31))
    row = clock(session, early, date(2026, 1, 1))
    assert (row.breach_on, row.clause) == (date(2024, 7, 31), "Luật Đất đai 2013, Điều 64.1.i")
    assert row.verification == "unverified"


def test_warnings_come_on_the_days_of_the_lead_times(session: Session) -> None:
    site = lay_site(session)
    hand(session, site, date(2024, 9, 15))  # breach 15/09/2025; 180 days before: 19/03/2025
    seen = {
        day: (row.state, row.severity)
        for day in (date(2025, 3, 18), date(2025, 3, 19), date(2025, 7, 16), date(2025, 7, 17))
        for row in [clock(session, site, day)]
    }
    assert list(seen.values()) == [("running", 1), ("warning", 2), ("warning", 2), ("warning", 3)]


def test_land_put_to_use_ends_the_clock(session: Session) -> None:
    site = lay_site(session)
    hand(session, site, date(2024, 9, 15))
    plan(session, site, "construction", date(2025, 6, 1), reached=date(2025, 4, 15))
    assert clock(session, site, date(2025, 4, 14)).state == "warning"
    done = clock(session, site, date(2025, 12, 1))
    assert (done.state, done.ended_on, done.running_days) == ("ended", date(2025, 4, 15), 212)
    assert done.due_on is None


def test_the_status_alone_ends_it_too(session: Session) -> None:
    site = lay_site(session)
    hand(session, site, date(2024, 9, 15))
    projects.set_status(
        session, site.ground.change, project_id=site.project, day=date(2025, 1, 10),
        status="under_construction",
    )  # fmt: skip
    assert clock(session, site, date(2025, 1, 9)).state == "running"
    assert clock(session, site, date(2026, 1, 1)).ended_on == date(2025, 1, 10)


def test_hand_over_in_parts_starts_with_the_last_one(session: Session) -> None:
    site = lay_site(session, land=date(2024, 9, 1))
    assert clock(session, site, date(2024, 9, 10)).state == "not_started"
    hand(session, site, date(2024, 9, 20), 0)
    waiting = clock(session, site, date(2024, 12, 1))
    assert (waiting.state, waiting.parts_missing, waiting.next_act) == (
        "not_started",
        1,
        "hand_over",
    )
    assert (waiting.first_on, waiting.board_days) == (date(2024, 9, 20), 91)
    hand(session, site, date(2025, 1, 31), 1)
    row = clock(session, site, date(2025, 2, 1))
    assert (row.first_on, row.last_on, row.anchor_on) == (
        date(2024, 9, 20), date(2025, 1, 31), date(2025, 1, 31),
    )  # fmt: skip
    assert (row.breach_on, row.board_days) == (date(2026, 1, 31), 152)
    parts = land_parts(session, Moment(date(2025, 2, 1)), site.project)
    assert [(part.handed_on, part.board_days, part.parcels, part.told_by) for part in parts] == [
        (date(2024, 9, 20), 19, 1, "minutes"),
        (date(2025, 1, 31), 152, 1, "minutes"),
    ]


def test_cleared_land_counts_from_the_day_the_project_got_it(session: Session) -> None:
    site = lay_site(session, since=date(2024, 11, 5))
    hand(session, site, date(2022, 3, 1))
    row = clock(session, site, date(2025, 1, 1))
    assert (row.anchor_on, row.breach_on) == (date(2024, 11, 5), date(2025, 11, 5))


def test_a_suspension_moves_the_breach_by_its_days(session: Session) -> None:
    site = lay_site(session)
    hand(session, site, date(2024, 9, 15))
    stop(session, site, date(2025, 1, 1), date(2025, 2, 1))  # 31 days
    row = clock(session, site, date(2025, 3, 1))
    assert (row.breach_on, row.stopped_days) == (date(2025, 10, 16), 31)
    assert row.running_days == (date(2025, 3, 1) - date(2024, 9, 15)).days - 31
    assert row.base_on == date(2025, 10, 16)


def test_a_suspension_across_the_threshold_saves_it(session: Session) -> None:
    """Begun on the very day the term would have ended: that day does not count."""
    site = lay_site(session)
    hand(session, site, date(2024, 9, 15))
    stop(session, site, date(2025, 9, 15), date(2025, 9, 25))
    assert clock(session, site, date(2025, 9, 15)).state == "stopped"
    row = clock(session, site, date(2025, 9, 24))
    assert (row.state, row.breach_on) == ("stopped", date(2025, 9, 25))
    assert clock(session, site, date(2025, 9, 25)).state == "breached"


def test_a_suspension_after_the_breach_undoes_nothing(session: Session) -> None:
    site = lay_site(session)
    hand(session, site, date(2024, 9, 15))
    stop(session, site, date(2025, 9, 16), None)
    row = clock(session, site, date(2025, 12, 1))
    assert (row.state, row.breach_on) == ("breached", date(2025, 9, 15))


def test_while_it_stands_the_forecast_moves_day_by_day(session: Session) -> None:
    site = lay_site(session)
    hand(session, site, date(2024, 9, 15))
    stop(session, site, date(2025, 6, 1), None)
    assert [clock(session, site, date(2025, 6, day)).breach_on for day in (1, 2, 30)] == [
        date(2025, 9, 16), date(2025, 9, 17), date(2025, 10, 15),
    ]  # fmt: skip
    row = clock(session, site, date(2025, 6, 30))
    assert (row.state, row.next_act, row.running_days) == ("stopped", "resume", 258)
    (held,) = suspensions(session, Moment(date(2025, 6, 30)), site.project)
    number = site.change(session, date(2025, 7, 1))
    commands.resume(session, number, suspension_id=held.id, day=date(2025, 7, 1))
    assert clock(session, site, date(2025, 8, 1)).breach_on == date(2025, 10, 15)


def test_the_one_extension_follows_the_term(session: Session) -> None:
    site = lay_site(session)
    hand(session, site, date(2024, 8, 31))  # term ends 31/08/2025
    commands.extend(
        session, site.ground.change, project_id=site.project, months=6, day=date(2025, 9, 20),
        document_id=site.ground.document_id,
    )  # fmt: skip
    between = clock(session, site, date(2025, 9, 19))
    assert (between.state, between.severity, between.next_act) == ("breached", 4, "decide")
    row = clock(session, site, date(2025, 9, 20))
    assert (row.base_on, row.breach_on) == (date(2025, 8, 31), date(2026, 2, 28))
    assert (row.state, row.extended_months) == ("warning", 6)
    out = clock(session, site, date(2026, 2, 28))
    assert (out.state, out.severity, out.next_act) == ("breached", 5, "recover")
    known = extension(session, Moment(date(2025, 9, 20)), site.project)
    assert known is not None and known.months == 6
    assert extension(session, Moment(date(2025, 9, 19)), site.project) is None


def test_a_project_whose_land_came_nine_months_late_is_not_late(session: Session) -> None:
    late, prompt = lay_site(session, land=date(2024, 9, 1)), None
    for step, planned in (("construction", date(2025, 3, 1)), ("operation", date(2026, 3, 1))):
        plan(session, late, step, planned)
    hand(session, late, date(2025, 6, 1))  # 273 days late
    prompt = lay_site(session, land=date(2024, 9, 1), code="DA-DUNG", column=200)
    plan(session, prompt, "construction", date(2025, 3, 1))
    hand(session, prompt, date(2024, 8, 20))

    def behind(day: date) -> dict[str, tuple[str | None, int]]:
        rows = project_rows(session, Moment(day))
        return {row.code: (row.late_step, row.late_days) for row in rows}

    assert behind(date(2025, 11, 1)) == {CODE: (None, 0), "DA-DUNG": ("construction", 245)}
    assert behind(date(2025, 11, 29)) == {CODE: (None, 0), "DA-DUNG": ("construction", 273)}
    assert behind(date(2025, 11, 30))[CODE] == ("construction", 1)
    row = clock(session, late, date(2025, 11, 30), "schedule")
    assert (row.planned_on, row.anchor_on, row.board_days) == (
        date(2025, 3, 1), date(2025, 11, 29), 273,
    )  # fmt: skip
    assert (row.breach_on, row.running_days) == (date(2027, 11, 29), 1)


def test_land_never_handed_over_is_the_board_s_delay(session: Session) -> None:
    site = lay_site(session, land=date(2024, 9, 1))
    plan(session, site, "construction", date(2025, 3, 1))
    (row,) = project_rows(session, Moment(date(2026, 9, 1)))
    assert (row.late_step, row.late_days) == (None, 0)
    waiting = clock(session, site, date(2026, 9, 1), "schedule")
    assert (waiting.state, waiting.board_days) == ("not_started", 730)


def test_where_nothing_is_known_of_the_land_a_missed_step_is_late(session: Session) -> None:
    """No minutes, no case, no promise: the register cannot blame the board."""
    site = lay_site(session)
    plan(session, site, "construction", date(2025, 3, 1))
    (row,) = project_rows(session, Moment(date(2025, 3, 11)))
    assert (row.late_step, row.late_days) == ("construction", 10)
    assert clock(session, site, date(2025, 3, 11)).state == "not_started"


def test_the_milestone_stands_in_for_minutes_nobody_kept(session: Session) -> None:
    site = lay_site(session, land=date(2024, 9, 1))
    plan(session, site, "construction", date(2025, 3, 1))
    projects.reach_milestone(
        session, site.ground.change, project_id=site.project, step="land", day=date(2024, 10, 1)
    )
    row = clock(session, site, date(2025, 1, 1))
    assert (row.anchor_on, row.board_days) == (date(2024, 10, 1), 30)
    (part,) = land_parts(session, Moment(date(2025, 1, 1)), site.project)
    assert (part.told_by, part.handover) == ("milestone", None)


def test_land_added_later_does_not_forgive_what_was_due_before(session: Session) -> None:
    """An expansion: land promised in 2025 came late, the step of 2024 did not wait for it."""
    site = lay_site(session, parcels=2, land=date(2023, 1, 1), code="DA-MR")
    projects.detach_parcels(
        session, site.ground.change, project_id=site.project, parcels=site.ground.parcels[1:],
        day=date(2020, 6, 1),
    )  # fmt: skip
    plan(session, site, "operation", date(2024, 1, 1))
    hand(session, site, date(2022, 12, 1), 0)
    projects.reach_milestone(
        session, site.ground.change, project_id=site.project, step="land", day=date(2023, 1, 1)
    )
    projects.attach_parcels(
        session, site.ground.change, project_id=site.project, parcels=site.ground.parcels[1:],
        day=date(2025, 1, 1),
    )  # fmt: skip
    hand(session, site, date(2025, 12, 1), 1)
    row = next(r for r in project_rows(session, Moment(date(2026, 1, 1))) if r.code == "DA-MR")
    assert (row.late_step, row.late_days) == ("operation", 731)


def test_a_split_keeps_the_days_of_the_land(session: Session) -> None:
    from planning.changes.memberships import rewrite

    site = lay_site(session, parcels=3)
    hand(session, site, date(2024, 9, 15))
    before = clock(session, site, date(2025, 3, 1))
    one, child = site.ground.parcels[0], site.ground.parcels[2]
    day = date(2025, 1, 10)
    number = site.change(session, day)
    mine = (HandoverParcel, ProjectParcel)
    for table in mine:
        session.execute(
            text(f"UPDATE land.{table.__tablename__} SET closed_by = :n WHERE parcel_id = :p"),
            {"n": number, "p": child},
        )
    session.execute(
        text(
            "INSERT INTO land.parcel_lineage (parent_id, child_id, kind, area_m2, opened_by)"
            " VALUES (:one, :child, 'split', 1, :n)"
        ),
        {"one": one, "child": child, "n": number},
    )
    rewrite(session, number, {one: day}, {(one, child): ("split", 10_000.0)}, keep_past=True)
    after = clock(session, site, date(2025, 3, 1))
    assert (after.anchor_on, after.breach_on) == (before.anchor_on, before.breach_on)
    assert before.breach_on == date(2025, 9, 15)


def test_a_corrected_hand_over_moves_the_breach_and_not_what_was_said(session: Session) -> None:
    site = lay_site(session)
    minutes = hand(session, site, date(2024, 9, 15))
    site.change(session)  # knowledge up to here
    said = site.change(session)
    number = site.change(session, date(2024, 11, 1), kind="correction")
    day = {"valid_from": date(2024, 11, 1)}
    correct(session, HandoverVersion, number, HandoverVersion.handover_id == minutes, day)
    correct(session, HandoverParcel, number, HandoverParcel.handover_id == minutes, day)
    now = clock(session, site, date(2025, 9, 20))
    then = clock(session, site, date(2025, 9, 20), known=said)
    assert (now.breach_on, now.state) == (date(2025, 11, 1), "warning")
    assert (then.breach_on, then.state) == (date(2025, 9, 15), "breached")


def test_public_works_have_no_such_clock(session: Session) -> None:
    site = lay_site(session, kind="public", code="CT-1")
    hand(session, site, date(2024, 9, 15))
    with pytest.raises(StopIteration):
        clock(session, site, TO_COME)


def test_an_ended_project_has_no_running_clock(session: Session) -> None:
    site = lay_site(session)
    hand(session, site, date(2024, 9, 15))
    projects.set_status(
        session, site.ground.change, project_id=site.project, day=date(2025, 2, 1),
        status="terminated",
    )  # fmt: skip
    row = clock(session, site, date(2026, 1, 1))
    assert (row.state, row.ended_on) == ("ended", date(2025, 2, 1))
