"""The rows behind a figure as a table: boundaries, lots, parcels, contracts, projects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gisapp.messages import render
from gisapp.present.day import dated_url
from gisapp.present.formats import language
from gisapp.present.tables import Column
from gisapp.texts import gettext as _
from gisapp.texts import lazy_gettext as _l

if TYPE_CHECKING:
    from planning.indicators.queries import Item

ROWS_AT_MOST: Final = 5_000

STEPS: dict[str, Any] = {
    "land": _l("Có đất"),
    "permit": _l("Giấy phép"),
    "construction": _l("Xây dựng"),
    "installation": _l("Lắp đặt"),
    "operation": _l("Vận hành"),
}


def step_name(code: str | None) -> str:
    """The word for a step of a project's schedule."""
    return "" if code is None else str(STEPS.get(code, code))


def _quantity(row: Item) -> str:
    word = render(f"quantity-{row.quantity.replace('_', '-')}", {}, language())
    return word[:1].upper() + word[1:]


def row_columns(unit: str) -> list[Column]:
    """The columns; areas in m², with totals, unless what is counted has none."""
    found = [
        Column(
            key="zone",
            label=_("Khu"),
            link=lambda row: dated_url("zones.show", code=row.zone),
            strong=True,
        ),
        Column(key="quantity", label=_("Loại"), value=_quantity),
        Column(key="label", label=_("Số hiệu"), strong=True),
        Column(key="detail", label=_("Ghi chú")),
    ]
    if unit == "count":
        return found
    return [
        *found,
        Column(key="legal", label=_("Pháp lý"), unit="m²", kind="square_metres", total=True),
        Column(key="measured", label=_("Đo"), unit="m²", kind="square_metres", total=True),
        Column(
            key="missing",
            label=_("Diện tích lấy từ"),
            value=lambda row: _("bản vẽ") if row.missing else _("giấy tờ"),
        ),
    ]
