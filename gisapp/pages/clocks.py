"""Đồng hồ pháp lý: the leader's list by urgency, and one project's clocks with their evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, render_template, request

from gisapp.pages.clearance import as_file, seen_zones
from gisapp.pages.once import new_key
from gisapp.present import clocks as words
from gisapp.present.day import shown_day
from gisapp.present.projects import STATUSES
from gisapp.present.tables import Filter, whole_asked
from gisapp.present.tables import listing as listed
from gisapp.present.words import folded
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from gisapp.security.scope import reader_scope
from gisapp.texts import gettext as _
from planning.clocks import moment
from planning.legal_clocks import queries
from planning.legal_clocks.thresholds import thresholds
from planning.projects import register
from planning.zones.queries import find_zone

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session

    from planning.clocks import Moment
    from planning.legal_clocks.queries import ClockRow
    from planning.projects.register import ProjectLine
    from planning.zones.queries import ZoneRow

pages = Blueprint("clocks", __name__)
pages.app_template_global("clock_words")(lambda: words)


@pages.get("/clocks")
@requires(Permission.READ)
def listing() -> str | Response:
    """Every clock that runs, the one nearest its breach first."""
    day = shown_day()
    with database().reading() as db:
        at = moment(db, day.as_of, day.known_at)
        seen = seen_zones(db, at)
        found = queries.clocks(db, at, zone_ids=[zone.id for zone in seen])
    filters = _filters(seen)
    asked = {each.name: each.current for each in filters}
    rows = [row for row in found if _wanted(row, asked)]
    shown = listed(
        rows, words.columns(), default_sort="due_on", filters=filters, workbook=True,
        empty=_("Không có đồng hồ nào đang chạy vào ngày này."),
    )  # fmt: skip
    if whole_asked():
        return as_file(shown, "dong-ho-phap-ly", "legal-clocks")
    counts = {state: sum(row.state == state for row in found) for state in words.STATES}
    return render_template("pages/clocks/listing.html", listing=shown, counts=counts)


def _filters(seen: list[ZoneRow]) -> list[Filter]:
    states = [(key, str(word)) for key, (_colour, word) in words.STATES.items()]
    return [
        Filter("q", _("Tìm mã, tên, nhà đầu tư")),
        Filter("zone", _("Khu"), [(zone.code, zone.code) for zone in seen]),
        Filter("clock", _("Đồng hồ"), [(key, str(word)) for key, word in words.CLOCKS.items()]),
        Filter("state", _("Trạng thái"), [("all", _("Mọi trạng thái")), *states]),
    ]


def _wanted(row: ClockRow, asked: dict[str, str]) -> bool:
    state = asked["state"]
    return (
        (row.open if not state else state in ("all", row.state))
        and (not asked["zone"] or row.zone == asked["zone"])
        and (not asked["clock"] or row.clock == asked["clock"])
        and (not asked["q"] or folded(asked["q"]) in folded(_said(row)))
    )


def _said(row: ClockRow) -> str:
    """What a reader may look for in a row."""
    return f"{row.code} {row.name_vi} {row.name_en or ''} {row.investor or ''}"


@pages.get("/<code>/clocks")
@requires(Permission.READ)
def show(code: str) -> str:
    """Both clocks of a project, its land by hand-over, and every fact they rest on."""
    return clock_page(code)


def clock_page(code: str, problem: str | None = None) -> str:
    """The page of a project's clocks, with what refused the last form."""
    day = shown_day()
    with database().reading() as db:
        at = moment(db, day.as_of, day.known_at)
        project = seen_project(db, at, code)
        told = project_clocks(db, at, project.id)
        law = thresholds(db)
    return render_template(
        "pages/clocks/show.html", project=project, problem=problem, given=request.form,
        once=new_key(), law=law, words=words, **told,
    )  # fmt: skip


def seen_project(db: Session, at: Moment, code: str) -> ProjectLine:
    """A project the reader may see. Raises NotFound: it lies outside their boards and zones too."""
    found = register.line(db, at, code.upper())
    reader_scope().require(find_zone(db, found.zone, at))
    return found


def project_clocks(db: Session, at: Moment, project_id: UUID) -> dict[str, Any]:
    """Everything a page says of a project's clocks."""
    return {
        "clocks": queries.clocks(db, at, project_id=project_id),
        "parts": queries.land_parts(db, at, project_id),
        "evidence": words.evidence_lines(queries.evidence(db, at, project_id), STATUSES),
        "stops": queries.suspensions(db, at, project_id),
        "extension": queries.extension(db, at, project_id),
        "letters": queries.reminders(db, at, project_id=project_id),
    }


@pages.app_template_global("project_clocks")
def clocks_of(project_id: UUID) -> list[ClockRow]:
    """A project's clocks on the day shown, for the project's own page."""
    day = shown_day()
    with database().reading() as db:
        return queries.clocks(db, moment(db, day.as_of, day.known_at), project_id=project_id)
