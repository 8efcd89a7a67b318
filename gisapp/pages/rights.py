"""Quyền đất: the register of land rights, what ends soon, and one right with its whole tract."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import BadRequest

from gisapp.pages.clearance import as_file
from gisapp.pages.once import new_key
from gisapp.present import rights as words
from gisapp.present.day import shown_day
from gisapp.present.frame import facts
from gisapp.present.right_picture import drawn, small_map, use_of
from gisapp.present.tables import (
    ROWS_A_PAGE,
    Filter,
    Listing,
    requested_order,
    requested_page,
    whole_asked,
)
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from gisapp.security.scope import reader_scope
from gisapp.texts import gettext as _
from planning.clocks import moment
from planning.errors import NotFound
from planning.published import zone_and_inner
from planning.tenure.picture import life, picture, plots, tract_of, zone_of
from planning.tenure.powers import judge, powers
from planning.tenure.register import HORIZONS, endings, rights_page
from planning.zones.queries import zones

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session

    from planning.clocks import Moment
    from planning.zones.queries import ZoneRow

pages = Blueprint("rights", __name__)

MOST_IN_A_FILE = 100_000


def seen_zones(db: Session, at: Moment, *, any_board: bool = False) -> list[ZoneRow]:
    """The zones the reader may see, of the board chosen (or of any)."""
    board, scope = facts().board, reader_scope()
    every = zones(db, at, None if any_board or board is None else board.code)
    return [zone for zone in every if scope.covers(zone)]


def asked_zones(db: Session, seen: list[ZoneRow], code: str) -> list[UUID]:
    """The ids of a zone and what lies in it, as far as they are seen; of all when none is named."""
    zone = next((each for each in seen if each.code == code), None)
    if not code or zone is None:
        return [each.id for each in seen] if not code else []
    inside = set(zone_and_inner(db, zone.id))
    return [each.id for each in seen if each.id in inside]


def asked_months() -> int | None:
    """Within how many months what is shown ends: ``?expiring=12``. Raises BadRequest."""
    given = request.args.get("expiring", "")
    if not given:
        return None
    if given not in {str(each) for each in HORIZONS}:
        raise BadRequest
    return int(given)


@pages.get("")
@requires(Permission.READ)
def listing() -> str | Response:
    """Rights in force the reader may see; what ends within 6, 12, 24 and 60 months."""
    day = shown_day()
    columns = words.right_columns(day.as_of)
    with database().reading() as db:
        at = moment(db, day.as_of, day.known_at)
        seen = seen_zones(db, at)
        filters = [
            Filter("q", _("Tìm số hoặc bên cho thuê")),
            Filter("lessee", _("Bên thuê")),
            Filter("zone", _("Khu"), [(zone.code, zone.code) for zone in seen]),
            Filter("kind", _("Loại"), [(key, str(word)) for key, word in words.KINDS.items()]),
            Filter(
                "expiring", _("Hết hạn"),
                [(str(each), _("trong %(count)s tháng", count=each)) for each in HORIZONS],
            ),
        ]  # fmt: skip
        wanted, lessee, zone, kind = (each.current for each in filters[:4])
        ids = asked_zones(db, seen, zone)
        sort, descending = requested_order(columns, "kind")
        whole = whole_asked()
        page = 1 if whole else requested_page()
        found = rights_page(
            db, at, ids, kind=kind if kind in words.KINDS else None, lessee=lessee, wanted=wanted,
            months=asked_months(), sort=sort, descending=descending,
            most=MOST_IN_A_FILE if whole else ROWS_A_PAGE, skip=(page - 1) * ROWS_A_PAGE,
        )  # fmt: skip
        soon = endings(db, at, ids)
    shown = Listing(
        columns=columns, rows=found.rows, count=found.count, page=page, sort=sort,
        descending=descending, totals={"contract_area_m2": found.contract_area_m2},
        totals_label=_("Cộng"), filters=filters,
        workbook=True, empty=_("Vào ngày này sổ chưa có quyền đất nào."),
    )  # fmt: skip
    if whole:
        return as_file(shown, "quyen-dat", "land-rights")
    return render_template("pages/rights/listing.html", listing=shown, soon=soon)


@pages.get("/powers")
@requires(Permission.READ)
def power_table() -> str:
    """Who may be lessor of what, since when and until when, by which clause."""
    with database().reading() as db:
        found = powers(db)
    return render_template("pages/rights/powers.html", powers=found, words=words)


@pages.get("/<uuid:right_id>")
@requires(Permission.READ)
def show(right_id: UUID) -> str:
    """One right in the picture of its tract: land by use, tree, terms on both clocks."""
    return right_page(right_id)


def right_page(right_id: UUID, problem: str | None = None) -> str:
    """The page of a right, with what refused a form when one was."""
    day = shown_day()
    with database().reading() as db:
        at = moment(db, day.as_of, day.known_at)
        ids = [zone.id for zone in seen_zones(db, at, any_board=True)]
        if zone_of(db, right_id) not in ids:
            raise NotFound(kind="land_right", key=str(right_id))
        tract_id = tract_of(db, at, right_id)
        whole = picture(db, at, ids, tract_id)
        terms = life(db, at, [right_id]).get(right_id)
        if not terms:
            raise NotFound(kind="land_right", key=str(right_id))
        line = next((each for each in whole.inside if each.id == right_id), whole.tract)
        line = line if line is not None and line.id == right_id else None
        land = plots(db, at, right_id)
        granted = min(terms, key=lambda told: (told.valid_from, told.version_id))
        lessor_kind = (line and line.lessor_kind) or ""
        verdict = judge(powers(db), granted.kind, lessor_kind, granted.valid_from)
    return render_template(
        "pages/rights/show.html", right_id=right_id, line=line, terms=terms, newest=terms[-1],
        picture=whole, drawn=drawn(whole, day.as_of, right_id), words=words, plots=land,
        drawing=small_map(land, {each.id: use_of(each) for each in whole.parcels}),
        verdict=words.verdict_words(verdict) if line is not None else "",
        grave=verdict is not None and verdict.standing != "power", problem=problem,
        given=request.form, once=new_key,
    )  # fmt: skip
