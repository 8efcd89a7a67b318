"""The land a page speaks of: the reader's zones, of one board when one is chosen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gisapp.present.frame import facts
from gisapp.remembered import remembered_sums
from gisapp.security.scope import reader_scope
from planning.indicators.queries import land, settled

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from sqlalchemy.orm import Session

    from planning.clocks import Moment
    from planning.indicators.queries import Land


def land_reader(session: Session, at: Moment) -> Callable[[date, bool], Land]:
    """How to read the land of any day as it is known at the moment (flows or not)."""
    scope, board = reader_scope(), facts().board
    known = settled(session, at)
    count = remembered_sums()

    def read(day: date, flows: bool) -> Land:
        whole = land(
            session,
            replace(known, as_of=day),
            board=board.code if board else None,
            flows=flows,
            count=count,
        )
        if scope.everything:
            return whole
        return whole.within(*(zone.code for zone in whole.zones if scope.covers(zone)))

    return read
