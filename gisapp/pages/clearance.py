"""GPMB: clearance cases with land beside money, and one case with its items and what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from gisapp.pages.clearance_acts import actor
from gisapp.present import clearance as words
from gisapp.present.day import shown_day
from gisapp.present.frame import facts
from gisapp.present.tables import (
    ROWS_A_PAGE,
    Filter,
    Listing,
    as_csv,
    as_xlsx,
    requested_order,
    requested_page,
    whole_asked,
)
from gisapp.present.tables import listing as listed
from gisapp.present.targets import progress, progress_columns
from gisapp.present.words import folded
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from gisapp.security.scope import reader_scope
from gisapp.seen_clearance import seen_head
from gisapp.seen_clearance import seen_zones as zones_in_scope
from gisapp.texts import gettext as _
from planning.clearance import register
from planning.clearance.register import CaseHead, CaseRow, CaseSums
from planning.clocks import moment
from planning.households.commands import Money
from planning.records.commands import note_event
from planning.zones.queries import boards

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from gisapp.pages.refusing import Answer
    from planning.clocks import Moment
    from planning.zones.queries import ZoneRow

pages = Blueprint("clearance", __name__)

MOST_IN_A_FILE = 100_000


@pages.get("")
@requires(Permission.READ)
def listing() -> str | Response:
    """All cases the reader may see, with totals, and the year's targets beside them."""
    day, scope, board = shown_day(), reader_scope(), facts().board
    with database().reading() as db:
        at = moment(db, day.as_of, day.known_at)
        seen = seen_zones(db, at)
        found = register.cases(db, at, [zone.id for zone in seen])
        done = progress(db, at, scope, board)
        choices = [(each.code, each.name_vi) for each in boards(db, at)]
    filters = [
        Filter("q", _("Tìm mã hoặc tên")),
        Filter("zone", _("Khu"), [(zone.code, zone.code) for zone in seen]),
    ]
    wanted, zone = folded(filters[0].current), filters[1].current
    rows = [
        case
        for case in found
        if (not zone or case.zone == zone)
        and wanted in folded(f"{case.code} {case.name_vi} {case.name_en or ''}")
    ]
    shown = listed(
        rows, words.case_columns(), default_sort="code", filters=filters, workbook=True,
        totals_label=_("Cộng"), empty=_("Chưa có hồ sơ giải phóng mặt bằng nào vào ngày này."),
    )  # fmt: skip
    if whole_asked():
        return as_file(shown, "gpmb", "clearance-cases")
    return render_template(
        "pages/clearance/listing.html", listing=shown, sums=together(rows), progress=done,
        progress_columns=progress_columns(), zones=seen, boards=choices,
    )  # fmt: skip


@pages.get("/progress")
@requires(Permission.READ)
def progress_file() -> Response:
    """The year's targets and what was cleared, zone by zone, as a file."""
    day = shown_day()
    with database().reading() as db:
        at = moment(db, day.as_of, day.known_at)
        done = progress(db, at, reader_scope(), facts().board)
    shown = Listing(columns=progress_columns(), rows=done.lines, count=len(done.lines))
    return as_file(shown, "gpmb-ke-hoach", "clearance-targets")


@pages.get("/<code>")
@requires(Permission.READ)
def show(code: str) -> str | Response:
    """One case: its land beside its money, its items, what the board did with the tract."""
    return case_page(code)


def case_page(code: str, problem: str | None = None) -> str | Response:
    """The page of a case; the whole list of its items when a file is asked for."""
    day = shown_day()
    with database().reading() as db:
        at = moment(db, day.as_of, day.known_at)
        head = seen_head(db, at, code)
        shown, sums = _items(db, at, head)
        case = register.summed_up(db, at, head, sums)
    if whole_asked():
        return as_file(shown, f"gpmb-{case.code}", f"clearance-items {case.code}")
    return render_template(
        "pages/clearance/show.html", case=case, name=words.case_name(case), listing=shown,
        followups=words.FOLLOWUPS, steps=words.bulk_steps(), holders=words.HOLDERS,
        land_classes=words.LAND_CLASSES, problem=problem, given=request.form,
    )  # fmt: skip


def _items(db: Session, at: Moment, case: CaseHead) -> tuple[Listing, CaseSums]:
    """The items asked for, and what all of the case add up to."""
    columns = words.item_columns(case)
    states = [(key, str(word)) for key, (_colour, word) in words.STATES.items()]
    filters = [
        Filter("q", _("Tìm mục hoặc thửa")),
        Filter("state", _("Bước"), states),
        Filter("flag", _("Cờ"), [(key, str(word)) for key, word in words.FLAGS.items()]),
    ]
    sort, descending = requested_order(columns, "number")
    whole = whole_asked()
    page = 1 if whole else requested_page()
    found = register.items(
        db, at, case.id, wanted=filters[0].current, state=filters[1].current,
        flag=filters[2].current, sort=sort, descending=descending,
        most=MOST_IN_A_FILE if whole else ROWS_A_PAGE, skip=(page - 1) * ROWS_A_PAGE,
    )  # fmt: skip
    shown = Listing(
        columns=columns, rows=found.rows, count=found.count, page=page, sort=sort,
        descending=descending, totals={"area_m2": found.area_m2}, filters=filters, workbook=True,
        totals_label=_("Cộng"),
        empty=_("Hồ sơ chưa có mục nào."),
    )  # fmt: skip
    return shown, found.sums


def seen_zones(db: Session, at: Moment) -> list[ZoneRow]:
    """The zones the reader may see, of the board chosen."""
    board = facts().board
    return zones_in_scope(db, at, board.code if board else None)


def together(rows: Sequence[CaseRow]) -> CaseSums:
    """What the cases shown add up to."""
    every = [row.sums for row in rows]

    def money(name: str) -> Money:
        said = [getattr(sums, name) for sums in every]
        return Money(
            sum((each.compensation for each in said), Money().compensation),
            sum((each.support for each in said), Money().support),
            sum((each.resettlement for each in said), Money().resettlement),
        )

    counted = [name for name in CaseSums.__dataclass_fields__ if name not in ("granted", "paid")]
    return CaseSums(
        **{name: sum(getattr(sums, name) for sums in every) for name in counted},
        granted=money("granted"),
        paid=money("paid"),
    )


def as_file(shown: Listing, name: str, subject: str) -> Response:
    """A list as the file asked for; that it left is noted."""
    with database().transaction() as db:
        note_event(
            db, actor=actor(), action="export", subject=subject, detail={"rows": shown.count}
        )
    kind = request.args.get("format")
    return as_xlsx(shown, name) if kind == "xlsx" else as_csv(shown, name)


def told(problem: str | None, done: str, code: str) -> Answer:
    """On to the case with a word of thanks, or the case again with the refusal."""
    if problem is not None:
        return case_page(code, problem), 422
    flash(done)
    return redirect(url_for("clearance.show", code=code))
