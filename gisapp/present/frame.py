"""The frame around every page: who, where, which day, what this database is, and the menu."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog
from flask import current_app, g, request, session, url_for
from sqlalchemy.exc import SQLAlchemyError

from gisapp.present import day, languages
from gisapp.present.formats import language
from gisapp.readiness import read_only_reason
from gisapp.refusals import DatabaseNotReady
from gisapp.running import database
from gisapp.security.access import declared_access
from gisapp.security.guard import can, signed_in_user
from gisapp.security.permissions import Permission
from gisapp.security.scope import reader_scope
from gisapp.texts import gettext as _
from gisapp.texts import lazy_gettext as _l
from planning.clocks import moment
from planning.records import queries as records
from planning.zones import queries as zone_queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from sqlalchemy.orm import Session

_log = structlog.get_logger(__name__)

THEMES = ("light", "dark")

MENU = (
    ("overview.show", _l("Tổng quan"), "speedometer2"),
    ("map.show", _l("Bản đồ"), "map"),
    ("zones.listing", _l("Khu"), "bounding-box"),
    ("plans.listing", _l("Quy hoạch"), "layers"),
    ("clearance.listing", _l("GPMB"), "signpost-split"),
    ("resettlement.listing", _l("Tái định cư"), "houses"),
    ("rights.listing", _l("Quyền đất"), "file-earmark-text"),
    ("sites.show", _l("Tìm đất sạch"), "search"),
    ("projects.listing", _l("Dự án"), "buildings"),
    ("figures.listing", _l("Số liệu"), "bar-chart-line"),
    ("imports.listing", _l("Nhập"), "box-arrow-in-down"),
    ("exports.show", _l("Xuất"), "box-arrow-up"),
    ("audit.show", _l("Nhật ký"), "journal-text"),
    ("admin.users", _l("Quản trị"), "people"),
)
"""The left rail in its order: endpoint, word, icon. An entry shows once its page exists and the
reader's role may open it, which the page itself has declared."""

ROLE_NAMES: dict[str, Any] = {
    "viewer": _l("Người xem"),
    "leader": _l("Lãnh đạo"),
    "planner": _l("Chuyên viên quy hoạch"),
    "officer": _l("Cán bộ bồi thường"),
    "auditor": _l("Kiểm toán"),
    "admin": _l("Quản trị hệ thống"),
}

WITHIN = {
    "phases": "zones",
    "conflicts": "zones",
    "recorded": "figures",
    "lists": "exports",
    "parties": "rights",
    "clocks": "projects",
    "holdouts": "clearance",
    "digest": "overview",
    "differences": "plans",
    "levels": "plans",
    "norms": "plans",
    "sheets": "plans",
    "deadlines": "admin",
}
"""Pages that stand under another entry of the menu."""


@dataclass(frozen=True)
class Entry:
    """One line of the menu."""

    url: str
    label: str
    icon: str
    current: bool


@dataclass(frozen=True)
class ShownBoard:
    """A management board in the switcher."""

    code: str
    name: str


@dataclass(frozen=True)
class Frame:
    """What the frame has to know from the database; all unknown when the database is away."""

    is_demo: bool = False
    data_notice: str | None = None
    read_only: str | None = None
    boards: tuple[ShownBoard, ...] = ()
    board: ShownBoard | None = None


def menu() -> Iterator[Entry]:
    """The entries the reader's role may open."""
    user = signed_in_user()
    role = user.role if user else None
    here = (request.endpoint or "").partition(".")[0]
    here = WITHIN.get(here, here)
    for endpoint, label, icon in MENU:
        if endpoint not in current_app.view_functions:
            continue
        access = declared_access(current_app, endpoint)
        if access is not None and access.admits(role):
            current = endpoint.partition(".")[0] == here
            yield Entry(day.dated_url(endpoint), str(label), icon, current)


def facts() -> Frame:
    """What this database is; a page is shown even when the database cannot say."""
    if "frame" not in g:
        try:
            with database().reading(seconds=2) as db:
                boards = _boards(db)
                chosen = request.args.get("board")
                g.frame = Frame(
                    is_demo=records.is_demo(db),
                    data_notice=records.data_notice(db),
                    read_only=read_only_reason(db),
                    boards=boards,
                    board=next((board for board in boards if board.code == chosen), None),
                )
        except (SQLAlchemyError, DatabaseNotReady):
            _log.warning("frame_without_database")
            g.frame = Frame()
    frame: Frame = g.frame
    return frame


def _boards(db: Session) -> tuple[ShownBoard, ...]:
    scope = reader_scope()
    return tuple(
        ShownBoard(board.code, (language() == "en" and board.name_en) or board.name_vi)
        for board in zone_queries.boards(db, moment(db, _day_or_today().as_of))
        if scope.covers_board(board.code)
    )


def page_with(**changes: str | None) -> str:
    """The address of this page with some query parameters changed or (``None``) taken away."""
    values: dict[str, Any] = dict(request.args.to_dict())
    values |= changes
    kept = {name: value for name, value in values.items() if value is not None}
    if request.endpoint is None:
        return url_for("overview.show")
    return url_for(request.endpoint, **{**(request.view_args or {}), **kept})


def _reader() -> dict[str, Any]:
    try:
        user = signed_in_user()
    except (SQLAlchemyError, DatabaseNotReady):  # the page that says so has no reader
        user = None
    return {
        "reader": user,
        "role_name": str(ROLE_NAMES[user.role_name]) if user else "",
        "theme": session.get("theme", "auto"),
        "shown": _day_or_today(),
    }


def _day_or_today() -> day.ShownDay:
    try:
        return day.shown_day()
    except day.DayRefused:  # the page that says so still needs a day of its own
        g.shown_day = day.ShownDay(day.today(), None, day.today())
        return g.shown_day  # type: ignore[no-any-return]


def has_page(endpoint: str) -> bool:
    """Say whether a page exists and the reader may open it."""
    access = declared_access(current_app, endpoint)
    user = signed_in_user()
    return access is not None and access.admits(user.role if user else None)


def add_frame(app: Flask) -> None:
    """Offer the frame to every template, and remember the chosen theme."""
    app.context_processor(_reader)
    app.jinja_env.globals |= {
        "_": _,
        "menu": menu,
        "facts": facts,
        "can": can,
        "Permission": Permission,
        "has_page": has_page,
        "dated_url": day.dated_url,
        "page_with": page_with,
        "language_names": languages.NAMES,
        "language": language,
        "role_names": ROLE_NAMES,
    }

    def remember_theme() -> None:
        given = request.args.get("theme")
        if request.endpoint == "static" or given not in (*THEMES, "auto"):
            return
        if given == "auto":
            session.pop("theme", None)
        else:
            session["theme"] = given

    app.before_request(remember_theme)
