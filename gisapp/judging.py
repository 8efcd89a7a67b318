"""Plan versions a reader may see, judged by the rulebook: for pages and programs alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gisapp.present.day import shown_day
from gisapp.running import database
from gisapp.security.scope import reader_scope
from planning.clocks import Moment, moment
from planning.errors import NotFound
from planning.plans.difference_sides import VersionFacts, version_by_key, version_facts
from planning.plans.norms_queries import Report, people, report
from planning.zones.queries import zones

if TYPE_CHECKING:
    import datetime as dt
    from uuid import UUID

    from sqlalchemy.orm import Session


def seen_zone_ids(db: Session, at: Moment) -> list[UUID]:
    """The zones the reader may see at a moment."""
    scope = reader_scope()
    return [zone.id for zone in zones(db, at) if scope.covers(zone)]


def seen_version(db: Session, at: Moment, key: str) -> VersionFacts:
    """A version by `PLAN/NUMBER` or identifier. Raises NotFound: none, or not for this reader."""
    found = version_facts(db, at, [version_by_key(db, key)])
    if not found or found[0].zone_id not in seen_zone_ids(db, at):
        raise NotFound(kind="plan_version", key=key[:60])
    return found[0]


def judged_version(key: str, rules_of: dt.date | None) -> tuple[Report, dict[str, int]]:
    """A version judged on the day shown, and the headcounts it states. Raises NotFound."""
    day = shown_day()
    with database().reading(seconds=30) as db:
        at = moment(db, day.as_of, day.known_at)
        facts = seen_version(db, at, key)
        found = report(db, at, facts.plan_version_id, rules_of=rules_of)
        return found, people(db, facts.plan_version_id)
