"""Provinces and communes from a file, with the territory they have from a day on."""

from __future__ import annotations

from collections import defaultdict

import psycopg
from sqlalchemy.orm import Session

from planning.changes.imports.draft import Draft, Table, Tick
from planning.changes.imports.findings import RowFinding
from planning.changes.imports.request import Request
from planning.changes.imports.shapes import multipolygon_batch
from planning.changes.imports.surroundings import Surroundings
from planning.zones.commands import NewAdminUnit, add_admin_units


def examine(table: Table, request: Request, around: Surroundings, tick: Tick) -> Draft:
    """Check the rows; a code may come once."""
    count = len(table.rows)
    labels = [
        " ".join(word for word in (table.text("code", i), table.text("name_vi", i)) if word)
        for i in range(count)
    ]
    batch = multipolygon_batch(table, labels)
    tick("check", count, count)
    holders: dict[str, list[int]] = defaultdict(list)
    for i in range(count):
        code = table.text("code", i)
        if code is not None:
            holders[code].append(i)
    for code, positions in holders.items():
        for i in positions if len(positions) > 1 else ():
            others = [batch.rows[j] for j in positions if j != i]
            batch.find(i, "row-code-repeated", {"code": code, "rows": others})
    items = [
        None
        if i in batch.refused
        else NewAdminUnit(
            level=table.text("level", i) or request.level,
            code=table.text("code", i) or "",
            name_vi=table.text("name_vi", i) or "",
            territory=batch.shapes[i],
            name_en=table.text("name_en", i),
            parent_code=table.text("parent_code", i),
        )
        for i in range(count)
    ]
    return Draft(list(items), [((row, 0),) for row in batch.rows], batch.facts(), batch.findings)


def write(
    session: Session, change: int, request: Request, around: Surroundings, draft: Draft, tick: Tick
) -> dict[str, int]:
    """Take the units in; one known already gets a successor from the day on."""
    count = add_admin_units(
        session, change, srid=around.srid, units=draft.kept, valid_from=around.day
    )
    tick("write", count, count)
    return {"admin_units": count}


def diagnose(
    session: Session, request: Request, around: Surroundings, draft: Draft, refusal: psycopg.Error
) -> list[RowFinding]:
    """Nothing more is known than what the database said."""
    return []
