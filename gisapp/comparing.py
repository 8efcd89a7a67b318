"""Which plan versions a request compares, and what of the land its reader may see."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask import request

from gisapp.present.day import ShownDay, dated_url, shown_day
from gisapp.present.differences import headline
from gisapp.running import database
from gisapp.security.scope import reader_scope
from planning.adjustments.comparison import Comparison, compare
from planning.clocks import Moment, moment
from planning.errors import NotFound
from planning.plans.difference_sides import VersionFacts, version_by_key, version_facts
from planning.zones.queries import ZoneRow, zones

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session

SIDE_BY_SIDE: Final = 6
"""Drafts that fit beside each other on a screen."""
SECONDS: Final = 30


def asked_comparison() -> Comparison:
    """The comparison the address asks for (the first `to`). Raises NotFound."""
    with database().reading(seconds=SECONDS) as db:
        at, seen = sight(db, shown_day())
        before, afters = chosen(db, at, seen)
        if before is None or not afters:
            raise NotFound(kind="plan_version", key="")
        return compare(db, at, before, afters[0], zones=[*seen])


def sight(db: Session, day: ShownDay) -> tuple[Moment, dict[UUID, ZoneRow]]:
    """The moment, and the zones the reader may see then."""
    at = moment(db, day.as_of, day.known_at)
    scope = reader_scope()
    return at, {zone.id: zone for zone in zones(db, at) if scope.covers(zone)}


def chosen(db: Session, at: Moment, seen: dict[UUID, ZoneRow]) -> tuple[UUID | None, list[UUID]]:
    """The versions the address names by `from` and `to`; a `to` alone is laid over the version of
    its plan in force. Raises NotFound: none such, or not for this reader.
    """
    afters = [_seen_version(db, at, seen, key) for key in request.args.getlist("to") if key]
    given = request.args.get("from")
    before = _seen_version(db, at, seen, given) if given else None
    if before is None and afters:
        before = _ruling(db, at, afters[0])
    ids = list(dict.fromkeys(facts.plan_version_id for facts in afters[:SIDE_BY_SIDE]))
    if before is None:
        return None, []
    return before.plan_version_id, ids


def _seen_version(db: Session, at: Moment, seen: dict[UUID, ZoneRow], key: str) -> VersionFacts:
    facts = version_facts(db, at, [version_by_key(db, key)])
    if not facts or facts[0].zone_id not in seen:
        raise NotFound(kind="plan_version", key=key[:60])
    return facts[0]


def _ruling(db: Session, at: Moment, after: VersionFacts) -> VersionFacts | None:
    """The other version of the plan in force that day, else the one it was made from."""
    others = [
        facts
        for facts in version_facts(db, at)
        if facts.plan_id == after.plan_id and facts != after
    ]
    ruling = [facts for facts in others if facts.in_force]
    made_from = [facts for facts in others if facts.plan_version_id == after.parent_id]
    return next(iter(ruling + made_from), None)


@dataclass(frozen=True)
class Foreseen:
    """What putting a version in force would break, in one sentence, and where all of it is told."""

    sound: str
    sentence: str
    url: str


def foreseen(version_id: UUID, day: dt.date) -> Foreseen | None:
    """What a version would break if it came into force on a day, beside the version of its plan
    in force on the eve; None when there is none, or the reader may not see the zone.
    """
    with database().reading(seconds=SECONDS) as db:
        eve = moment(db, day - dt.timedelta(days=1))
        _at, seen = sight(db, shown_day())
        facts = version_facts(db, eve, [version_id])
        before = _ruling(db, eve, facts[0]) if facts and facts[0].zone_id in seen else None
        if before is None:
            return None
        compared = compare(db, eve, before.plan_version_id, version_id, zones=[*seen])
    url = dated_url("differences.show", **{"from": before.key, "to": facts[0].key})
    return Foreseen(*headline(compared), url)
