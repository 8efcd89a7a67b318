"""Writing verbs of the zones context: found boards and zones, set boundaries, take in communes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID, uuid4

from shapely import MultiPolygon
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from layers.copying import copy_rows, ewkb_hex
from planning import days
from planning.clocks import amend, close, record
from planning.errors import AlreadyExists, LaterVersionsExist
from planning.zones.model import (
    AdminUnit,
    AdminUnitVersion,
    Board,
    BoardVersion,
    Zone,
    ZoneBoundary,
    ZoneMark,
    ZoneMarkVersion,
    ZoneVersion,
)

SINCE_EVER: Final = date(1945, 9, 2)
"""First day of a board or zone whose founding nobody stated: its boundary says when land begins."""


def create_board(
    session: Session,
    change: int,
    *,
    code: str,
    name_vi: str,
    province_name: str,
    valid_from: date,
    name_en: str | None = None,
) -> UUID:
    """Found a management board. Raises AlreadyExists, EventAhead."""
    days.happened("founding", valid_from)
    if session.scalar(select(Board.id).where(Board.code == code)):
        raise AlreadyExists(kind="board", key=code)
    board_id = uuid4()
    session.execute(insert(Board).values(id=board_id, code=code, opened_by=change))
    facts = {"name_vi": name_vi, "name_en": name_en, "province_name": province_name}
    record(
        session, BoardVersion, change, [{"board_id": board_id, "valid_from": valid_from, **facts}]
    )
    return board_id


def create_zone(
    session: Session,
    change: int,
    *,
    code: str,
    kind: str,
    srid: int,
    board_id: UUID,
    name_vi: str,
    valid_from: date,
    parent_id: UUID | None = None,
    name_en: str | None = None,
) -> UUID:
    """Found a zone in its legal VN-2000 plane; a child zone has its parent's plane. Raises
    AlreadyExists, EventAhead.
    """
    days.happened("founding", valid_from)
    if session.scalar(select(Zone.id).where(Zone.code == code)):
        raise AlreadyExists(kind="zone", key=code)
    zone_id = uuid4()
    identity = {"id": zone_id, "code": code, "kind": kind, "srid": srid, "parent_id": parent_id}
    session.execute(insert(Zone).values(**identity, opened_by=change))
    facts = {"board_id": board_id, "name_vi": name_vi, "name_en": name_en}
    record(session, ZoneVersion, change, [{"zone_id": zone_id, "valid_from": valid_from, **facts}])
    return zone_id


def set_boundary(
    session: Session,
    change: int,
    *,
    zone_id: UUID,
    srid: int,
    boundary: MultiPolygon,
    valid_from: date,
    certainty: str,
    legal_area_m2: Decimal | None = None,
    correction: bool = False,
) -> None:
    """Set a zone's boundary from a day on: the first one, or an act that succeeds the one in force.

    `boundary` is (E, N) in the zone's plane, metres. A correction replaces what was believed of the
    one boundary known.
    Raises LaterVersionsExist for a day before a recorded boundary; the database refuses to leave
    parcels outside.
    """
    facts = {
        "srid": srid,
        "certainty": certainty,
        "legal_area_m2": legal_area_m2,
        "geom": ewkb_hex([boundary], srid)[0],
    }
    mine = ZoneBoundary.zone_id == zone_id
    known = session.execute(
        select(ZoneBoundary.version_id, ZoneBoundary.valid_from).where(
            mine, ZoneBoundary.closed_by.is_(None)
        )
    ).all()
    if not known:
        record(
            session, ZoneBoundary, change, [{"zone_id": zone_id, "valid_from": valid_from, **facts}]
        )
    elif correction and len(known) == 1:
        close(session, ZoneBoundary, change, [known[0].version_id])
        record(
            session, ZoneBoundary, change, [{"zone_id": zone_id, "valid_from": valid_from, **facts}]
        )
    elif any(row.valid_from >= valid_from for row in known):
        raise LaterVersionsExist(table="zone_boundary", day=valid_from)
    else:
        amend(session, ZoneBoundary, change, mine, valid_from, facts)


def mark_area(
    session: Session,
    change: int,
    *,
    zone_id: UUID,
    srid: int,
    area: MultiPolygon,
    valid_from: date,
    legal_area_m2: Decimal | None = None,
) -> UUID:
    """Mark land inside a zone that is not to be cleared; `area` is (E, N) in the zone's plane."""
    mark_id = uuid4()
    session.execute(insert(ZoneMark).values(id=mark_id, opened_by=change))
    facts = {
        "zone_mark_id": mark_id,
        "zone_id": zone_id,
        "srid": srid,
        "kind": "not_to_clear",
        "legal_area_m2": legal_area_m2,
        "geom": ewkb_hex([area], srid)[0],
        "valid_from": valid_from,
    }
    record(session, ZoneMarkVersion, change, [facts])
    return mark_id


@dataclass(frozen=True, slots=True)
class NewAdminUnit:
    """A province or commune to take in: `territory` is (E, N) in the plane it comes with."""

    level: str
    code: str
    name_vi: str
    territory: MultiPolygon
    name_en: str | None = None
    parent_code: str | None = None


def add_admin_units(
    session: Session, change: int, *, srid: int, units: Sequence[NewAdminUnit], valid_from: date
) -> int:
    """Take in administrative units; one already known by level and code gets a successor from that
    day.

    Returns how many were written.
    """
    keys = [(unit.level, unit.code) for unit in units]
    known = {
        (row.level, row.code): row.id
        for row in session.execute(select(AdminUnit.id, AdminUnit.level, AdminUnit.code))
    }
    fresh = {key: uuid4() for key in keys if key not in known}
    copy_rows(
        session,
        "land.admin_unit",
        ("id", "level", "code", "opened_by"),
        ((made, level, code, change) for (level, code), made in fresh.items()),
    )
    shapes = ewkb_hex([unit.territory for unit in units], srid)
    for unit, shape in zip(units, shapes, strict=True):
        facts = {"name_vi": unit.name_vi, "name_en": unit.name_en, "parent_code": unit.parent_code}
        facts |= {"srid": srid, "geom": shape}  # type: ignore[dict-item]
        key = (unit.level, unit.code)
        if key in known:
            amend(
                session,
                AdminUnitVersion,
                change,
                AdminUnitVersion.admin_unit_id == known[key],
                valid_from,
                facts,
            )
        else:
            row = {"admin_unit_id": fresh[key], "valid_from": valid_from, **facts}
            record(session, AdminUnitVersion, change, [row])
    return len(units)
