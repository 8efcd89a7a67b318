"""Investment projects from a table or a drawing: kind, investor, capital by currency, progress."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

import numpy as np
import psycopg
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from layers.geometry import flaw, on_grid, right_handed
from planning.changes.imports.draft import Batch, Draft, Table, Tick, areas
from planning.changes.imports.findings import Place, RowFinding
from planning.changes.imports.grouped import refused_rows
from planning.changes.imports.parties import party_of
from planning.changes.imports.request import Request
from planning.changes.imports.resettlement import check_codes, status_of
from planning.changes.imports.surroundings import Surroundings
from planning.clocks import today
from planning.projects.commands import NewProject, create_projects, note_progress, set_capital
from planning.tenure.commands import NewParty, register_parties

KINDS: Final = {
    "fdi": ("fdi", "vonnuocngoai", "dautunuocngoai", "nuocngoai"),
    "ddi": ("ddi", "trongnuoc", "vontrongnuoc", "daututrongnuoc"),
    "public": ("public", "dautucong", "congcong", "vonngansach", "ngansach"),
}
STATUSES: Final = {
    "promoted": ("dangxuctien", "xuctien", "keugoi"),
    "policy_approved": ("chapthuanchutruong", "dachapthuanchutruong", "duoc chap thuan"),
    "certified": ("dacapgcn", "capgcndkdt", "dacapphep", "capphep", "dadangky"),
    "land_secured": ("dathuedat", "dacodat", "dagiaodat", "nhandat"),
    "permitted": ("dacapgpxd", "capphepxaydung", "dacogiayphepxaydung"),
    "under_construction": ("dangxaydung", "xaydung", "dangthicong", "trienkhai", "dangtrienkhai"),
    "operating": ("hoatdong", "danghoatdong", "davanhanh", "sanxuat", "davaohoatdong"),
    "expanding": ("morong", "dangmorong"),
    "suspended": ("tamdung", "tamngung", "ngunghoatdong"),
    "terminated": ("chamdut", "dachamdut", "thuhoigcn"),
    "land_recovered": ("thuhoidat", "dathuhoidat"),
}
_POLYGONS: Final = (3, 6)


@dataclass(frozen=True, slots=True)
class Project:
    """A project to record with what the row says of money and progress."""

    code: str
    name_vi: str
    name_en: str | None
    kind: str
    status: str
    investor: NewParty | None
    certificate_no: str | None
    shape: BaseGeometry | None
    currency: str
    registered: Decimal | None
    implemented: Decimal | None
    actual_pct: Decimal | None
    planned_pct: Decimal | None
    reported_on: date | None


def examine(table: Table, request: Request, around: Surroundings, tick: Tick) -> Draft:
    """Check the rows; a project may have an area, a point, or no place yet."""
    batch = _placed(table)
    check_codes(batch, table, around)
    items = [_project(batch, table, i) for i in range(len(table.rows))]
    items = [None if i in batch.refused else item for i, item in enumerate(items)]
    tick("check", len(items), len(items))
    return Draft(list(items), [((row, 0),) for row in batch.rows], batch.facts(), batch.findings)


def write(
    session: Session, change: int, request: Request, around: Surroundings, draft: Draft, tick: Tick
) -> dict[str, int]:
    """Record the projects, their investors, capital and progress."""
    projects: list[Project] = draft.kept
    named = [project.investor for project in projects if project.investor is not None]
    investors = iter(register_parties(session, change, named))
    made = create_projects(
        session,
        change,
        [
            NewProject(
                code=project.code,
                zone_id=around.zone.zone_id,
                srid=around.srid,
                kind=project.kind,
                name_vi=project.name_vi,
                valid_from=around.day,
                status=project.status,
                name_en=project.name_en,
                investor_id=next(investors) if project.investor is not None else None,
                certificate_no=project.certificate_no,
                shape=project.shape,
            )
            for project in projects
        ],
    )
    for done, (project, project_id) in enumerate(zip(projects, made, strict=True)):
        tick("write", done, len(projects))
        if project.registered is not None:
            set_capital(
                session,
                change,
                project_id=project_id,
                currency=project.currency,
                registered=project.registered,
                implemented=project.implemented,
                day=around.day,
            )
        if project.actual_pct is not None:
            note_progress(
                session,
                change,
                project_id=project_id,
                day=project.reported_on or around.day,
                actual_pct=project.actual_pct,
                planned_pct=project.planned_pct,
            )
    tick("write", len(projects), len(projects))
    return {"projects": len(projects)}


def diagnose(
    session: Session, request: Request, around: Surroundings, draft: Draft, refusal: psycopg.Error
) -> list[RowFinding]:
    """Nothing more is known than what the database said."""
    return []


def _placed(table: Table) -> Batch:
    count = len(table.rows)
    refused = refused_rows(table)
    labels = [
        " · ".join(word for word in (table.text("code", i), table.text("name_vi", i)) if word)
        for i in range(count)
    ]
    shapes = table.shapes.copy()
    batch = Batch(
        [int(row) for row in table.rows],
        [0] * count,
        list(range(count)),
        shapes,
        areas(shapes),
        labels,
        table.findings,
        {i for i, row in enumerate(table.rows) if int(row) in refused},
    )
    for i in range(count):
        shape = shapes[i]
        if shape is None or i in batch.refused:
            continue
        found = flaw(shape)
        if found is not None:
            known = found.x is not None and found.y is not None
            place = Place.at(found.x, found.y) if known else None  # type: ignore[arg-type]
            batch.find(i, "row-geometry-invalid", {"reason": found.reason}, place=place)
        elif shapely.get_type_id(shape) in _POLYGONS:
            shapes[i] = right_handed(on_grid(np.array([shape], dtype=object))[0])
    return batch


def _project(batch: Batch, table: Table, i: int) -> Project | None:
    status = status_of(batch, table, i, STATUSES, "certified")
    kind = status_of(batch, table, i, KINDS, "ddi", "project_kind")
    investor, wrong = party_of(table, i, "investor", "investor_tax_code", "company")
    if wrong is not None:
        batch.find(i, wrong.code, wrong.context, name=wrong.field)
    reported = table.value("reported_on", i)
    if reported is not None and reported > today():
        batch.find(i, "row-day-ahead", {"day": reported}, name="reported_on")
    if status is None or kind is None or i in batch.refused:
        return None
    return Project(
        code=table.text("code", i) or "",
        name_vi=table.text("name_vi", i) or "",
        name_en=table.text("name_en", i),
        kind=kind,
        status=status,
        investor=investor,
        certificate_no=table.text("certificate_no", i),
        shape=batch.shapes[i],
        currency=table.text("currency", i) or "VND",
        registered=table.value("registered_capital", i),
        implemented=table.value("implemented_capital", i),
        actual_pct=table.value("progress_pct", i),
        planned_pct=table.value("planned_pct", i),
        reported_on=reported,
    )
