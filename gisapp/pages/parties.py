"""Các bên: who grants and holds land, their names over time, and what each holds everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, flash, redirect, render_template, request

from gisapp.messages import render
from gisapp.pages.clearance import as_file
from gisapp.pages.import_form import day_asked, word_asked
from gisapp.pages.once import new_key, written_once
from gisapp.pages.refusing import said
from gisapp.pages.rights import seen_zones
from gisapp.pages.rights_writing import act, actor
from gisapp.present import rights as words
from gisapp.present.day import shown_day
from gisapp.present.formats import language
from gisapp.present.tables import Filter, whole_asked
from gisapp.present.tables import listing as listed
from gisapp.refusals import Refusal
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from gisapp.texts import gettext as _
from planning.clocks import moment, today
from planning.errors import PlanningError
from planning.records.commands import open_change, register_document
from planning.tenure.commands import correct_name, rename_party
from planning.tenure.parties import KINDS, names, parties, party
from planning.tenure.register import rights_page

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from sqlalchemy.orm import Session

    from gisapp.pages.refusing import Answer

pages = Blueprint("parties", __name__)

MOST_HOLDINGS = 1_000


@pages.get("")
@requires(Permission.READ)
def listing() -> str | Response:
    """Parties with rights in the zones in sight, and what they hold there."""
    day = shown_day()
    wanted = Filter("q", _("Tìm tên hoặc mã số thuế"))
    kind = Filter("kind", _("Loại"), [(key, str(words.PARTY_KINDS[key])) for key in KINDS])
    with database().reading() as db:
        at = moment(db, day.as_of, day.known_at)
        ids = [zone.id for zone in seen_zones(db, at)]
        asked = kind.current if kind.current in KINDS else None
        found = parties(db, at, ids, wanted=wanted.current, kind=asked)
    shown = listed(
        found, words.party_columns(), default_sort="name", filters=[wanted, kind], workbook=True,
        totals_label=_("Cộng"), empty=_("Chưa có bên nào có quyền đất vào ngày này."),
    )  # fmt: skip
    if whole_asked():
        return as_file(shown, "cac-ben", "parties")
    return render_template("pages/parties/listing.html", listing=shown)


@pages.get("/<uuid:party_id>")
@requires(Permission.READ)
def show(party_id: UUID) -> str:
    """One party: tax code, names over time, holdings in every zone in sight."""
    return party_page(party_id)


def party_page(party_id: UUID, problem: str | None = None) -> str:
    """The page of a party, with what refused a form when one was."""
    day = shown_day()
    with database().reading() as db:
        at = moment(db, day.as_of, day.known_at)
        ids = [zone.id for zone in seen_zones(db, at, any_board=True)]
        one = party(db, at, ids, party_id)
        called = names(db, at, party_id) if one.kind != "person" else []
        held = rights_page(db, at, ids, party=party_id, sort="zone", most=MOST_HOLDINGS)
    return render_template(
        "pages/parties/show.html", party=one, names=called, held=held, words=words,
        problem=problem, given=request.form, once=new_key,
    )  # fmt: skip


@pages.post("/<uuid:party_id>/name")
@requires(Permission.EDIT)
def rename(party_id: UUID) -> Answer:
    """Give a party another name from a day on; the former name keeps its days."""

    def work(db: Session) -> str:
        name = word_asked(request.form, "name")
        done = act(db, _("Đổi tên: %(name)s", name=name), "certificate")
        rename_party(
            db, done.change, party_id=party_id, day=done.day, name_vi=name,
            name_en=request.form.get("name_en", "").strip()[:300] or None,
        )  # fmt: skip
        return _("Đã đổi tên từ ngày văn bản có hiệu lực.")

    return _written(party_id, work)


@pages.post("/<uuid:party_id>/correction")
@requires(Permission.EDIT)
def correct(party_id: UUID) -> Answer:
    """Correct a name that was written wrong on a day; what was believed stays in the history."""

    def work(db: Session) -> str:
        form = request.form
        issued = day_asked(form, "issued", needed=True) or today()
        on = day_asked(form, "day") or today()
        paper = register_document(
            db, number=word_asked(form, "document"), issued_on=issued,
            issuer=word_asked(form, "issuer"), actor=actor(), kind="correction",
        )  # fmt: skip
        name = word_asked(form, "name")
        change = open_change(
            db, kind="correction", reason=_("Đính chính tên: %(name)s", name=name), actor=actor(),
            effective_on=on, document_id=paper,
        )  # fmt: skip
        name_en = form.get("name_en", "").strip()[:300] or None
        correct_name(db, change, party_id=party_id, on=on, name_vi=name, name_en=name_en)
        return _("Đã đính chính tên.")

    return _written(party_id, work)


def _written(party_id: UUID, work: Callable[[Session], str]) -> Answer:
    def seen(db: Session) -> str:
        at = moment(db)
        ids = [zone.id for zone in seen_zones(db, at, any_board=True)]
        party(db, at, ids, party_id)
        return work(db)

    try:
        flash(written_once(actor(), seen))
    except PlanningError as refused:
        return party_page(party_id, render(refused.code, refused.context, language())), 422
    except Refusal as refusal:
        return party_page(party_id, said(refusal)), 422
    return redirect(words.party_url(party_id))
