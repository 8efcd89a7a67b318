"""Yearly targets brought in as a table: a board or zone, a year, hectares; one decision for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from planning.clearance.cases import set_target
from planning.clearance.listed import targets
from planning.clocks import Moment
from planning.incoming import Line, ListKind, Paper, Places, RowRefused

_CENT: Final = Decimal("0.01")


class TargetOfNobody(RowRefused):
    """Neither a board nor a zone the account may see. Context: ``whose``, ``field``."""

    code = "target-of-nobody"


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A year's target of a zone, or of a board as a whole (`zone_id` None), in m²."""

    board_id: UUID
    zone_id: UUID | None
    year: int
    area_m2: Decimal


def _survey(session: Session, at: Moment, places: Places) -> Places:
    return places


def _parse(places: Places, line: Line) -> TargetRow:
    code = line.text("whose") or ""
    year = int(line.number_of("year") or 0)
    area = (line.number_of("area_m2") or Decimal(0)).quantize(_CENT)
    if code in places.zones:
        zone = places.zones[code]
        return TargetRow(places.board_of[zone], zone, year, area)
    if code in places.boards:
        return TargetRow(places.boards[code], None, year, area)
    raise TargetOfNobody(whose=code, field="whose")


def _write(session: Session, paper: Paper, rows: Sequence[TargetRow]) -> None:
    for row in rows:
        set_target(
            session, paper.change, board_id=row.board_id, zone_id=row.zone_id, year=row.year,
            area_m2=row.area_m2, day=paper.day, document_id=paper.document_id,
        )  # fmt: skip


TARGETS: Final = ListKind(
    "clearance-targets",
    _survey,
    _parse,
    _write,
    key=lambda row: (row.board_id, row.zone_id, row.year),
    listed=targets,
    named=("whose", "year"),
)
