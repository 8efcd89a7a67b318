"""How long the register of rights takes with 20,000 of them, after statistics were gathered.

Run with ``bin/bench tests/bench/bench_rights.py``.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from planning.clocks import Moment
from planning.tenure import commands
from planning.tenure.idle import tract_parcels, with_since
from planning.tenure.queries import rights_of_zone
from planning.tenure.register import SORTS, endings, rights_page
from planning.zones.queries import zones
from tests.conftest import TestDatabase
from tests.db.ground import change, lay

RIGHTS = 20_000
AT = Moment(date(2026, 1, 1))
PAGE_S, IDLE_S, GROWTH = 0.3, 2.0, 40


@pytest.fixture(scope="module")
def full(module_database: TestDatabase) -> TestDatabase:
    """Two zones of 10,000 hectares, each parcel sub-let."""
    for place in (0, 1):
        with module_database.database.transaction(seconds=300) as session:
            ground = lay(session, RIGHTS // 2, code=f"KCN-{place}", column=place * 120)
            number = change(session, ground.document_id)
            state = commands.register_party(session, number, name_vi="UBND", kind="authority")
            names = [commands.NewParty(f"Công ty {n}", f"57{n:08d}") for n in range(2_000)]
            parties = commands.register_parties(session, number, names)
            tract = commands.NewRight(
                kind="state_lease", zone_id=ground.zone_id, number=f"QĐ {place}",
                lessor_id=state, lessee_id=parties[0], contract_area_m2=Decimal(RIGHTS * 10_000),
                valid_from=date(2021, 1, 1), term_ends=date(2070, 12, 31), parcels=ground.parcels,
            )  # fmt: skip
            let = [
                commands.NewRight(
                    kind="sub_lease", zone_id=ground.zone_id, number=f"HĐ {n}",
                    lessor_id=parties[0], lessee_id=parties[n % 2_000],
                    contract_area_m2=Decimal(10_000), valid_from=date(2022, 1, 1),
                    term_ends=date(2026 + n % 40, 6, 30), parcels=[parcel], parent_id=tract.id,
                )
                for n, parcel in enumerate(ground.parcels)
            ]  # fmt: skip
            commands.grant_rights(session, number, [tract, *let])
    with module_database.database.transaction() as session:
        session.execute(text("SELECT app.gather_statistics()"))
    return module_database


def best(work: Callable[[], object]) -> float:
    """Seconds of the fastest of three."""
    taken = []
    for _ in range(3):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return min(taken)


@pytest.mark.parametrize("sort", SORTS)
def test_a_page_of_rights(full: TestDatabase, sort: str) -> None:
    with full.database.reading() as session:
        ids = [zone.id for zone in zones(session, AT)]

        def page(session: Session = session) -> object:
            found = rights_page(session, AT, ids, sort=sort, descending=True)
            assert found.count == RIGHTS + 2 and len(found.rows) == 50
            return found

        seconds = best(page)
    print(f"sorted by {sort}: {seconds * 1000:.0f} ms")
    assert seconds < PAGE_S


def test_names_are_found_and_ends_counted(full: TestDatabase) -> None:
    with full.database.reading() as session:
        ids = [zone.id for zone in zones(session, AT)]
        named = best(lambda: rights_page(session, AT, ids, lessee="cong ty 17"))
        ends = best(lambda: endings(session, AT, ids))
    print(f"by name {named * 1000:.0f} ms, ends {ends * 1000:.0f} ms")
    assert max(named, ends) < PAGE_S


def test_idle_land_of_a_board(full: TestDatabase) -> None:
    with full.database.reading() as session:
        ids = [zone.id for zone in zones(session, AT)]
        seconds = best(lambda: with_since(session, AT, tract_parcels(session, AT, ids)))
    print(f"idle land: {seconds * 1000:.0f} ms")
    assert seconds < IDLE_S


def let(made: TestDatabase, parcels: int, column: int) -> float:
    """Seconds a zone's sub-leases take, one a parcel, to the end of their judgement."""
    with made.database.transaction(seconds=100) as session:
        ground = lay(session, parcels, code=f"KCN-{parcels}", column=column)
        number = change(session, ground.document_id)
        authority, developer, *holders = commands.register_parties(
            session, number, [commands.NewParty(f"Bên {column} {n}") for n in range(parcels + 2)]
        )
        tract = commands.NewRight(
            kind="state_lease", zone_id=ground.zone_id, number="QĐ 1", lessor_id=authority,
            lessee_id=developer, contract_area_m2=parcels * Decimal(10_000),
            valid_from=date(2021, 1, 1), term_ends=date(2070, 12, 31), parcels=ground.parcels,
        )  # fmt: skip
        commands.grant_right(session, number, tract)
        rights = [
            commands.NewRight(
                kind="sub_lease", zone_id=ground.zone_id, number=f"HĐ {n}", lessor_id=developer,
                lessee_id=holders[n], contract_area_m2=Decimal(10_000), valid_from=date(2022, 1, 1),
                parent_id=tract.id, parcels=[ground.parcels[n]],
            )
            for n in range(parcels)
        ]  # fmt: skip
        started = time.perf_counter()
        commands.grant_rights(session, number, rights)
        session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        took = time.perf_counter() - started
        found = rights_of_zone(session, Moment(date(2022, 1, 1)), ground.zone_id)
        assert len(found) == parcels + 1
    return took


def test_ten_times_the_rights_take_about_ten_times_as_long(fresh_database: TestDatabase) -> None:
    few, many = let(fresh_database, 300, 0), let(fresh_database, 3_000, 200)
    print(f"\n  300 rights judged in {few:.2f} s, 3,000 in {many:.2f} s: {many / few:.0f} times"
          f" (goal {GROWTH})")  # fmt: skip
    assert many < GROWTH * few
