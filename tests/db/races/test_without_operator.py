"""The fall-back where no superuser made the operator class: grid locks hold what it held."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from psycopg import sql

from gisapp import migrations
from gisapp.cluster import preparation
from gisapp.config import Settings
from gisapp.db import Database
from tests.conftest import TestDatabase
from tests.db.races.arena import (
    LEVELS,
    OWNER,
    READ_COMMITTED,
    REPEATABLE_READ,
    WRITE,
    Arena,
    Hand,
    Plot,
    add_parcel,
    close_rows,
)
from tests.db.races.attacks import ANY_LEVEL, ATTACKS, Attack, cut
from tests.db.races.disarming import without
from tests.server import Server

AIMED = [
    attack
    for attack in ATTACKS
    if any(
        "parcel_no_overlap" in sql or "plan_one_in_force" in sql for sql in attack.disarm.values()
    )
]
OPERATOR = "030_no_overlap_operator.sql"


def _prepare(server: Server, name: str) -> None:
    """What the administrator does, but for the one file that takes a superuser."""
    with server.connect() as connection:
        preparation.make_database(connection, name)
    with server.connect(database=name) as inside:
        files = dict(preparation.statements())
        assert OPERATOR in files
        for file, text in files.items():
            if file != OPERATOR:
                inside.execute(text.encode())
        inside.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
        for role in (preparation.OWNER, preparation.READ, preparation.WRITE):
            grant = sql.SQL("GRANT USAGE ON SCHEMA public TO {}")
            inside.execute(grant.format(sql.Identifier(role)))


@pytest.fixture(scope="module")
def plain(
    server: Server, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Arena]:
    name = f"{server.clone(template)}_plain"
    _prepare(server, name)
    migrations.upgrade(server.url(preparation.OWNER, name))
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("plain"),
        private=False,
        database_url=server.url(preparation.OWNER, name),
        database_url_read=server.url(preparation.READ, name),
        database_url_write=server.url(preparation.WRITE, name),
        secret_key="only for the tests, never anywhere else",
    )
    arena = Arena(TestDatabase(name, server, settings, Database(settings)))
    assert arena.ask("SELECT count(*) FROM pg_constraint WHERE conname = 'parcel_no_overlap'") == 0
    yield arena
    arena.close()
    with server.connect() as connection:
        server.drop(connection, name)
        server.drop(connection, name.removesuffix("_plain"))


@pytest.mark.parametrize("login", [WRITE, OWNER])
@pytest.mark.parametrize("attack", AIMED, ids=lambda attack: attack.name)
def test_the_promise_holds(plain: Arena, attack: Attack, login: str) -> None:
    first, second, broken = attack.prepare(plain)
    one, two = plain.race(first, second, login=login)
    assert not broken()
    assert [one.committed, two.committed] == [True, False], (one.error, two.error)
    assert two.error is not None and two.error.sqlstate == "23P01"


@pytest.mark.parametrize("level", [level for level in LEVELS if level != READ_COMMITTED])
def test_other_isolation_levels_are_refused(plain: Arena, level: str) -> None:
    plot = plain.plot()
    with plain.hand(WRITE, level) as hand:
        hand.do(lambda hand: add_parcel(hand, plot, plot.square(0, 0)))
        assert hand.error is not None and hand.error.sqlstate == "25001"


def test_neighbours_in_other_cells_do_not_wait(plain: Arena) -> None:
    plot = plain.plot()
    with plain.hand() as one, plain.hand() as two:
        one.do(lambda hand: add_parcel(hand, plot, plot.square(0, 0, 50, 50)))
        two.start(lambda hand: add_parcel(hand, plot, plot.square(5, 5, 50, 50)))
        assert not plain.settle(two)
        one.commit()
        two.commit()
        assert one.committed and two.committed


def test_ground_of_many_cells_waits_for_the_plane(plain: Arena) -> None:
    """A parcel of 3.6 km², one cell of which somebody else is writing in."""
    plot = plain.plot()

    def widen(hand: Hand) -> None:
        number = hand.change(plot.document)
        close_rows(hand, "zone_boundary", number, "zone_id = %(zone)s", zone=plot.zone)
        hand.all(
            "INSERT INTO land.zone_boundary (zone_id, srid, certainty, geom, valid_from, opened_by)"
            " VALUES (%(zone)s, 5899, 'surveyed', ST_Multi(%(shape)s::geometry), '2020-01-01',"
            " %(number)s)",
            zone=plot.zone,
            shape=plot.square(0, -300, 1900, 30_000),
            number=number,
        )

    plain.write(widen)
    one, two = plain.race(
        lambda hand: add_parcel(hand, plot, plot.square(0, -290, 10, 10)),
        lambda hand: add_parcel(hand, plot, plot.square(0, -300, 1900, 29_000)),
    )
    assert one.committed and two.refused_by == "parcel_no_overlap"


def _two(plot: Plot, arena: Arena) -> bool:
    return bool(
        arena.ask(
            "SELECT count(*) > 1 FROM land.parcel_version WHERE zone_id = %(zone)s", zone=plot.zone
        )
    )


LOCKS = {
    "cell": (
        READ_COMMITTED,
        cut("no_overlap_by_grid_locks", "PERFORM pg_advisory_xact_lock(cell);", "NULL;"),
    ),
    "isolation": (REPEATABLE_READ, ANY_LEVEL),
    "trigger": (READ_COMMITTED, "DROP TRIGGER d_no_overlap ON land.parcel_version"),
}


@pytest.mark.parametrize("guard", LOCKS)
def test_without_its_guard_the_overlap_is_there(plain: Arena, guard: str) -> None:
    level, disarm = LOCKS[guard]
    with without(plain, disarm):
        plot = plain.plot()
        one, two = plain.race(
            lambda hand: add_parcel(hand, plot, plot.square(0, 0)),
            lambda hand: add_parcel(hand, plot, plot.square(0.5, 0.5)),
            level=level,
        )
        assert _two(plot, plain), (one.error, two.error)
