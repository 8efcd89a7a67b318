"""Items of a case from an XLSX or CSV file: read in the sandbox, told row by row, all or none."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for

from gisapp.importing import scratch_of
from gisapp.lists import LISTS
from gisapp.messages import render
from gisapp.pages.clearance import as_file, seen_zones
from gisapp.pages.clearance_acts import act, attempt
from gisapp.pages.clearance_item import pages
from gisapp.pages.import_form import FormRefused
from gisapp.pages.list_imports import bring_routes
from gisapp.present import clearance as words
from gisapp.present.day import shown_day
from gisapp.present.formats import language
from gisapp.present.tables import listing as listed
from gisapp.present.tables import whole_asked
from gisapp.present.targets import target_columns
from gisapp.refusals import Refusal
from gisapp.running import database, settings
from gisapp.security.access import requires
from gisapp.security.guard import can
from gisapp.security.permissions import Permission
from gisapp.security.scope import reader_scope
from gisapp.seen_clearance import seen_head
from gisapp.texts import gettext as _
from layers.errors import LayerError
from layers.sandbox import Limits, read_file
from planning.clearance.cases import add_items
from planning.clearance.incoming import Incoming, read_items
from planning.clearance.register import item_numbers, parcels_taken
from planning.clearance.targets import target_lines
from planning.clocks import moment
from planning.errors import PlanningError
from planning.households.commands import NewHousehold, enter_households
from planning.parcels.queries import keys_of_zone
from planning.zones.queries import boards, zones

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from flask import Response
    from sqlalchemy.orm import Session

    from gisapp.pages.refusing import Answer
    from layers.sandbox import Parsed
    from planning.clearance.register import CaseHead

__all__ = ["pages"]

bring_routes(pages, LISTS["clearance-targets"], back="clearance.targets", rule="/targets/import")


@pages.get("/targets")
@requires(Permission.READ)
def targets() -> str | Response:
    """The targets decided for boards and zones, year by year; the file comes back in."""
    day, scope = shown_day(), reader_scope()
    with database().reading() as db:
        at = moment(db, day.as_of, day.known_at)
        codes = [one.code for one in boards(db, at) if scope.covers_board(one.code)]
        rows = target_lines(db, at, codes, [zone.code for zone in seen_zones(db, at)])
    shown = listed(
        rows, target_columns(), default_sort="-year", workbook=True,
        empty=_("Chưa ghi kế hoạch năm nào."),
    )  # fmt: skip
    if whole_asked():
        return as_file(shown, "ke-hoach-gpmb", "clearance-targets")
    return render_template("pages/clearance/targets.html", listing=shown)


@pages.post("/<code>/items")
@requires(Permission.CLEARANCE_STEPS, uploads=True)
def bring(code: str) -> Answer:
    """Bring a table of items in; a table that only tries, or that has a wrong row, writes none."""
    personal = can(Permission.HOUSEHOLD)
    try:
        with database().reading() as db:
            case = seen_head(db, moment(db), code)
            found = _read(db, case, _table(), personal=personal)
    except (Refusal, LayerError, PlanningError) as refusal:
        text = render(refusal.code, refusal.context, language())
        return _report(code, None, text), 422
    if request.form.get("try") or not found.whole:
        return _report(code, found, None), 200 if found.whole else 422
    problem = attempt(lambda db: _write(db, code, found), personal=bool(found.people))
    if problem is not None:
        return _report(code, found, problem), 422
    flash(_("Đã nhập %(count)s mục.", count=len(found.items)))
    return redirect(url_for("clearance.show", code=code))


def _table() -> Parsed:
    file = request.files.get("file")
    if file is None or not file.filename:
        raise FormRefused(field="file")
    scratch = scratch_of(settings())
    with tempfile.TemporaryDirectory(dir=scratch) as room:
        kept = Path(room) / "in"
        file.save(kept)
        limits = Limits.for_layer("handovers")
        return read_file(
            kept, name=file.filename[-200:], layer=None, encoding=None, limits=limits,
            scratch=scratch,
        )  # fmt: skip


def _read(db: Session, case: CaseHead, table: Parsed, *, personal: bool) -> Incoming:
    at = moment(db)
    inside = [z.id for z in zones(db, at) if case.zone_id in (z.id, z.parent_id)]
    parcels: dict[tuple[str, str], list[UUID]] = {}
    for zone in inside:
        for key in keys_of_zone(db, at, zone):
            name = (key.sheet_no or "", key.parcel_no or "")
            parcels.setdefault(name, []).append(key.parcel_id)
    return read_items(
        [int(row) for row in table.rows],
        table.columns,
        parcels=parcels,
        taken=parcels_taken(db),
        numbers=frozenset(item_numbers(db, case.id)),
        personal=personal,
    )


def _write(db: Session, code: str, found: Incoming) -> None:
    case = seen_head(db, moment(db), code)
    done = act(db, f"{case.code}: {_('nhập danh sách mục')}", kind="other")
    people = [NewHousehold(person, case.since) for person in found.people.values()]
    ids = dict(zip(found.people, enter_households(db, done.change, people), strict=True))
    items = [replace(item, household_id=ids.get(item.number)) for item in found.items]
    add_items(db, done.change, case_id=case.id, items=items, since=case.since)


def _report(code: str, found: Incoming | None, problem: str | None) -> str:
    rows = [
        (each.row, render(each.code, _facts(each.context), language()))
        for each in (found.refused if found else ())
    ]
    return render_template(
        "pages/clearance/brought.html", code=code, found=found, rows=rows, problem=problem
    )


def _facts(context: Mapping[str, object]) -> dict[str, object]:
    """The facts of a row's refusal, its column in words."""
    facts = dict(context)
    if "field" in facts:
        facts["field"] = str(words.FIELDS.get(str(facts["field"]), facts["field"]))
    return facts
