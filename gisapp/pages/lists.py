"""Bảng dữ liệu: every list of the register, out as XLSX or CSV and in again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response, current_app, render_template, url_for
from werkzeug.exceptions import Forbidden

from gisapp.list_exports import take_list
from gisapp.lists import LEAVING, LISTS
from gisapp.pages.clearance import as_file
from gisapp.pages.clearance_acts import actor
from gisapp.pages.list_imports import bring_routes
from gisapp.present.day import dated_url, shown_day
from gisapp.present.formats import language
from gisapp.present.list_tables import list_columns
from gisapp.present.tables import Listing
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.guard import can
from gisapp.security.permissions import Permission
from gisapp.security.scope import reader_scope
from gisapp.texts import lazy_gettext as _l
from planning.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping

pages = Blueprint("lists", __name__)

GROUPS: Final[tuple[tuple[Any, tuple[str, ...]], ...]] = (
    (_l("Khu"), ("zones", "zone-phases")),
    (
        _l("Giải phóng mặt bằng"),
        ("clearance-cases", "clearance-items", "clearance-steps", "clearance-payments",
         "households", "clearance-flags", "clearance-followups", "clearance-targets",
         "handovers"),
    ),
    (
        _l("Tái định cư"),
        ("resettlement-readiness", "resettlement-progress", "resettlement-plots",
         "plot-assignments"),
    ),
    (_l("Quyền đất"), ("land-rights", "parties", "lessor-powers")),
    (
        _l("Dự án"),
        ("project-register", "project-certificates", "project-terms", "project-milestones",
         "project-progress", "project-capital", "project-disbursement", "project-workers",
         "project-inspections", "exchange-rates"),
    ),
    (_l("Số liệu"), ("recorded-figures",)),
)  # fmt: skip
"""The lists as the page shows them."""
DERIVED: Final[tuple[tuple[str, Any], ...]] = (
    ("clocks.listing", _l("Đồng hồ pháp lý")),
    ("rights.idle", _l("Đất bỏ trống")),
    ("holdouts.listing", _l("Thửa nút thắt")),
    ("sites.show", _l("Tìm đất sạch")),
    ("resettlement.listing", _l("Khu tái định cư: lô có và lô cần")),
    ("clearance.by_zone", _l("Đất và tiền theo khu")),
)
"""What the register works out: it leaves from its own page and never comes in."""
AS_LAND: Final = frozenset({"land-rights", "handovers"})
"""Lists that come in as files of land, on the page of imports."""


@dataclass(frozen=True)
class Shown:
    """A list on the page: what it is called, where it goes out and comes in, if it does."""

    title: str
    xlsx: str | None
    csv: str | None
    comes: str | None


def _entry(name: str) -> Shown:
    leaving = LEAVING[name]
    out: Mapping[str, str] = (
        {each: dated_url("lists.take", name=name, format=each) for each in ("xlsx", "csv")}
        if can(leaving.reads)
        else {}
    )
    return Shown(leaving.title(language()), out.get("xlsx"), out.get("csv"), _comes(name))


def _comes(name: str) -> str | None:
    """The page a list comes in by, when the reader may bring it."""
    if name in AS_LAND:
        return url_for("imports.new", layer=name) if can(Permission.IMPORT) else None
    entry = LISTS.get(name)
    if entry is None or not can(entry.permission):
        return None
    ending = f".bring_{name.replace('-', '_')}"
    return next(url_for(each) for each in current_app.view_functions if each.endswith(ending))


@pages.get("")
@requires(Permission.READ)
def show() -> str:
    """Every list the reader may take out or bring in."""
    groups = []
    for word, names in GROUPS:
        shown = [_entry(name) for name in names]
        kept = [each for each in shown if each.csv or each.comes]
        if kept:
            groups.append((word, kept))
    derived = [(dated_url(each), word) for each, word in DERIVED]
    return render_template("pages/lists/show.html", groups=groups, derived=derived)


@pages.get("/<name>")
@requires(Permission.READ)
def take(name: str) -> Response:
    """One list as CSV or XLSX, as far as the reader may see, on the day shown."""
    leaving = LEAVING.get(name)
    if leaving is None:
        raise NotFound(kind="list", key=name[:40])
    if not can(leaving.reads):
        raise Forbidden
    day = shown_day()
    rows = take_list(
        database(), leaving, reader_scope(), actor(), as_of=day.as_of, known_at=day.known_at
    )
    shown = Listing(columns=list_columns(name, language()), rows=rows, count=len(rows))
    return as_file(shown, name, f"list {name}")


for _name in (
    "clearance-cases", "clearance-flags", "clearance-followups", "households",
    "resettlement-readiness", "resettlement-progress", "parties", "project-register",
    "project-certificates", "project-terms", "project-progress", "project-inspections",
    "exchange-rates",
):  # fmt: skip
    bring_routes(pages, LISTS[_name], back="lists.show", rule=f"/{_name}/import")
