"""Số liệu ghi theo báo cáo: figures as printed, with what is computed and counted beside them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for

from gisapp.lists import LISTS
from gisapp.pages.clearance import as_file, seen_zones
from gisapp.pages.clearance_acts import act, actor, attempt
from gisapp.pages.import_form import FormRefused, day_asked, whole_number, word_asked
from gisapp.pages.list_imports import bring_routes
from gisapp.pages.seen_land import land_reader
from gisapp.present import recorded as words
from gisapp.present.day import shown_day
from gisapp.present.frame import facts
from gisapp.present.tables import Filter, whole_asked
from gisapp.present.tables import listing as listed
from gisapp.present.words import folded
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from gisapp.security.scope import reader_scope
from gisapp.texts import gettext as _
from layers.fields.numbers import NumberStyle, parse_number
from planning.clearance.targets import schemes
from planning.clocks import moment
from planning.errors import NotFound
from planning.recorded import queries
from planning.recorded.commands import (
    KINDS,
    SCOPES,
    FigureKey,
    NewFigure,
    correct_figure,
    explain,
    record_figure,
)
from planning.recorded.errors import FigureUnreadable
from planning.recorded.printed import QUALIFIERS, read_printed, settled, unit_of
from planning.recorded.rules import agrees
from planning.records.commands import open_change
from planning.zones.queries import boards, find_board, find_zone

if TYPE_CHECKING:
    from flask import Response
    from sqlalchemy.orm import Session

    from gisapp.pages.refusing import Answer
    from planning.clocks import Moment
    from planning.recorded.queries import Recorded

pages = Blueprint("recorded", __name__)


def seen_figures(db: Session, at: Moment) -> list[Recorded]:
    """The figures the reader may see: of whole boards, and of zones."""
    scope, board = reader_scope(), facts().board
    codes = [
        one.code
        for one in boards(db, at)
        if scope.covers_board(one.code) and (board is None or board.code == one.code)
    ]
    return queries.recorded_figures(db, at, codes, [zone.id for zone in seen_zones(db, at)])


@pages.get("")
@requires(Permission.READ)
def listing() -> str | Response:
    """All recorded figures the reader may see, and the sums that must hold."""
    day = shown_day()
    with database().reading() as db:
        at = moment(db, day.as_of, day.known_at)
        found = seen_figures(db, at)
        known, rules = schemes(db), queries.identities(db)
    ends = sorted({each.period_to for each in found}, reverse=True)
    filters = [
        Filter("q", _("Tìm chỉ tiêu, văn bản")),
        Filter("kind", _("Loại số"), [(kind, words.kind_chip(kind)[1]) for kind in KINDS]),
        Filter("until", _("Kỳ đến"), [(end.isoformat(), end.strftime("%d/%m/%Y")) for end in ends]),
    ]
    wanted, kind, until = folded(filters[0].current), filters[1].current, filters[2].current
    rows = [
        each
        for each in found
        if (not kind or each.kind == kind)
        and (not until or each.period_to.isoformat() == until)
        and wanted in folded(f"{each.name_vi} {each.indicator} {each.document} {each.printed}")
    ]
    shown = listed(
        rows, words.figure_columns(known), default_sort="name_vi", filters=filters, workbook=True,
        empty=_("Chưa ghi số liệu báo cáo nào."),
    )  # fmt: skip
    if whole_asked():
        full = replace(shown, columns=words.file_columns())
        return as_file(full, "so-lieu-bao-cao", "recorded-figures")
    return render_template(
        "pages/recorded/listing.html", listing=shown, checks=queries.checked(rules, rows),
        period_name=lambda one: words.period_name(one.period_from, one.period_to, known),
    )  # fmt: skip


bring_routes(pages, LISTS["recorded-figures"], back="recorded.listing")


@pages.get("/new")
@requires(Permission.EDIT)
def new() -> str:
    """The form of a figure."""
    return form_page(None)


@pages.post("")
@requires(Permission.EDIT)
def create() -> Answer:
    """Record a figure as its document prints it."""
    made: list[UUID] = []

    def work(db: Session) -> None:
        figure = _asked(db)
        done = act(db, f"{_('Số liệu báo cáo')}: {figure.name_vi}", kind="other")
        made.append(
            record_figure(db, done.change, figure, day=done.day, document_id=done.document_id)
        )

    problem = attempt(work)
    if problem is not None:
        return form_page(problem), 422
    flash(_("Đã ghi số liệu."))
    return redirect(url_for("recorded.show", figure=made[-1]))


def form_page(problem: str | None) -> str:
    """The form, with what was typed and what refused it."""
    with database().reading() as db:
        at = moment(db)
        scope = reader_scope()
        seen = [one.code for one in boards(db, at) if scope.covers_board(one.code)]
        inside = [(zone.code, zone.board_code) for zone in seen_zones(db, at)]
        units = queries.units(db)
    return render_template(
        "pages/recorded/new.html", problem=problem, given=request.form, boards=seen, zones=inside,
        units=[(unit.code, words.unit_name(unit)) for unit in units], qualifiers=words.QUALIFIERS,
        kinds=[(kind, words.kind_chip(kind)[1]) for kind in KINDS], scopes=words.SCOPES,
    )  # fmt: skip


@pages.get("/<uuid:figure>")
@requires(Permission.READ)
def show(figure: UUID) -> str:
    """One figure: as printed, computed, counted by the register itself, told before."""
    return figure_page(figure)


def figure_page(figure: UUID, problem: str | None = None) -> str:
    """The page of a figure with the sums it belongs to and every version told of it."""
    day = shown_day()
    with database().reading() as db:
        at = moment(db, day.as_of, day.known_at)
        every = seen_figures(db, at)
        one = next((each for each in every if each.id == figure), None)
        if one is None:
            raise NotFound(kind="recorded_figure", key=str(figure))
        read = land_reader(db, at)
        own = queries.own_figure(db, one, lambda then: read(then, False))
        told = queries.history(db, figure)
        numbers = {n for _one, opened, closed in told for n in (opened, closed) if n is not None}
        changes = queries.changes_told(db, numbers)
        known, units = schemes(db), queries.units(db)
        checks = queries.checked(queries.identities(db), every, one)
    return render_template(
        "pages/recorded/show.html", one=one, own=own, checks=checks, told=told, changes=changes,
        words=words, problem=problem, given=request.form,
        period_name=words.period_name(one.period_from, one.period_to, known),
        agrees=_agrees(one), standing=words.as_typed(one),
        units=[(unit.code, words.unit_name(unit)) for unit in units],
    )  # fmt: skip


def _agrees(one: Recorded) -> dict[str, bool | None]:
    done, grown = one.computed.completion, one.computed.yoy_growth
    return {
        "completion": agrees(done, one.printed_completion)
        if done is not None and one.printed_completion is not None
        else None,
        "growth": agrees(grown, one.printed_growth)
        if grown is not None and one.printed_growth is not None
        else None,
    }


@pages.post("/<uuid:figure>")
@requires(Permission.EDIT)
def write(figure: UUID) -> Answer:
    """Correct what was read wrongly, or say why the figure differs from the register's own."""

    def work(db: Session) -> None:
        at = moment(db)
        one = next((each for each in seen_figures(db, at) if each.id == figure), None)
        if one is None:
            raise NotFound(kind="recorded_figure", key=str(figure))
        first = queries.history(db, figure)[-1][0]
        document = queries.document_of(db, one.version_id)
        change = open_change(
            db, kind="correction", reason=f"{_('Số liệu báo cáo')}: {one.name_vi}", actor=actor(),
            effective_on=first.issued_on, document_id=document,
        )  # fmt: skip
        said = request.form.get("explanation", "").strip()[:2000] or None
        if "printed" not in request.form:
            explain(db, change, one.version_id, said)
            return
        new = _asked(db, one)
        correct_figure(db, change, one.version_id, new, document_id=document)

    problem = attempt(work)
    if problem is not None:
        return figure_page(figure, problem), 422
    flash(_("Đã ghi."))
    return redirect(url_for("recorded.show", figure=figure))


def _asked(db: Session, before: Recorded | None = None) -> NewFigure:
    """The figure of the form; `before` keeps what it is about."""
    form = request.form
    unit = form.get("unit", "").strip()
    printed = word_asked(form, "printed")
    figure, text = settled(
        printed, value=_number("value"), value_to=_number("value_to"),
        qualifier=_choice("qualifier", (*QUALIFIERS, "exact")),
        unit=unit_of(unit) if unit else None,
    )  # fmt: skip
    target_printed = form.get("target_printed", "").strip()[:200] or None
    made = NewFigure(
        _key(db) if before is None else _same_key(db, before),
        word_asked(form, "name"), figure, text,
        target=_number("target") or _read(target_printed), target_printed=target_printed,
        compared=_number("compared"), printed_completion=_number("printed_completion"),
        printed_growth=_number("printed_growth"), page=whole_number(form, "page"),
        explanation=form.get("explanation", "").strip()[:2000] or None,
    )  # fmt: skip
    return made if before is None else replace(made, id=before.id)


def _key(db: Session) -> FigureKey:
    form, at, scope = request.form, moment(db), reader_scope()
    code = word_asked(form, "board")
    board = find_board(db, code)
    zone = find_zone(db, form["zone"], at) if form.get("zone", "").strip() else None
    if zone is None and not scope.covers_board(code):
        raise NotFound(kind="board", key=code)
    if zone is not None:
        scope.require(zone)
        if zone.board_code != code:
            raise FormRefused(field="zone")
    kind = _choice("kind", KINDS) or "stock"
    until = day_asked(form, "period_to", needed=True) or date.min
    return FigureKey(
        board, zone.id if zone else None, _choice("scope", SCOPES) or "both",
        word_asked(form, "indicator"), kind,
        None if kind == "stock" else day_asked(form, "period_from"), until,
    ).checked()  # fmt: skip


def _same_key(db: Session, one: Recorded) -> FigureKey:
    return FigureKey(
        find_board(db, one.board), None, one.scope, one.indicator, one.kind, one.period_from,
        one.period_to,
    )  # fmt: skip


def _choice(name: str, known: tuple[str, ...]) -> str | None:
    given = request.form.get(name, "").strip()
    if given and given not in known:
        raise FormRefused(field=name)
    return given or None


def _number(name: str) -> Decimal | None:
    given = request.form.get(name, "").strip()
    if not given:
        return None
    try:
        return parse_number(given, NumberStyle.VI)
    except (ValueError, InvalidOperation):
        raise FormRefused(field=name) from None


def _read(printed: str | None) -> Decimal | None:
    if printed is None:
        return None
    try:
        return read_printed(printed).value
    except FigureUnreadable:
        raise FormRefused(field="target") from None
