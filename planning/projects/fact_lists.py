"""Projects themselves, their certificates, terms and progress as tables, rates beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from layers.fields.names import fold
from planning.clearance.case_lists import DaysBackwards
from planning.clearance.lists import Minutes, happened, minutes_of, papers
from planning.clocks import Moment
from planning.incoming import Line, ListKind, Paper, Places, RowRefused
from planning.projects import facts_listed
from planning.projects.commands import (
    NewProject,
    change_project,
    create_projects,
    note_progress,
)
from planning.projects.incoming import RowProjectUnknown
from planning.projects.model import Project
from planning.projects.permits import CHANGES, issue_certificate, set_term
from planning.tenure.commands import NewParty, register_parties
from planning.tenure.rules import read_tax_code
from planning.zones.model import Zone


class ProjectElsewhere(RowRefused):
    """A project stays in the zone it was recorded in. Context: ``project``, ``zone``, ``field``."""

    code = "list-row-project-elsewhere"


class ChangeUnknown(RowRefused):
    """An amendment changes none of the things certificates say. Context: ``what``, ``field``."""

    code = "list-row-change-unknown"


@dataclass(frozen=True, slots=True)
class Around:
    """What rows are held against: zones in sight, their planes, projects by code."""

    places: Places
    planes: Mapping[UUID, int]
    projects: Mapping[str, tuple[UUID, UUID]]

    def project(self, line: Line) -> UUID:
        """The project a row names. Raises RowProjectUnknown."""
        code = line.text("code") or ""
        found = self.projects.get(code)
        if found is None or found[1] not in self.planes:
            raise RowProjectUnknown(project=code, field="code")
        return found[0]


def survey(session: Session, at: Moment, places: Places) -> Around:
    """Read the projects there are, and the planes of the zones in sight."""
    seen = list(places.zones.values())
    planes = session.execute(select(Zone.id, Zone.srid).where(Zone.id.in_(seen)))
    rows = session.execute(select(Project.code, Project.id, Project.zone_id))
    return Around(
        places,
        {row.id: row.srid for row in planes},
        {code.upper(): (own, zone) for code, own, zone in rows},
    )


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """A project to record, or what changes of the one `known`."""

    code: str
    zone_id: UUID
    srid: int
    known: UUID | None
    said: Mapping[str, str]
    investor: NewParty | None


def _parse_project(around: Around, line: Line) -> ProjectRow:
    code, zone = line.text("code") or "", around.places.zone(line)
    known = around.projects.get(code)
    if known is not None and known[1] != zone:
        raise ProjectElsewhere(project=code, zone=line.text("zone_code"), field="zone_code")
    said = {
        name: text
        for name in ("name_vi", "name_en", "kind", "status")
        if (text := line.text(name)) is not None
    }
    investor = line.text("investor")
    tax_code = read_tax_code(line.text("investor_tax_code"))
    party = NewParty(investor, tax_code) if investor is not None else None
    known_id = known[0] if known is not None else None
    return ProjectRow(code, zone, around.planes[zone], known_id, said, party)


def _write_projects(session: Session, paper: Paper, rows: Sequence[ProjectRow]) -> None:
    named = [row.investor for row in rows if row.investor is not None]
    parties = iter(register_parties(session, paper.change, named))
    who = {row.code: next(parties) for row in rows if row.investor is not None}
    create_projects(
        session, paper.change,
        [
            NewProject(
                code=row.code, zone_id=row.zone_id, srid=row.srid, valid_from=paper.day,
                investor_id=who.get(row.code), **row.said,  # type: ignore[arg-type]
            )
            for row in rows
            if row.known is None
        ],
    )  # fmt: skip
    for row in rows:
        if row.known is not None:
            investor = {"investor_id": who[row.code]} if row.code in who else {}
            change_project(
                session, paper.change, project_id=row.known, day=paper.day,
                values={**row.said, **investor},
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """A certificate or its n-th amendment, by its own paper."""

    project: UUID
    certificate: str
    amendment: int
    minutes: Minutes
    day: date | None
    changes: tuple[str, ...]
    summary: str | None


def _parse_certificate(around: Around, line: Line) -> CertificateRow:
    minutes = minutes_of(line)
    if minutes is None:  # the three columns are required
        raise RowRefused(field="document_no")
    return CertificateRow(
        around.project(line), line.text("certificate") or "irc",
        int(line.number_of("amendment") or 0), minutes, line.day("day"),
        changes_named(line.text("changes")), line.text("summary"),
    )  # fmt: skip


def changes_named(said: str | None) -> tuple[str, ...]:
    """What an amendment changes, named in words: ``vốn, tiến độ``. Raises ChangeUnknown."""
    words = {fold(word): name for name in CHANGES for word in (name, facts_listed.CHANGED[name])}
    parts = [part.strip() for part in (said or "").replace(";", ",").split(",") if part.strip()]
    for part in parts:
        if fold(part) not in words:
            raise ChangeUnknown(what=part[:40], field="changes")
    return tuple(dict.fromkeys(words[fold(part)] for part in parts))


def _write_certificates(session: Session, paper: Paper, rows: Sequence[CertificateRow]) -> None:
    document = papers(session, paper, (row.minutes for row in rows), "certificate")
    for row in rows:
        issue_certificate(
            session, paper.change, project_id=row.project, certificate=row.certificate,
            document_id=document(row.minutes), day=row.day, amendment=row.amendment,
            changes=row.changes, summary=row.summary,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class TermRow:
    """From which day to which a project runs."""

    project: UUID
    starts_on: date
    ends_on: date


def _parse_term(around: Around, line: Line) -> TermRow:
    starts, ends = line.day("starts_on") or date.max, line.day("ends_on") or date.max
    if ends <= starts:
        raise DaysBackwards(since=starts, until=ends, field="ends_on")
    return TermRow(around.project(line), starts, ends)


def _write_terms(session: Session, paper: Paper, rows: Sequence[TermRow]) -> None:
    for row in rows:
        set_term(
            session, paper.change, project_id=row.project, starts_on=row.starts_on,
            ends_on=row.ends_on, day=paper.day,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """How far a project was on a day, per cent."""

    project: UUID
    day: date
    actual_pct: Decimal
    planned_pct: Decimal | None
    note: str | None


def _parse_progress(around: Around, line: Line) -> ProgressRow:
    return ProgressRow(
        around.project(line), happened(line.day("day") or date.max, "day"),
        line.number_of("actual_pct") or Decimal(0), line.number_of("planned_pct"),
        line.text("note"),
    )  # fmt: skip


def _write_progress(session: Session, paper: Paper, rows: Sequence[ProgressRow]) -> None:
    for row in sorted(rows, key=lambda each: each.day):
        note_progress(
            session, paper.change, project_id=row.project, day=row.day, actual_pct=row.actual_pct,
            planned_pct=row.planned_pct, note=row.note,
        )  # fmt: skip


PROJECTS: Final = ListKind(
    "project-register", survey, _parse_project, _write_projects, key=lambda row: row.code,
    listed=facts_listed.projects, named=("code",),
)  # fmt: skip
CERTIFICATES: Final = ListKind(
    "project-certificates", survey, _parse_certificate, _write_certificates,
    key=lambda row: (row.project, row.certificate, row.amendment),
    listed=facts_listed.certificates, dated="row", named=("code", "certificate", "amendment"),
)  # fmt: skip
TERMS: Final = ListKind(
    "project-terms", survey, _parse_term, _write_terms, key=lambda row: row.project,
    listed=facts_listed.terms, named=("code",),
)  # fmt: skip
PROGRESS: Final = ListKind(
    "project-progress", survey, _parse_progress, _write_progress,
    key=lambda row: (row.project, row.day),
    listed=facts_listed.progress, dated="row", named=("code", "day"),
)  # fmt: skip
