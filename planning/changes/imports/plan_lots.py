"""Lots of a plan version: the plan's own symbol kept, category and leasable class beside it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import replace
from decimal import Decimal

import numpy as np
import psycopg
import shapely
from sqlalchemy.orm import Session

from layers.coverage import RefusalReason, node_coverage, sliver_tolerance_m2
from layers.geometry import on_grid, right_handed
from planning.changes.imports.draft import Batch, Draft, Table, Tick
from planning.changes.imports.findings import Place, RowFinding
from planning.changes.imports.noded import note_area, take_over
from planning.changes.imports.request import Request
from planning.changes.imports.shapes import (
    polygon_batch,
    refuse_outside,
    refuse_tiny,
    shared_out,
)
from planning.changes.imports.surroundings import PlanGround, Surroundings
from planning.plans.commands import NewLot, add_lots
from planning.vocabulary import category_of_symbol, lot_categories

SCOPE_TOLERANCE_M = 0.4
"""0.2 mm on a 1/2000 drawing."""
SAME_SHARE = 0.99
"""Lots that share this much of the larger one are one lot brought twice."""


def examine(table: Table, request: Request, around: Surroundings, tick: Tick) -> Draft:
    """Check the rows, node the lots once, propose categories where the file has none."""
    assert around.plan is not None  # noqa: S101 - surveyed for lots
    labels = [table.text("symbol", i) or "" for i in range(len(table.rows))]
    batch = polygon_batch(table, labels, explode=request.explode)
    categories = _categories(batch, table)
    tick("node", 0, len(batch.rows))
    _node(batch)
    tick("node", len(batch.rows), len(batch.rows))
    refuse_tiny(batch)
    _check_ground(batch, around, around.plan)
    _check_others(batch, around.plan)
    lots = _lots(batch, table, categories)
    sources = [((row, part),) for row, part in zip(batch.rows, batch.parts, strict=True)]
    return Draft(list(lots), sources, batch.facts(), batch.findings)


def write(
    session: Session, change: int, request: Request, around: Surroundings, draft: Draft, tick: Tick
) -> dict[str, int]:
    """Add the lots to the plan version by COPY; the database relates each to every parcel."""
    assert around.plan is not None  # noqa: S101
    tick("write", 0, len(draft.kept))
    count = add_lots(session, change, plan_version_id=around.plan.version_id, lots=draft.kept)
    tick("write", count, count)
    return {"plan_lots": count, "plan_version": around.plan.number}


def diagnose(
    session: Session, request: Request, around: Surroundings, draft: Draft, refusal: psycopg.Error
) -> list[RowFinding]:
    """Nothing more is known than what the database said."""
    return []


def _categories(batch: Batch, table: Table) -> dict[int, tuple[str, str]]:
    """Category and leasable class by table position: the file's own, else what the symbol's
    letters propose.
    """
    known = lot_categories()
    proposed: Counter[tuple[str, str]] = Counter()
    found: dict[int, tuple[str, str]] = {}
    first = {source: i for i, source in reversed(list(enumerate(batch.source)))}
    for source, position in first.items():
        symbol, category = table.text("symbol", source), table.text("category", source)
        if symbol is None:
            continue
        letters = _letters(symbol)
        if letters in table.mapping.categories:
            category = table.mapping.categories[letters]
        if category is None or category.upper() not in known:
            guess = category_of_symbol(category or symbol) or category_of_symbol(symbol)
            if guess is None:
                told = {"symbol": symbol, "category": category or ""}
                batch.find(position, "row-category-unknown", told)
                continue
            proposed[letters, guess] += 1
            category = guess
        category = category.upper()
        found[source] = (category, table.mapping.leasable.get(category, known[category].leasable))
    if proposed:
        listed = [
            f"{symbol} → {category} ({n})" for (symbol, category), n in proposed.most_common()
        ]
        context = {"count": sum(proposed.values()), "proposals": listed}
        batch.findings.append(RowFinding(0, "import-categories-proposed", context))
    return found


def _letters(symbol: str) -> str:
    """The letters a symbol begins with: "CN" of "CN-01"."""
    found = re.match(r"[A-ZĐ]+", symbol.strip().upper())
    return found.group().replace("Đ", "D") if found else ""


def _node(batch: Batch) -> None:
    """Node the lots once. Lots that overlap are kept as drawn, on the 1 mm grid, and say so: a
    draft may have them, approval asks for a signature.
    """
    alive = batch.alive
    if not alive.size:
        return
    noded = node_coverage(batch.shapes[alive])
    crossing = [each for each in noded.refusals if each.reason is RefusalReason.OVERLAP]
    others = tuple(each for each in noded.refusals if each.reason is not RefusalReason.OVERLAP)
    take_over(batch, alive, replace(noded, refusals=others))
    for index in sorted({each.index for each in crossing} - {each.index for each in others}):
        position = int(alive[index])
        drawn = on_grid(batch.shapes[[position]])[0]
        if not isinstance(drawn, shapely.Polygon) or drawn.is_empty or not drawn.is_valid:
            batch.find(position, "row-geometry-collapses", where=batch.shapes[position])
            continue
        batch.shapes[position] = right_handed(drawn)
    for each in crossing:
        other = int(alive[each.partner or 0])
        context = {
            "other_row": batch.rows[other],
            "other": batch.labels[other],
            "area_m2": each.area_m2,
        }
        where = None if each.place is None else Place.at(each.place.x, each.place.y)
        batch.find(int(alive[each.index]), "lot-overlaps-row", context, place=where)


def _check_ground(batch: Batch, around: Surroundings, plan: PlanGround) -> None:
    if plan.scope is not None:
        scope = plan.scope.buffer(SCOPE_TOLERANCE_M, join_style="mitre")
        refuse_outside(batch, scope, plan.scope, "row-outside-plan", str(plan.number))
    elif around.zone.ground is not None and around.zone.shape is not None:
        refuse_outside(
            batch, around.zone.ground, around.zone.shape, "row-outside-zone", around.zone.code
        )


def _check_others(batch: Batch, plan: PlanGround) -> None:
    """Lots already in the version keep their ground; the same lot is not brought twice."""
    alive = batch.alive
    if not len(plan.lots) or not alive.size:
        return
    tree = shapely.STRtree(plan.lots)
    mine, theirs = tree.query(batch.shapes[alive], predicate="intersects")
    shared = shapely.intersection(batch.shapes[alive[mine]], plan.lots[theirs])
    real = shapely.area(shared) > sliver_tolerance_m2(shapely.length(shared))
    for i, j, ground in zip(mine[real], theirs[real], shared[real], strict=True):
        context = {"lot": plan.symbols[int(j)], "area_m2": float(ground.area)}
        larger = max(batch.shapes[alive[i]].area, plan.lots[j].area)
        again = ground.area > SAME_SHARE * larger
        code = "row-overlaps-lot" if again else "lot-overlaps-lot"
        batch.find(int(alive[i]), code, context, where=ground)


def _lots(
    batch: Batch, table: Table, categories: dict[int, tuple[str, str]]
) -> list[NewLot | None]:
    siblings: dict[int, list[int]] = defaultdict(list)
    for position, source in enumerate(batch.source):
        siblings[source].append(position)
    made: list[NewLot | None] = [None] * len(batch.rows)
    for source, positions in siblings.items():
        if source not in categories or any(position in batch.refused for position in positions):
            continue
        category, leasable = categories[source]
        legal: Decimal | None = table.value("legal_area_m2", source)
        sizes = [float(batch.shapes[position].area) for position in positions]
        note_area(batch, positions[0], legal, float(np.sum(sizes)))
        for position, share in zip(positions, shared_out(legal, sizes), strict=True):
            made[position] = NewLot(
                symbol=table.text("symbol", source) or "",
                category=category,
                leasable=leasable,
                shape=batch.shapes[position],
                legal_area_m2=share,
                density_pct=table.value("density_pct", source),
                storeys_max=table.value("storeys_max", source),
                floor_area_ratio=table.value("floor_area_ratio", source),
            )
    return made
