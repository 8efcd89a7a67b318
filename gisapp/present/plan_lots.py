"""Lots of a plan as people read them: columns of lists, what lies on a lot, the signed sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gisapp.present import differences as uses
from gisapp.present import plans as words
from gisapp.present.day import dated_url
from gisapp.present.formats import number
from gisapp.present.tables import Column
from gisapp.present.words import named
from gisapp.texts import gettext as _

if TYPE_CHECKING:
    from planning.adjustments.lot_land import ParcelOnLot
    from planning.plans.sheets.queries import SheetRow


def lot_columns(code: str, version: int) -> list[Column]:
    """The columns of a version's lots; the symbol leads to the lot's page."""

    def use(row: Any) -> str:
        return f"{row.category} · {words.category_word(row.category)}"

    return [
        Column(
            key="symbol",
            label=_("Ký hiệu"),
            strong=True,
            link=lambda row: lot_url(code, version, row.lot_id),
        ),
        Column(key="category", label=_("Loại đất"), value=use),
        Column(
            key="leasable",
            label=_("Cho thuê"),
            value=lambda row: str(words.LEASABLE_WORDS[row.leasable]),
        ),
        Column(key="area_m2", label=_("Đo"), unit="m²", kind="square_metres", total=True),
        Column(
            key="legal_area_m2", label=_("Pháp lý"), unit="m²", kind="square_metres", total=True
        ),
        Column(key="density_pct", label=_("Mật độ"), unit="%", kind="number", decimals=1),
        Column(key="storeys_max", label=_("Tầng cao"), kind="number"),
        Column(key="floor_area_ratio", label=_("Hệ số SDĐ"), kind="number", decimals=2),
    ]


def lot_url(code: str, version: int, lot: object) -> str:
    """The page of a lot."""
    return dated_url("plan_lots.show", code=code, number=version, lot=lot)


def parcel_columns() -> list[Column]:
    """Parcels on a lot: how much of each lies on it, and how much of the lot each takes."""

    def label(row: ParcelOnLot) -> str:
        if row.sheet is None:
            return _("Thửa %(number)s", number=row.number or "–")
        return _("Thửa %(number)s, tờ %(sheet)s", number=row.number or "–", sheet=row.sheet)

    def on_map(row: ParcelOnLot) -> str:
        return dated_url("map.show", zone=row.zone, parcel=row.parcel_id)

    return [
        Column(key="parcel", label=_("Thửa"), value=label, link=on_map, strong=True),
        Column(key="zone", label=_("Khu"), nowrap=True),
        Column(key="area_m2", label=_("Cả thửa"), kind="square_metres", unit="m²"),
        Column(
            key="shared_m2", label=_("Trong lô này"), kind="square_metres", unit="m²", total=True
        ),
        Column(key="share", label=_("Của thửa"), kind="percent"),
        Column(key="share_of_lot", label=_("Của lô"), kind="percent", total=True),
    ]


def right_columns(area: str, *, total: bool = False) -> list[Column]:
    """Rights with the ground of theirs that is spoken of: rows are (right, m²). Only rights of one
    tier add up: a sub-lease lies on the ground the State let.
    """
    return [
        Column(key="number", label=_("Số hiệu"), value=lambda row: row[0].number, strong=True),
        Column(
            key="kind", label=_("Loại"), value=lambda row: named(uses.RIGHT_KINDS, row[0].kind)
        ),
        Column(key="lessee", label=_("Bên nhận"), value=lambda row: row[0].lessee),
        Column(
            key="ends", label=_("Hết hạn"), kind="day", value=lambda row: row[0].term_ends,
            nowrap=True,
        ),
        Column(
            key="contract", label=_("Theo hợp đồng"), kind="hectares", unit="ha",
            value=lambda row: row[0].contract_area_m2,
        ),
        Column(
            key="area", label=area, kind="hectares", unit="ha", decimals=4, total=total,
            value=lambda row: row[1],
        ),
    ]  # fmt: skip


def accuracy(sheet: SheetRow) -> str:
    """How surely a sheet lies where it is drawn: metres on the ground, millimetres on paper."""
    if sheet.rms_m is None:
        return _("chưa kiểm sai số")
    return _(
        "sai số ±%(m)s m (%(mm)s mm trên giấy 1:%(scale)s)",
        m=number(sheet.rms_m, 2),
        mm=number(sheet.rms_mm, 2),
        scale=number(sheet.scale_denominator),
    )
