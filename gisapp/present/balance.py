"""The land balance as a table that adds up: uses, then what keeps them from being the whole."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from gisapp.present.plans import category_word
from gisapp.present.tables import Column, Listing
from gisapp.present.workbook import Sheet, as_workbook
from gisapp.texts import gettext as _
from planning.plans.balance import Balance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Response


@dataclass(frozen=True)
class BalanceRow:
    """A row: a use, a correction (overlap, outside, gap) or the sum; areas in m², share 0 to 1."""

    kind: str
    category: str
    name: str
    lots: int | None
    area_m2: float
    share: float | None
    legal_m2: Decimal | None
    stated_m2: Decimal | None
    difference_m2: float | None


def balance_table(found: Balance) -> list[BalanceRow]:
    """Uses by size, then overlap and outside (taken off), gap (added), then the plan's ground."""
    whole = found.ground_m2 or None

    def share(area: float) -> float | None:
        return None if whole is None else area / whole

    rows = [
        BalanceRow(
            "use",
            use.category,
            use.label or category_word(use.category),
            use.lots,
            use.area_m2,
            share(use.area_m2),
            use.legal_m2 if use.lots else None,
            use.stated_m2,
            use.difference_m2,
        )
        for use in found.uses
    ]
    rows += [
        BalanceRow(kind, "", name, None, area, share(area), None, None, None)
        for kind, name, area in (
            ("overlap", _("Phần chồng, tính hai lần (trừ)"), -found.overlap_m2),
            ("outside", _("Phần ra ngoài phạm vi (trừ)"), -found.outside_m2),
            ("gap", _("Phần hở, chưa có lô (cộng)"), found.gap_m2),
        )
    ]
    total = sum(row.area_m2 for row in rows)
    stated = found.stated_total_m2 if found.stated_total_m2 is not None else found.stated_m2
    legal = sum((row.legal_m2 for row in rows if row.legal_m2 is not None), Decimal(0))
    miss = None if stated is None else total - float(stated)
    rows.append(
        BalanceRow(
            "total",
            "",
            _("Phạm vi quy hoạch"),
            found.lots,
            total,
            share(total),
            legal,
            stated,
            miss,
        )
    )
    return rows


def columns() -> list[Column]:
    """The columns of the table."""
    return [
        Column(key="category", label=_("Loại đất"), strong=True),
        Column(key="name", label=_("Tên")),
        Column(key="lots", label=_("Số lô"), kind="number"),
        Column(key="area_m2", label=_("Theo hình"), unit="ha", kind="hectares"),
        Column(key="share", label=_("Tỷ lệ"), kind="percent"),
        Column(key="legal_m2", label=_("Pháp lý của lô"), unit="ha", kind="hectares"),
        Column(key="stated_m2", label=_("Theo quyết định"), unit="ha", kind="hectares"),
        Column(key="difference_m2", label=_("Chênh"), unit="ha", kind="hectares"),
    ]


def plan_sheet(rows: Sequence[BalanceRow]) -> Listing:
    """The table as a list to write into a file, in its own order."""
    return Listing(columns=columns(), rows=rows, count=len(rows))


def balance_workbook(found: Balance, rows: Sequence[BalanceRow], name: str) -> Response:
    """The table, and the places that need a look, as a workbook; hectares unrounded."""

    def hectares(area: float | Decimal | None) -> float | None:
        return None if area is None else float(area) / 10_000

    head = [f"{c.label} ({c.unit})" if c.unit else c.label for c in columns()]
    table = [
        [
            row.category,
            row.name,
            row.lots,
            hectares(row.area_m2),
            row.share,
            hectares(row.legal_m2),
            hectares(row.stated_m2),
            hectares(row.difference_m2),
        ]
        for row in rows
    ]
    places = [
        [each.fault, each.area_m2, each.north, each.east, ", ".join(each.symbols)]
        for each in found.places
    ]
    return as_workbook(
        [
            Sheet(_("Cân bằng đất đai"), head, table),
            Sheet(
                _("Chỗ cần xem"),
                [_("Lỗi"), _("Diện tích (m²)"), _("X (Bắc)"), _("Y (Đông)"), _("Lô")],
                places,
            ),
        ],
        name,
    )
