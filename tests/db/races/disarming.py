"""Take a guard away for one attack, and put it back: rules are remembered by their definitions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from tests.db.races.arena import OWNER, Arena

Connection = psycopg.Connection[Any]

_RULES = """
    SELECT 'function', oid::regprocedure::text, '', pg_get_functiondef(oid) FROM pg_proc
    WHERE pronamespace = 'land'::regnamespace AND prokind = 'f'
    UNION ALL
    SELECT 'trigger', tgname::text, tgrelid::regclass::text, pg_get_triggerdef(pg_trigger.oid)
    FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
    WHERE relnamespace = 'land'::regnamespace AND NOT tgisinternal
    UNION ALL
    SELECT 'constraint', conname::text, conrelid::regclass::text, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'land'::regnamespace AND conrelid <> 0
    AND contype <> 't'
    UNION ALL
    SELECT 'index', indexrelid::regclass::text, indrelid::regclass::text,
           pg_get_indexdef(indexrelid)
    FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
    WHERE relnamespace IN ('land'::regnamespace, 'app'::regnamespace) AND indisunique
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)"""
Rule = tuple[str, str, str]


def _rules(connection: Connection) -> dict[Rule, str]:
    return {(row[0], row[1], row[2]): row[3] for row in connection.execute(_RULES)}


@contextmanager
def without(arena: Arena, disarm: str) -> Iterator[None]:
    """Run SQL that takes a guard away; afterwards every rule is as it was.

    Where a constraint or unique index is missing, the rows of its table go: they may break it.
    """
    with arena.target.connect(OWNER) as owner:
        before = _rules(owner)
        owner.execute(disarm.encode())
    try:
        yield
    finally:
        with arena.target.connect("postgres") as mender, mender.transaction():
            mender.execute("SET LOCAL session_replication_role = replica")
            mender.execute(f"SET LOCAL ROLE {OWNER}")
            _mend(mender, before)


def _mend(mender: Connection, before: dict[Rule, str]) -> None:
    after = _rules(mender)
    for kind, name, table in after.keys() - before.keys():
        if kind == "trigger":
            mender.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}".encode())
        if kind == "function":
            mender.execute(f"DROP FUNCTION IF EXISTS {name} CASCADE".encode())
    changed = [rule for rule, text in before.items() if after.get(rule) != text]
    for kind, name, table in sorted(changed, key=lambda rule: rule[0] != "function"):
        text = before[kind, name, table]
        if kind in ("constraint", "index"):
            mender.execute(f"DELETE FROM {table}".encode())
        if kind == "constraint":
            text = f"ALTER TABLE {table} ADD CONSTRAINT {name} {text}"
        mender.execute(text.encode())
    mender.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert _rules(mender) == before
