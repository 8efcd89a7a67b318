"""Steps of plans by the verbs of planning: approval, annulment, adjustment, balance, here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from shapely import Point
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from gisapp.messages import render
from planning import refusals
from planning.changes.annulled import touched_by_annulment
from planning.changes.plan_preview import compare, rehearse_step
from planning.changes.undo import undo
from planning.clocks import Moment
from planning.errors import LaterVersionsExist
from planning.indicators.queries import land
from planning.plans import errors
from planning.plans.approval import approve, faults, mark, waive
from planning.plans.commands import add_lots, create_plan
from planning.plans.here import plans_here
from planning.plans.lots import mean
from planning.plans.pipeline import pipeline, timeline
from planning.plans.steps import advance, annul, next_steps, standing
from tests.db.ground import PLANE, lay
from tests.db.plan_ground import (
    APPROVED,
    DRAWN,
    USES,
    Planned,
    act,
    cell,
    draw,
    lot,
    paper,
    planned,
    row_of_lots,
)

DAY = date(2024, 5, 20)
HA = Decimal(10_000)


@pytest.fixture
def plan(session: Session) -> Planned:
    return planned(session)


def judged(session: Session) -> None:
    """Ask for the judgement that is due at commit."""
    session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    session.execute(text("SET CONSTRAINTS ALL DEFERRED"))


def refused(session: Session, work: Callable[[], object]) -> Exception | None:
    """What the database refuses of a piece of work, as a typed error."""
    with pytest.raises(DBAPIError) as error, session.begin_nested():
        work()
        judged(session)
    return refusals.refusal(error.value)


def steps_of(
    session: Session, plan: Planned, at: Moment
) -> list[tuple[int, str, date, date | None]]:
    found = timeline(session, at, plan.plan)
    return [(each.number, each.status, each.valid_from, each.valid_to) for each in found]


def test_the_pipeline_says_who_waits_and_how_long(session: Session) -> None:
    ground = lay(session, 1)
    change = act(session, ground, "an", DRAWN)
    made = create_plan(
        session, change, code="QH", zone_id=ground.zone_id, srid=PLANE, level="subdivision",
        scale_denominator=2000, name_vi="QH",
    )  # fmt: skip
    version = draw(session, ground, made, row_of_lots())
    here = Moment(DRAWN + timedelta(days=45))
    (stand,) = pipeline(session, here, [ground.zone_id])
    assert (stand.status, stand.days, stand.most_days, stand.days_over) == ("appraisal", 45, 30, 15)
    assert stand.verification == "unverified" and "thẩm định" in (stand.waits_for_vi or "")
    assert "Luật Xây dựng 2014" in (stand.clause_vi or "")
    later = act(session, ground, "an", DRAWN + timedelta(days=50))
    advance(
        session, later, plan_version_id=version, status="drafting",
        day=DRAWN + timedelta(days=50), document_id=ground.document_id, waits_for="Viện Quy hoạch",
    )  # fmt: skip
    (stand,) = pipeline(session, Moment(DRAWN + timedelta(days=60)), [ground.zone_id])
    assert (stand.status, stand.days, stand.waits_for) == ("drafting", 10, "Viện Quy hoạch")
    assert stand.most_days == 270  # its own level's row, before one for all levels
    advance(
        session, later, plan_version_id=version, status="consultation",
        day=date(2025, 8, 1), document_id=ground.document_id,
    )  # fmt: skip
    (stand,) = pipeline(session, Moment(date(2025, 8, 11)), [ground.zone_id])
    assert stand.waits_for is None and stand.too_early and "Luật 47/2024" in (stand.clause_vi or "")
    judged(session)
    assert [each.status for each in timeline(session, here, made)] == [
        "appraisal", "drafting", "consultation",
    ]  # fmt: skip


@pytest.mark.parametrize("lots", ["none", "torn", "late"])
def test_past_the_verb_the_database_refuses_in_words(
    session: Session, plan: Planned, lots: str
) -> None:
    """The step alone, as a program without the verb would record it."""
    drawn = {"none": [], "torn": row_of_lots()[:9], "late": row_of_lots()[:9]}[lots]
    version = draw(session, plan.ground, plan.plan, drawn)
    if lots == "late":  # signed for, then the lots changed
        waive(session, act(session, plan.ground, "chi", DAY), plan_version_id=version, fault="gap",
              reason="Chờ đo")  # fmt: skip
        change = act(session, plan.ground, "an", DAY)
        add_lots(session, change, plan_version_id=version, lots=[lot("CN-9b", cell(9, 0, 0.5))])
    said = refused(
        session,
        lambda: advance(
            session, act(session, plan.ground, "chi", DAY), plan_version_id=version,
            status="approved", day=DAY, document_id=plan.ground.document_id,
        ),
    )  # fmt: skip
    assert isinstance(said, errors.PlanWithoutLots if lots == "none" else errors.FaultsOpen)
    told = refusals.explained(session, said)
    assert told.context["plan"] == "QH" and told.context.get("faults", ["gap"]) == ["gap"]
    words = render(told.code, told.context, "vi")
    assert "QH (2)" in words and ("chưa có lô" in words or "phần hở" in words)


def test_approval_is_not_the_authors(session: Session, plan: Planned) -> None:
    version = draw(session, plan.ground, plan.plan, row_of_lots())

    def by(actor: str) -> None:
        change = act(session, plan.ground, actor, DAY)
        approve(
            session, change, plan_version_id=version, day=DAY, document_id=plan.ground.document_id
        )

    said = refused(session, lambda: by("an"))
    assert isinstance(said, refusals.ApproverIsAuthor) and said.context["actor"] == "an"
    by("chi")
    judged(session)
    assert steps_of(session, plan, Moment(DAY))[-2:] == [
        (1, "superseded", DAY, None), (2, "approved", DAY, None),
    ]  # fmt: skip


def test_approval_asks_for_lots_decision_order_and_the_state_that_was_seen(
    session: Session, plan: Planned
) -> None:
    document = plan.ground.document_id
    empty = draw(session, plan.ground, plan.plan, [])
    change = act(session, plan.ground, "chi", DAY)
    with pytest.raises(errors.PlanWithoutLots):
        approve(session, change, plan_version_id=empty, day=DAY, document_id=document)
    full = draw(session, plan.ground, plan.plan, row_of_lots())
    seen = mark(session, full)
    late = paper(session, "99/QĐ", DAY + timedelta(days=1))
    with pytest.raises(errors.BeforeDecision):
        approve(session, change, plan_version_id=full, day=DAY, document_id=late)
    with pytest.raises(LaterVersionsExist):
        approve(
            session, change, plan_version_id=full, day=DRAWN - timedelta(days=1),
            document_id=document,
        )  # fmt: skip
    mean(
        session, act(session, plan.ground, "binh", DAY), plan_version_id=full, letters="GT",
        category="BX", leasable="none",
    )  # fmt: skip
    with pytest.raises(errors.MovedMeanwhile):
        approve(session, change, plan_version_id=full, day=DAY, document_id=document, seen=seen)
    drafting = draw(session, plan.ground, plan.plan, row_of_lots())
    change = act(session, plan.ground, "chi", DAY)
    advance(
        session, change, plan_version_id=drafting, status="drafting", day=DAY, document_id=document
    )
    said = refused(
        session,
        lambda: approve(session, change, plan_version_id=drafting, day=DAY, document_id=document),
    )
    assert isinstance(said, refusals.PlanStepIllegal)
    assert (said.context["before"], said.context["step"]) == ("drafting", "approved")


def test_gaps_and_overlaps_wait_for_a_signature_that_falls_with_the_lots(
    session: Session, plan: Planned
) -> None:
    document, day = plan.ground.document_id, DAY
    torn = [*row_of_lots()[:8], lot("CN-90", cell(7, 0, 1.5))]
    version = draw(session, plan.ground, plan.plan, torn)
    change = act(session, plan.ground, "chi", day)
    with pytest.raises(errors.FaultsOpen) as said:
        approve(session, change, plan_version_id=version, day=day, document_id=document)
    assert said.value.context["faults"] == ["gap", "overlap"]
    assert waive(session, change, plan_version_id=version, fault="gap", reason="Hồ") == 15_000
    waive(session, change, plan_version_id=version, fault="overlap", reason="Chờ đo")
    assert [each.signed_by for each in faults(session, version)] == ["chi", "chi"]
    add_lots(
        session, act(session, plan.ground, "an", day), plan_version_id=version,
        lots=[lot("CX-91", cell(9), "CX")],
    )  # fmt: skip
    assert [each.open for each in faults(session, version)] == [True, True]
    for fault in ("gap", "overlap"):
        waive(session, change, plan_version_id=version, fault=fault, reason="Vẫn vậy")
    approve(session, change, plan_version_id=version, day=day, document_id=document)
    judged(session)
    author = act(session, plan.ground, "an", day)
    own = draw(session, plan.ground, plan.plan, torn)
    refusal = refused(
        session, lambda: waive(session, author, plan_version_id=own, fault="gap", reason="Tự ký")
    )
    assert isinstance(refusal, refusals.WaiverByAuthor)
    with pytest.raises(errors.FaultsOpen):
        waive(session, change, plan_version_id=plan.version, fault="gap", reason="Không có gì")


def test_the_figures_before_and_after_are_told_before_anything_is_kept(
    session: Session, plan: Planned
) -> None:
    uses = ("CX", *USES[1:])
    version = draw(session, plan.ground, plan.plan, row_of_lots(uses))

    def approval(db: Session) -> None:
        change = act(db, plan.ground, "chi", DAY)
        approve(db, change, plan_version_id=version, day=DAY, document_id=plan.ground.document_id)

    expected = rehearse_step(session, "Z-QH", DAY, approval)
    figures = {each.code: each for each in expected.figures}
    assert figures["leasable_area"].before == 5 * HA and figures["leasable_area"].after == 4 * HA
    assert figures["leasable_area"].difference == -HA
    assert (expected.plans_before, expected.plans_after) == ((("QH", 1),), (("QH", 2),))
    assert standing(session, version).status == "appraisal"
    approval(session)
    judged(session)
    assert compare(session, "Z-QH", DAY) == expected


def test_annulment_is_known_from_the_day_it_is_recorded(session: Session, plan: Planned) -> None:
    version = draw(session, plan.ground, plan.plan, row_of_lots(("CX", *USES[1:])))
    document = plan.ground.document_id
    change = act(session, plan.ground, "chi", DAY)
    approve(session, change, plan_version_id=version, day=DAY, document_id=document)
    believed = Moment(DAY, change)
    court = act(session, plan.ground, "chi", DAY)
    with pytest.raises(errors.AnnulBeforeApproval):
        annul(
            session, court, plan_version_id=version, day=DAY - timedelta(days=1),
            decision_id=document,
        )  # fmt: skip
    annul(session, court, plan_version_id=version, day=DAY, decision_id=document, revive=True)
    judged(session)
    now = Moment(DAY)
    assert [(s.number, s.status) for s in pipeline(session, now, [plan.ground.zone_id])] == [
        (2, "annulled"), (1, "approved"),
    ]  # fmt: skip
    assert [(s.number, s.status) for s in pipeline(session, believed, [plan.ground.zone_id])] == [
        (2, "approved"), (1, "superseded"),
    ]  # fmt: skip
    spot = Point(cell(0).centroid)
    known = [here.number for here in plans_here(session, now, spot, PLANE)["subdivision"]]
    then = [here.number for here in plans_here(session, believed, spot, PLANE)["subdivision"]]
    assert (known, then) == ([1], [2])
    with pytest.raises(errors.NotAnnullable):
        annul(session, court, plan_version_id=version, day=DAY, decision_id=document)


def test_annulment_from_a_later_day_leaves_nothing_in_force(
    session: Session, plan: Planned
) -> None:
    ends = DAY + timedelta(days=100)
    court = act(session, plan.ground, "chi", ends)
    document = plan.ground.document_id
    with pytest.raises(errors.NothingToRevive):
        annul(
            session, court, plan_version_id=plan.version, day=ends, decision_id=document,
            revive=True,
        )  # fmt: skip
    annul(session, court, plan_version_id=plan.version, day=ends, decision_id=document)
    judged(session)
    assert steps_of(session, plan, Moment(ends))[-2:] == [
        (1, "approved", APPROVED, ends), (1, "annulled", ends, None),
    ]  # fmt: skip
    own = draw(session, plan.ground, plan.plan, row_of_lots())
    author = act(session, plan.ground, "an", DAY)
    said = refused(
        session,
        lambda: annul(session, author, plan_version_id=own, day=DAY, decision_id=document),
    )
    assert isinstance(said, refusals.ApproverIsAuthor)


def test_an_approval_is_taken_back_by_its_kind_of_people_only(session: Session) -> None:
    plan = planned(session)
    approval = timeline(session, Moment(DAY), plan.plan)[-1].change
    said = refused(session, lambda: undo(session, approval, actor="an", reason="rút"))
    assert isinstance(said, refusals.ApproverIsAuthor)
    undo(session, approval, actor="chi", reason="ghi nhầm ngày")
    judged(session)
    assert standing(session, plan.version).status == "appraisal"


def test_lots_of_an_approved_version_are_not_undone(session: Session, plan: Planned) -> None:
    brought = session.scalar(
        text("SELECT max(opened_by) FROM land.plan_lot WHERE plan_version_id = :id"),
        {"id": plan.version},
    )
    said = refused(session, lambda: undo(session, brought, actor="chi", reason="nhầm"))
    assert isinstance(said, refusals.PlanVersionKept) and said.context["what"] == "lots"


def test_steps_offered_are_those_of_the_table(session: Session) -> None:
    assert next_steps(session, "appraisal") == ["drafting", "consultation", "approved", "annulled"]
    assert next_steps(session, "annulled") == []


def test_figures_published_under_an_annulled_version_are_flagged(
    session: Session, plan: Planned
) -> None:
    document = plan.ground.document_id
    published = act(session, plan.ground, "chi", APPROVED)
    advance(
        session, published, plan_version_id=plan.version, status="published",
        day=APPROVED + timedelta(days=9), document_id=paper(session, "6/BB", APPROVED),
    )  # fmt: skip
    (own,) = land(session, Moment(DAY), zone="Z-QH", flows=False).plans
    assert (own.valid_from, own.decision_number) == (APPROVED, "01/Z-QH")
    court = act(session, plan.ground, "chi", APPROVED)
    annul(session, court, plan_version_id=plan.version, day=APPROVED, decision_id=document)
    judged(session)

    def flagged(at: Moment) -> set[str]:
        figures = land(session, at, zone="Z-QH", flows=False).figures()
        return {
            code
            for code, figure in figures.items()
            for note in figure.notes
            if note.code == "indicator-plan-annulled"
        }

    then = flagged(Moment(DAY, published))
    assert "leasable_area" in then and "cleared_area" not in then
    assert flagged(Moment(DAY)) == set()
    touched = touched_by_annulment(session, plan.version, "Z-QH")
    assert touched is not None and touched.since == APPROVED
    lost = {(day, each.code): (each.before, each.after) for day, each in touched.figures}
    assert lost[date(2023, 12, 31), "leasable_area"] == (5 * HA, 0)
