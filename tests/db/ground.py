"""Ground for database tests: a board, a zone with a boundary, parcels in rows of 100 m squares.

Coordinates are (E, N) in metres of EPSG:5899. Nothing here commits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shapely import MultiPolygon, Polygon, box
from sqlalchemy.orm import Session

from planning.parcels.commands import NewParcel, add_parcels
from planning.records.commands import open_change, register_document
from planning.zones.commands import create_board, create_zone, set_boundary

PLANE = 5899
EAST, NORTH = 420_000.0, 2_320_000.0
START = date(2020, 1, 1)


@dataclass(frozen=True)
class Ground:
    """A zone of 10 km × 10 km with parcels in it."""

    board_id: UUID
    zone_id: UUID
    document_id: UUID
    parcels: list[UUID]
    change: int


def square(column: float, row: float, size: float = 100.0) -> Polygon:
    """A square of the lattice: column and row count 100 m from the zone's south-west corner."""
    east, north = EAST + column * 100, NORTH + row * 100
    return box(east, north, east + size, north + size)


def change(session: Session, document_id: UUID, *, day: date = START, kind: str = "act") -> int:
    """A change on the document of the ground."""
    return open_change(
        session,
        kind=kind,
        reason="kiểm thử",
        actor="tester",
        effective_on=day,
        document_id=document_id,
    )


def lay(session: Session, parcels: int = 0, *, code: str = "KCN-1", column: int = 0) -> Ground:
    """Found the zone from a column of the lattice on; lay squares in rows of one hundred."""
    document_id = register_document(
        session, number=f"01/{code}", issued_on=START, issuer="UBND tỉnh", actor="tester"
    )
    number = change(session, document_id)
    board = create_board(
        session,
        number,
        code=f"B-{code}",
        name_vi="Ban Quản lý",
        province_name="Quảng Ninh",
        valid_from=START,
    )
    zone = create_zone(
        session,
        number,
        code=code,
        kind="industrial_park",
        srid=PLANE,
        board_id=board,
        name_vi="Khu công nghiệp",
        valid_from=START,
    )
    set_boundary(
        session,
        number,
        zone_id=zone,
        srid=PLANE,
        boundary=MultiPolygon([square(column, 0, 10_000)]),
        valid_from=START,
        certainty="surveyed",
    )
    rows = [
        NewParcel(square(column + n % 100, n // 100), "27001", "12", str(n + 1))
        for n in range(parcels)
    ]
    made = add_parcels(session, number, zone_id=zone, srid=PLANE, parcels=rows, valid_from=START)
    return Ground(board, zone, document_id, made, number)
