"""Giữ chỗ: keep parcels of a site for somebody until a day, on a document; and take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import UUID

from flask import flash, redirect, request, url_for

from gisapp.pages.clearance_acts import act, actor, attempt
from gisapp.pages.import_form import FormRefused, day_asked, whole_number, word_asked
from gisapp.pages.sites import finder_page, pages
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from gisapp.security.scope import reader_scope
from gisapp.texts import gettext as _
from planning.changes.undo import undo
from planning.clocks import moment
from planning.tenure.commands import NewParty, reserve
from planning.tenure.queries import reserved_by
from planning.zones.queries import find_zone, zones

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from gisapp.pages.refusing import Answer

__all__ = ["pages"]


@pages.post("/land/sites/reserve")
@requires(Permission.EDIT)
def keep() -> Answer:
    """Reserve the parcels ticked, for the party and until the day of the form."""
    made: list[int] = []
    with database().reading() as db:
        zone = find_zone(db, request.form.get("zone", ""), moment(db))
    reader_scope().require(zone)

    def work(db: Session) -> None:
        until = day_asked(request.form, "until", needed=True)
        if until is None:
            raise FormRefused(field="until")
        number = word_asked(request.form, "number")
        party = NewParty(word_asked(request.form, "party"), _tax_code())
        done = act(db, _("Giữ chỗ %(number)s", number=number))
        reserve(
            db, done.change, zone, _parcels(), party, number, until, since=done.day,
            document_id=done.document_id, purpose=request.form.get("purpose", "").strip() or None,
        )  # fmt: skip
        made.append(done.change)

    problem = attempt(work)
    if problem is not None:
        return finder_page(problem)
    flash(_("Đã giữ chỗ %(count)s thửa.", count=len(_parcels())))
    return redirect(_finder(done=str(made[0])))


@pages.post("/land/sites/undo")
@requires(Permission.EDIT)
def take_back() -> Answer:
    """Take one's own reservation back, as a correction: the land is free again."""

    def work(db: Session) -> None:
        number = whole_number(request.form, "change")
        zone_id = reserved_by(db, number, actor()) if number is not None else None
        seen = {zone.id for zone in zones(db, moment(db)) if reader_scope().covers(zone)}
        if number is None or zone_id not in seen:
            raise FormRefused(field="change")
        undo(db, number, actor=actor(), reason=_("Bỏ giữ chỗ vừa ghi"))

    problem = attempt(work)
    if problem is not None:
        return finder_page(problem)
    flash(_("Đã bỏ giữ chỗ; đất lại trống."))
    return redirect(_finder())


def _parcels() -> list[UUID]:
    """The parcels ticked. Raises FormRefused: none, or no parcels' names."""
    try:
        found = [UUID(each) for each in request.form.getlist("parcel")]
    except ValueError:
        raise FormRefused(field="parcel") from None
    if not found:
        raise FormRefused(field="parcel")
    return found


def _tax_code() -> str | None:
    """The tax code of the form: ten digits, perhaps a branch. Raises FormRefused."""
    given = request.form.get("tax_code", "").strip()
    digits, _dash, branch = given.partition("-")
    well = len(digits) == 10 and (not _dash or len(branch) == 3)
    if given and not (well and (digits + branch).isascii() and (digits + branch).isdigit()):
        raise FormRefused(field="tax_code")
    return given or None


def _finder(**more: str) -> str:
    """The finder with what it was asked, carried by the form's address."""
    own = ("site", "done", "page", "format")
    kept = {name: value for name, value in request.args.items() if name not in own}
    return f"{url_for('sites.show')}?{urlencode({**kept, **more})}"
