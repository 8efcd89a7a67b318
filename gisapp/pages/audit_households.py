"""Lượt xem hồ sơ hộ: who read which item's household when, for the auditor; never what was read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import Response, render_template, request

from gisapp.pages.audit import midnight, pages
from gisapp.pages.clearance_acts import actor
from gisapp.present.tables import (
    ROWS_A_PAGE,
    Column,
    Filter,
    Listing,
    as_csv,
    as_xlsx,
    requested_order,
    requested_page,
    whole_asked,
)
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from gisapp.texts import gettext as _
from gisapp.texts import lazy_gettext as _l
from planning.households.readings import AMOUNTS, NAMES, ReadingsAsked, readings
from planning.records.commands import note_event

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planning.households.readings import Reading

__all__ = ["pages"]

MOST_IN_A_FILE: Final = 50_000
KINDS: Mapping[str, Any] = {NAMES: _l("Tên, giấy tờ, tài khoản"), AMOUNTS: _l("Số tiền")}


def _columns() -> list[Column]:
    return [
        Column(key="at", label=_("Lúc"), kind="instant", nowrap=True, strong=True),
        Column(key="actor", label=_("Người xem"), sortable=False),
        Column(key="action", label=_("Xem gì"), sortable=False, value=_kind),
        Column(key="subject", label=_("Hồ sơ · mục"), sortable=False),
        Column(key="count", label=_("Số hộ, mục"), kind="number", sortable=False),
        Column(key="as_of", label=_("Ngày dữ liệu"), kind="day", sortable=False, nowrap=True),
    ]


def _kind(row: Reading) -> str:
    return str(KINDS[row.action])


@pages.get("/audit/households")
@requires(Permission.AUDIT)
def households() -> str | Response:
    """Readings of households, newest first, fifty a page; as a file all that fit the filter."""
    columns = _columns()
    _key, descending = requested_order(columns, "-at")
    filters = [
        Filter("kind", _("Xem gì"), [(kind, str(word)) for kind, word in KINDS.items()]),
        Filter("who", _("Người xem")),
        Filter("q", _("Hồ sơ, mục")),
        Filter("since", _("Từ ngày")),
        Filter("until", _("Đến hết ngày")),
    ]
    kind, who, subject, since, until = (each.current for each in filters)
    asked = ReadingsAsked(
        kind, who, subject, midnight("since", since), midnight("until", until, days=1)
    )
    whole = whole_asked()
    page = 1 if whole else requested_page()
    with database().reading() as db:
        rows, found = readings(
            db, asked, first=(page - 1) * ROWS_A_PAGE,
            count=MOST_IN_A_FILE if whole else ROWS_A_PAGE, oldest_first=not descending,
        )  # fmt: skip
    shown = Listing(
        columns=columns, rows=rows, count=found, page=page, sort="at", descending=descending,
        filters=filters, workbook=True, empty=_("Chưa ai xem hồ sơ hộ nào."),
    )  # fmt: skip
    if whole:
        with database().transaction() as db:
            note_event(
                db, actor=actor(), action="export", subject="household-readings",
                detail={"rows": found},
            )  # fmt: skip
        xlsx = request.args.get("format") == "xlsx"
        return (as_xlsx if xlsx else as_csv)(shown, "luot-xem-ho")
    return render_template("pages/audit/households.html", listing=shown)
