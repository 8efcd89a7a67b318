"""Dự án: the list of projects with lateness, land and money, and one project whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, render_template, request

from gisapp.pages.clearance import as_file
from gisapp.pages.once import new_key
from gisapp.present import projects as words
from gisapp.present.day import shown_day
from gisapp.present.frame import facts
from gisapp.present.project_charts import chart, schedule
from gisapp.present.tables import Filter, whole_asked
from gisapp.present.tables import listing as listed
from gisapp.present.words import folded
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.guard import can
from gisapp.security.people import may_see_people
from gisapp.security.permissions import Permission
from gisapp.security.scope import reader_scope
from gisapp.seen_projects import seen_projects
from gisapp.texts import gettext as _
from planning.clocks import moment
from planning.projects import rates, register, sightings
from planning.zones.queries import find_zone, zones

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from gisapp.present.projects import Shown
    from planning.clocks import Moment
    from planning.projects.rates import Rate
    from planning.projects.register import ProjectLine
    from planning.zones.queries import ZoneRow

pages = Blueprint("projects", __name__)

BRING: list[tuple[str, Any]] = []
"""Pages by which lists come in: endpoint and words."""
LEAVE: list[tuple[str, Any]] = []
"""Lists that leave as files: name and words."""


@pages.get("")
@requires(Permission.READ)
def listing() -> str | Response:
    """All projects the reader may see on the day, the late ones one click away."""
    return list_page()


def list_page(problem: str | None = None) -> str | Response:
    """The list; whole as a file when one is asked for."""
    day = shown_day()
    with database().reading() as db:
        at = moment(db, day.as_of, day.known_at)
        seen = seen_zones(db, at)
        told = seen_projects(db, at, [zone.id for zone in seen])
        found = [words.with_money(line, told.capital[line.id]) for line in told.lines]
        known = told.rates
        codes = rates.currencies(db) if can(Permission.EDIT) else []
    filters = _filters(seen)
    rows = [row for row in found if _wanted(row, {each.name: each.current for each in filters})]
    currencies = sorted({code for row in rows for code in row.registered}, key=_dong_last)
    shown = listed(
        rows, words.columns(currencies), default_sort="code", filters=filters, workbook=True,
        totals_label=_("Cộng"), empty=_("Chưa có dự án nào vào ngày này."),
    )  # fmt: skip
    if whole_asked():
        return as_file(shown, "du-an", "projects")
    return render_template(
        "pages/projects/listing.html", listing=shown, problem=problem, bring=BRING, leave=LEAVE,
        zones=[(zone.code, zone.code) for zone in seen],
        kinds=words.KINDS, statuses=words.STATUSES, counts=_counts(rows), given=request.form,
        registered=_together(rows, "registered", known), once=new_key(), codes=codes,
        implemented=_together(rows, "implemented", known), rates=list(known.values()),
    )  # fmt: skip


def _dong_last(code: str) -> tuple[bool, str]:
    return code == rates.DONG, code


def _filters(seen: list[ZoneRow]) -> list[Filter]:
    lateness = [("any", _("Chậm tiến độ (mọi mức)"))]
    lateness += [(key, str(word)) for key, (_colour, word) in words.LATENESS.items()]
    return [
        Filter("q", _("Tìm mã, tên, nhà đầu tư")),
        Filter("zone", _("Khu"), [(zone.code, zone.code) for zone in seen]),
        Filter("kind", _("Loại"), [(key, str(word)) for key, word in words.KINDS.items()]),
        Filter("status", _("Trạng thái"), [(k, str(word)) for k, word in words.STATUSES.items()]),
        Filter("lateness", _("Tiến độ"), lateness),
    ]


def _wanted(row: Shown, asked: dict[str, str]) -> bool:
    line = row.line
    late = asked["lateness"]
    return (
        (not asked["zone"] or line.zone == asked["zone"])
        and (not asked["kind"] or line.kind == asked["kind"])
        and (not asked["status"] or line.status == asked["status"])
        and (not late or line.lateness == late or (late == "any" and line.late_days > 0))
        and (not asked["q"] or folded(asked["q"]) in folded(_said(line)))
    )


def _said(line: ProjectLine) -> str:
    """What a reader may look for in a project."""
    return f"{line.code} {line.name_vi} {line.name_en or ''} {line.investor or ''}"


def _counts(rows: list[Shown]) -> dict[str, int]:
    """How many there are of each kind, and how many are late."""
    found = {kind: sum(row.line.kind == kind for row in rows) for kind in words.KINDS}
    return {**found, "late": sum(row.line.late_days > 0 for row in rows)}


def _together(rows: list[Shown], which: str, known: Mapping[str, Rate]) -> words.Sum:
    amounts = [each for row in rows for each in getattr(row, which).items()]
    return words.summed(rates.together(amounts, known))


@pages.get("/<code>")
@requires(Permission.READ)
def show(code: str) -> str:
    """One project: certificates, land, money, schedule, ground, people, what was seen, history."""
    return project_page(code)


def project_page(code: str, problem: str | None = None) -> str:
    """The page of a project, with what refused the last form."""
    day = shown_day()
    with database().reading() as db:
        at = moment(db, day.as_of, day.known_at)
        project = seen_project(db, at, code)
        told = _told(db, at, project)
    starts = min(each for each in (project.first_on, project.starts_on) if each)
    capital = told["capital"]
    held = {each.currency: each.registered for each in capital}
    spent = told["spent"]
    currencies = sorted({*held, *(each.currency for each in spent)}) or [rates.DONG]
    charts = [
        drawn
        for code_ in currencies
        if (drawn := chart(code_, held.get(code_), spent, told["progress"], day.as_of))
    ]
    planned = {each.step: each.planned_on for each in told["milestones"]}
    late_on = planned.get(project.late_step) if project.late_step else None
    return render_template(
        "pages/projects/show.html", project=project, name=words.project_name(project),
        drawn=schedule(told["milestones"], starts, day.as_of), charts=charts, words=words,
        problem=problem, given=request.form, once=new_key(), late_on=late_on, **told,
    )  # fmt: skip


def _told(db: Session, at: Moment, project: ProjectLine) -> dict[str, Any]:
    capital = register.capital(db, at, [project.id])[project.id]
    known = rates.rates(db, at)
    spent = register.disbursement(db, at, project.id)
    return {
        "zone": find_zone(db, project.zone, at),
        "capital": capital,
        "excess": words.excess(capital, spent),
        "registered": words.summed(
            rates.together([(each.currency, each.registered) for each in capital], known)
        ),
        "milestones": register.milestones(db, at, project.id),
        "certificates": register.certificates(db, at, project.id),
        "spent": spent,
        "progress": register.progress(db, at, project.id),
        "workers": register.workers(db, at, project.id),
        "parcels": register.parcels_here(db, at, project.id),
        "visits": sightings.inspections(db, at, project_id=project.id, personal=may_see_people()),
        "changes": sightings.changes_of(db, at, project.id),
        "codes": rates.currencies(db) if can(Permission.EDIT) else [],
    }


def seen_project(db: Session, at: Moment, code: str) -> ProjectLine:
    """A project the reader may see. Raises NotFound: it lies outside their boards and zones too."""
    found = register.line(db, at, code)
    reader_scope().require(find_zone(db, found.zone, at))
    return found


def seen_zones(db: Session, at: Moment) -> list[ZoneRow]:
    """The zones the reader may see, of the board chosen."""
    board = facts().board
    scope = reader_scope()
    return [z for z in zones(db, at, board.code if board else None) if scope.covers(z)]
