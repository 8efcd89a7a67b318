"""Sites and what the next best lack, in words: rows, columns, and as features for the map."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from gisapp.present.clearance import STATES
from gisapp.present.day import dated_url
from gisapp.present.formats import day
from gisapp.present.ground_shapes import geometry
from gisapp.present.tables import Column
from gisapp.texts import gettext as _
from gisapp.texts import lazy_gettext as _l
from planning.sites.finder import NEVER, Lack
from planning.sites.ground import fullness, whole

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from planning.clearance.of_parcels import ParcelItem
    from planning.sites.finder import Site
    from planning.sites.queries import Sites

CLASSES: dict[str, Any] = {
    "industrial": _l("Đất công nghiệp"),
    "service": _l("Đất dịch vụ"),
}
_NAMES_TOLD = 12


@dataclass(frozen=True)
class Part:
    """A parcel of a site: its land in it (m², legal)."""

    parcel_id: UUID
    name: str
    zone: str
    area_m2: float
    legal_area_m2: float


@dataclass(frozen=True)
class Missing:
    """A parcel a site still lacks: why and until when, in words, and its item."""

    parcel_id: UUID
    name: str
    area_m2: float
    reasons: tuple[str, ...]
    lack: Lack
    item: ParcelItem | None

    @property
    def url(self) -> str | None:
        """The item of clearance it waits in."""
        if self.item is None:
            return None
        return dated_url("clearance.item", code=self.item.case_code, item_id=self.item.item_id)


@dataclass(frozen=True)
class Row:
    """A site, or one that is nearly there, as lists show it."""

    rank: int
    key: str
    area_m2: float
    measured_m2: float
    parcels: int
    names: str
    lots: str
    zone: str
    access: tuple[str, str]
    fullness: float
    missing_m2: float
    lacking_m2: float
    ready_on: date | None
    lacks: tuple[Missing, ...]
    road: Missing | None
    parts: tuple[Part, ...]
    shape: Any
    site: Site


def rows(found: Sites, *, nearly: bool = False) -> list[Row]:
    """The sites there are, or the next best, best first."""
    chosen = found.found.nearly if nearly else found.found.sites
    return [_row(found, site, number) for number, site in enumerate(chosen, 1)]


def _row(found: Sites, site: Site, number: int) -> Row:
    ground = found.ground
    parts = _parts(found, site)
    lots = sorted({ground.lots[at].symbol for at in ground.lot[list(site.pieces)].tolist()})
    shape = whole([ground.shapes[each] for each in site.pieces], found.limits.snap_m)
    lacks = tuple(_missing(found, each) for each in site.lacks)
    ready = max(site.free_on, site.access_on) if found.wanted.access else site.free_on
    return Row(
        number,
        key_of([part.parcel_id for part in parts], found.wanted.category),
        site.area_m2,
        site.measured_m2,
        len(parts),
        _told([part.name for part in parts]),
        ", ".join(lots),
        ", ".join(sorted({part.zone for part in parts})),
        ("good", _("có")) if site.access else ("warn", _("chưa có")),
        fullness(shape),
        max(site.missing_m2, 0.0),
        sum(each.area_m2 for each in lacks),
        None if ready == NEVER or site.missing_m2 > 0 else ready,
        lacks,
        _road(found, site),
        parts,
        shape,
        site,
    )


def _parts(found: Sites, site: Site) -> tuple[Part, ...]:
    ground = found.ground
    land: dict[int, float] = {}
    for piece in site.pieces:
        at = int(ground.owner[piece])
        land[at] = land.get(at, 0.0) + float(ground.area_m2[piece])
    held = [(ground.parcels[at], area) for at, area in land.items()]
    held.sort(key=lambda pair: (pair[0].zone, pair[0].sheet or "", len(pair[0].number or ""),
                                pair[0].number or ""))  # fmt: skip
    return tuple(
        Part(parcel.parcel_id, parcel.name, parcel.zone, area, parcel.area_m2)
        for parcel, area in held
    )


def key_of(parcels: Sequence[UUID], category: str | None) -> str:
    """A name for a site: the same parcels for the same use, the same name."""
    told = " ".join([category or "", *sorted(str(each) for each in parcels)])
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _told(names: Sequence[str]) -> str:
    more = len(names) - _NAMES_TOLD
    return ", ".join(names[:_NAMES_TOLD]) + (f", … (+{more})" if more > 0 else "")


def _missing(found: Sites, lack: Lack) -> Missing:
    parcel = found.ground.parcels[lack.parcel]
    item = found.items.get(parcel.parcel_id)
    said = tuple(_reason(kind, until, item, parcel.planned_on) for kind, until in lack.reasons)
    return Missing(parcel.parcel_id, parcel.name, lack.area_m2, said, lack, item)


def _road(found: Sites, site: Site) -> Missing | None:
    """The parcel of road a site waits for, why and until when."""
    if site.road is None:
        return None
    area = found.ground.parcels[site.road].area_m2
    return _missing(found, Lack(site.road, area, (("clearance", site.access_on),)))


def _reason(kind: str, until: date, item: ParcelItem | None, planned: date | None) -> str:
    last = None if until == NEVER else until - timedelta(days=1)
    if kind == "reserved":
        return _("đang giữ chỗ đến hết %(day)s", day=day(last)) if last else _("đang giữ chỗ")
    if kind == "leased":
        return _("đang cho thuê đến hết %(day)s", day=day(last)) if last else _("đang cho thuê")
    if kind == "in_use":
        return _("dự án đang hoạt động")
    where = _("chưa vào hồ sơ GPMB nào")
    if item is not None:
        step = str(STATES[item.state][1])
        where = _("%(case)s mục %(item)s: %(step)s", case=item.case_code, item=item.number,
                  step=step.lower())  # fmt: skip
    if until != NEVER:
        return _("chưa bàn giao (%(where)s), dự kiến %(day)s", where=where, day=day(until))
    if planned is not None:
        return _("chưa bàn giao (%(where)s), đã quá ngày dự kiến %(day)s", where=where,
                 day=day(planned))  # fmt: skip
    return _("chưa bàn giao (%(where)s), chưa có ngày dự kiến", where=where)


def columns() -> list[Column]:
    """What is told of a site there is."""
    return [
        Column(
            key="rank", label=_("Số"), kind="number", strong=True,
            link=lambda row: page_of(row.key),
        ),
        Column(key="area_m2", label=_("Diện tích theo lô"), kind="hectares", unit="ha"),
        Column(key="access", label=_("Đường vào"), kind="chip"),
        Column(key="fullness", label=_("Vuông vắn"), kind="percent", decimals=0),
        Column(key="parcels", label=_("Thửa"), kind="number"),
        Column(key="lots", label=_("Lô quy hoạch"), sortable=False),
        Column(key="zone", label=_("Khu"), nowrap=True),
        Column(key="measured_m2", label=_("Diện tích đo"), kind="hectares", unit="ha"),
        Column(key="names", label=_("Tờ/thửa"), sortable=False),
    ]  # fmt: skip


def lack_columns() -> list[Column]:
    """What is told, in a file, of every parcel the next best sites lack."""
    return [
        Column(key="rank", label=_("Số"), kind="number", value=lambda pair: pair[0].rank),
        Column(key="area", label=_("Diện tích theo lô"), kind="hectares", unit="ha",
               value=lambda pair: pair[0].area_m2),
        Column(key="missing", label=_("Còn thiếu"), kind="hectares", unit="ha",
               value=lambda pair: pair[0].missing_m2),
        Column(key="access", label=_("Đường vào"), kind="chip",
               value=lambda pair: pair[0].access),
        Column(key="ready", label=_("Sớm nhất"), kind="day", value=lambda pair: pair[0].ready_on),
        Column(key="names", label=_("Gồm"), value=lambda pair: pair[0].names),
        Column(key="parcel", label=_("Thửa còn vướng"),
               value=lambda pair: pair[1].name if pair[1] else ""),
        Column(key="parcel_area", label=_("Đất của thửa"), kind="hectares", unit="ha",
               value=lambda pair: pair[1].area_m2 if pair[1] else None),
        Column(key="why", label=_("Vì"),
               value=lambda pair: "; ".join(pair[1].reasons) if pair[1] else ""),
    ]  # fmt: skip


def page_of(key: str) -> str:
    """The finder with one site open, everything else asked kept."""
    from gisapp.present.frame import page_with

    return f"{page_with(site=key, page=None, format=None, done=None)}#site"


def features(found: Sites, srid: int, *, in_plane: bool) -> list[dict[str, Any]]:
    """Sites, the next best, and what those lack, as GeoJSON; no person is in it."""
    made = [_site(row, "site", srid, in_plane) for row in rows(found)]
    for row in rows(found, nearly=True):
        made.append(_site(row, "nearly", srid, in_plane))
        made += [
            {
                "type": "Feature",
                "id": f"{row.key}-{each.parcel_id}",
                "geometry": geometry(
                    found.ground.parcels[each.lack.parcel].shape, srid, in_plane=in_plane
                ),
                "properties": {"kind": "lack", "rank": row.rank, "of": row.key, **_lack(each)},
            }
            for each in row.lacks
        ]
    return made


def _site(row: Row, kind: str, srid: int, in_plane: bool) -> dict[str, Any]:
    more: dict[str, Any] = {}
    if kind == "nearly":
        more = {
            "missing_m2": round(row.missing_m2, 1),
            "lacking_m2": round(row.lacking_m2, 1),
            "ready_on": row.ready_on,
            "lacks": [_lack(each) for each in row.lacks],
        }
    return {
        "type": "Feature",
        "id": row.key,
        "geometry": geometry(row.shape, srid, in_plane=in_plane),
        "properties": {
            "kind": kind,
            "rank": row.rank,
            "area_m2": round(row.area_m2, 1),
            "measured_m2": round(row.measured_m2, 1),
            "access": row.site.access,
            "road_waits_for": _lack(row.road) if row.road else None,
            "fullness": round(row.fullness, 3),
            "lots": row.lots,
            "zone": row.zone,
            "parcels": [{"id": str(part.parcel_id), "name": part.name,
                         "area_m2": round(part.area_m2, 1)} for part in row.parts],
            **more,
        },
    }  # fmt: skip


def _lack(each: Missing) -> dict[str, Any]:
    return {
        "parcel": str(each.parcel_id),
        "name": each.name,
        "area_m2": round(each.area_m2, 1),
        "reasons": [
            {"kind": kind, "free_on": None if until == NEVER else until}
            for kind, until in each.lack.reasons
        ],
        "text": "; ".join(each.reasons),
        "case": each.item.case_code if each.item else None,
        "item": each.item.number if each.item else None,
    }
