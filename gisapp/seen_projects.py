"""Projects as lists show them, worked out once for every state of the register in this process.

Lateness is counted fairly, project by project: too dear for every click on a column. Between two
commits nothing of it changes.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Final, cast

from flask import current_app

from planning.projects import rates, register
from planning.published import revision

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from sqlalchemy.orm import Session

    from planning.clocks import Moment
    from planning.projects.queries import Capital
    from planning.projects.rates import Rate
    from planning.projects.register import ProjectLine

MOST: Final = 16
Key = tuple[str, "date", "int | None", "frozenset[UUID] | None"]


@dataclass(frozen=True)
class SeenProjects:
    """Projects of some zones at a moment, their capital, and the rates of the day."""

    lines: Sequence[ProjectLine]
    capital: Mapping[UUID, Sequence[Capital]]
    rates: Mapping[str, Rate]


class RememberedProjects:
    """Projects by what was known, day and zones; the oldest asked for are forgotten first."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: OrderedDict[Key, SeenProjects] = OrderedDict()
        self._lock = Lock()

    def __call__(
        self, session: Session, at: Moment, zone_ids: Sequence[UUID] | None
    ) -> SeenProjects:
        """Work out, or recall. The register's mark is read first: what is kept under it may be
        newer, never older.
        """
        zones = None if zone_ids is None else frozenset(zone_ids)
        key = (revision(session), at.as_of, at.known, zones)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        lines = register.lines(session, at, zone_ids)
        held = register.capital(session, at)
        found = SeenProjects(
            tuple(lines),
            {line.id: tuple(held[line.id]) for line in lines},
            rates.rates(session, at),
        )
        with self._lock:
            self._kept[key] = found
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return found


def seen_projects(session: Session, at: Moment, zone_ids: Sequence[UUID] | None) -> SeenProjects:
    """The projects of some zones (None = all) at a moment, as this process remembers them."""
    kept = current_app.extensions.setdefault("gisapp.projects", RememberedProjects())
    return cast("RememberedProjects", kept)(session, at, zone_ids)
