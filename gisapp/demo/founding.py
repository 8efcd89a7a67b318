"""Boards, zones, boundaries, communes, plans and parcels of the demo."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from importlib.resources import files
from uuid import UUID

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon
from sqlalchemy.orm import Session

from gisapp.demo.layout import (
    COAST,
    CORRIDOR_LENGTH,
    CORRIDOR_WIDTH,
    PARK_A,
    PARK_B,
    PARKS,
    ZONE_CORNERS,
    Park,
    Piece,
    corridor,
    fields,
    resettlement_outline,
    shoelace_m2,
    zone_outline,
)
from gisapp.demo.ledger import BOARD, PROVINCE, Event, learned
from gisapp.demo.story import PLAN_DAYS
from layers.coverage import node_coverage
from layers.geometry import multipolygon
from planning.parcels.commands import NewParcel, add_parcels
from planning.plans.commands import NewLot, add_lots, create_plan, create_version, set_status
from planning.records.model import Change
from planning.vocabulary import lot_categories
from planning.zones.commands import (
    NewAdminUnit,
    add_admin_units,
    create_board,
    create_zone,
    set_boundary,
)

ZONE = "KKT-DEMO"
HOMES_1, HOMES_2 = "TDC-DEMO-1", "TDC-DEMO-2"
ZONE_FOUNDED = date(2018, 1, 1)
PARKS_FOUNDED = date(2021, 1, 1)
COMMUNES = {PARK_A.code: "06913", PARK_B.code: "06913", ZONE: "06913"}
Write = Callable[[Session, int], None]


@dataclass(slots=True)
class Cast:
    """Ids of what was founded, for the events that follow."""

    boards: dict[str, UUID] = field(default_factory=dict)
    zones: dict[str, UUID] = field(default_factory=dict)
    parcels: dict[tuple[str, str], UUID] = field(default_factory=dict)
    cases: dict[str, UUID] = field(default_factory=dict)
    items: dict[tuple[str, int], UUID] = field(default_factory=dict)
    homes: dict[str, UUID] = field(default_factory=dict)
    phases: dict[tuple[str, str], UUID] = field(default_factory=dict)


def _many(shape: Polygon) -> MultiPolygon:
    return MultiPolygon([shape])


def _outlines(name: str) -> tuple[int, list[NewAdminUnit]]:
    read = json.loads(files("gisapp.demo").joinpath("data", name).read_text(encoding="utf-8"))
    level = "province" if name.startswith("province") else "commune"
    units = [
        NewAdminUnit(
            level=level,
            code=item["properties"]["code"],
            name_vi=item["properties"]["name_vi"],
            name_en=item["properties"]["name_en"],
            parent_code=None if level == "province" else "22",
            territory=multipolygon(shapely.geometry.shape(item["geometry"])),
        )
        for item in read["features"]
    ]
    return read["srid"], units


def found(session: Session, change: int, cast: Cast) -> None:
    """Found both boards and all zones (a change of kind setup)."""
    for code, name, english, province in (
        (
            "BQL-QN",
            "Ban Quản lý KKT Quảng Ninh (minh hoạ)",
            "Quang Ninh EZ board (demo)",
            "Quảng Ninh",
        ),
        ("BQL-PT", "Ban Quản lý KCN Phú Thọ (minh hoạ)", "Phu Tho IP board (demo)", "Phú Thọ"),
    ):
        cast.boards[code] = create_board(
            session,
            change,
            code=code,
            name_vi=name,
            name_en=english,
            province_name=province,
            valid_from=ZONE_FOUNDED,
        )
    cast.zones[ZONE] = create_zone(
        session,
        change,
        code=ZONE,
        kind="coastal_economic_zone",
        srid=COAST.srid,
        board_id=cast.boards["BQL-QN"],
        name_vi="Khu kinh tế ven biển Minh Hoạ",
        name_en="Minh Hoa coastal economic zone (demo)",
        valid_from=ZONE_FOUNDED,
    )
    for park in PARKS:
        inside = park.frame is COAST
        letter = park.code[-1]
        cast.zones[park.code] = create_zone(
            session,
            change,
            code=park.code,
            kind="industrial_park",
            srid=park.frame.srid,
            board_id=cast.boards["BQL-QN" if inside else "BQL-PT"],
            name_vi=f"Khu công nghiệp Minh Hoạ {letter}",
            name_en=f"Minh Hoa industrial park {letter} (demo)",
            valid_from=PARKS_FOUNDED,
            parent_id=cast.zones[ZONE] if inside else None,
        )


def ground_events(cast: Cast) -> list[Event]:
    """Return the events that bring outlines, boundaries, plans and parcels into the register."""
    events = []
    for name, number in (("wards_5899.json", "1656/NQ"), ("province_9211.json", "202/NQ")):
        day = date(2025, 7, 1)
        srid, units = _outlines(name)

        def take_in(
            session: Session, change: int, srid: int = srid, units: list[NewAdminUnit] = units
        ) -> None:
            add_admin_units(session, change, srid=srid, units=units, valid_from=date(2025, 7, 1))

        reason = "Địa giới hành chính từ 01/07/2025"
        events.append(Event(day, learned(day, 5), f"{number}-MH", PROVINCE, reason, take_in))
    legal = shoelace_m2(ZONE_CORNERS)

    def bound_zone(session: Session, change: int) -> None:
        set_boundary(
            session,
            change,
            zone_id=cast.zones[ZONE],
            srid=COAST.srid,
            boundary=_many(zone_outline()),
            valid_from=ZONE_FOUNDED,
            certainty="surveyed",
            legal_area_m2=legal,
        )

    reason = "Thành lập khu kinh tế, ranh giới"
    events.append(
        Event(ZONE_FOUNDED, learned(ZONE_FOUNDED, 4), "01/QĐ-MH", PROVINCE, reason, bound_zone)
    )
    events.append(_field_parcels(cast))
    events.append(_general_plan(cast))
    for order, park in enumerate(PARKS):
        events += _park_events(cast, park, order)
    return events


def _park_events(cast: Cast, park: Park, order: int) -> list[Event]:
    srid, letter = park.frame.srid, park.code[-1]

    def bound(session: Session, change: int) -> None:
        set_boundary(
            session,
            change,
            zone_id=cast.zones[park.code],
            srid=srid,
            boundary=_many(park.outline),
            valid_from=PARKS_FOUNDED,
            certainty="surveyed",
            legal_area_m2=park.area_m2,
        )

    def survey(session: Session, change: int) -> None:
        _add_parcels(
            session, change, cast, park.code, srid, park.sheet, park.parcels(), date(2021, 1, 5)
        )

    first, adjusted = PLAN_DAYS[park.code]
    code = f"QHPK-{letter}"

    def plan_first(session: Session, change: int) -> None:
        plan = create_plan(
            session,
            change,
            code=code,
            zone_id=cast.zones[park.code],
            srid=srid,
            level="subdivision",
            scale_denominator=2000,
            name_vi=f"Quy hoạch phân khu 1/2000 KCN Minh Hoạ {letter}",
            name_en=f"Subdivision plan 1/2000, Minh Hoa park {letter}",
        )
        cast.zones[code] = plan
        _version(session, change, plan, first, park.outline, park.lots(adjusted=False))

    events = [
        Event(
            PARKS_FOUNDED, date(2021, 1, 8), f"{10 + order}/QĐ-MH", PROVINCE,
            f"Thành lập KCN {letter}", bound,
        ),
        Event(
            date(2021, 1, 5), date(2021, 1, 20 + order), f"{20 + order}/HSĐC-MH", BOARD,
            f"Hồ sơ địa chính KCN {letter}", survey, document="survey",
        ),
        Event(
            first, learned(first, order), f"{30 + order}/QĐ-MH", PROVINCE, f"Phê duyệt {code}",
            plan_first,
        ),
    ]  # fmt: skip
    if adjusted is not None:
        day = adjusted

        def plan_second(session: Session, change: int) -> None:
            lots = park.lots(adjusted=True)
            _version(session, change, cast.zones[code], day, park.outline, lots)

        reason = f"Phê duyệt điều chỉnh cục bộ {code}"
        events.append(
            Event(
                day, learned(day, order + 2), f"{40 + order}/QĐ-MH", PROVINCE, reason, plan_second
            )
        )
    return events


def _version(
    session: Session, change: int, plan: UUID, day: date, scope: Polygon, lots: list[Piece]
) -> None:
    version, _number = create_version(session, change, plan_id=plan)
    opened = session.get(Change, change)
    set_status(
        session,
        change,
        plan_version_id=version,
        status="approved",
        valid_from=day,
        scope=_many(scope),
        decision_id=opened.document_id if opened else None,
    )
    categories = lot_categories()
    add_lots(
        session,
        change,
        plan_version_id=version,
        lots=[
            NewLot(
                lot.name, lot.category, categories[lot.category].leasable, lot.shape, lot.area_m2
            )
            for lot in lots
        ],
    )


def _add_parcels(
    session: Session,
    change: int,
    cast: Cast,
    zone: str,
    srid: int,
    sheet: str,
    pieces: list[Piece],
    day: date,
) -> None:
    noded = node_coverage(np.array([piece.shape for piece in pieces], dtype=object))
    made = add_parcels(
        session,
        change,
        zone_id=cast.zones[zone],
        srid=srid,
        valid_from=day,
        parcels=[
            NewParcel(
                shape=shape,
                commune_code=COMMUNES.get(zone, "05089"),
                sheet_no=sheet,
                parcel_no=piece.name,
                land_use_code="LUC" if piece.category == "LUC" else "SKK",
                legal_area_m2=piece.area_m2,
            )
            for piece, shape in zip(pieces, noded.polygons, strict=True)
        ],
    )
    cast.parcels |= {(zone, piece.name): each for piece, each in zip(pieces, made, strict=True)}


def _field_parcels(cast: Cast) -> Event:
    day = date(2018, 3, 1)

    def survey(session: Session, change: int) -> None:
        _add_parcels(session, change, cast, ZONE, COAST.srid, "7", fields(), day)

    return Event(
        day, learned(day, 6), "02/HSĐC-MH", BOARD, "Hồ sơ địa chính đất ngoài KCN", survey,
        document="survey",
    )  # fmt: skip


def _general_plan(cast: Cast) -> Event:
    day = date(2019, 6, 1)

    def plan_general(session: Session, change: int) -> None:
        plan = create_plan(
            session,
            change,
            code="QHC-KKT",
            zone_id=cast.zones[ZONE],
            srid=COAST.srid,
            level="general",
            scale_denominator=10000,
            name_vi="Quy hoạch chung KKT Minh Hoạ 1/10000",
            name_en="General plan 1/10000, Minh Hoa economic zone",
        )
        cast.zones["QHC-KKT"] = plan
        scope = zone_outline()
        taken = [PARK_A.outline, PARK_B.outline, resettlement_outline(), corridor()]
        rest = Polygon(scope.exterior.coords, [shape.exterior.coords for shape in taken])
        shapes = [*taken, rest]
        green = Decimal(CORRIDOR_WIDTH * CORRIDOR_LENGTH)
        sizes = [PARK_A.area_m2, PARK_B.area_m2, Decimal(160_000), green]
        areas = [*sizes, shoelace_m2(ZONE_CORNERS) - sum(sizes)]
        names = (
            ("CN-A", "CN"),
            ("CN-B", "CN"),
            ("TĐC-01", "TDC"),
            ("CX-01", "CX"),
            ("DT-01", "DUTR"),
        )
        lots = [
            Piece(name, category, shape, area, -1)
            for (name, category), shape, area in zip(names, shapes, areas, strict=True)
        ]
        _version(session, change, plan, day, scope, lots)

    return Event(
        day, learned(day, 3), "05/QĐ-MH", "Thủ tướng (minh hoạ)", "Phê duyệt QHC-KKT", plan_general
    )
