"""Zones brought in as a table: code, kind, plane, board and names; a boundary comes as a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from layers.crs import PLANES
from planning.clocks import Moment
from planning.incoming import Line, ListKind, Paper, Places, RowRefused
from planning.zones.commands import create_zone
from planning.zones.model import Zone
from planning.zones.queries import zones


class ZoneCodeTaken(RowRefused):
    """A zone of that code is in the register. Context: ``zone``, ``field``."""

    code = "list-row-zone-taken"


class ZonePlaneUnknown(RowRefused):
    """No legal VN-2000 plane, or another one than that of the zone around it. Context: ``srid``."""

    code = "list-row-plane"


@dataclass(frozen=True, slots=True)
class Around:
    """What rows are held against: codes taken, planes of zones that may be parents."""

    places: Places
    taken: frozenset[str]
    planes: Mapping[UUID, int]


@dataclass(frozen=True, slots=True)
class ZoneLine:
    """A zone as a row says it; `parent` is a zone of the register."""

    code: str
    kind: str
    srid: int
    board_id: UUID
    parent_id: UUID | None
    name_vi: str
    name_en: str | None


def _survey(session: Session, at: Moment, places: Places) -> Around:
    rows = session.execute(select(Zone.id, Zone.code, Zone.srid)).all()
    return Around(places, frozenset(row.code for row in rows), {row.id: row.srid for row in rows})


def _parse(around: Around, line: Line) -> ZoneLine:
    code = line.text("code") or ""
    if code in around.taken:
        raise ZoneCodeTaken(zone=code, field="code")
    said = (line.text("srid") or "").upper().removeprefix("EPSG:").strip()
    srid = int(said) if said.isascii() and said.isdigit() else 0
    parent = around.places.zone(line, "parent_code") if line.text("parent_code") else None
    if srid not in PLANES or (parent is not None and around.planes.get(parent) != srid):
        raise ZonePlaneUnknown(srid=line.text("srid") or "", field="srid")
    return ZoneLine(
        code=code,
        kind=line.text("kind") or "",
        srid=srid,
        board_id=around.places.board(line),
        parent_id=parent,
        name_vi=line.text("name_vi") or "",
        name_en=line.text("name_en"),
    )


def _write(session: Session, paper: Paper, rows: Sequence[ZoneLine]) -> None:
    for row in rows:
        create_zone(
            session, paper.change, code=row.code, kind=row.kind, srid=row.srid,
            board_id=row.board_id, parent_id=row.parent_id, name_vi=row.name_vi,
            name_en=row.name_en, valid_from=paper.day,
        )  # fmt: skip


def _listed(session: Session, at: Moment, places: Places) -> Sequence[Mapping[str, object]]:
    """Zones in being, parents before children."""
    return [
        {
            "code": zone.code, "name_vi": zone.name_vi, "name_en": zone.name_en,
            "kind": zone.kind, "parent_code": zone.parent_code, "board_code": zone.board_code,
            "srid": f"EPSG:{zone.srid}",
        }
        for zone in zones(session, at)
        if zone.code in places.zones
    ]  # fmt: skip


ZONES: Final = ListKind(
    "zones", _survey, _parse, _write, key=lambda row: row.code, listed=_listed, named=("code",)
)
