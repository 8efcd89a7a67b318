"""Parties and land rights through the two clocks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from planning.clocks import Moment
from planning.errors import LaterVersionsExist, NotFound, RuleViolated
from planning.tenure import commands, queries
from tests.db.ground import START, Ground, change, lay

HECTARE = Decimal(10_000)


@pytest.fixture
def ground(session: Session) -> Ground:
    return lay(session, 6)


def judge(session: Session) -> None:
    """What the commit would check, now."""
    session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    session.execute(text("SET CONSTRAINTS ALL DEFERRED"))


def granted(session: Session, ground: Ground, number: int, **facts: object) -> commands.NewRight:
    state = commands.register_party(session, number, name_vi="UBND tỉnh", kind="authority")
    developer = commands.register_party(session, number, name_vi="Hạ tầng", tax_code="5700100001")
    known = {
        "kind": "state_lease",
        "zone_id": ground.zone_id,
        "number": "QĐ 1",
        "lessor_id": state,
        "lessee_id": developer,
        "contract_area_m2": 4 * HECTARE,
        "valid_from": date(2021, 1, 1),
        "term_ends": date(2070, 12, 31),
        "parcels": ground.parcels[:4],
    }
    right = commands.NewRight(**(known | facts))
    commands.grant_right(session, number, right)
    return right


def sub_lease(
    session: Session, change_number: int, parent: commands.NewRight, **facts: object
) -> commands.NewRight:
    investor = commands.register_party(
        session, change_number, name_vi="Nhà máy", tax_code="5700100002"
    )
    known = {
        "kind": "sub_lease",
        "zone_id": parent.zone_id,
        "number": "HĐ 1",
        "lessor_id": parent.lessee_id,
        "lessee_id": investor,
        "contract_area_m2": HECTARE,
        "valid_from": date(2022, 1, 1),
        "parent_id": parent.id,
        "parcels": [parent.parcels[0]],
    }
    right = commands.NewRight(**(known | facts))
    commands.grant_right(session, change_number, right)
    return right


def test_a_party_is_found_by_tax_code_or_by_name(session: Session, ground: Ground) -> None:
    number = change(session, ground.document_id)
    coded = commands.register_party(session, number, name_vi="Cty A", tax_code="5700100009")
    again = commands.register_party(session, number, name_vi="Công ty A", tax_code="5700100009")
    named = commands.register_party(session, number, name_vi="UBND  tỉnh", kind="authority")
    same = commands.register_party(session, number, name_vi="ubnd TỈNH", kind="authority")
    assert coded == again and named == same != coded


def test_a_list_names_a_new_party_twice_and_gets_one(session: Session, ground: Ground) -> None:
    number = change(session, ground.document_id)
    party = commands.NewParty("Công ty B", "5700100010")
    found = commands.register_parties(session, number, [party, commands.NewParty("X"), party])
    assert found[0] == found[2] != found[1]


def test_a_party_keeps_its_former_name_on_former_days(session: Session, ground: Ground) -> None:
    number = change(session, ground.document_id)
    parent = granted(session, ground, number)
    commands.rename_party(
        session, number, party_id=parent.lessee_id, day=date(2023, 1, 1), name_vi="Hạ tầng mới"
    )
    names = [
        queries.right(session, Moment(day), parent.id).lessee
        for day in (date(2022, 12, 31), date(2023, 1, 1))
    ]
    assert names == ["Hạ tầng", "Hạ tầng mới"]


def test_a_right_runs_to_the_end_of_its_term(session: Session, ground: Ground) -> None:
    number = change(session, ground.document_id)
    parent = granted(session, ground, number)
    last = queries.rights_of_parcel(session, Moment(date(2070, 12, 31)), ground.parcels[0])
    assert [(row.number, row.lessor, row.lessee) for row in last] == [
        ("QĐ 1", "UBND tỉnh", "Hạ tầng")
    ]
    assert queries.rights_of_parcel(session, Moment(date(2071, 1, 1)), ground.parcels[0]) == []
    assert queries.find_right(session, Moment(START), ground.zone_id, "QĐ 1") == parent.id


def test_a_sub_lease_without_a_term_has_its_parents(session: Session, ground: Ground) -> None:
    number = change(session, ground.document_id)
    parent = granted(session, ground, number)
    child = sub_lease(session, number, parent)
    judge(session)
    row = queries.right(session, Moment(date(2022, 1, 1)), child.id)
    assert (row.term_ends, row.valid_to) == (date(2070, 12, 31), date(2071, 1, 1))
    rights = queries.rights_of_parcel(session, Moment(date(2022, 1, 1)), ground.parcels[0])
    assert [right.tier for right in rights] == [1, 2]


@pytest.mark.parametrize(
    "facts",
    [
        {"contract_area_m2": 5 * HECTARE},
        {"term_ends": date(2071, 1, 1), "valid_to": date(2071, 1, 1)},
        {"valid_from": date(2020, 12, 31)},
    ],
    ids=["area", "term", "before"],
)
def test_a_sub_lease_stays_inside_its_parent(
    session: Session, ground: Ground, facts: dict[str, object]
) -> None:
    number = change(session, ground.document_id)
    sub_lease(session, number, granted(session, ground, number), **facts)
    with pytest.raises(DBAPIError, match="sub-lease-outside-parent"):
        judge(session)


def test_a_parent_ends_only_with_its_sub_leases(session: Session, ground: Ground) -> None:
    number = change(session, ground.document_id)
    parent = granted(session, ground, number)
    child = sub_lease(session, number, parent)
    commands.end_right(session, number, right_id=child.id, day=date(2025, 6, 1))
    commands.end_right(session, number, right_id=parent.id, day=date(2025, 6, 1))
    judge(session)
    at = Moment(date(2025, 6, 1))
    assert queries.rights_of_zone(session, at, ground.zone_id) == []
    assert queries.parcels_of_right(session, at, child.id) == []
    assert len(queries.rights_of_zone(session, Moment(date(2025, 5, 31)), ground.zone_id)) == 2


def test_an_appendix_changes_area_and_land_from_its_day(session: Session, ground: Ground) -> None:
    number = change(session, ground.document_id)
    parent = granted(session, ground, number)
    child = sub_lease(session, number, parent)
    day = date(2024, 3, 1)
    commands.amend_right(
        session,
        number,
        right_id=child.id,
        day=day,
        parcels=ground.parcels[:2],
        contract_area_m2=2 * HECTARE,
    )
    judge(session)
    before, after = Moment(date(2024, 2, 29)), Moment(day)
    areas = [queries.right(session, at, child.id).contract_area_m2 for at in (before, after)]
    land = [len(queries.parcels_of_right(session, at, child.id)) for at in (before, after)]
    assert (areas, land) == ([HECTARE, 2 * HECTARE], [1, 2])


def test_an_extension_moves_the_end_of_terms_and_land(session: Session, ground: Ground) -> None:
    number = change(session, ground.document_id)
    parent = granted(session, ground, number)
    child = sub_lease(session, number, parent, term_ends=date(2030, 12, 31))
    commands.amend_right(
        session, number, right_id=child.id, day=date(2029, 1, 1), term_ends=date(2040, 12, 31)
    )
    judge(session)
    at = Moment(date(2040, 12, 31))
    assert queries.right(session, at, child.id).term_ends == date(2040, 12, 31)
    assert queries.parcels_of_right(session, at, child.id) == [ground.parcels[0]]
    assert queries.parcels_of_right(session, Moment(date(2041, 1, 1)), child.id) == []


def test_a_correction_replaces_what_was_believed(session: Session, ground: Ground) -> None:
    number = change(session, ground.document_id)
    parent = granted(session, ground, number)
    child = sub_lease(session, number, parent)
    later = change(session, ground.document_id, kind="correction")
    commands.correct_right(
        session,
        later,
        right_id=child.id,
        parcels=[ground.parcels[2]],
        valid_from=date(2023, 1, 1),
        number="HĐ 01",
    )
    judge(session)
    assert queries.rights_of_parcel(session, Moment(date(2022, 6, 1)), ground.parcels[2]) == [
        queries.right(session, Moment(date(2022, 6, 1)), parent.id)
    ]
    now = queries.right(session, Moment(date(2023, 1, 1)), child.id)
    then = queries.right(session, Moment(date(2022, 6, 1), known=number), child.id)
    assert (now.number, then.number) == ("HĐ 01", "HĐ 1")
    held = queries.parcels_of_right(session, Moment(date(2023, 1, 1), known=number), child.id)
    assert held == [ground.parcels[0]]


def test_holders_are_counted_by_tier(session: Session, ground: Ground) -> None:
    number = change(session, ground.document_id)
    parent = granted(session, ground, number)
    sub_lease(session, number, parent)
    sub_lease(session, number, parent, number="HĐ 2", parcels=[ground.parcels[1]])
    found = queries.holders(session, Moment(date(2022, 1, 1)), ground.zone_id)
    assert [(row.name_vi, row.tier, row.rights, row.contract_area_m2) for row in found] == [
        ("Hạ tầng", 1, 1, 4 * HECTARE),
        ("Nhà máy", 2, 2, 2 * HECTARE),
    ]


def test_refusals_are_typed(session: Session, ground: Ground) -> None:
    number = change(session, ground.document_id)
    parent = granted(session, ground, number)
    with pytest.raises(RuleViolated):
        sub_lease(session, number, parent, parent_id=None)
    with pytest.raises(RuleViolated):
        granted(session, ground, number, kind="ownership")
    with pytest.raises(NotFound):
        commands.end_right(session, number, right_id=parent.id, day=date(2080, 1, 1))
    commands.amend_right(
        session, number, right_id=parent.id, day=date(2024, 1, 1), contract_area_m2=3 * HECTARE
    )
    with pytest.raises(LaterVersionsExist):
        commands.end_right(session, number, right_id=parent.id, day=date(2023, 1, 1))
    with pytest.raises(NotFound):
        queries.find_right(session, Moment(START), ground.zone_id, "không có")
