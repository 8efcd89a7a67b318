"""Questions to the zones context: zones, boards, boundaries at a moment."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from planning.clocks import Moment, in_force, moment
from planning.errors import NotFound
from planning.zones.model import Board, BoardVersion, Zone, ZoneBoundary, ZoneVersion


@dataclass(frozen=True, slots=True)
class ZoneRow:
    """A zone at a moment; areas in m², None while no boundary is known."""

    id: UUID
    code: str
    kind: str
    srid: int
    parent_id: UUID | None
    parent_code: str | None
    name_vi: str
    name_en: str | None
    board_code: str
    certainty: str | None
    legal_area_m2: Decimal | None
    area_m2: float | None


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A management board at a moment."""

    id: UUID
    code: str
    name_vi: str
    name_en: str | None
    province_name: str


@dataclass(frozen=True, slots=True)
class Boundary:
    """A boundary version in force: shape (E, N) of plane `srid`, tolerance in metres by its
    certainty.
    """

    shape: BaseGeometry
    srid: int
    valid_from: date
    valid_to: date | None
    certainty: str
    tolerance_m: float
    legal_area_m2: Decimal | None
    area_m2: float


def _zones_at(at: Moment) -> Select[*tuple[Any, ...]]:
    parent = aliased(Zone)
    return (
        select(
            Zone.id,
            Zone.code,
            Zone.kind,
            Zone.srid,
            Zone.parent_id,
            parent.code.label("parent_code"),
            ZoneVersion.name_vi,
            ZoneVersion.name_en,
            Board.code.label("board_code"),
            ZoneBoundary.certainty,
            ZoneBoundary.legal_area_m2,
            ZoneBoundary.area_m2,
        )
        .join(ZoneVersion, (ZoneVersion.zone_id == Zone.id) & in_force(ZoneVersion, at))
        .join(Board, Board.id == ZoneVersion.board_id)
        .outerjoin(parent, parent.id == Zone.parent_id)
        .outerjoin(ZoneBoundary, (ZoneBoundary.zone_id == Zone.id) & in_force(ZoneBoundary, at))
    )


def zones(session: Session, at: Moment, board: str | None = None) -> list[ZoneRow]:
    """Return the zones in being at the moment, parents before children, by code."""
    question = _zones_at(at).order_by(Zone.parent_id.is_not(None), Zone.code)
    if board is not None:
        question = question.where(Board.code == board)
    return [ZoneRow(*row) for row in session.execute(question)]


def find_zone(session: Session, code: str, at: Moment | None = None) -> ZoneRow:
    """Return a zone by code (today unless a moment is given). Raises NotFound."""
    row = session.execute(_zones_at(at or moment(session)).where(Zone.code == code)).one_or_none()
    if row is None:
        raise NotFound(kind="zone", key=code)
    return ZoneRow(*row)


def boards(session: Session, at: Moment) -> list[BoardRow]:
    """Return the boards in being at the moment, by code."""
    rows = session.execute(
        select(
            Board.id,
            Board.code,
            BoardVersion.name_vi,
            BoardVersion.name_en,
            BoardVersion.province_name,
        )
        .join(BoardVersion, (BoardVersion.board_id == Board.id) & in_force(BoardVersion, at))
        .order_by(Board.code)
    )
    return [BoardRow(*row) for row in rows]


def find_board(session: Session, code: str) -> UUID:
    """Return a board's id by code. Raises NotFound."""
    found = session.scalar(select(Board.id).where(Board.code == code))
    if found is None:
        raise NotFound(kind="board", key=code)
    return found


def boundary(session: Session, zone_id: UUID, at: Moment) -> Boundary | None:
    """Return the boundary version in force at the moment, None when there is none."""
    row = session.execute(
        select(
            func.ST_AsBinary(ZoneBoundary.geom).label("shape"),
            ZoneBoundary.srid,
            ZoneBoundary.valid_from,
            ZoneBoundary.valid_to,
            ZoneBoundary.certainty,
            ZoneBoundary.tolerance_m,
            ZoneBoundary.legal_area_m2,
            ZoneBoundary.area_m2,
        ).where(ZoneBoundary.zone_id == zone_id, in_force(ZoneBoundary, at))
    ).one_or_none()
    if row is None:
        return None
    shape = shapely.from_wkb(bytes(row.shape))
    return Boundary(shape, *row[1:])
