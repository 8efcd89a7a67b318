"""Lô quy hoạch: what the plan says of a lot, what lies on it, the signed sheet at that spot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template

from gisapp.found import remembered_findings
from gisapp.judging import seen_zone_ids
from gisapp.pages.difference_tables import Table
from gisapp.pages.once import new_key
from gisapp.plan_steps import DRAFT_STEPS, seen_plan, version_id
from gisapp.present import norms as norm_words
from gisapp.present import plan_lots as lot_words
from gisapp.present import plans as words
from gisapp.present.day import shown_day
from gisapp.present.findings import CHIPS, causes, kind_name, sentence, severity_name, waiver_text
from gisapp.present.tables import as_csv
from gisapp.present.tables import listing as listed
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from gisapp.texts import gettext as _
from planning.adjustments.lot_land import land_on_lot
from planning.clocks import moment
from planning.conformance.finding import Lot as FoundLot
from planning.errors import NotFound
from planning.plans.difference_sides import lots_of
from planning.plans.lots import lots
from planning.plans.norms_queries import judge_lot
from planning.plans.sheets.queries import ground_of, sheets
from planning.plans.steps import standing
from planning.published import zone_and_inner
from planning.vocabulary import lot_categories

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from sqlalchemy.orm import Session

    from planning.adjustments.lot_land import LotLand
    from planning.clocks import Moment
    from planning.conformance.finding import Finding
    from planning.plans.difference import Lot
    from planning.plans.sheets.queries import SheetRow

pages = Blueprint("plan_lots", __name__)

CROPS = 2
"""Sheets shown on the page: the plan's own, and one to compare it with."""


@pages.get("/<code>/<int:number>/lots/<uuid:lot>")
@requires(Permission.READ)
def show(code: str, number: int, lot: UUID) -> str:
    """One lot of a version, and the form that edits it while the version is a draft."""
    day = shown_day()
    with database().reading(seconds=30) as db:
        at = moment(db, day.as_of, day.known_at)
        plan = seen_plan(db, code)
        held = version_id(plan, number)
        row = _lot(db, at, held, lot)
        status = standing(db, held).status
        seen = seen_zone_ids(db, at)
        on_it = land_on_lot(db, at, row, zones=seen)
        crops = _sheets(db, at, seen, row, held)
        found = _findings(db, at, plan.zone_id, row) if status not in DRAFT_STEPS else []
        judged = judge_lot(db, at, held, row)
        because = causes(db, found)
    return render_template(
        "pages/plans/lot.html", plan=plan, number=number, lot=row, held=held, status=status,
        draft=status in DRAFT_STEPS, land=on_it, tables=_tables(on_it), crops=crops, judged=judged,
        found=[(each, CHIPS[each.severity], severity_name(each.severity), kind_name(each.kind),
                sentence(each), waiver_text(each.waiver, because) if each.waiver else "")
               for each in found],
        categories=lot_categories(), once=new_key(), words=words, lots=lot_words, norms=norm_words,
    )  # fmt: skip


def _lot(db: Session, at: Moment, held: UUID, lot: UUID) -> Lot:
    for each in lots_of(db, at, held):
        if each.lot_id == lot:
            return each
    raise NotFound(kind="plan_lot", key=str(lot))


def _findings(db: Session, at: Moment, zone_id: UUID, row: Lot) -> list[Finding]:
    """What does not fit between this lot and the parcels on it, the gravest first."""
    found = remembered_findings()(db, at, zone_and_inner(db, zone_id))
    return [
        each
        for each in found
        if isinstance(each.other, FoundLot) and each.other.version_id == row.version_id
    ]


def _sheets(db: Session, at: Moment, seen: Sequence[UUID], row: Lot, held: UUID) -> list[SheetRow]:
    """Sheets that are on the map at the lot, those of its own version first."""
    ground = ground_of(db, at, lot_id=row.lot_id)
    ready = [
        each
        for each in sheets(db, at, seen, outline=ground.ewkt)
        if each.kind == "sheet" and each.map_sha256 is not None
    ]
    return sorted(ready, key=lambda each: each.plan_version_id != held)[:CROPS]


def _tables(on_it: LotLand) -> list[Table]:
    return [
        Table("parcels", _("Thửa trên lô"), lot_words.parcel_columns(), on_it.parcels,
              _("Chưa có thửa nào trên lô này vào ngày này.")),
        Table("rights", _("Quyền còn hiệu lực"), lot_words.right_columns(_("Trong lô này")),
              on_it.rights, _("Không có quyền nào trên phần đất này.")),
    ]  # fmt: skip


@pages.get("/<code>/<int:number>/lots")
@requires(Permission.READ)
def file(code: str, number: int) -> Response:
    """The lots of a version as a file, all of them."""
    day = shown_day()
    with database().reading() as db:
        plan = seen_plan(db, code)
        at = moment(db, day.as_of, day.known_at)
        rows = lots(db, version_id(plan, number), at)
    return as_csv(
        listed(rows, lot_words.lot_columns(code, number), default_sort="symbol"),
        f"{code}-{number}-lots",
    )
