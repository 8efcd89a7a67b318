"""Columns of the lists around a case: steps, payments, land beside money by zone.

Headings of steps and payments are those the imports ask for: a file goes out and comes in again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gisapp.present.clearance import STEPS
from gisapp.present.day import dated_url
from gisapp.present.tables import Column
from gisapp.texts import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable


def zone_columns() -> list[Column]:
    """Zones: hectares handed over beside dong paid, each with its own denominator."""

    def of(name: str) -> Callable[[Any], Any]:
        return lambda line: getattr(line.sums, name)

    return [
        Column(
            key="code", label=_("Khu"), strong=True, nowrap=True,
            link=lambda line: dated_url("clearance.listing", zone=line.code),
        ),
        Column(key="name", label=_("Tên"), nowrap=True),
        Column(key="board", label=_("Ban"), nowrap=True),
        Column(key="cases", label=_("Số hồ sơ"), kind="number", total=True),
        Column(key="items", label=_("Số mục"), kind="number", total=True, value=of("items")),
        Column(key="area_m2", label=_("Phải thu hồi"), kind="hectares", unit="ha", total=True,
               value=of("area_m2")),
        Column(key="cleared_m2", label=_("Đã bàn giao"), kind="hectares", unit="ha", total=True,
               value=of("cleared_m2")),
        Column(key="cleared_share", label=_("Bàn giao"), kind="percent",
               value=of("cleared_share")),
        Column(key="granted", label=_("Phương án duyệt"), unit="đ", kind="number", total=True,
               value=lambda line: line.sums.granted.total),
        Column(key="paid", label=_("Đã chi trả"), unit="đ", kind="number", total=True,
               value=lambda line: line.sums.paid.total),
        Column(key="paid_share", label=_("Chi trả"), kind="percent", value=of("paid_share")),
        Column(key="homeless", label=_("Giao đất trước lô"), kind="number", total=True,
               value=of("homeless")),
    ]  # fmt: skip


def step_columns(code: str) -> list[Column]:
    """Steps of a case, as the import of steps reads them."""
    return [
        Column(key="case", label=_("Mã hồ sơ"), sortable=False, nowrap=True,
               value=lambda _row: code),
        Column(key="number", label=_("Mục"), sortable=False, strong=True, nowrap=True,
               link=lambda row: dated_url("clearance.item", code=code, item_id=row.item_id)),
        Column(key="kind", label=_("Bước"), sortable=False, nowrap=True,
               value=lambda row: str(STEPS[row.kind])),
        Column(key="day", label=_("Ngày"), kind="day", sortable=False, nowrap=True),
        Column(key="agreed_early", label=_("Đồng ý thu hồi sớm"), sortable=False,
               value=lambda row: _("có") if row.agreed_early else ""),
        *_paper(lambda row: row),
    ]  # fmt: skip


def payment_columns(code: str) -> list[Column]:
    """Plans and payments with the household, as the import of payments reads them."""

    def dong(name: str, label: str) -> Column:
        return Column(
            key=name, label=label, kind="number", unit="đ", sortable=False,
            value=lambda row: getattr(row.money, name) if row.money else None,
        )  # fmt: skip

    return [
        Column(key="case", label=_("Mã hồ sơ"), sortable=False, nowrap=True,
               value=lambda _row: code),
        Column(key="number", label=_("Mục"), sortable=False, strong=True,
               value=lambda row: row.step.number,
               link=lambda row: dated_url("clearance.household", code=code,
                                          item_id=row.step.item_id)),
        Column(key="person", label=_("Chủ hộ"), sortable=False, nowrap=True,
               value=lambda row: row.person.head_name if row.person else None),
        Column(key="kind", label=_("Bước"), sortable=False, nowrap=True,
               value=lambda row: str(STEPS[row.step.kind])),
        Column(key="day", label=_("Ngày"), kind="day", sortable=False, nowrap=True,
               value=lambda row: row.step.day),
        dong("compensation", _("Bồi thường")),
        dong("support", _("Hỗ trợ")),
        dong("resettlement", _("Tái định cư")),
        dong("total", _("Cộng")),
        *_paper(lambda row: row.step),
    ]  # fmt: skip


def _paper(of: Callable[[Any], Any]) -> list[Column]:
    return [
        Column(key="document", label=_("Số văn bản"), sortable=False, nowrap=True,
               value=lambda row: of(row).document),
        Column(key="issued_on", label=_("Ngày văn bản"), kind="day", sortable=False, nowrap=True,
               value=lambda row: of(row).issued_on),
        Column(key="issuer", label=_("Cơ quan ban hành"), sortable=False, nowrap=True,
               value=lambda row: of(row).issuer),
    ]  # fmt: skip
