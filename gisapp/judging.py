"""Plan versions a reader may see, judged by the rulebook: for pages and programs alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gisapp.present.day import shown_day
from gisapp.running import database
from gisapp.security.scope import reader_scope
from planning.clocks import Moment, moment, today
from planning.errors import NotFound
from planning.plans.difference_sides import VersionFacts, version_by_key, version_facts
from planning.plans.norms_commands import sign_waiver, version_of_waiver, withdraw_waiver
from planning.plans.norms_errors import NormNotFailed
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


def sign_for(
    db: Session,
    *,
    version: str,
    rule_id: str,
    lots_state: str,
    reason: str,
    actor: str,
    until: dt.date | None,
    document_id: UUID | None = None,
) -> tuple[VersionFacts, UUID]:
    """Let a version fail a rule from today on, by name; answer the version and the waiver's id.

    Raises:
        NotFound: no such version for this reader. NormNotFailed: nothing to sign for.
        What the database refuses: lots that moved, one's own work.
    """
    day = today()
    at = Moment(day)
    facts = seen_version(db, at, version)
    open_rules = {
        str(each.result.rule.id)
        for each in report(db, at, facts.plan_version_id).judged
        if each.stands_open
    }
    if rule_id not in open_rules:
        raise NormNotFailed()
    waiver = sign_waiver(
        db, plan_version_id=facts.plan_version_id, rule_id=int(rule_id), lots_state=lots_state,
        reason=reason, actor=actor, signed_on=day, expires_on=until, document_id=document_id,
    )  # fmt: skip
    return facts, waiver


def take_back(db: Session, waiver_id: UUID, *, reason: str, actor: str) -> VersionFacts:
    """End a waiver today, for a reason; answer the version it spoke of. Raises NotFound."""
    day = today()
    facts = seen_version(db, Moment(day), str(version_of_waiver(db, waiver_id)))
    withdraw_waiver(db, waiver_id, reason=reason, actor=actor, day=day)
    return facts
