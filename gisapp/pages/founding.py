"""Lập khu và quy hoạch: boards, zones, plans and versions, which files are then imported into."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from shapely import MultiPolygon

from gisapp.messages import render
from gisapp.pages.import_form import FormRefused, day_asked, whole_number, word_asked
from gisapp.plan_steps import STEP_WORDS
from gisapp.present.formats import language
from gisapp.present.words import ZONE_KINDS
from gisapp.refusals import Refusal
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.guard import signed_in_user
from gisapp.security.permissions import Permission
from gisapp.security.scope import reader_scope
from gisapp.texts import gettext as _
from layers.crs import PLANES, plane
from layers.errors import LayerError
from planning.clocks import Moment, moment, today
from planning.errors import NotPermitted, PlanningError
from planning.plans.commands import create_plan, create_version, set_status
from planning.plans.queries import find_plan, plan_heads, zone_of_plan
from planning.records.commands import open_change, register_document
from planning.vocabulary import PLAN_LEVELS, PLAN_STATUSES
from planning.zones.commands import SINCE_EVER, create_board, create_zone
from planning.zones.queries import ZoneRow, boards, boundary, find_board, find_zone, zones

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from gisapp.pages.refusing import Answer

pages = Blueprint("founding", __name__)

ENTRY_STEPS = PLAN_STATUSES[: PLAN_STATUSES.index("approved")]
"""A version is met at a step before approval; its lots follow, then a leader approves it."""


class ZoneWithoutBoundary(Refusal):
    """A plan version covers its zone's boundary, and there is none on that day. Context:
    ``zone``.
    """

    code = "zone-without-boundary"


@pages.get("")
@requires(Permission.EDIT)
def show() -> str:
    """The four forms, each for what the one before has founded."""
    return _page(None)


@pages.post("/boards")
@requires(Permission.EDIT)
def board() -> Answer:
    """Found a management board."""
    return _kept(_found_board)


@pages.post("/zones")
@requires(Permission.EDIT)
def zone() -> Answer:
    """Found a zone in its legal plane."""
    return _kept(_found_zone)


@pages.post("/plans")
@requires(Permission.EDIT)
def plan() -> Answer:
    """Create a plan of a zone."""
    return _kept(_found_plan)


@pages.post("/versions")
@requires(Permission.EDIT)
def version() -> Answer:
    """Create the next version of a plan and say what step it is at."""
    return _kept(_found_version)


def _kept(work: Callable[[Session, str], str]) -> Answer:
    """Do the work and tell its name, or show the forms again with the refusal."""
    try:
        with database().transaction() as db:
            name = work(db, _actor())
    except (Refusal, LayerError, PlanningError) as refused:
        return _page(_said(refused)), 422
    flash(_("Đã lập %(name)s.", name=name))
    return redirect(url_for("founding.show"))


def _found_board(db: Session, actor: str) -> str:
    form = request.form
    code, day = word_asked(form, "code"), day_asked(form, "since") or SINCE_EVER
    if not reader_scope().everything:
        raise NotPermitted(permission=str(Permission.EDIT))
    create_board(
        db,
        _setup(db, actor, f"board {code}", day),
        code=code,
        name_vi=word_asked(form, "name"),
        name_en=form.get("name_en") or None,
        province_name=word_asked(form, "province"),
        valid_from=day,
    )
    return code


def _found_zone(db: Session, actor: str) -> str:
    form = request.form
    code, day = word_asked(form, "code"), day_asked(form, "since") or SINCE_EVER
    board_code = word_asked(form, "board")
    if not reader_scope().covers_board(board_code):
        raise NotPermitted(permission=str(Permission.EDIT))
    parent = form.get("parent")
    create_zone(
        db,
        _setup(db, actor, f"zone {code}", day),
        code=code,
        kind=_one_of(form.get("kind", ""), ZONE_KINDS, "kind"),
        srid=plane(whole_number(form, "srid") or 0).epsg,
        board_id=find_board(db, board_code),
        name_vi=word_asked(form, "name"),
        name_en=form.get("name_en") or None,
        valid_from=day,
        parent_id=_seen_zone(db, parent).id if parent else None,
    )
    return code


def _found_plan(db: Session, actor: str) -> str:
    form = request.form
    code, zone_row = word_asked(form, "code"), _seen_zone(db, word_asked(form, "zone"))
    create_plan(
        db,
        _setup(db, actor, f"plan {code}", today()),
        code=code,
        zone_id=zone_row.id,
        srid=zone_row.srid,
        level=_one_of(form.get("level", ""), PLAN_LEVELS, "level"),
        scale_denominator=whole_number(form, "scale") or 2000,
        name_vi=word_asked(form, "name"),
        name_en=form.get("name_en") or None,
    )
    return code


def _found_version(db: Session, actor: str) -> str:
    form = request.form
    code, status = word_asked(form, "plan"), form.get("status", "")
    status = _one_of(status, ENTRY_STEPS, "status")
    plan_id = find_plan(db, code)
    zone_row = _seen_zone(db, zone_of_plan(db, plan_id))
    issued = day_asked(form, "issued", needed=True) or today()
    day = day_asked(form, "in_force") or issued
    limits = boundary(db, zone_row.id, Moment(day))
    if limits is None:
        raise ZoneWithoutBoundary(zone=zone_row.code, day=day)
    decision = register_document(
        db,
        number=word_asked(form, "document"),
        issued_on=issued,
        issuer=word_asked(form, "issuer"),
        actor=actor,
    )
    change = open_change(
        db,
        kind="act",
        reason=f"plan {code}: {status}",
        actor=actor,
        effective_on=day,
        document_id=decision,
    )
    version_id, number = create_version(db, change, plan_id=plan_id)
    set_status(
        db,
        change,
        plan_version_id=version_id,
        status=status,
        valid_from=day,
        scope=MultiPolygon(getattr(limits.shape, "geoms", [limits.shape])),
        decision_id=decision,
    )
    return f"{code} · {number}"


def _setup(db: Session, actor: str, reason: str, day: date) -> int:
    return open_change(db, kind="setup", reason=reason, actor=actor, effective_on=day)


def _seen_zone(db: Session, code: str) -> ZoneRow:
    found = find_zone(db, code)
    reader_scope().require(found)
    return found


def _one_of(given: str, known: object, field: str) -> str:
    if given not in known:  # type: ignore[operator]
        raise FormRefused(field=field)
    return given


def _page(problem: str | None) -> str:
    scope = reader_scope()
    with database().reading() as db:
        at = moment(db)
        own = [each for each in zones(db, at) if scope.covers(each)]
        plans = plan_heads(db, [each.id for each in own])
        known = [each for each in boards(db, at) if scope.covers_board(each.code)]
    return render_template(
        "pages/founding/show.html",
        problem=problem,
        given=request.form,
        boards=known,
        zones=own,
        plans=plans,
        planes=PLANES,
        zone_kinds=ZONE_KINDS,
        levels=PLAN_LEVELS,
        statuses=ENTRY_STEPS,
        steps=STEP_WORDS,
    )


def _actor() -> str:
    user = signed_in_user()
    return str(user.username) if user else ""


def _said(refused: Refusal | LayerError | PlanningError) -> str:
    return render(refused.code, refused.context, language())
