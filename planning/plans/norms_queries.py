"""Questions to the rulebook: the rules, a version judged by them, plans that would fail others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planning.clocks import Moment, moment_parameters
from planning.errors import NotFound
from planning.plans.difference import Cover, Lot
from planning.plans.difference_sides import VersionFacts, side, version_facts
from planning.plans.norms import OF_LOTS, PlanDates, Rule, choose
from planning.plans.norms_measures import (
    FAILS,
    MEETS,
    NOT_CHECKED,
    PEN_M,
    PlanGround,
    Result,
    check,
    plan_ground,
)
from planning.plans.norms_model import NormPeople
from planning.statements import statement

NOT_OF_THIS_LOT = ("norm-nothing-to-check", "norm-no-such-lots")


@dataclass(frozen=True, slots=True)
class Waiver:
    """A signed waiver in its days; `lapsed`: the lots changed since, so it waives nothing."""

    waiver_id: UUID
    rule_id: int
    reason: str
    signed_by: str
    valid_from: date
    valid_to: date | None
    document_number: str | None
    lapsed: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """A result with the waiver that holds for it, and one that lapsed."""

    result: Result
    waiver: Waiver | None = None
    lapsed: Waiver | None = None

    @property
    def stands_open(self) -> bool:
        """Whether it fails and nobody signed for it."""
        return self.result.outcome == FAILS and self.waiver is None


@dataclass(frozen=True, slots=True)
class Report:
    """A version judged by the rules it falls under. `judged_as_of`: the days that chose them."""

    facts: VersionFacts
    dates: PlanDates
    lots_state: str
    judged: tuple[Judged, ...]

    def count(self, outcome: str) -> int:
        """How many rules have that outcome."""
        return sum(each.result.outcome == outcome for each in self.judged)

    @property
    def fails(self) -> int:
        """Rules that fail, waived or not."""
        return self.count(FAILS)

    @property
    def meets(self) -> int:
        """Rules that are met."""
        return self.count(MEETS)

    @property
    def not_checked(self) -> int:
        """Rules nobody can tell about."""
        return self.count(NOT_CHECKED)

    @property
    def unverified(self) -> int:
        """Rules with a value that nobody compared with the text yet."""
        rules = [each.result.rule for each in self.judged]
        return sum(not rule.verified and rule.threshold is not None for rule in rules)


def rules(session: Session) -> list[Rule]:
    """Return every rule ever entered, by place in the rulebook and version."""
    rows = session.execute(statement("norms/rules")).mappings()
    return [Rule(**{name: _kept(row[name]) for name in row}) for row in rows]


def _kept(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def rule(session: Session, rule_id: int) -> Rule:
    """Return a rule. Raises NotFound."""
    for each in rules(session):
        if each.id == rule_id:
            return each
    raise NotFound(kind="norm_rule", key=str(rule_id))


def dates_of(facts: VersionFacts, at: Moment) -> PlanDates:
    """The days that decide which rules a version falls under: its decision, its appraisal; a draft
    is judged as if it were approved on the day it is looked at.
    """
    approved = facts.decision_issued_on or facts.in_force_from or at.as_of
    return PlanDates(approved, facts.appraised_on)


def report(
    session: Session, at: Moment, version_id: UUID, *, rules_of: date | None = None
) -> Report:
    """Judge a version by the rules it falls under, or by those of another day. Raises NotFound."""
    return _judge(session, at, version_id, rules(session), [rules_of])[0]


def _judge(
    session: Session,
    at: Moment,
    version_id: UUID,
    book: Sequence[Rule],
    days: Sequence[date | None],
) -> list[Report]:
    """Judge a version by its own days (None) and by others; its ground is looked at once."""
    one = side(session, at, version_id)
    facts = one.facts
    ground = plan_ground(one.cover, facts.scale_denominator, people(session, version_id))
    held = _waivers(session, at, version_id)
    state = str(session.scalar(select(func.land.lots_state(version_id))))
    found = []
    for day in days:
        dates = dates_of(facts, at) if day is None else PlanDates(day, day)
        chosen = choose(book, dates, zone_kind=facts.zone_kind, level=facts.level)
        judged = tuple(_with_waiver(check(each, ground), held) for each in chosen)
        found.append(Report(facts, dates, state, judged))
    return found


def judge_lot(session: Session, at: Moment, version_id: UUID, lot: Lot) -> list[Result]:
    """Judge one lot by the rules every single lot of its version has to keep; those that do not
    speak of it are left out. Raises NotFound.
    """
    facts = version_facts(session, at, [version_id])
    if not facts:
        raise NotFound(kind="plan_version", key=str(version_id))
    chosen = choose(
        rules(session), dates_of(facts[0], at), zone_kind=facts[0].zone_kind, level=facts[0].level
    )
    alone = PlanGround(Cover((lot,), None), 0.0, PEN_M * facts[0].scale_denominator, {})
    each = [check(rule, alone) for rule in chosen if rule.measure in (*OF_LOTS, "width")]
    return [found for found in each if found.why not in NOT_OF_THIS_LOT]


def _with_waiver(result: Result, held: Sequence[Waiver]) -> Judged:
    mine = [waiver for waiver in held if waiver.rule_id == result.rule.id]
    valid = next((waiver for waiver in mine if not waiver.lapsed), None)
    lapsed = next((waiver for waiver in reversed(mine) if waiver.lapsed), None)
    return Judged(result, valid, None if valid else lapsed)


def _waivers(session: Session, at: Moment, version_id: UUID) -> list[Waiver]:
    values = {**moment_parameters(at), "version": version_id}
    rows = session.execute(statement("norms/waivers"), values)
    return [Waiver(**row._mapping) for row in rows]


def people(session: Session, version_id: UUID) -> dict[str, int]:
    """How many workers and residents a version plans for, as last recorded."""
    rows = session.execute(
        select(NormPeople.kind, NormPeople.people)
        .where(NormPeople.plan_version_id == version_id)
        .order_by(NormPeople.id)
    )
    return {row.kind: row.people for row in rows}


@dataclass(frozen=True, slots=True)
class Outlook:
    """A plan in force under its own rules, and under those of another day."""

    now: Report
    then: Report

    @property
    def newly_failing(self) -> list[Judged]:
        """Rules of that day it fails, but not the rule of the same norm it falls under now."""
        failing = {
            each.result.rule.code for each in self.now.judged if each.result.outcome == FAILS
        }
        return [
            each
            for each in self.then.judged
            if each.result.outcome == FAILS and each.result.rule.code not in failing
        ]


def outlook(session: Session, at: Moment, zone_ids: Sequence[UUID], day: date) -> list[Outlook]:
    """Judge the plans in force at the moment by the rules of another day, by plan code."""
    book, seen = rules(session), set(zone_ids)
    found = []
    for facts in version_facts(session, at):
        if facts.in_force and facts.zone_id in seen:
            now, then = _judge(session, at, facts.plan_version_id, book, [None, day])
            found.append(Outlook(now, then))
    return sorted(found, key=lambda each: each.now.facts.code)
