"""Lập điều chỉnh: a new version of a plan, its scope ticked lot by lot or read from a file."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import shapely
from flask import Blueprint, flash, redirect, render_template, request

from gisapp.importing import Source, scope_from, scratch_of
from gisapp.messages import render
from gisapp.pages.import_form import FormRefused, whole_number
from gisapp.pages.once import new_key, written_once
from gisapp.pages.plans_steps import asked_step
from gisapp.plan_steps import ADJUSTING, reason, seen_plan, version_id
from gisapp.present import plans as words
from gisapp.present.day import dated_url, shown_day
from gisapp.present.formats import language
from gisapp.refusals import Refusal
from gisapp.running import database, settings
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from gisapp.texts import gettext as _
from layers.errors import LayerError
from layers.geometry import multipolygon
from planning.changes.imports import Certificate, Layer, Request
from planning.clocks import moment
from planning.errors import PlanningError
from planning.plans.adjustment import ENTRY, Adjusted, adjust, scope_of_lots, scope_of_symbols
from planning.plans.lots import lots
from planning.plans.steps import standing

if TYPE_CHECKING:
    from shapely import MultiPolygon
    from sqlalchemy.orm import Session

    from gisapp.pages.plans_steps import Asked
    from gisapp.pages.refusing import Answer
    from planning.plans.pipeline import PlanFacts

pages = Blueprint("plans_adjusting", __name__)


@dataclass(frozen=True)
class Chosen:
    """What the form says of the scope: lots ticked, symbols typed, the ground a file draws."""

    kind: str
    lots: tuple[UUID, ...]
    symbols: tuple[str, ...]
    drawn: MultiPolygon | None


@pages.get("/<code>/<int:number>/adjustments")
@requires(Permission.EDIT)
def form(code: str, number: int) -> str:
    """The form: what kind, which lots of the version, on which document."""
    return _page(code, number)


def _page(code: str, number: int, problem: str | None = None) -> str:
    day = shown_day()
    with database().reading() as db:
        at = moment(db, day.as_of, day.known_at)
        plan = seen_plan(db, code)
        held = version_id(plan, number)
        rows = lots(db, held, at)
        status = standing(db, held).status
    return render_template(
        "pages/plans/adjust.html", plan=plan, number=number, lots=rows, status=status,
        ticked=set(request.form.getlist("lot")), given=request.form, once=new_key(),
        problem=problem, words=words,
    )  # fmt: skip


@pages.post("/<code>/<int:number>/adjustments")
@requires(Permission.EDIT, uploads=True)
def begin(code: str, number: int) -> Answer:
    """Begin an adjustment of a version in force; its unchanged lots are carried over."""
    made: list[Adjusted] = []
    try:
        asked = asked_step()
        with database().reading() as db:
            plan = seen_plan(db, code)
            held = version_id(plan, number)
        chosen = _chosen(plan, asked)

        def work(db: Session) -> str:
            change, document = asked.change(db, reason(code, number, ADJUSTING[chosen.kind]))
            made.append(
                adjust(
                    db,
                    change,
                    parent_id=held,
                    kind=chosen.kind,
                    day=asked.day,
                    document_id=document,
                    scope=_scope(db, held, chosen),
                )
            )
            return _said(made[-1])

        said = written_once(asked.actor, work, seconds=60)
    except (Refusal, PlanningError, LayerError) as refused:
        return _page(code, number, render(refused.code, refused.context, language())), 422
    flash(said)
    newest = made[-1].number if made else _newest(code)
    return redirect(dated_url("plans.version", code=code, number=newest))


def _newest(code: str) -> int:
    """The version the form made when it was sent before."""
    with database().reading() as db:
        return max(number for number, _version in seen_plan(db, code).versions)


def _said(made: Adjusted) -> str:
    return _(
        "Đã lập bản %(number)s: giữ nguyên %(carried)s lô, chờ lô mới cho %(left)s lô.",
        number=made.number,
        carried=made.carried,
        left=len(made.left_out) + len(made.cut),
    )


def _chosen(plan: PlanFacts, asked: Asked) -> Chosen:
    """Read the scope of the form; a file is read in the sandbox before anything is written."""
    kind = request.form.get("kind", "local")
    if kind not in ENTRY:
        raise FormRefused(field="kind")
    if kind == "overall":
        return Chosen(kind, (), (), None)
    try:
        ticked = tuple(UUID(each) for each in request.form.getlist("lot"))
    except ValueError:
        raise FormRefused(field="lot") from None
    typed = request.form.get("symbols", "")[:20_000].split(",")
    symbols = tuple(each.strip() for each in typed if each.strip())
    return Chosen(kind, ticked, symbols, _drawn(plan, asked))


def _drawn(plan: PlanFacts, asked: Asked) -> MultiPolygon | None:
    file = request.files.get("scope")
    if file is None or not file.filename:
        return None
    name = file.filename[-200:]
    wanted = Request(
        Layer.BOUNDARY, plan.zone, Certificate(asked.number, asked.issued, asked.issuer),
        asked.actor, file_name=name, effective_on=asked.day,
        srid=whole_number(request.form, "srid"),
    )  # fmt: skip
    with tempfile.TemporaryDirectory(dir=scratch_of(settings())) as room:
        kept = Path(room) / "in"
        file.save(kept)
        return scope_from(database(), settings(), wanted, Source(kept, name))


def _scope(db: Session, held: UUID, chosen: Chosen) -> MultiPolygon | None:
    """The ground of everything chosen, together; nothing chosen is refused like a wrong symbol."""
    if chosen.kind == "overall":
        return None
    parts = [] if chosen.drawn is None else [chosen.drawn]
    if chosen.lots:
        parts.append(scope_of_lots(db, held, chosen.lots))
    if chosen.symbols or not parts:
        parts.append(scope_of_symbols(db, held, list(chosen.symbols)))
    return multipolygon(shapely.union_all(parts))
