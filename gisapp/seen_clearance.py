"""Cases, zones and resettlement areas as far as the reader may see them: pages and programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gisapp.security.scope import reader_scope
from planning.clearance.register import CaseHead, CaseRow, case, head
from planning.errors import NotFound
from planning.resettlement.queries import AreaRow, areas
from planning.zones.queries import ZoneRow, boards, find_zone, zones

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from planning.clocks import Moment


def seen_case(db: Session, at: Moment, code: str) -> CaseRow:
    """A case with its totals, if the reader may see it. Raises NotFound."""
    seen_head(db, at, code)
    return case(db, at, code)


def seen_head(db: Session, at: Moment, code: str) -> CaseHead:
    """A case without its totals: of a case of 10,000 items this asks for none of them.

    Raises NotFound: it lies outside the reader's boards and zones too.
    """
    found = head(db, at, code)
    reader_scope().require(find_zone(db, found.zone, at))
    return found


def seen_zones(db: Session, at: Moment, board: str | None = None) -> list[ZoneRow]:
    """The zones the reader may see, of one board when it is named."""
    scope = reader_scope()
    return [zone for zone in zones(db, at, board) if scope.covers(zone)]


def seen_areas(db: Session, at: Moment, board: str | None = None) -> list[AreaRow]:
    """Areas of boards the reader may see, or for a zone the reader may see."""
    scope = reader_scope()
    mine = {each.id for each in boards(db, at) if scope.covers_board(each.code)}
    inside = {zone.id for zone in zones(db, at) if scope.covers(zone)}
    chosen = {each.id for each in boards(db, at) if board is None or each.code == board}
    return [
        area
        for area in areas(db, at)
        if area.board_id in chosen and (area.board_id in mine or area.zone_id in inside)
    ]


def seen_area(db: Session, at: Moment, code: str) -> AreaRow:
    """A resettlement area the reader may see. Raises NotFound."""
    for area in seen_areas(db, at):
        if area.code == code:
            return area
    raise NotFound(kind="resettlement_area", key=code)
