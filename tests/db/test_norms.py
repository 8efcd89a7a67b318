"""The rulebook in the register: what is shipped, plans judged, rules entered, waivers signed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from shapely import MultiPolygon
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from planning.clocks import Moment
from planning.plans.commands import NewLot, add_lots, create_plan, create_version, set_status
from planning.plans.norms import standing
from planning.plans.norms_commands import (
    NewRule,
    confirm_rule,
    enter_rule,
    sign_waiver,
    state_people,
    withdraw_waiver,
)
from planning.plans.norms_errors import (
    NormConfirmedAlready,
    NormConfirmedBySelf,
    NormLotsMoved,
    NormRuleMoved,
    NormRuleRefused,
    NormWaiverByAuthor,
    NormWaiverDays,
    NormWithoutValue,
)
from planning.plans.norms_queries import Judged, outlook, report, rule, rules
from planning.refusals import refusal
from tests.db.ground import Ground, change, lay, square

TODAY = date(2026, 11, 22)
AT = Moment(TODAY)
TURN = date(2027, 1, 1)


@pytest.fixture
def ground(session: Session) -> Ground:
    """An industrial park of ten by ten kilometres without a plan."""
    return lay(session)


def planned(
    session: Session, ground: Ground, *lots: NewLot, on: date = date(2022, 1, 1), columns: int = 10
) -> UUID:
    """A plan of these lots in force, ten columns of a hectare wide, one row high."""
    number = change(session, ground.document_id, day=on)
    plan = create_plan(
        session, number, code=f"P-{on.isoformat()}-{columns}", zone_id=ground.zone_id, srid=5899,
        level="subdivision", scale_denominator=2000, name_vi="Quy hoạch",
    )  # fmt: skip
    version, _ = create_version(session, number, plan_id=plan)
    whole = square(0, 0).union(square(columns - 1, 0)).envelope
    set_status(
        session, number, plan_version_id=version, status="approved", valid_from=on,
        scope=MultiPolygon([whole]), decision_id=ground.document_id,
    )  # fmt: skip
    add_lots(session, number, plan_version_id=version, lots=list(lots))
    return version


def lot(category: str, first: int, last: int, **facts: object) -> NewLot:
    """A lot over columns of the row, a hectare each."""
    shape = square(first, 0).union(square(last, 0)).envelope
    return NewLot(f"{category}-{first}", category, "none", shape, **facts)  # type: ignore[arg-type]


def outcomes(session: Session, version: UUID) -> dict[str, tuple[str, str | None]]:
    """Outcome and reason by norm, by the rules of 2023: the ground's own decision is of 2020."""
    found = report(session, AT, version, rules_of=date(2023, 1, 1))
    return {each.result.rule.code: (each.result.outcome, each.result.why) for each in found.judged}


def test_the_shipped_rules_are_unverified_and_the_successor_has_no_numbers(
    session: Session,
) -> None:
    book = standing(rules(session))
    assert {each.code for each in book} == {
        "green_share", "traffic_share", "technical_share", "net_density", "net_density_tall",
        "isolation_belt",
    }  # fmt: skip
    assert not any(each.verified for each in book)
    for each in book:
        assert (each.threshold is None) == (each.valid_from >= TURN), each.code
        assert each.source and each.quote_vi and each.quote_en and each.clause
    present = [each for each in book if each.on(TODAY)]
    assert {each.code: each.threshold for each in present} == {
        "green_share": 10, "traffic_share": 10, "technical_share": 1, "net_density": 70,
        "net_density_tall": 60, "isolation_belt": 10,
    }  # fmt: skip
    assert {each.valid_to for each in present} == {TURN}


def test_a_park_judged_by_hand(session: Session, ground: Ground) -> None:
    """Ten hectares: one green, half a hectare of road and of works, the rest factories at 71 %."""
    version = planned(
        session, ground,
        lot("CX", 0, 0), lot("CN", 1, 8, density_pct=Decimal(71), storeys_max=3),
        NewLot("GT", "GT", "none", square(9, 0, 100).intersection(square(9, -0.5, 100))),
        NewLot("HT", "HTKT", "none", square(9, 0, 100).intersection(square(9, 0.5, 100))),
    )  # fmt: skip
    assert outcomes(session, version) == {
        "green_share": ("meets", None),
        "traffic_share": ("fails", None),
        "technical_share": ("meets", None),
        "net_density": ("fails", None),
        "net_density_tall": ("not_checked", "norm-nothing-to-check"),
        "isolation_belt": ("not_checked", "norm-no-such-lots"),
    }
    found = report(session, AT, version, rules_of=date(2023, 1, 1))
    traffic = next(each for each in found.judged if each.result.rule.code == "traffic_share")
    assert traffic.result.value == 5
    assert (traffic.result.part_m2, traffic.result.whole_m2) == (5_000, 100_000)
    assert (found.meets, found.fails, found.not_checked, found.unverified) == (2, 2, 2, 6)


def test_ground_in_no_lot_leaves_shares_open(session: Session, ground: Ground) -> None:
    """Two hectares of ten are in no lot: traffic may be there, green land cannot reach a tenth."""
    version = planned(session, ground, lot("CX", 0, 0), lot("CN", 1, 7))
    found = outcomes(session, version)
    assert found["green_share"] == ("meets", None)
    assert found["traffic_share"] == ("not_checked", "norm-open-ground")


def test_the_plans_own_days_choose_the_rules(session: Session, ground: Ground) -> None:
    """The decision is of 1 January 2020: before any rule of the book."""
    version = planned(session, ground, lot("CX", 0, 9))
    assert report(session, AT, version).judged == ()
    early = report(session, AT, version, rules_of=date(2020, 8, 1))
    assert {each.result.rule.regulation for each in early.judged} == {"QCVN 01:2019/BXD"}
    late = report(session, AT, version, rules_of=TURN)
    assert {each.result.why for each in late.judged} <= {
        "norm-no-value", "norm-nothing-to-check", "norm-no-such-lots"
    }  # fmt: skip
    assert late.not_checked == len(late.judged) == 6


def new_rule(session: Session, code: str, **facts: object) -> NewRule:
    """What follows the newest shipped rule of a norm."""
    newest = [each for each in rules(session) if each.code == code][-1]
    given = {name: getattr(newest, name) for name in NewRule.__slots__}
    lists = {name: list(given[name] or ()) for name in ("zone_kinds", "plan_levels", "categories")}
    return NewRule(**{**given, **lists, **facts})  # type: ignore[arg-type]


def test_todays_plans_under_tomorrows_rules(session: Session, ground: Ground) -> None:
    """The successor asks 12 % of green land: a plan with a tenth of it would fail from then on."""
    poor = planned(session, ground, lot("CX", 0, 0), lot("CN", 1, 9))
    enter_rule(
        session, new_rule(session, "green_share", threshold=Decimal(12)), follows=2, actor="an"
    )
    (found,) = outlook(session, AT, [ground.zone_id], TURN)
    assert found.now.facts.plan_version_id == poor
    assert [each.result.rule.code for each in found.newly_failing] == ["green_share"]
    (same,) = outlook(session, AT, [ground.zone_id], date(2026, 12, 31))
    codes = {each.result.rule.code for each in same.newly_failing}
    assert codes == {"traffic_share", "technical_share"}, (
        "a tenth of green land is enough until then"
    )
    assert outlook(session, AT, [], TURN) == []


def test_rules_follow_each_other_and_keep_who_entered_them(session: Session) -> None:
    asked = new_rule(session, "green_share", threshold=Decimal("12.5"))
    made = rule(session, enter_rule(session, asked, follows=2, actor="an"))
    assert (made.version, made.recorded_by, made.verified) == (3, "an", False)
    with pytest.raises(NormRuleMoved):
        enter_rule(session, asked, follows=2, actor="binh")
    fresh = replace(asked, code="service_share", categories=["DV"])
    assert rule(session, enter_rule(session, fresh, follows=0, actor="an")).version == 1


@pytest.mark.parametrize(
    "facts",
    [
        {"measure": "beauty"},
        {"comparison": "more"},
        {"reaches_by": "chance"},
        {"people": "workers"},
        {"measure": "per_person"},
        {"categories": []},
        {"categories": ["??"]},
        {"zone_kinds": ["moon_base"]},
        {"plan_levels": ["cosmic"]},
        {"valid_to": TURN},
        {"code": "Xanh"},
        {"code": "x"},
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_by_field(
    session: Session, facts: dict[str, object]
) -> None:
    asked = replace(new_rule(session, "green_share"), **facts)  # type: ignore[arg-type]
    with pytest.raises(NormRuleRefused):
        enter_rule(session, asked, follows=2, actor="an")


def test_a_named_user_confirms_never_the_one_who_entered(session: Session) -> None:
    made = rule(
        session,
        enter_rule(session, new_rule(session, "green_share", threshold=Decimal(12)), follows=2,
                   actor="an"),
    )  # fmt: skip
    with pytest.raises(DBAPIError) as refused, session.begin_nested():
        confirm_rule(session, made, seen_in="trang 3", actor="An")
    assert isinstance(refusal(refused.value), NormConfirmedBySelf)
    confirm_rule(session, made, seen_in="Công báo, trang 12", actor="binh")
    seen = rule(session, made.id)
    assert (seen.verified, seen.confirmed_by, seen.seen_in) == (True, "binh", "Công báo, trang 12")
    with pytest.raises(NormConfirmedAlready):
        confirm_rule(session, made, seen_in="trang 3", actor="cuc")
    unknown = next(each for each in rules(session) if each.threshold is None)
    with pytest.raises(DBAPIError) as refused, session.begin_nested():
        confirm_rule(session, unknown, seen_in="trang 3", actor="binh")
    assert isinstance(refusal(refused.value), NormWithoutValue)


def failing(session: Session, version: UUID) -> tuple[Judged, str]:
    """The green share of a version that fails it, and the lots as they stand."""
    found = report(session, AT, version, rules_of=date(2023, 1, 1))
    (each,) = [one for one in found.judged if one.result.rule.code == "green_share"]
    return each, found.lots_state


def test_a_leader_signs_and_the_waiver_ends_with_its_day(session: Session, ground: Ground) -> None:
    version = planned(session, ground, lot("CN", 0, 9))
    each, state = failing(session, version)
    assert each.stands_open
    until = TODAY + timedelta(days=30)
    sign_waiver(
        session, plan_version_id=version, rule_id=each.result.rule.id, lots_state=state,
        reason="Cây xanh ở lô bên cạnh", actor="leader", signed_on=TODAY, expires_on=until,
    )  # fmt: skip
    signed, _ = failing(session, version)
    assert signed.waiver is not None
    assert (signed.waiver.signed_by, signed.waiver.reason) == ("leader", "Cây xanh ở lô bên cạnh")
    assert not signed.stands_open
    assert signed.result.outcome == "fails", "signing changes no result"
    for day, holds in ((TODAY - timedelta(days=1), False), (until, True),
                       (until + timedelta(days=1), False)):  # fmt: skip
        found = report(session, Moment(day), version, rules_of=date(2023, 1, 1))
        (one,) = [one for one in found.judged if one.result.rule.code == "green_share"]
        assert (one.waiver is not None) == holds, day


def draft(session: Session, ground: Ground) -> tuple[UUID, int]:
    """A draft that is all factories: the plan's version and the document."""
    number = change(session, ground.document_id)
    plan = create_plan(
        session, number, code="NHAP", zone_id=ground.zone_id, srid=5899, level="subdivision",
        scale_denominator=2000, name_vi="Bản nháp",
    )  # fmt: skip
    version, _ = create_version(session, number, plan_id=plan)
    add_lots(session, number, plan_version_id=version, lots=[lot("CN", 0, 4)])
    return version, number


def test_a_waiver_lapses_when_lots_change(session: Session, ground: Ground) -> None:
    version, number = draft(session, ground)
    each, state = failing(session, version)
    sign_waiver(
        session, plan_version_id=version, rule_id=each.result.rule.id, lots_state=state,
        reason="tạm", actor="leader", signed_on=TODAY,
    )  # fmt: skip
    add_lots(session, number, plan_version_id=version, lots=[lot("CN", 5, 9)])
    after, fresh = failing(session, version)
    other = next(one.id for one in rules(session) if one.code == "traffic_share")
    assert after.stands_open
    assert after.lapsed is not None
    assert after.lapsed.signed_by == "leader"
    with pytest.raises(DBAPIError) as refused, session.begin_nested():
        sign_waiver(
            session, plan_version_id=version, rule_id=other, lots_state=state,
            reason="cũ", actor="leader", signed_on=TODAY,
        )  # fmt: skip
    assert isinstance(refusal(refused.value), NormLotsMoved)
    sign_waiver(
        session, plan_version_id=version, rule_id=each.result.rule.id, lots_state=fresh,
        reason="mới", actor="leader", signed_on=TODAY,
    )  # fmt: skip
    assert failing(session, version)[0].waiver is not None


def test_who_drew_it_does_not_sign(session: Session, ground: Ground) -> None:
    version, _ = draft(session, ground)
    each, state = failing(session, version)
    with pytest.raises(DBAPIError) as refused, session.begin_nested():
        sign_waiver(
            session, plan_version_id=version, rule_id=each.result.rule.id, lots_state=state,
            reason="của tôi", actor="tester", signed_on=TODAY,
        )  # fmt: skip
    assert isinstance(refusal(refused.value), NormWaiverByAuthor)
    with pytest.raises(NormWaiverDays):
        sign_waiver(
            session, plan_version_id=version, rule_id=each.result.rule.id, lots_state=state,
            reason="ngược", actor="leader", signed_on=TODAY, expires_on=TODAY - timedelta(days=1),
        )  # fmt: skip


def test_a_waiver_is_withdrawn_for_a_reason(session: Session, ground: Ground) -> None:
    version = planned(session, ground, lot("CN", 0, 9))
    each, state = failing(session, version)
    waiver = sign_waiver(
        session, plan_version_id=version, rule_id=each.result.rule.id, lots_state=state,
        reason="tạm", actor="leader", signed_on=date(2026, 1, 1),
    )  # fmt: skip
    withdraw_waiver(session, waiver, reason="sai", actor="leader", day=date(2026, 6, 1))
    assert failing(session, version)[0].stands_open
    found = report(session, Moment(date(2026, 3, 1)), version, rules_of=date(2023, 1, 1))
    assert any(one.waiver for one in found.judged), "the days it held stay in the history"
    with pytest.raises(NormWaiverDays):
        withdraw_waiver(session, waiver, reason="sai", actor="leader", day=TODAY)


def test_people_are_stated_and_the_newest_count_speaks(session: Session, ground: Ground) -> None:
    version = planned(session, ground, lot("CX", 0, 0), lot("CN", 1, 9))
    asked = new_rule(
        session, "green_share", measure="per_person", people="workers", threshold=Decimal(2),
        valid_from=date(2021, 7, 5), valid_to=TURN,
    )  # fmt: skip
    enter_rule(session, asked, follows=2, actor="an")
    assert outcomes(session, version)["green_share"] == ("not_checked", "norm-no-workers")
    for count, outcome in ((6_000, "fails"), (5_000, "meets")):
        state_people(
            session, plan_version_id=version, kind="workers", people=count, source="Thuyết minh",
            actor="planner",
        )  # fmt: skip
        assert outcomes(session, version)["green_share"][0] == outcome


def test_the_reading_login_writes_no_rule(session: Session) -> None:
    granted = session.execute(
        text(
            "SELECT bool_or(has_table_privilege('gisapp_read', name, 'INSERT, UPDATE, DELETE'))"
            " FROM unnest(ARRAY['land.norm', 'land.norm_rule', 'land.norm_confirmation',"
            " 'land.norm_people', 'land.norm_waiver']) AS name"
        )
    ).scalar()
    assert granted is False
