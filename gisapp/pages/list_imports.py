"""The page every list is brought in by: columns asked for, a template, the report row by row."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Response, flash, redirect, render_template, request, url_for
from sqlalchemy.exc import DBAPIError

from gisapp.importing import scratch_of
from gisapp.list_imports import FIELD_KINDS, Bringer, ListEntry, ListReport, bring_list, sentence
from gisapp.messages import render
from gisapp.pages.import_form import FormRefused, day_asked, word_asked
from gisapp.pages.once import named_refusal
from gisapp.present.formats import language
from gisapp.present.workbook import Sheet, as_workbook
from gisapp.refusals import Refusal
from gisapp.running import database, settings
from gisapp.security.access import requires
from gisapp.security.guard import can, signed_in_user
from gisapp.security.scope import reader_scope
from gisapp.texts import gettext as _
from layers.errors import LayerError
from planning.changes.imports import Certificate
from planning.clocks import today
from planning.errors import PlanningError

if TYPE_CHECKING:
    from flask import Blueprint

    from gisapp.pages.refusing import Answer

ROWS_SHOWN = 500


def bring_routes(pages: Blueprint, entry: ListEntry, *, back: str, rule: str = "/import") -> None:
    """Hang the page of a list on a blueprint: ``GET``/``POST`` `rule`, ``GET`` `rule`/template.

    `back` is the endpoint of the list itself. Endpoints are ``bring_<name>`` and
    ``bring_<name>_template``, the name with underscores.
    """
    own = entry.name.replace("-", "_")

    @pages.get(rule, endpoint=f"bring_{own}")
    @requires(entry.permission)
    def ask() -> str:
        """Ask for the file, its document and day."""
        return _page(entry, back, None, None)

    @pages.get(f"{rule}/template", endpoint=f"bring_{own}_template")
    @requires(entry.permission)
    def template() -> Response:
        """An empty table with the headings of the list."""
        return _template(entry)

    @pages.post(rule, endpoint=f"bring_{own}_in")
    @requires(entry.permission, uploads=True)
    def bring() -> Answer:
        """Bring the table in; one that only tries, or that has a wrong row, writes nothing."""
        try:
            report = _brought(entry)
        except (Refusal, LayerError, PlanningError) as refused:
            return _page(entry, back, None, _said(refused, entry)), 422
        except DBAPIError as error:
            named = named_refusal(error)
            if isinstance(named, DBAPIError):
                raise
            return _page(entry, back, None, _said(named, entry)), 422
        if not report.good or report.dry_run:
            return _page(entry, back, report, None), 200 if report.good else 422
        flash(
            _("Đã nhập %(count)s dòng.", count=report.written)
            if report.written
            else _("Cả %(count)s dòng đã có trong sổ; không có gì thay đổi.", count=report.rows)
        )
        return redirect(url_for(back))


def _brought(entry: ListEntry) -> ListReport:
    form, file, user = request.form, request.files.get("file"), signed_in_user()
    if file is None or not file.filename:
        raise FormRefused(field="file")
    paper = Certificate(
        word_asked(form, "document"), day_asked(form, "issued", needed=True) or today(),
        word_asked(form, "issuer"),
    )  # fmt: skip
    who = Bringer(user.username if user else "-", reader_scope(), paper, day_asked(form, "day"))
    with tempfile.TemporaryDirectory(dir=scratch_of(settings())) as room:
        kept = Path(room) / "in"
        file.save(kept)
        return bring_list(
            database(), settings(), entry, kept, file.filename, who, dry_run=bool(form.get("try"))
        )


def _said(refused: Refusal | LayerError | PlanningError, entry: ListEntry) -> str:
    return render(refused.code, {"target": entry.name, **refused.context}, language())


def _page(entry: ListEntry, back: str, report: ListReport | None, problem: str | None) -> str:
    told = (
        [(found.row, sentence(found, entry.name, language())) for found in report.refused]
        if report
        else []
    )
    return render_template(
        "pages/lists/bring.html", entry=entry, title=entry.title(language()), report=report,
        told=told[:ROWS_SHOWN], more=len(told) - ROWS_SHOWN, problem=problem, given=request.form,
        back=back, kinds=FIELD_KINDS, template=f"{request.path.rstrip('/')}/template",
        out=entry.kind.listed is not None and can(entry.reads),
    )  # fmt: skip


def _template(entry: ListEntry) -> Response:
    heads = [each.title(language()) for each in entry.fields.values()]
    if request.args.get("format") == "csv":
        text = io.StringIO()
        csv.writer(text, delimiter=";" if language() == "vi" else ",").writerow(heads)
        response = Response("\ufeff" + text.getvalue(), mimetype="text/csv")
        response.headers.set("Content-Disposition", "attachment", filename=f"{entry.name}.csv")
        return response
    return as_workbook([Sheet(entry.title(language()), heads, [])], entry.name)
