"""Ground that gives the land figures of Quảng Ninh's report for the first quarter of 2025.

2,717 ha cleared, 1,941.57 ha of it allocated or leased by the State, 1,105.9 ha of that sub-leased
to investors, 1,972.71 ha of industrial lots in force: more than the State has allocated, as there.
Two parks of equal size in one economic zone share everything by halves. Coordinates are (E, N) in
metres of EPSG:5899.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from uuid import UUID

from shapely import MultiPolygon, Polygon, box
from sqlalchemy.orm import Session

from planning.clearance.commands import hand_over
from planning.parcels.commands import NewParcel, add_parcels
from planning.plans.commands import NewLot, add_lots, create_plan, create_version, set_status
from planning.records.commands import open_change, register_document
from planning.tenure.commands import NewRight, grant_rights, register_party
from planning.zones.commands import create_board, create_zone, set_boundary

PLANE = 5899
EAST, NORTH = 430_000.0, 2_320_000.0
BORN = date(2019, 1, 1)
PLANNED = date(2020, 5, 4)
CLEARED = date(2021, 3, 1)
ALLOCATED = date(2021, 9, 1)
LEASED = (date(2022, 2, 1), date(2023, 2, 1), date(2024, 2, 1), date(2025, 2, 1))
DAY = date(2025, 3, 31)
HA = Decimal(10_000)
DEPTH = 2500.0
"""Each park is a strip 2,500 m deep: a quarter of a hectare a metre of width."""

LEASED_WIDTH, ALLOCATED_WIDTH, CLEARED_WIDTH, LOT_WIDTH = 2211.8, 3883.14, 5434.0, 3945.42
WIDTH = 6000.0


@dataclass(frozen=True)
class Park:
    """A park's ids, and those of its leased, allocated, cleared and other parcels."""

    id: UUID
    leased: list[UUID]
    allocated: list[UUID]
    cleared: list[UUID]
    rest: list[UUID]
    state_lease: UUID
    sub_leases: list[UUID]
    plan: UUID
    plan_version: UUID


@dataclass(frozen=True)
class QuangNinh:
    """What was made."""

    board: UUID
    economic_zone: UUID
    parks: tuple[Park, Park]
    document: UUID
    developer: UUID
    investor: UUID


def strip(south: float, west: float, east: float, rows: int = 1) -> list[Polygon]:
    """The ground of a park between two eastings (metres from its west), cut into rows."""
    step = DEPTH / rows
    return [
        box(EAST + west, south + step * row, EAST + east, south + step * (row + 1))
        for row in range(rows)
    ]


def act(session: Session, document: UUID, day: date, kind: str = "act") -> int:
    """A change of the day on the one document of this ground."""
    return open_change(
        session,
        kind=kind,
        reason="Quý I/2025",
        actor="tester",
        effective_on=day,
        document_id=document,
    )


def build(session: Session) -> QuangNinh:
    """Lay the ground in one change a park and step; nothing is committed."""
    document = register_document(
        session, number="BC-QI/2025", issued_on=BORN, issuer="Ban Quản lý", actor="tester"
    )
    change = act(session, document, BORN)
    board = create_board(
        session, change, code="BQL-QN", name_vi="Ban Quản lý Khu kinh tế Quảng Ninh",
        province_name="Quảng Ninh", valid_from=BORN,
    )  # fmt: skip
    economic_zone = create_zone(
        session, change, code="KKT-QN", kind="coastal_economic_zone", srid=PLANE, board_id=board,
        name_vi="Khu kinh tế", valid_from=BORN,
    )  # fmt: skip
    set_boundary(
        session, change, zone_id=economic_zone, srid=PLANE, valid_from=BORN, certainty="surveyed",
        boundary=MultiPolygon([box(EAST - 100, NORTH - 100, EAST + 6100, NORTH + 5100)]),
    )  # fmt: skip
    state = register_party(session, change, name_vi="UBND tỉnh", kind="authority")
    developer = register_party(session, change, name_vi="Công ty hạ tầng", tax_code="5700000001")
    investor = register_party(session, change, name_vi="Nhà đầu tư", tax_code="5700000002")
    parties = (state, developer, investor)
    parks = tuple(
        _park(session, document, board, economic_zone, number, parties) for number in (0, 1)
    )
    return QuangNinh(board, economic_zone, (parks[0], parks[1]), document, developer, investor)


def _park(
    session: Session,
    document: UUID,
    board: UUID,
    parent: UUID,
    number: int,
    parties: tuple[UUID, UUID, UUID],
) -> Park:
    south = NORTH + DEPTH * number
    change = act(session, document, BORN)
    park = create_zone(
        session, change, code=f"KCN-QN{number + 1}", kind="industrial_park", srid=PLANE,
        board_id=board, name_vi=f"KCN {number + 1}", valid_from=BORN, parent_id=parent,
    )  # fmt: skip
    ground = MultiPolygon(strip(south, 0, WIDTH))
    set_boundary(
        session, change, zone_id=park, srid=PLANE, boundary=ground, valid_from=BORN,
        certainty="surveyed", legal_area_m2=1500 * HA,
    )  # fmt: skip
    edges = (0.0, LEASED_WIDTH, ALLOCATED_WIDTH, CLEARED_WIDTH, WIDTH)
    groups = [
        add_parcels(
            session, change, zone_id=park, srid=PLANE, valid_from=BORN,
            parcels=[
                NewParcel(shape, "06814", str(place), str(row), legal_area_m2=_legal(shape))
                for row, shape in enumerate(strip(south, west, east, 4), start=1)
            ],
        )
        for place, (west, east) in enumerate(pairwise(edges), start=1)
    ]  # fmt: skip
    plan, version = _plan(session, document, park, number, south, ground)
    for day, group in zip((CLEARED, CLEARED, date(2025, 1, 20)), groups, strict=False):
        hand_over(
            session, act(session, document, day), zone_id=park, number=f"BB-{number}", day=day,
            parcels=group,
        )  # fmt: skip
    state_lease, *sub_leases = _rights(session, document, park, parties, groups)
    return Park(park, *groups, state_lease, sub_leases, plan, version)


def _legal(shape: Polygon) -> Decimal:
    return round(Decimal(str(shape.area)), 1)


def _plan(
    session: Session, document: UUID, park: UUID, number: int, south: float, ground: MultiPolygon
) -> tuple[UUID, UUID]:
    change = act(session, document, PLANNED)
    plan = create_plan(
        session, change, code=f"QHPK-{number + 1}", zone_id=park, srid=PLANE, level="subdivision",
        scale_denominator=2000, name_vi="Quy hoạch phân khu",
    )  # fmt: skip
    version, _ = create_version(session, change, plan_id=plan)
    set_status(
        session, change, plan_version_id=version, status="approved", valid_from=PLANNED,
        scope=ground, decision_id=document,
    )  # fmt: skip
    add_lots(session, change, plan_version_id=version, lots=lots(south, LOT_WIDTH))
    return plan, version


def lots(south: float, industrial_width: float) -> list[NewLot]:
    """Ten industrial lots side by side from the west, and greenery up to the park's east."""
    step = industrial_width / 10
    found = []
    for place in range(10):
        [shape] = strip(south, round(step * place, 3), round(step * (place + 1), 3))
        found.append(NewLot(f"CN-{place + 1:02}", "CN", "industrial", shape, _legal(shape)))
    [green] = strip(south, industrial_width, WIDTH)
    return [*found, NewLot("CX-01", "CX", "none", green)]


def _rights(
    session: Session,
    document: UUID,
    park: UUID,
    parties: tuple[UUID, UUID, UUID],
    groups: list[list[UUID]],
) -> list[UUID]:
    state, developer, investor = parties
    lease = NewRight(
        "state_lease", park, "QĐ-CT", state, developer, Decimal("1941.57") / 2 * HA, ALLOCATED,
        parcels=groups[0] + groups[1],
    )  # fmt: skip
    made = grant_rights(session, act(session, document, ALLOCATED), [lease])
    for day, parcel in zip(LEASED, groups[0], strict=True):
        contract = NewRight(
            "sub_lease", park, f"TL-{day.year}", developer, investor, Decimal("1105.9") / 8 * HA,
            day, parcels=[parcel], parent_id=lease.id,
        )  # fmt: skip
        made += grant_rights(session, act(session, document, day), [contract])
    return made
