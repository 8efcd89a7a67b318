"""What the database refuses, said in words of land."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from shapely import MultiPolygon, Polygon
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from gisapp.messages import LOCALES, placeholders, render, texts
from planning import refusals
from planning.clearance.commands import hand_over
from planning.errors import AlreadyExists, BeforeZoneExisted, DocumentMissing, PlanningError
from planning.parcels.commands import NewParcel, add_parcels
from planning.parcels.model import Parcel, ParcelVersion
from planning.plans import commands as plans
from planning.projects import commands as projects
from planning.records.commands import open_change
from planning.tenure import commands as tenure
from planning.zones.commands import set_boundary
from tests.db.ground import PLANE, START, Ground, change, lay, square

DAY = date(2022, 1, 1)


@pytest.fixture
def ground(session: Session) -> Ground:
    return lay(session, 3)


@contextmanager
def refused(session: Session, kind: type[PlanningError]) -> Iterator[dict[str, object]]:
    """Expect a refusal of that kind at the write or at the judgement; its context is filled in."""
    context: dict[str, object] = {}
    with pytest.raises(DBAPIError) as raised, session.begin_nested():
        yield context
        session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    found = refusals.refusal(raised.value)
    assert type(found) is kind, raised.value
    found = refusals.explained(session, found)
    context.update(found.context)
    for locale in LOCALES:
        said = render(found.code, found.context, locale)
        assert placeholders(texts(locale)[found.code]) <= found.context.keys()
        assert "<" not in said and said != found.code


def add(session: Session, ground: Ground, shape: Polygon, day: date = START) -> UUID:
    number = change(session, ground.document_id)
    parcel = NewParcel(shape, sheet_no="9", parcel_no="99")
    return add_parcels(
        session, number, zone_id=ground.zone_id, srid=PLANE, parcels=[parcel], valid_from=day
    )[0]


def test_two_parcels_overlap(session: Session, ground: Ground) -> None:
    with refused(session, refusals.ParcelsOverlap) as said:
        add(session, ground, square(2.5, 0))
    assert said["b"] == str(ground.parcels[2])
    assert (said["b_name"], said["area_m2"]) == ("12/3", 5_000.0)


def test_a_parcel_reaches_over_the_boundary(session: Session, ground: Ground) -> None:
    with refused(session, refusals.ParcelOutsideZone) as said:
        add(session, ground, square(99.5, 0))
    assert (said["zone_name"], said["outside_m2"]) == ("KCN-1", 5_000.0)


def test_a_boundary_leaves_a_parcel(session: Session, ground: Ground) -> None:
    with refused(session, refusals.ParcelOutsideZone) as said:
        set_boundary(
            session,
            change(session, ground.document_id),
            zone_id=ground.zone_id,
            srid=PLANE,
            boundary=MultiPolygon([square(0, 0, 200)]),
            valid_from=DAY,
            certainty="surveyed",
        )
    assert (said["parcel_name"], said["outside_m2"]) == ("12/3", 10_000.0)


def test_a_day_before_the_zone_existed(session: Session, ground: Ground) -> None:
    with refused(session, BeforeZoneExisted) as said:
        add(session, ground, square(5, 5), date(2019, 12, 31))
    assert (said["day"], said["since"]) == (date(2019, 12, 31), START)


def test_two_plans_in_force(session: Session, ground: Ground) -> None:
    number = change(session, ground.document_id)
    scope = MultiPolygon([square(0, 0, 300)])

    def approve(code: str) -> None:
        plan = plans.create_plan(
            session,
            number,
            code=code,
            zone_id=ground.zone_id,
            srid=PLANE,
            level="subdivision",
            scale_denominator=2000,
            name_vi="QH",
        )
        version, _ = plans.create_version(session, number, plan_id=plan)
        plans.set_status(
            session,
            number,
            plan_version_id=version,
            status="approved",
            valid_from=DAY,
            scope=scope,
            decision_id=ground.document_id,
        )

    approve("QH-1")
    with refused(session, refusals.PlanTwoInForce) as said:
        approve("QH-2")
    assert (said["b_name"], said["area_m2"]) == ("QH-1 (1)", 90_000.0)


def _tract(session: Session, ground: Ground, number: int) -> tenure.NewRight:
    party = tenure.register_party(session, number, name_vi="Hạ tầng")
    right = tenure.NewRight(
        kind="state_lease",
        zone_id=ground.zone_id,
        number="QĐ 7",
        lessor_id=party,
        lessee_id=party,
        contract_area_m2=Decimal(20_000),
        valid_from=DAY,
        term_ends=date(2070, 12, 31),
        parcels=ground.parcels[:2],
    )
    tenure.grant_right(session, number, right)
    return right


def _lease(
    session: Session, number: int, tract: tenure.NewRight, **facts: object
) -> Callable[[], UUID]:
    known = {
        "kind": "sub_lease",
        "zone_id": tract.zone_id,
        "number": "HĐ 8",
        "lessor_id": tract.lessor_id,
        "lessee_id": tract.lessee_id,
        "contract_area_m2": Decimal(10_000),
        "valid_from": DAY,
        "parent_id": tract.id,
        "parcels": tract.parcels[:1],
    }
    return lambda: tenure.grant_right(session, number, **(known | facts))


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        ({"contract_area_m2": Decimal("20000.1")}, refusals.SubLeasesExceedArea),
        ({"term_ends": date(2071, 1, 1)}, refusals.SubLeaseExceedsTerm),
        ({"parcels": "elsewhere"}, refusals.SubLeaseOutsideLand),
    ],
)
def test_a_sub_lease_outside_its_parent(
    session: Session, ground: Ground, facts: dict[str, object], kind: type[PlanningError]
) -> None:
    number = change(session, ground.document_id)
    tract = _tract(session, ground, number)
    if "parcels" in facts:
        facts = {"parcels": ground.parcels[2:]}
    with refused(session, kind) as said:
        _lease(session, number, tract, **facts)()
    assert (said["number"], said["parent_name"]) == ("HĐ 8", "QĐ 7")


def test_a_sub_lease_of_a_sub_lease(session: Session, ground: Ground) -> None:
    number = change(session, ground.document_id)
    child = _lease(session, number, _tract(session, ground, number))()
    tract = _tract_of(session, ground)
    with refused(session, refusals.SubLeaseOutsideParent):
        _lease(session, number, tract, parent_id=child, term_ends=date(2030, 1, 1), parcels=[])()


def _tract_of(session: Session, ground: Ground) -> tenure.NewRight:
    party = tenure.register_party(session, ground.change, name_vi="Hạ tầng")
    return tenure.NewRight(
        kind="state_lease",
        zone_id=ground.zone_id,
        number="QĐ 7",
        lessor_id=party,
        lessee_id=party,
        contract_area_m2=Decimal(1),
        valid_from=DAY,
    )


def test_a_parcel_is_held_already(session: Session, ground: Ground) -> None:
    number = change(session, ground.document_id)
    _tract(session, ground, number)
    with refused(session, refusals.ParcelHeldAlready) as said:
        _tract(session, ground, number)
    assert (said["parcel_name"], said["held"]) == ("12/1", "[2022-01-01,2071-01-01)")


def test_a_parcel_is_handed_over_already(session: Session, ground: Ground) -> None:
    number = change(session, ground.document_id)
    zone, parcels = ground.zone_id, ground.parcels[:1]
    hand_over(session, number, zone_id=zone, number="BB 1", day=DAY, parcels=parcels)
    with refused(session, refusals.HandedOverAlready) as said:
        hand_over(session, number, zone_id=zone, number="BB 2", day=DAY, parcels=parcels)
    assert said["parcel_name"] == "12/1"


def test_history_is_kept(session: Session, ground: Ground) -> None:
    moved = update(ParcelVersion).values(closed_by=ground.change)
    session.execute(moved)
    with refused(session, refusals.HistoryIsKept):
        session.execute(update(ParcelVersion).values(closed_by=ground.change))


def test_a_write_without_a_change(session: Session, ground: Ground) -> None:
    number = open_change(
        session, kind="setup", reason="r", actor="a", effective_on=START, document_id=None
    )
    with refused(session, refusals.WriteWithoutChange) as said:
        session.add(Parcel(opened_by=number))
        session.flush()
    assert said["table"] == "parcel"


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("INSERT INTO land.change (kind, reason, actor, effective_on) VALUES"
         " ('act', 'r', 'a', '2020-01-01')", DocumentMissing),
        ("INSERT INTO land.change (kind, reason, actor, effective_on, dated_back_to) VALUES"
         " ('setup', 'r', 'a', '2020-01-01', '2001-01-01')", refusals.KnowledgeDatedBack),
        ("INSERT INTO land.board (code, opened_by) SELECT code, opened_by FROM land.board",
         AlreadyExists),
        ("INSERT INTO land.board (code, opened_by) SELECT 'a b', opened_by FROM land.board",
         refusals.ValueRefused),
    ],
)  # fmt: skip
def test_other_rules(
    session: Session, ground: Ground, statement: str, kind: type[PlanningError]
) -> None:
    with refused(session, kind):
        session.execute(text(statement))


def test_a_shape_off_the_grid(session: Session, ground: Ground) -> None:
    with refused(session, refusals.ShapeRefused) as said:
        add(session, ground, square(5.000_001_23, 5))
    assert said["constraint"] == "parcel_on_grid"


def test_half_a_dong(session: Session, ground: Ground) -> None:
    number = change(session, ground.document_id)
    project = projects.create_project(
        session,
        number,
        code="DA-1",
        zone_id=ground.zone_id,
        srid=PLANE,
        kind="fdi",
        name_vi="Nhà máy",
        valid_from=DAY,
    )
    with refused(session, refusals.AmountRefused):
        projects.set_capital(
            session,
            number,
            project_id=project,
            currency="VND",
            registered=Decimal("10.6"),
            day=DAY,
        )


def test_what_is_no_rule_stays_what_it_is(session: Session) -> None:
    with pytest.raises(DBAPIError) as raised, session.begin_nested():
        session.execute(text("SELECT 1 / 0"))
    assert refusals.refusal(raised.value) is None


def test_every_named_rule_of_the_database_is_known(session: Session) -> None:
    """Nobody renames a constraint without its words."""
    names = set(
        session.scalars(
            text("SELECT conname::text FROM pg_constraint WHERE connamespace = 'land'::regnamespace"
                 " OR contypid <> 0")
        )
    )  # fmt: skip
    functions = session.scalars(
        text("SELECT prosrc FROM pg_proc WHERE pronamespace = 'land'::regnamespace")
    ).all()
    known = names | {name for name in refusals.RULES if any(name in body for body in functions)}
    assert set(refusals.RULES) <= known
