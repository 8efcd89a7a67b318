"""Resettlement areas from a file: ground, decision's plots, readiness."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import psycopg
from shapely import MultiPolygon
from sqlalchemy.orm import Session

from layers.fields.names import fold
from planning.changes.imports.draft import Batch, Draft, Table, Tick
from planning.changes.imports.findings import RowFinding
from planning.changes.imports.request import Request
from planning.changes.imports.shapes import multipolygon_batch
from planning.changes.imports.surroundings import Surroundings
from planning.resettlement.commands import create_area

STATUSES: Final = {
    "planned": ("planned", "quyhoach", "duyet quy hoach", "dukien", "chuatrienkhai"),
    "approved": ("approved", "daduyet", "duocduyet", "dapheduyet", "pheduyet"),
    "building": ("building", "dangxaydung", "dangthicong", "xaydung", "thicong"),
    "completed": ("completed", "hoanthanh", "dahoanthanh", "daxong"),
    "full": ("full", "dabotrihet", "het", "kin", "lapday", "daday"),
}


@dataclass(frozen=True, slots=True)
class NewArea:
    """A resettlement area to record."""

    code: str
    name_vi: str
    name_en: str | None
    shape: MultiPolygon
    status: str
    plots_planned: int | None
    ready_on: date | None


def examine(table: Table, request: Request, around: Surroundings, tick: Tick) -> Draft:
    """Check the rows; a code comes once, in the file and in the register."""
    count = len(table.rows)
    labels = [
        " · ".join(word for word in (table.text("code", i), table.text("name_vi", i)) if word)
        for i in range(count)
    ]
    batch = multipolygon_batch(table, labels)
    check_codes(batch, table, around)
    statuses = [status_of(batch, table, i, STATUSES, "planned") for i in range(count)]
    items = [
        None
        if i in batch.refused or status is None
        else NewArea(
            code=table.text("code", i) or "",
            name_vi=table.text("name_vi", i) or "",
            name_en=table.text("name_en", i),
            shape=batch.shapes[i],
            status=status,
            plots_planned=table.value("plots_planned", i),
            ready_on=table.value("ready_on", i),
        )
        for i, status in enumerate(statuses)
    ]
    tick("check", count, count)
    return Draft(list(items), [((row, 0),) for row in batch.rows], batch.facts(), batch.findings)


def write(
    session: Session, change: int, request: Request, around: Surroundings, draft: Draft, tick: Tick
) -> dict[str, int]:
    """Record the areas under the document of the import."""
    for done, area in enumerate(draft.kept):
        tick("write", done, len(draft.kept))
        create_area(
            session,
            change,
            code=area.code,
            board_id=around.board_id,
            zone_id=around.zone.zone_id,
            name_vi=area.name_vi,
            name_en=area.name_en,
            srid=around.srid,
            area=area.shape,
            valid_from=around.day,
            status=area.status,
            plots_planned=area.plots_planned,
            decision_id=draft.extra["document_id"],
            ready_on=area.ready_on,
        )
    tick("write", len(draft.kept), len(draft.kept))
    return {"resettlement_areas": len(draft.kept)}


def diagnose(
    session: Session, request: Request, around: Surroundings, draft: Draft, refusal: psycopg.Error
) -> list[RowFinding]:
    """Nothing more is known than what the database said."""
    return []


def check_codes(batch: Batch, table: Table, around: Surroundings) -> None:
    """A code comes once in the file and is not in the register."""
    holders: dict[str, list[int]] = defaultdict(list)
    for i in range(len(table.rows)):
        code = table.text("code", i)
        if code is not None:
            holders[code].append(i)
    for code, positions in holders.items():
        for i in positions:
            others = [batch.rows[j] for j in positions if j != i]
            if others:
                batch.find(i, "row-code-repeated", {"code": code, "rows": others})
            if code in around.codes:
                batch.find(i, "row-code-in-register", {"code": code})


def status_of(
    batch: Batch, table: Table, i: int, words: Mapping[str, tuple[str, ...]], default: str,
    name: str = "status",
) -> str | None:  # fmt: skip
    """Return the status a row's words mean, the default when it says none, None when unknown."""
    said = table.text(name, i)
    if said is None:
        return default
    folded = fold(said)
    for status, accepted in words.items():
        if folded == fold(status) or folded in {fold(word) for word in accepted}:
            return status
    batch.find(i, "row-status-unknown", {"value": said, "known": list(words)}, name=name)
    return None
