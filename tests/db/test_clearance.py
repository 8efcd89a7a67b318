"""Clearance: from the notice to cleared land, and everything that is refused on the way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from gisapp.messages import LOCALES, placeholders, render, texts
from planning import refusals
from planning.changes.recovery import PartUnclear, recover_part
from planning.changes.undo import undo
from planning.clearance import register
from planning.clearance.cases import (
    NewItem,
    add_items,
    follow_up,
    hand_over_items,
    held_parcels,
    lower_flag,
    raise_flag,
    set_target,
    take_steps,
)
from planning.clearance.commands import hand_over, withdraw_handover
from planning.clearance.model import ClearanceStep
from planning.clearance.periods import Period, period, year_so_far
from planning.clearance.steps import CAUSES, next_steps
from planning.clearance.targets import achievements, scheme, schemes, targets
from planning.clocks import Moment
from planning.errors import NotFound, PlanningError
from planning.households.commands import Money, MoneyNotWhole
from planning.indicators.queries import land
from planning.records.model import Change
from tests.conftest import TestDatabase
from tests.db.clearing import DAYS, HANDED, OPENED, PLAN, Case, lay_case, lead, step
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


def test_from_notice_to_cleared_land(session: Session, case: Case) -> None:
    """The cleared area moves by exactly that parcel on exactly that day."""
    lead(session, case, *TO_PLAN, "paid", "recovered")
    judge(session)
    assert cleared_m2(session, NOW.as_of) == 0
    hand(session, case, 0)
    judge(session)
    assert cleared_m2(session, HANDED - timedelta(1)) == 0
    assert cleared_m2(session, HANDED) == 10_000
    row = register.case(session, NOW, "GPMB-KCN-1")
    assert (row.sums.items, row.sums.households, row.sums.handed_over) == (2, 1, 1)
    assert (row.sums.area_m2, row.sums.cleared_m2) == (20_000, 10_000)
    assert row.sums.cleared_share == Decimal("0.5")
    assert (row.sums.granted.total, row.sums.paid_share) == (PLAN.total, 1)


@pytest.mark.parametrize(
    ("kinds", "state"),
    [
        ((), "opened"),
        (("notice",), "notice"),
        (TO_PLAN[:2], "inventory"),
        (TO_PLAN, "plan_approved"),
        ((*TO_PLAN, "paid"), "paid"),
        ((*TO_PLAN, "recovered"), "recovered"),
        ((*TO_PLAN, "recovered", "paid"), "paid_and_recovered"),
    ],
)
def test_the_state_on_any_day_follows_from_the_steps(
    session: Session, case: Case, kinds: tuple[str, ...], state: str
) -> None:
    if kinds:
        lead(session, case, *kinds)
    judge(session)
    found = register.item(session, NOW, case.id, "1")
    assert found.state == state
    assert register.item(session, Moment(OPENED), case.id, "1").state == "opened"
    story = register.steps(session, NOW, case.items[0])
    from planning.clearance.steps import state as pure

    assert pure(register.taken(story)) == state


@pytest.mark.parametrize(
    ("kind", "after"),
    [(kind, causes) for kind, causes in CAUSES.items() if causes and kind != "handed_over"],
)
def test_a_step_needs_its_cause(
    session: Session, case: Case, kind: str, after: tuple[str, ...]
) -> None:
    with refused(session, refusals.StepBeforeCause) as said:
        take(session, case, kind, day=date(2025, 6, 1))
    assert said["item_name"] == "GPMB-KCN-1 · 1"
    assert said["after"] == list(after)


@pytest.mark.parametrize("place", range(1, 5))
def test_a_step_is_not_dated_before_its_cause(session: Session, case: Case, place: int) -> None:
    lead(session, case, *TO_PLAN[:place])
    before = DAYS[TO_PLAN[place - 1]] - timedelta(1)
    with refused(session, refusals.StepBeforeCause):
        take(session, case, TO_PLAN[place], day=before)
    take(session, case, TO_PLAN[place], day=before + timedelta(1))
    judge(session)


def test_a_cause_is_not_taken_back_under_its_step(session: Session, case: Case) -> None:
    lead(session, case, "notice")
    number = session.query(Change.number).order_by(Change.number.desc()).limit(1).scalar()
    lead(session, case, "inventory")
    judge(session)
    with refused(session, refusals.StepBeforeCause):
        undo(session, number, actor="tester", reason="nhầm")


@pytest.mark.parametrize(("place", "days"), [(0, 90), (1, 180)])
def test_the_notice_runs_its_time(session: Session, case: Case, place: int, days: int) -> None:
    """Land Law 2024 art. 85.1: 90 days for agricultural land, 180 for other land."""
    for kind in TO_PLAN:
        take(session, case, kind, place=place, day=DAYS["notice"])
    early = DAYS["notice"] + timedelta(days - 1)
    with refused(session, refusals.NoticeTooEarly) as said:
        take(session, case, "recovered", place=place, day=early)
    assert said["item_name"] == f"GPMB-KCN-1 · {place + 1}"
    with session.begin_nested() as agreed:
        take(session, case, "recovered", place=place, day=DAYS["notice"], agreed_early=True)
        judge(session)
        agreed.rollback()
    take(session, case, "recovered", place=place, day=early + timedelta(1))
    judge(session)


def test_a_notice_is_valid_for_twelve_months(session: Session, case: Case) -> None:
    lead(session, case, *TO_PLAN)
    with refused(session, refusals.NoticeExpired):
        take(session, case, "recovered", day=date(2025, 9, 10))
    take(session, case, "notice", day=date(2025, 9, 1))
    with refused(session, refusals.NoticeTooEarly):
        take(session, case, "recovered", day=date(2025, 9, 10))
    take(session, case, "recovered", day=date(2025, 11, 30))
    judge(session)


def test_recovery_happens_once(session: Session, case: Case) -> None:
    lead(session, case, *TO_PLAN, "recovered")
    with refused(session, refusals.StepTakenAlready) as said:
        take(session, case, "recovered", day=date(2025, 2, 1))
    assert said["item_name"] == "GPMB-KCN-1 · 1"


@pytest.mark.parametrize("kind", ["plan_approved", "paid"])
def test_a_plan_and_a_payment_say_their_amount(session: Session, case: Case, kind: str) -> None:
    lead(session, case, *TO_PLAN[: 4 if kind == "plan_approved" else 5])
    with refused(session, refusals.StepNeedsAmount):
        take(session, case, kind, money=None)


def test_a_step_without_money_says_none(session: Session, case: Case) -> None:
    with refused(session, refusals.StepNeedsAmount):
        take(session, case, "notice", money=Money(Decimal(1)))


@pytest.mark.parametrize("part", ["compensation", "support", "resettlement"])
def test_no_part_is_paid_above_the_plan(session: Session, case: Case, part: str) -> None:
    lead(session, case, *TO_PLAN)
    over = Money(**{part: getattr(PLAN, part) + 1})
    with refused(session, refusals.PaymentAbovePlan) as said:
        take(session, case, "paid", money=over)
    assert "granted" not in said and "paid" not in said, "sums are told to nobody"
    take(session, case, "paid", money=Money(**{part: getattr(PLAN, part)}))
    judge(session)
    with refused(session, refusals.PaymentAbovePlan):
        take(session, case, "paid", day=date(2025, 3, 1), money=Money(**{part: Decimal(1)}))


def test_instalments_add_up_to_the_plan(session: Session, case: Case) -> None:
    lead(session, case, *TO_PLAN)
    for day, part in ((date(2025, 1, 5), 300), (date(2025, 1, 9), 500)):
        take(session, case, "paid", day=day, money=Money(Decimal(part) * 1_000_000))
    judge(session)
    with refused(session, refusals.PaymentAbovePlan):
        take(session, case, "plan_approved", day=date(2025, 1, 20), money=Money(Decimal(700)))
    larger = Money(PLAN.compensation * 2, PLAN.support, PLAN.resettlement)
    take(session, case, "plan_approved", day=date(2025, 1, 20), money=larger)
    take(session, case, "paid", day=date(2025, 1, 20), money=Money(PLAN.compensation))
    judge(session)
    assert register.case(session, NOW, "GPMB-KCN-1").sums.granted == larger


@pytest.mark.parametrize("wrong", ["-1", "0.5", "1e18", "NaN", "Infinity"])
def test_money_is_whole_dong(session: Session, case: Case, wrong: str) -> None:
    lead(session, case, *TO_PLAN)
    with pytest.raises(MoneyNotWhole) as found:
        take(session, case, "paid", money=Money(support=Decimal(wrong)))
    assert found.value.context == {"field": "support"}


@pytest.mark.parametrize("wrong", ["-1", "0.5", "1000000000000000000"])
def test_the_database_refuses_other_money_too(session: Session, case: Case, wrong: str) -> None:
    with pytest.raises(DBAPIError, match="vnd_check"):
        session.execute(
            text(
                "INSERT INTO household.amount (step_id, item_id, compensation, support,"
                " resettlement, valid_from, opened_by) VALUES (gen_random_uuid(), :item, :wrong,"
                " 0, 0, '2025-01-01', 1)"
            ),
            {"item": case.items[0], "wrong": Decimal(wrong)},
        )


def test_land_is_handed_over_once(session: Session, case: Case) -> None:
    lead(session, case, *TO_PLAN, "recovered")
    hand(session, case, 0)
    judge(session)
    with refused(session, refusals.HandedOverAlready) as said:
        hand(session, case, 0, day=date(2025, 5, 1))
    assert said["parcel_name"] == "12/1"


def test_land_of_an_item_is_handed_over_by_its_case_alone(session: Session, case: Case) -> None:
    for parcel in case.ground.parcels[:2]:
        with refused(session, refusals.HandoverOutsideCase):
            number = change(session, case.document, day=HANDED)
            hand_over(
                session,
                number,
                zone_id=case.ground.zone_id,
                number="BB-9",
                day=HANDED,
                parcels=[parcel],
            )


def test_a_step_alone_clears_nothing(session: Session, case: Case) -> None:
    lead(session, case, *TO_PLAN, "recovered")
    with refused(session, refusals.HandoverOutsideCase):
        take(session, case, "handed_over", money=None)


def test_cleared_land_enters_no_item(session: Session, case: Case) -> None:
    number = change(session, case.document, day=HANDED)
    spare = case.ground.parcels[2]
    where = {"zone_id": case.ground.zone_id, "number": "BB-9", "day": HANDED}
    hand_over(session, number, parcels=[spare], **where)
    with refused(session, refusals.HandoverOutsideCase):
        add_items(session, number, case_id=case.id, items=[NewItem("3", [spare])], since=OPENED)


def test_a_parcel_is_in_one_item(session: Session, case: Case) -> None:
    number = change(session, case.document)
    again = [NewItem("3", case.ground.parcels[:1])]
    with refused(session, refusals.ParcelInOtherItem) as said:
        add_items(session, number, case_id=case.id, items=again, since=OPENED)
    assert said["parcel_name"] == "12/1"


def test_a_hand_over_taken_back_takes_its_step_back(session: Session, case: Case) -> None:
    lead(session, case, *TO_PLAN, "recovered")
    hand(session, case, 0)
    judge(session)
    minutes = session.execute(text("SELECT id FROM land.handover")).scalar_one()
    number = change(session, case.document, kind="correction")
    withdraw_handover(session, number, handover_id=minutes)
    judge(session)
    assert register.item(session, NOW, case.id, "1").state == "recovered"
    assert cleared_m2(session, NOW.as_of) == 0


def test_a_payment_is_undone_with_its_amount(session: Session, case: Case) -> None:
    lead(session, case, *TO_PLAN)
    lead(session, case, "paid")
    judge(session)
    number = session.query(Change.number).order_by(Change.number.desc()).limit(1).scalar()
    done = undo(session, number, actor="tester", reason="nhầm")
    judge(session)
    assert done.closed == 2
    assert register.case(session, NOW, "GPMB-KCN-1").sums.paid.total == 0


CUT = {"method": "area", "area_m2": 4_000, "direction": {"side": "west"}}


def test_a_part_is_recovered_in_one_change(session: Session, case: Case) -> None:
    lead(session, case, *TO_PLAN)
    day = DAYS["recovered"]
    number = change(session, case.document, day=day)
    part = recover_part(
        session,
        number,
        item_id=case.items[0],
        parcel_id=case.ground.parcels[0],
        cut=CUT,
        day=day,
        document_id=case.document,
    )
    judge(session)
    assert part.area_m2 == pytest.approx(4_000, abs=0.05)
    item = case.items[0]
    assert held_parcels(session, [item], day)[item] == [part.recovered]
    before = held_parcels(session, [item], day - timedelta(1))[item]
    assert before == [case.ground.parcels[0]]
    found = register.item(session, NOW, case.id, "1")
    assert (found.state, float(found.area_m2)) == ("recovered", pytest.approx(4_000, abs=0.05))
    hand(session, case, 0)
    judge(session)
    assert float(cleared_m2(session, HANDED)) == pytest.approx(4_000, abs=0.05)
    # the rest may be taken up later, in an item of its own
    later = change(session, case.document, day=HANDED)
    rest = [NewItem("1b", part.kept)]
    add_items(session, later, case_id=case.id, items=rest, since=HANDED)
    judge(session)


def test_a_part_is_named_by_a_point(session: Session, case: Case) -> None:
    lead(session, case, *TO_PLAN)
    day = DAYS["recovered"]
    number = change(session, case.document, day=day)
    east, north = 420_000.0, 2_320_000.0
    line = [(east + 30, north - 5), (east + 30, north + 105)]
    asked: dict[str, Any] = {
        "item_id": case.items[0],
        "parcel_id": case.ground.parcels[0],
        "cut": {"method": "line", "line": line},
        "day": day,
        "document_id": case.document,
    }
    with pytest.raises(PartUnclear), session.begin_nested():
        recover_part(session, number, **asked)
    part = recover_part(session, number, **asked, inside=(east + 10, north + 50))
    judge(session)
    assert part.area_m2 == pytest.approx(3_000)


def test_only_land_of_the_item_is_recovered(session: Session, case: Case) -> None:
    number = change(session, case.document)
    with pytest.raises(NotFound):
        recover_part(
            session,
            number,
            item_id=case.items[0],
            parcel_id=case.ground.parcels[2],
            cut=CUT,
            day=HANDED,
            document_id=case.document,
        )


def test_flags_stand_beside_the_steps(session: Session, case: Case) -> None:
    number = change(session, case.document)
    item, paper = case.items[0], case.document
    for kind in ("complaint", "suspension"):
        raise_flag(session, number, item_id=item, kind=kind, day=OPENED, document_id=paper)
    lower_flag(session, number, item_id=item, kind="complaint", day=HANDED)
    found = register.item(session, NOW, case.id, "1")
    assert (found.complaint, found.suspension, found.state) == (False, True, "opened")
    assert register.item(session, Moment(OPENED), case.id, "1").complaint
    told = register.flags(session, NOW, item)
    assert [(flag.kind, flag.until) for flag in told] == [
        ("complaint", HANDED),
        ("suspension", None),
    ]
    assert register.case(session, NOW, "GPMB-KCN-1").sums.suspensions == 1


def test_the_tract_is_followed_up_in_order(session: Session, case: Case) -> None:
    """Clearance confirmed, lease dossier filed (the report's 335 ha), leased by the State."""
    number = change(session, case.document)
    tract = {"case_id": case.id, "area_m2": Decimal(3_350_000), "document_id": case.document}
    with refused(session, refusals.FollowupOutOfOrder):
        follow_up(session, number, step="lease_filed", day=HANDED, **tract)
    follow_up(session, number, step="confirmed", day=HANDED, **tract)
    with refused(session, refusals.FollowupOutOfOrder):
        follow_up(session, number, step="lease_filed", day=HANDED - timedelta(1), **tract)
    follow_up(session, number, step="lease_filed", day=HANDED, **tract)
    follow_up(session, number, step="state_lease", day=HANDED + timedelta(30), **tract)
    judge(session)
    (row,) = register.cases(session, Moment(HANDED))
    assert [each.step for each in row.followups] == ["confirmed", "lease_filed"]


def test_items_page_by_page(session: Session, case: Case) -> None:
    lead(session, case, "notice")
    judge(session)
    page = register.items(session, NOW, case.id, most=1)
    assert ([row.number for row in page.rows], page.count, page.area_m2) == (["1"], 2, 20_000)
    page = register.items(session, NOW, case.id, most=1, skip=1, sort="number", descending=True)
    assert [row.number for row in page.rows] == ["1"]
    page = register.items(session, NOW, case.id, state="opened")
    assert ([row.number for row in page.rows], page.area_m2) == (["2"], 10_000)
    assert register.items(session, NOW, case.id, wanted="12/2").count == 1
    assert register.items(session, NOW, case.id, wanted="%").count == 0
    with pytest.raises(NotFound):
        register.item(session, NOW, case.id, "9")


def test_the_next_legal_step_has_its_deadline(session: Session, case: Case) -> None:
    lead(session, case, *TO_PLAN)
    story = register.steps(session, NOW, case.items[0])
    todo = next_steps(
        register.taken(story), "agricultural", register.terms(session), date(2024, 12, 25)
    )
    by_kind = {each.kind: each for each in todo}
    assert by_kind["paid"].latest == DAYS["plan_approved"] + timedelta(30)
    assert by_kind["recovered"].earliest == DAYS["notice"] + timedelta(90)
    assert {term.verification for term in by_kind["paid"].terms} == {"verified"}


def test_the_order_in_code_is_the_order_that_judges(session: Session) -> None:
    rows = session.execute(text("SELECT step, after FROM land.clearance_order"))
    known = {row.step: tuple(row.after) for row in rows}
    assert {kind: causes for kind, causes in CAUSES.items() if causes} == {
        kind: causes for kind, causes in known.items() if kind in CAUSES
    }
    said = session.execute(
        text(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conname = 'clearance_step_kind_check'"
        )
    ).scalar_one()
    assert all(f"'{kind}'" in said for kind in CAUSES)
    assert session.query(ClearanceStep).filter(ClearanceStep.kind.notin_(CAUSES)).count() == 0


def test_a_flow_against_its_target_and_the_year_before(session: Session, case: Case) -> None:
    """Flow and stock never mix: what was cleared before the period is not cleared in it."""
    zone, board = case.ground.zone_id, case.ground.board_id
    lead(session, case, *TO_PLAN, "recovered")
    hand(session, case, 0, day=date(2025, 12, 20))
    number = change(session, case.document, day=date(2025, 12, 31))
    target = {"board_id": board, "year": 2026, "document_id": case.document}
    set_target(session, number, area_m2=Decimal(20_000), day=date(2025, 12, 31), **target)
    set_target(session, number, area_m2=Decimal(40_000), day=date(2026, 7, 1), **target)
    judge(session)
    (told,) = targets(session, Moment(date(2026, 6, 14)), 2026)
    assert (told.area_m2, told.zone_id) == (20_000, None)
    (told,) = targets(session, Moment(date(2026, 7, 1)), 2026)
    assert told.area_m2 == 40_000
    groups, sums = {"B": [zone]}, {"B": Decimal(20_000)}
    half = period("half", 2026, 1, scheme(session, "statistics_14").last_day)
    done = achievements(session, NOW, groups, half, sums)["B"]
    assert (done.cleared_m2, done.completion, done.growth) == (10_000, Decimal("0.5"), None)
    calendar = achievements(session, NOW, groups, period("half", 2026, 1, None), sums)["B"]
    assert (calendar.cleared_m2, calendar.stock_before_m2) == (0, 10_000)
    late = achievements(session, NOW, groups, period("half", 2027, 1, 14), {})["B"]
    assert (late.cleared_m2, late.year_ago_m2, late.growth) == (0, 10_000, -1)
    assert late.completion is None
    assert [each.code for each in schemes(session)] == ["calendar", "statistics_14"]


def test_the_share_of_the_report() -> None:
    """Hòa Bình, first half of 2024: 49.8 of 87 ha are 57.24 %."""
    from planning.clearance.targets import Achievement

    half = Period(date(2023, 12, 15), date(2024, 6, 14))
    done = Achievement(half, Decimal(0), Decimal(498_000), Decimal(870_000), Decimal(0))
    assert done.completion is not None
    assert round(done.completion * 100, 2) == Decimal("57.24")
    assert year_so_far(half.last, 14) == half


def test_flow_equals_the_indicator_on_the_demo(demo_database: TestDatabase) -> None:
    """Counted here and by the indicator's own sums: the same land."""
    with demo_database.database.reading() as db:
        whole = land(db, Moment(date(2025, 12, 31)))
        groups = {zone.code: [zone.id] for zone in whole.zones}
        year = period("year", 2025, 1, None)
        mine = achievements(db, Moment(date(2025, 12, 31)), groups, year, {})
        for zone in whole.zones:
            alone = whole.own.get(zone.id)
            assert alone is not None
            assert mine[zone.code].stock_m2 == alone["cleared"].legal, zone.code
        assert sum(each.cleared_m2 for each in mine.values()) > 0
