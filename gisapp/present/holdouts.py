"""Parcels that hold others up, in words: rows, columns, and as features for the map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from gisapp.present.clearance import FLAGS, HOLDERS, STATES
from gisapp.present.day import dated_url
from gisapp.present.ground_shapes import geometry
from gisapp.present.tables import Column
from gisapp.texts import gettext as _
from planning.sites.holdouts import LAND, ranked

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from planning.clearance.of_parcels import ParcelItem
    from planning.sites.ground import Parcel
    from planning.sites.holdouts import Freed
    from planning.sites.queries import HoldOuts

MASK: Final = "••••••"
"""Stands where a household's name would be."""
LEAST: Final = 0.05
"""Less m² or metres than this read as nothing."""


@dataclass(frozen=True)
class Row:
    """A parcel that waits, as the list shows it."""

    rank: int
    parcel_id: UUID
    parcel: str
    zone: str
    freed_m2: float
    measured_m2: float
    access_m2: float
    road_m: float
    cluster_m2: float
    cluster_parcels: int
    area_m2: float
    item: ParcelItem | None
    days: int | None
    key: str
    freed: Freed

    @property
    def alone(self) -> bool:
        """Whether it frees land or road all by itself."""
        return self.freed_m2 >= LEAST or self.road_m >= LEAST

    @property
    def case(self) -> str:
        """The case it is in, none: nobody has begun."""
        return self.item.case_code if self.item else ""

    @property
    def state(self) -> tuple[str, str]:
        """The step it is at: colour and word."""
        if self.item is None:
            return "off", _("chưa vào hồ sơ nào")
        colour, word = STATES[self.item.state]
        return colour, str(word)

    @property
    def who(self) -> str:
        """What kind of land user; a household is masked, for everybody."""
        if self.item is None:
            return ""
        word = str(HOLDERS[self.item.holder])
        return f"{word} {MASK}" if self.item.holder == "household" else word

    @property
    def flags(self) -> str:
        """Complaint, suspension."""
        named = ("complaint", "suspension")
        return ", ".join(str(FLAGS[n]) for n in named if self.item and getattr(self.item, n))

    @property
    def planned_on(self) -> date | None:
        """The day its case means to hand it over."""
        return self.item.handover_planned_on if self.item else None


def rows(found: HoldOuts, by: str, as_of: date) -> list[Row]:
    """Every parcel that waits, in its order."""
    order = ranked(found.freed, found.ground, by)
    top = max((_worth(each, by) for each in order), default=0.0)
    return [
        _row(found.ground.parcels[each.parcel], each, number, found, as_of, _key(each, by, top))
        for number, each in enumerate(order, 1)
    ]


def _worth(each: Freed, by: str) -> float:
    return each.area_m2 if by == LAND else each.road_m


def _key(each: Freed, by: str, top: float) -> str:
    worth = _worth(each, by)
    if worth < LEAST:
        return "none"
    if worth >= 0.999 * top:
        return "most"
    return "much" if worth >= top / 2 else "some"


def _row(
    parcel: Parcel, each: Freed, number: int, found: HoldOuts, as_of: date, key: str
) -> Row:  # fmt: skip
    item = found.items.get(parcel.parcel_id)
    waited = (as_of - item.last_on).days if item and item.last_on else None
    return Row(
        number, parcel.parcel_id, parcel.name, parcel.zone, each.area_m2, each.measured_m2,
        each.access_m2, each.road_m, each.cluster_m2, each.cluster_parcels, parcel.area_m2, item,
        waited, key, each,
    )  # fmt: skip


def columns(zone: str) -> list[Column]:
    """What is told of every parcel."""
    return [
        Column(key="rank", label=_("Hạng"), kind="number"),
        Column(
            key="parcel", label=_("Tờ/thửa"), strong=True,
            link=lambda row: dated_url("map.show", zone=zone, parcel=row.parcel_id),
        ),
        Column(key="freed_m2", label=_("Đất giải phóng"), kind="hectares", unit="ha"),
        Column(key="road_m", label=_("Đường"), kind="number", unit="m"),
        Column(key="state", label=_("Bước"), kind="chip"),
        Column(key="days", label=_("Ngày chờ"), kind="number"),
        Column(key="case", label=_("Hồ sơ GPMB"), nowrap=True, link=_item_url),
        Column(key="item_no", label=_("Mục"), value=lambda row: row.item and row.item.number,
               sortable=False),
        Column(key="planned_on", label=_("Dự kiến bàn giao"), kind="day", nowrap=True),
        Column(key="cluster_m2", label=_("Cả cụm"), kind="hectares", unit="ha"),
        Column(key="cluster_parcels", label=_("Thửa trong cụm"), kind="number"),
        Column(key="access_m2", label=_("Chỉ chờ đường"), kind="hectares", unit="ha"),
        Column(key="flags", label=_("Cờ"), nowrap=True),
        Column(key="who", label=_("Người sử dụng đất"), nowrap=True),
        Column(key="area_m2", label=_("Diện tích thửa"), kind="square_metres", unit="m²"),
        Column(key="zone", label=_("Khu"), nowrap=True),
    ]  # fmt: skip


def _item_url(row: Row) -> str | None:
    if row.item is None:
        return None
    return dated_url("clearance.item", code=row.item.case_code, item_id=row.item.item_id)


def features(
    shown: Sequence[Row], found: HoldOuts, srid: int, *, in_plane: bool
) -> list[dict[str, Any]]:
    """Parcels as GeoJSON, first in rank first; no person is in it."""
    return [
        {
            "type": "Feature",
            "id": str(row.parcel_id),
            "geometry": geometry(
                found.ground.parcels[row.freed.parcel].shape, srid, in_plane=in_plane
            ),
            "properties": {
                "rank": row.rank,
                "key": row.key,
                "parcel": row.parcel,
                "zone": row.zone,
                "freed_m2": round(row.freed_m2, 1),
                "freed_measured_m2": round(row.measured_m2, 1),
                "waits_for_road_m2": round(row.access_m2, 1),
                "road_m": round(row.road_m, 1),
                "cluster_m2": round(row.cluster_m2, 1),
                "cluster_parcels": row.cluster_parcels,
                "area_m2": round(row.area_m2, 1),
                "case": row.case or None,
                "item": row.item.number if row.item else None,
                "step": row.item.state if row.item else None,
                "days_at_step": row.days,
                "planned_on": row.planned_on,
            },
        }
        for row in shown
    ]
