"""A park with one finding of each kind made on purpose, every area known by formula.

Four columns of 100 m squares of a zone, one plan 1/2000 over them; (E, N) in metres of EPSG:5899.
Who draws is `ve`, who grants is `thuê`; a leader is neither. Nothing here commits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from shapely import MultiPolygon, Polygon, box, unary_union
from sqlalchemy.orm import Session

from planning.clocks import Moment
from planning.conformance.finding import Finding
from planning.conformance.queries import findings
from planning.parcels.commands import NewParcel, add_parcels
from planning.plans.commands import NewLot, add_lots, create_plan, create_version, set_status
from planning.published import zone_and_inner
from planning.records.commands import open_change, register_document
from planning.tenure.commands import NewRight, grant_right, register_party
from planning.zones.commands import create_board, create_zone, set_boundary

PLANE = 5899
EAST, NORTH = 420_000.0, 2_320_000.0
START = date(2020, 1, 1)
PLANNED = date(2021, 1, 1)
LET = date(2022, 1, 1)
DAY = date(2024, 6, 1)
DRAWER, GRANTER, LEADER = "ve", "thue", "lanh-dao"


@dataclass
class Park:
    """What was made."""

    parent: UUID
    zone: UUID
    document: UUID
    parcels: dict[str, UUID]
    plan: UUID
    plan_version: UUID

    def found(self, session: Session, at: Moment | None = None) -> list[Finding]:
        """The findings of the park and the zone around it."""
        return findings(session, at or Moment(DAY), zone_and_inner(session, self.parent))

    def of(self, session: Session, kind: str, at: Moment | None = None) -> list[Finding]:
        """The findings of one kind."""
        return [each for each in self.found(session, at) if each.kind == kind]


def area(west: float, south: float, width: float, height: float) -> Polygon:
    """A rectangle, metres from the park's south-west corner."""
    return box(EAST + west, NORTH + south, EAST + west + width, NORTH + south + height)


def act(
    session: Session, document: UUID, *, day: date = START, actor: str = DRAWER, kind: str = "act"
) -> int:
    """A change on the park's document."""
    return open_change(
        session, kind=kind, reason="kiểm thử", actor=actor, effective_on=day, document_id=document
    )


SHAPES: dict[str, Any] = {
    "1": area(0, 0, 100, 100),  # whole in CN
    "2": area(100, 0, 100, 100),  # 70 m in CN, 30 m in CX
    "3": area(200, 0, 100, 100),  # whole in CX, let
    "4": area(0, 100, 100, 100),  # 0.3 m of it in another lot: a drawn line
    "5": area(100, 100.3, 100, 99.7),  # a gap of 0.3 m × 100 m to 2
    "6": area(200, 100, 100, 100),
    "7": area(300, 0, 100, 100),  # half of it outside the plan
    "8": area(400, 0, 100, 100),  # wholly outside the plan
    # 1 mm over 4 along 10 m: 0.005 m², under what the register's constraint refuses
    "9": Polygon(
        [
            (EAST, NORTH + 200),
            (EAST + 5, NORTH + 199.999),
            (EAST + 10, NORTH + 200),
            (EAST + 100, NORTH + 200),
            (EAST + 100, NORTH + 300),
            (EAST, NORTH + 300),
        ]
    ),
}


def lots(green_from: float = 170.0) -> list[NewLot]:
    """Three lots: factories, green land from some easting on, services north of it."""
    return [
        NewLot("CN-01", "CN", "industrial", area(0, 0, green_from, 199.7)),
        NewLot("CX-01", "CX", "none", area(green_from, 0, 350 - green_from, 100.15)),
        NewLot("CN-02", "CN", "industrial", area(green_from, 100.15, 350 - green_from, 99.55)),
        NewLot("DV-01", "DV", "service", area(0, 199.7, 350, 200.3)),
    ]


def park(session: Session, code: str = "KCN-F") -> Park:
    """Lay it in the session's transaction. The change of each fact is its maker's."""
    document = register_document(
        session, number=f"01/{code}", issued_on=START, issuer="UBND tỉnh", actor=DRAWER
    )
    number = act(session, document)
    board = create_board(
        session, number, code=f"B-{code}", name_vi="Ban Quản lý", province_name="Quảng Ninh",
        valid_from=START,
    )  # fmt: skip
    zones = []
    for name, ground in (("KKT", area(-500, -500, 2000, 2000)), (code, area(0, 0, 500.5, 400))):
        zones.append(
            create_zone(
                session,
                number,
                code=name if name == code else f"{name}-{code}",
                kind="industrial_park" if name == code else "coastal_economic_zone",
                srid=PLANE,
                board_id=board,
                name_vi=f"Khu {name}",
                valid_from=START,
                parent_id=zones[0] if zones else None,
            )
        )
        set_boundary(
            session, number, zone_id=zones[-1], srid=PLANE, boundary=MultiPolygon([ground]),
            valid_from=START, certainty="surveyed",
        )  # fmt: skip
    made = add_parcels(
        session, number, zone_id=zones[1], srid=PLANE, valid_from=START,
        parcels=[NewParcel(shape, "27001", "1", name) for name, shape in SHAPES.items()],
    )  # fmt: skip
    parcels = dict(zip(SHAPES, made, strict=True))
    plan = create_plan(
        session, number, code=f"QH-{code}", zone_id=zones[1], srid=PLANE, level="subdivision",
        scale_denominator=2000, name_vi="Quy hoạch phân khu",
    )  # fmt: skip
    version = plan_version(session, plan, document, lots(), PLANNED)
    let(session, zones[1], document, parcels["3"])
    return Park(zones[0], zones[1], document, parcels, plan, version)


def plan_version(
    session: Session, plan: UUID, document: UUID, drawn: list[NewLot], day: date
) -> UUID:
    """A version of the plan in force from a day on."""
    number = act(session, document, day=day)
    version, _ = create_version(session, number, plan_id=plan)
    add_lots(session, number, plan_version_id=version, lots=drawn)
    whole = unary_union([lot.shape for lot in drawn])
    set_status(
        session, number, plan_version_id=version, status="approved", valid_from=day,
        scope=MultiPolygon([whole]), decision_id=document,
    )  # fmt: skip
    return version


def let(session: Session, zone: UUID, document: UUID, parcel: UUID) -> UUID:
    """The State leases a parcel to a developer, who lets it to an investor."""
    number = act(session, document, day=LET, actor=GRANTER)
    party = register_party(session, number, name_vi="Công ty Bình Minh", kind="company")
    facts: dict[str, Any] = {
        "zone_id": zone, "lessor_id": party, "lessee_id": party, "valid_from": LET,
        "contract_area_m2": Decimal(10_000), "parcels": [parcel], "document_id": document,
    }  # fmt: skip
    tract = grant_right(session, number, NewRight(kind="state_lease", number="NN-1", **facts))
    return grant_right(
        session, number, NewRight(kind="sub_lease", number="TL-1", parent_id=tract, **facts)
    )
