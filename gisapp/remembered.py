"""Sums over settled knowledge never change: remembered by day, change and zones.

The register only adds and closes rows, each under a numbered change. What was known after change
number K on a day is therefore the same for ever, and a page that compares many days asks the
database once for each.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, cast

from flask import current_app
from sqlalchemy import select

from planning.indicators.queries import base_quantities
from planning.records.model import Change

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from sqlalchemy.orm import Session

    from planning.clocks import Moment
    from planning.indicators.rules import Quantities

MOST = 512
Key = tuple["UUID | None", "date", frozenset["UUID"]]


class RememberedSums:
    """Base quantities of zones; the oldest asked for are forgotten first."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: OrderedDict[Key, Mapping[UUID, Quantities]] = OrderedDict()
        self._lock = Lock()

    def __call__(
        self, session: Session, at: Moment, zone_ids: Sequence[UUID]
    ) -> Mapping[UUID, Quantities]:
        """Count, or recall; knowledge that still moves (no change number) is always counted."""
        if at.known is None:
            return base_quantities(session, at, zone_ids)
        key = self._key(session, at, zone_ids)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        counted = base_quantities(session, at, zone_ids)
        with self._lock:
            self._kept[key] = counted
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return counted

    def _key(self, session: Session, at: Moment, zone_ids: Sequence[UUID]) -> Key:
        """The change goes by its uuid: another database may count to the same number."""
        change = session.scalar(select(Change.id).where(Change.number == at.known))
        return change, at.as_of, frozenset(zone_ids)


def remembered_sums() -> RememberedSums:
    """The sums this process remembers."""
    kept = current_app.extensions.setdefault("gisapp.sums", RememberedSums())
    return cast("RememberedSums", kept)
