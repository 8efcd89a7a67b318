"""Thống nhất giữa các cấp: lower plans against higher ones, and how much of the land is planned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request

from gisapp.judging import seen_version
from gisapp.present import differences as uses
from gisapp.present import levels as words
from gisapp.present.day import shown_day
from gisapp.present.frame import facts
from gisapp.present.tables import Column, Listing, as_csv
from gisapp.present.tables import listing as listed
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from gisapp.security.scope import reader_scope
from gisapp.texts import gettext as _
from planning.clocks import moment
from planning.plans.levels_queries import LEVELS, coverage, level_pairs
from planning.zones.queries import zones

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planning.clocks import Moment
    from planning.plans.levels_queries import LevelPair
    from planning.zones.queries import ZoneRow

pages = Blueprint("levels", __name__)

OPENED = 6
"""So many pairs are opened on the page; more are a list, each opened by itself."""


@pages.get("")
@requires(Permission.READ)
def show() -> str | Response:
    """Coverage of the chosen board, and every plan in force against the level above it."""
    day, key = shown_day(), request.args.get("version", "")
    with database().reading(seconds=30) as db:
        at = moment(db, day.as_of, day.known_at)
        seen = seen_zones(db, at)
        ids = [zone.id for zone in seen]
        version = seen_version(db, at, key) if key else None
        chosen = version.plan_version_id if version else None
        pairs = level_pairs(db, at, ids, version_id=chosen)
        whole, each = coverage(db, at, ids)
    filters = [] if version else words.pair_filters()
    pairs = [pair for pair in pairs if not filters or words.wanted_pair(pair, filters)]
    if request.args.get("format") == "csv":
        return _file(pairs)
    shown = listed(
        pairs, words.pair_columns(), default_sort="-wrong", filters=filters,
        totals_label=_("Cộng mọi dòng hợp bộ lọc"),
        empty=_("Chưa có hai cấp quy hoạch nào cùng có hiệu lực trên một phần đất."),
    )  # fmt: skip
    return render_template(
        "pages/levels/show.html", listing=shown, opened=shown.rows if _few(shown) else [],
        whole=whole, each=each, zones=seen, levels=LEVELS, words=words, uses=uses, version=version,
    )  # fmt: skip


def _few(shown: Listing) -> bool:
    """Whether the pairs are few enough to be opened on the page, each with its table."""
    return shown.count <= OPENED


def seen_zones(db: Session, at: Moment) -> list[ZoneRow]:
    """The zones of the chosen board (or of all) the reader may see."""
    scope, board = reader_scope(), facts().board
    found = zones(db, at, board.code if board else None)
    return [zone for zone in found if scope.covers(zone)]


def _file(pairs: list[LevelPair]) -> Response:
    rows = [(pair, cell) for pair in pairs for cell in pair.cells]
    columns = [
        Column(key="higher", label=_("Quy hoạch cấp trên"), value=lambda row: row[0].higher.key),
        Column(
            key="higher_no",
            label=_("Quyết định cấp trên"),
            value=lambda row: row[0].higher.decision_number,
        ),
        Column(key="lower", label=_("Quy hoạch"), value=lambda row: row[0].lower.key),
        Column(
            key="lower_no", label=_("Quyết định"), value=lambda row: row[0].lower.decision_number
        ),
        Column(key="from", label=_("Cấp trên"), value=lambda row: uses.use_short(row[1].higher)),
        Column(key="to", label=_("Cấp dưới"), value=lambda row: uses.use_short(row[1].lower)),
        Column(
            key="verdict",
            label=_("Kết quả"),
            value=lambda row: str(words.VERDICTS[row[1].verdict][1]),
        ),
        Column(
            key="area",
            label=_("Diện tích"),
            unit="ha",
            kind="hectares",
            value=lambda row: row[1].area_m2,
        ),
        Column(key="lots", label=_("Lô"), value=lambda row: words.lots(row[1])),
    ]
    return as_csv(Listing(columns=columns, rows=rows, count=len(rows)), "levels")
