"""Hold-outs and sites as people ask for them; worked out once for every state of the register.

A page, its map and its files ask for the same: between two commits the answer is the same.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar, cast

from flask import current_app

from gisapp.present.formats import LEGAL_TIME, language
from planning.clocks import moment, today
from planning.published import revision, zone_and_inner
from planning.sites.finder import Wanted
from planning.sites.queries import HoldOuts, Place, Sites, hold_outs, sites

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping
    from datetime import date

    from sqlalchemy.orm import Session

    from gisapp.present.day import ShownDay
    from planning.zones.queries import ZoneRow

MOST = 24
SECONDS = 60
"""The longest question: a whole economic zone."""
T = TypeVar("T")


class Remembered:
    """Answers by what was asked; the oldest are forgotten first, whoever asks the same waits."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._gates: dict[Hashable, Lock] = {}
        self._lock = Lock()

    def __call__(self, key: Hashable, work: Callable[[], T]) -> T:
        """Recall, or work out."""
        with self._lock:
            gate = self._gates.setdefault(key, Lock())
        with gate:
            with self._lock:
                if key in self._kept:
                    self._kept.move_to_end(key)
                    return cast("T", self._kept[key])
            try:
                found = work()
            except BaseException:
                with self._lock:
                    self._gates.pop(key, None)
                raise
            with self._lock:
                self._kept[key] = found
                while len(self._kept) > self._most:
                    gone, _ = self._kept.popitem(last=False)
                    self._gates.pop(gone, None)
        return found


def _remembered() -> Remembered:
    return cast("Remembered", current_app.extensions.setdefault("gisapp.sites", Remembered()))


def known_on(day: ShownDay) -> date:
    """The day up to which things are known: planned hand-overs count from then on."""
    return day.known_at.astimezone(LEGAL_TIME).date() if day.known_at else today()


def hold_outs_of(db: Session, zone: ZoneRow, day: ShownDay, asked: Mapping[str, float]) -> HoldOuts:
    """What every uncleared parcel of a zone frees on the day shown."""
    at = moment(db, day.as_of, day.known_at)
    place = place_of(db, zone)
    key = ("holdouts", revision(db), at, place, tuple(sorted(asked.items())))
    return _remembered()(key, lambda: hold_outs(db, at, place, asked))


def sites_of(
    db: Session, zone: ZoneRow, day: ShownDay, wanted: Wanted, asked: Mapping[str, float]
) -> Sites:
    """The sites of a zone by the day wanted, as known on the day shown."""
    at = moment(db, day.as_of, day.known_at)
    place = place_of(db, zone)
    key = ("sites", revision(db), at, place, wanted, tuple(sorted(asked.items())))
    return _remembered()(key, lambda: sites(db, at, place, wanted, asked=asked))


def place_of(db: Session, zone: ZoneRow) -> Place:
    """A zone with those inside it, by its name in the reader's language."""
    name = (language() == "en" and zone.name_en) or zone.name_vi
    return Place(zone_and_inner(db, zone.id), name)
