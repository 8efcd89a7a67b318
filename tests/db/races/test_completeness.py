"""No guard without an attack: who adds a rule to the register adds the attempt to break it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gisapp.db import Database
from tests.conftest import TestDatabase
from tests.db.races.arena import WRITE, Arena

HERE = Path(__file__).parent
# keys, references and lists of words: PostgreSQL's own, without a rule of ours in them
PLAIN = re.compile(r"_(pkey|fkey|key|check)$")
# attacked for every table at once, by the rule's own name in each
GENERIC = re.compile(
    r"_(opened_by|closed_by|one_row_a_day)$|^(valid|recorded)_(forward|plausible)$"
)
# tried below for every table with a shape
OF_SHAPES = re.compile(r"_(srid|valid)$")
# two ways to say one thing: the column's type, a key for others to point at
SAID_TWICE = {
    "parcel_flat", "land_right_tier", "plan_ground", "plan_version_of_plan", "zone_plane",
    "recorded_figure_kind", "figure_unit_dimension", "zone_phase_place",
}  # fmt: skip
# rules of later migrations have tests of their own
LATER = ("land.indicator", "land.indicator_definition")


def guards(database: Database) -> set[str]:
    with database.reading() as session:
        rows = session.connection().exec_driver_sql("""
            SELECT tgname::text, tgrelid::regclass::text
            FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
            WHERE relnamespace = 'land'::regnamespace AND NOT tgisinternal
            UNION SELECT indexrelid::regclass::text, indrelid::regclass::text FROM pg_index
            WHERE indrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'land'::regnamespace)
            AND indisunique AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
            UNION SELECT conname::text, conrelid::regclass::text FROM pg_constraint
            WHERE connamespace = 'land'::regnamespace AND contype IN ('c', 'x', 'f', 'u')""")
        return {str(name).removeprefix("land.") for name, table in rows if table not in LATER}


def test_every_guard_is_named_by_an_attack(database: Database) -> None:
    sources = "\n".join(path.read_text(encoding="utf-8") for path in HERE.glob("*.py"))
    silent = {
        name
        for name in guards(database) - SAID_TWICE
        if name not in sources
        and not any(kind.search(name) for kind in (PLAIN, GENERIC, OF_SHAPES))
    }
    assert silent == set()


def planes(arena: Arena) -> list[tuple[str, str]]:
    """Tables with a shape, and the rule that ties it to the plane of its row."""
    rows = arena.watcher.execute(
        "SELECT conrelid::regclass::text, conname::text FROM pg_constraint"
        " WHERE connamespace = 'land'::regnamespace AND conname LIKE '%\\_srid' ORDER BY 1"
    ).fetchall()
    return [(str(table), str(rule)) for table, rule in rows]


def test_every_shape_keeps_to_its_plane_and_is_valid(arena: Arena) -> None:
    """Tables other than parcels: a shape of another plane or crossing itself is refused."""
    found = planes(arena)
    assert len(found) >= 7
    plot = arena.plot()
    east, north = int(plot.east), int(plot.north)
    bowtie = f"(({east} {north}, {east + 9} {north + 9}, {east + 9} {north}, {east} {north + 5},"
    bowtie += f" {east} {north}))"
    good = f"(({east} {north}, {east + 9} {north}, {east + 9} {north + 9}, {east} {north}))"
    for table, rule in found:
        kind = arena.ask(
            "SELECT postgis_typmod_type(atttypmod) FROM pg_attribute"
            " WHERE attrelid = %(table)s::regclass AND attname = 'geom'",
            table=table,
        )
        multi = kind == "MultiPolygon"
        for srid, ring, fault in (
            (5897, good, rule),
            (5899, bowtie, rule.replace("_srid", "_valid")),
        ):
            shape = f"SRID={srid};" + (f"MULTIPOLYGON({ring})" if multi else f"POLYGON{ring}")
            assert _refused(arena, table, shape) in {fault, fault.replace("_valid", "_shape")}


def _refused(arena: Arena, table: str, shape: str) -> str:
    """Insert a shape beside nulls: checks of the row judge before what is missing is missed."""
    with arena.hand("postgres") as hand:
        hand.all("SET LOCAL session_replication_role = replica")
        for (column,) in hand.all(
            "SELECT attname::text FROM pg_attribute WHERE attrelid = %(table)s::regclass"
            " AND attnum > 0 AND attnotnull AND attgenerated = '' AND attidentity = ''",
            table=table,
        ):
            hand.all(f"ALTER TABLE {table} ALTER {column} DROP NOT NULL")
        hand.do(
            lambda hand: hand.all(
                f"INSERT INTO {table} (srid, geom) VALUES (5899, %(shape)s::geometry)", shape=shape
            )
        )
        return hand.refused_by


@pytest.mark.parametrize(
    "table", ["change_seal", "conformance", "land_right_ledger", "clearance_ledger"]
)
def test_what_the_database_writes_nobody_else_does(
    module_database: TestDatabase, table: str
) -> None:
    with module_database.connect(WRITE) as connection:
        row = connection.execute(
            "SELECT has_table_privilege(%(table)s, 'INSERT, UPDATE, DELETE, TRUNCATE')"
            " OR has_any_column_privilege(%(table)s, 'INSERT, UPDATE')",
            {"table": f"land.{table}"},
        ).fetchone()
    assert row == (False,)
