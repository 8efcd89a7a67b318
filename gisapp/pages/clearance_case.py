"""Writing on a case: open one, bring its items, take a step for many, follow the tract up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, request, url_for

from gisapp.pages.clearance import pages, told
from gisapp.pages.clearance_acts import act, attempt, hectares_asked, numbers_asked
from gisapp.pages.import_form import FormRefused, whole_number, word_asked
from gisapp.present.clearance import BULK, FOLLOWUPS, STEPS
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from gisapp.security.scope import reader_scope
from gisapp.seen_clearance import seen_head
from gisapp.texts import gettext as _
from planning.clearance.cases import (
    NewStep,
    follow_up,
    hand_over_items,
    open_case,
    set_target,
    take_steps,
)
from planning.clearance.register import item_numbers
from planning.clocks import moment
from planning.errors import NotPermitted
from planning.zones.queries import find_board, find_zone

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from gisapp.pages.refusing import Answer

__all__ = ["pages"]


@pages.post("")
@requires(Permission.CLEARANCE_STEPS)
def create() -> Answer:
    """Open a case on the document that orders the clearance."""
    code = request.form.get("code", "").strip().upper()

    def work(db: Session) -> None:
        zone = find_zone(db, word_asked(request.form, "zone"), moment(db))
        reader_scope().require(zone)
        done = act(db, f"GPMB {code}", kind="decision")
        open_case(
            db, done.change, code=code, zone_id=zone.id, since=done.day,
            name_vi=word_asked(request.form, "name"),
        )  # fmt: skip

    problem = attempt(work)
    if problem is not None:
        flash(problem, "error")
        return redirect(url_for("clearance.listing"))
    flash(_("Đã mở hồ sơ %(code)s.", code=code))
    return redirect(url_for("clearance.show", code=code))


@pages.post("/targets")
@requires(Permission.CLEARANCE_STEPS)
def target() -> Answer:
    """Decide the year's hectares of a zone, or of a board as a whole."""

    def work(db: Session) -> None:
        form, at = request.form, moment(db)
        name, year = word_asked(form, "whose"), whole_number(form, "year") or 0
        kind, _colon, code = name.partition(":")
        zone = find_zone(db, code, at) if kind == "zone" else None
        board = zone.board_code if zone is not None else code
        if zone is not None:
            reader_scope().require(zone)
        elif not reader_scope().covers_board(board):
            raise NotPermitted(permission=str(Permission.CLEARANCE_STEPS))
        done = act(db, f"{_('Kế hoạch GPMB')} {code} {year}", kind="decision")
        set_target(
            db, done.change, board_id=find_board(db, board), zone_id=zone.id if zone else None,
            year=year, area_m2=hectares_asked("area"), day=done.day, document_id=done.document_id,
        )  # fmt: skip

    problem = attempt(work)
    flash(problem or _("Đã ghi kế hoạch năm."), "error" if problem else "message")
    return redirect(url_for("clearance.listing"))


@pages.post("/<code>/steps")
@requires(Permission.CLEARANCE_STEPS)
def step(code: str) -> Answer:
    """Take a step for several items at once, by one document."""
    kind = request.form.get("kind", "")

    def work(db: Session) -> None:
        if kind not in BULK:
            raise FormRefused(field="kind")
        case = seen_head(db, moment(db), code)
        numbers = request.form.get("numbers", "")
        items = numbers_asked(numbers, item_numbers(db, case.id))
        done = act(db, f"{case.code}: {STEPS[kind]}")
        if kind == "handed_over":
            hand_over_items(
                db, done.change, zone_id=case.zone_id, items=items, day=done.day,
                number=done.number, document_id=done.document_id,
            )  # fmt: skip
        else:
            paper = done.document_id
            take_steps(db, done.change, [NewStep(item, kind, done.day, paper) for item in items])

    problem = attempt(work)
    return told(problem, _("Đã ghi bước “%(step)s”.", step=str(STEPS.get(kind, kind))), code)


@pages.post("/<code>/followups")
@requires(Permission.CLEARANCE_STEPS)
def followup(code: str) -> Answer:
    """Record what the board did with the tract: confirmed, dossier filed, leased by the State."""
    kind = request.form.get("step", "")

    def work(db: Session) -> None:
        if kind not in FOLLOWUPS:
            raise FormRefused(field="step")
        case = seen_head(db, moment(db), code)
        done = act(db, f"{case.code}: {FOLLOWUPS[kind]}", kind="decision")
        follow_up(
            db, done.change, case_id=case.id, step=kind, day=done.day,
            area_m2=hectares_asked("area"), document_id=done.document_id,
        )  # fmt: skip

    return told(attempt(work), _("Đã ghi."), code)
