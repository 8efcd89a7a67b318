"""Every mapped class equals the migrated database: columns, types, nullability, keys."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from types import ModuleType

import pytest
from sqlalchemy import Column, Table, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import DeclarativeBase

import gisapp
import planning
from gisapp.db import Database

# what the database writes and reads for itself; no mapped class shows it
OWN_COLUMNS = {("land.change", "transaction"), ("land.change", "in_flight")}
OWN_TABLES = {
    "land.change_seal",
    "land.clearance_ledger",
    "land.clearance_order",
    "land.clocked",
    "land.land_right_ledger",
    "land.plane_revision",
    "land.recorded",
    "land.register_table",
}
SAME_TYPE = {
    "float": "double precision",
    "float[]": "double precision[]",
    "geometry(geometry)": "geometry",
}


@dataclass(frozen=True)
class Stored:
    """A column as the database has it; a domain shows the type below it."""

    kind: str
    nullable: bool
    generated: bool
    key: bool


def _import_models(package: ModuleType) -> None:
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if found.name.endswith("model"):
            importlib.import_module(found.name)


def _mapped_tables() -> dict[str, Table]:
    _import_models(planning)
    _import_models(gisapp)
    return {
        mapper.local_table.fullname: mapper.local_table
        for base in DeclarativeBase.__subclasses__()
        for mapper in base.registry.mappers
        if isinstance(mapper.local_table, Table)
    }


TABLES = _mapped_tables()


@pytest.fixture(scope="module")
def stored(shared_database: object) -> dict[str, dict[str, Stored]]:
    database: Database = shared_database.database
    with database.reading() as session:
        rows = session.execute(
            text("""
            SELECT nspname || '.' || relname AS relation, attname,
                   lower(format_type(CASE typtype WHEN 'd' THEN typbasetype ELSE atttypid END,
                                     CASE typtype WHEN 'd' THEN typtypmod ELSE atttypmod END)),
                   NOT attnotnull, attgenerated <> '',
                   coalesce(attnum = ANY (indkey), false)
            FROM pg_attribute
            JOIN pg_class ON pg_class.oid = attrelid
            JOIN pg_namespace ON pg_namespace.oid = relnamespace
            JOIN pg_type ON pg_type.oid = atttypid
            LEFT JOIN pg_index ON indrelid = attrelid AND indisprimary
            WHERE nspname IN ('land', 'account', 'app', 'household') AND relkind IN ('r', 'p')
              AND attnum > 0 AND NOT attisdropped""")
        ).all()
    found: dict[str, dict[str, Stored]] = {}
    for relation, name, *facts in rows:
        found.setdefault(relation, {})[name] = Stored(*facts)
    return found


def _kind(column: Column[object]) -> str:
    shown = column.type.compile(dialect=postgresql.dialect()).lower().replace(",-1)", ")")
    return SAME_TYPE.get(shown, shown)


@pytest.mark.parametrize("name", sorted(TABLES))
def test_a_mapped_class_equals_its_table(name: str, stored: dict[str, dict[str, Stored]]) -> None:
    assert name in stored
    table, columns = TABLES[name], stored[name]
    mapped = {column.name: column for column in table.columns}
    assert mapped.keys() <= columns.keys()
    for column_name, column in mapped.items():
        found = columns[column_name]
        assert _kind(column) == found.kind, column_name
        assert (column.computed is not None) == found.generated, column_name
        assert column.primary_key == found.key, column_name
        if not found.generated:
            assert bool(column.nullable) == found.nullable, column_name


@pytest.mark.parametrize("name", sorted(name for name in TABLES if name.startswith("land.")))
def test_what_is_not_mapped_the_database_computes(
    name: str, stored: dict[str, dict[str, Stored]]
) -> None:
    mapped = {column.name for column in TABLES[name].columns}
    left = {
        column
        for column, found in stored[name].items()
        if column not in mapped and not found.generated and (name, column) not in OWN_COLUMNS
    }
    assert left == set()


def test_every_table_of_the_register_is_mapped(stored: dict[str, dict[str, Stored]]) -> None:
    tables = {name for name in stored if name.startswith("land.")}
    assert tables - TABLES.keys() == OWN_TABLES
