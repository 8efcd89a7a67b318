"""Projects, certificates, terms, progress, notes and rates as the rows their lists are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from planning.clocks import Moment, in_force, known
from planning.incoming import Places
from planning.projects.facts_model import (
    ExchangeRate,
    Inspection,
    InspectionVersion,
    ProjectCertificate,
    ProjectTerm,
)
from planning.projects.model import Project, ProjectProgress, ProjectVersion
from planning.records.model import Document
from planning.tenure.model import Party, PartyVersion
from planning.zones.model import Zone

Rows = Sequence[Mapping[str, object]]
CHANGED: Final = {
    "name": "tên", "investor": "nhà đầu tư", "capital": "vốn", "land": "đất",
    "schedule": "tiến độ", "term": "thời hạn", "scale": "quy mô", "other": "nội dung khác",
}  # fmt: skip
"""What an amendment changes, as tables name it."""
_PAPER: Final = (
    Document.number.label("document_no"),
    Document.issued_on.label("document_date"),
    Document.issuer,
)


def _rows(session: Session, question: Any) -> Rows:
    return [dict(row) for row in session.execute(question).mappings()]


def _mine(places: Places) -> Any:
    return Project.zone_id.in_(list(places.zones.values()))


def projects(session: Session, at: Moment, places: Places) -> Rows:
    """Projects in being; an investor who is a natural person is not named."""
    said, who, called = ProjectVersion, Party, PartyVersion
    return _rows(
        session,
        select(
            Project.code, Zone.code.label("zone_code"), said.name_vi, said.name_en, said.kind,
            said.status, case((who.kind != "person", called.name_vi)).label("investor"),
            case((who.kind != "person", who.tax_code)).label("investor_tax_code"),
        )
        .join(said, (said.project_id == Project.id) & in_force(said, at))
        .join(Zone, Zone.id == Project.zone_id)
        .outerjoin(who, who.id == said.investor_id)
        .outerjoin(called, (called.party_id == who.id) & in_force(called, at))
        .where(_mine(places))
        .order_by(Project.code),
    )  # fmt: skip


def certificates(session: Session, at: Moment, places: Places) -> Rows:
    """Certificates and amendments in force from a day up to the one asked for."""
    held = ProjectCertificate
    rows = _rows(
        session,
        select(
            Project.code, held.certificate, held.amendment, *_PAPER,
            held.valid_from.label("day"), held.changes, held.summary,
        )
        .join(held, held.project_id == Project.id)
        .join(Document, Document.id == held.document_id)
        .where(_mine(places), known(held, at), held.valid_from <= at.as_of)
        .order_by(Project.code, held.certificate, held.amendment),
    )  # fmt: skip
    return [
        {**row, "changes": ", ".join(CHANGED[each] for each in row["changes"]) or None}  # type: ignore[attr-defined]
        for row in rows
    ]


def terms(session: Session, at: Moment, places: Places) -> Rows:
    """Between which days projects run."""
    said = ProjectTerm
    return _rows(
        session,
        select(Project.code, said.starts_on, said.ends_on)
        .join(said, (said.project_id == Project.id) & in_force(said, at))
        .where(_mine(places))
        .order_by(Project.code),
    )


def progress(session: Session, at: Moment, places: Places) -> Rows:
    """Progress as observed, every day it was noted up to the one asked for."""
    seen = ProjectProgress
    return _rows(
        session,
        select(
            Project.code, seen.valid_from.label("day"), seen.actual_pct, seen.planned_pct,
            seen.note,
        )
        .join(seen, seen.project_id == Project.id)
        .where(
            _mine(places), known(seen, at), seen.valid_from <= at.as_of,
            seen.valid_to.is_(None) | (seen.valid_to > seen.valid_from),
        )
        .order_by(Project.code, seen.valid_from),
    )  # fmt: skip


def inspections(session: Session, at: Moment, places: Places) -> Rows:
    """What was seen at projects; notes that name people too: those who edit take the list out."""
    noted = InspectionVersion
    return _rows(
        session,
        select(Project.code, noted.valid_from.label("day"), noted.body, noted.personal)
        .join(Inspection, Inspection.project_id == Project.id)
        .join(noted, noted.inspection_id == Inspection.id)
        .where(_mine(places), known(noted, at), noted.valid_from <= at.as_of)
        .order_by(Project.code, noted.valid_from, noted.version_id),
    )


def rates(session: Session, at: Moment, places: Places) -> Rows:
    """Rates as quoted, every day up to the one asked for."""
    said = ExchangeRate
    return _rows(
        session,
        select(said.currency, said.valid_from.label("day"), said.dong_per_unit, *_PAPER)
        .join(Document, Document.id == said.document_id)
        .where(
            known(said, at), said.valid_from <= at.as_of,
            said.valid_to.is_(None) | (said.valid_to > said.valid_from),
        )
        .order_by(said.currency, said.valid_from),
    )  # fmt: skip
