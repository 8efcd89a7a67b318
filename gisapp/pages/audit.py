"""Nhật ký truy cập: what happened at the door, for the auditor: filter, page, file."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response, render_template

from gisapp.present.day import parse_day
from gisapp.present.formats import LEGAL_TIME
from gisapp.present.tables import (
    ROWS_A_PAGE,
    Column,
    Filter,
    Listing,
    as_csv,
    requested_order,
    requested_page,
    whole_asked,
)
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from gisapp.security.trail import TrailAsked, TrailRow, trail
from gisapp.texts import gettext as _
from gisapp.texts import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Mapping

pages = Blueprint("audit", __name__)

MOST_IN_A_FILE: Final = 50_000
KINDS: Mapping[str, tuple[str, Any]] = {
    "login": ("good", _l("Đăng nhập")),
    "logout": ("off", _l("Đăng xuất")),
    "login-failed": ("warn", _l("Đăng nhập sai")),
    "login-throttled": ("bad", _l("Đăng nhập bị chặn")),
    "second-factor-failed": ("warn", _l("Sai mã bước hai")),
    "second-factor-changed": ("info", _l("Đổi bước xác thực hai")),
    "user-created": ("info", _l("Tạo người dùng")),
    "user-changed": ("info", _l("Sửa người dùng")),
    "user-activated": ("info", _l("Mở tài khoản")),
    "user-deactivated": ("info", _l("Khoá tài khoản")),
    "password-changed": ("info", _l("Đổi mật khẩu")),
    "token-created": ("info", _l("Tạo mã truy cập")),
    "token-revoked": ("info", _l("Thu hồi mã truy cập")),
    "refused": ("bad", _l("Bị từ chối quyền")),
}


def _columns() -> list[Column]:
    return [
        Column(key="at", label=_("Lúc"), kind="instant", nowrap=True, strong=True),
        Column(key="kind", label=_("Việc"), kind="chip", value=_kind, sortable=False),
        Column(key="user", label=_("Người dùng"), sortable=False),
        Column(key="actor", label=_("Người làm"), sortable=False),
        Column(key="ip", label=_("Địa chỉ"), sortable=False, nowrap=True),
        Column(key="detail", label=_("Chi tiết"), value=_detail, sortable=False),
        Column(key="request_id", label=_("Mã yêu cầu"), sortable=False),
    ]


def _kind(row: TrailRow) -> tuple[str, str]:
    colour, word = KINDS.get(row.kind, ("off", row.kind))
    return colour, str(word)


def _detail(row: TrailRow) -> str:
    return ", ".join(f"{name}: {value}" for name, value in sorted(row.detail.items()))


@pages.get("/audit")
@requires(Permission.AUDIT)
def show() -> str | Response:
    """The events, newest first, fifty a page; as CSV all that fit the filter."""
    columns = _columns()
    _key, descending = requested_order(columns, "-at")
    filters = [
        Filter("kind", _("Việc"), [(code, str(word)) for code, (_c, word) in KINDS.items()]),
        Filter("who", _("Người dùng, địa chỉ")),
        Filter("since", _("Từ ngày")),
        Filter("until", _("Đến hết ngày")),
    ]
    kind, who, since, until = (each.current for each in filters)
    asked = TrailAsked(kind, who, midnight("since", since), midnight("until", until, days=1))
    whole = whole_asked()
    page = 1 if whole else requested_page()
    count = MOST_IN_A_FILE if whole else ROWS_A_PAGE
    with database().transaction() as db:
        rows, found = trail(
            db, asked, first=(page - 1) * ROWS_A_PAGE, count=count, oldest_first=not descending
        )
    shown = Listing(
        columns=columns,
        rows=rows,
        count=found,
        page=page,
        sort="at",
        descending=descending,
        filters=filters,
    )
    if whole:
        return as_csv(shown, "nhat-ky")
    return render_template("pages/audit/show.html", listing=shown)


def midnight(name: str, given: str, days: int = 0) -> dt.datetime | None:
    """The beginning of a day in Vietnam, so many days later. Raises DayRefused."""
    if not given:
        return None
    day = parse_day(name, given) + dt.timedelta(days=days)
    return dt.datetime.combine(day, dt.time(), LEGAL_TIME)
