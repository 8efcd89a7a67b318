"""The steps of clearance: their order, what state they leave land in, and what the law says next.

Pure: no database. The order stands in `land.clearance_order` too, which judges; a test holds both
against each other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from planning.days import later

CAUSES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "meeting": (),
        "notice": (),
        "inventory": ("notice",),
        "inventory_compulsory": ("notice",),
        "plan_drafted": ("inventory", "inventory_compulsory"),
        "plan_posted": ("plan_drafted",),
        "plan_approved": ("plan_posted",),
        "paid": ("plan_approved",),
        "recovered": ("plan_approved",),
        "enforcement": ("recovered",),
        "handed_over": ("recovered",),
    }
)
"""Every step and what must have happened before it (one of these)."""
WITH_MONEY: Final = frozenset({"plan_approved", "paid"})
"""Steps that say amounts; a drafted plan may."""
MAY_SAY_MONEY: Final = WITH_MONEY | {"plan_drafted"}
ON_REQUEST: Final = frozenset({"meeting", "inventory_compulsory", "enforcement"})
"""Steps that are taken only where they are needed: never what a case waits for."""
FOLLOWUPS: Final = ("confirmed", "lease_filed", "state_lease")
STATES: Final = (
    "opened", "notice", "inventory", "plan_drafted", "plan_posted", "plan_approved",
    "paid", "recovered", "paid_and_recovered", "handed_over",
)  # fmt: skip
"""From the beginning to cleared land; paid and recovered come in either order."""
SEVERITIES: Final = ("overdue", "soon", "open", "waiting")
SOON_DAYS: Final = 14


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was taken on a day."""

    kind: str
    day: date


@dataclass(frozen=True, slots=True)
class Pause:
    """A suspension: clocks stand still on days `[since, until)`; `until` None: still."""

    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the law: `bound` at_least, within or valid_for; binding when it is verified."""

    code: str
    bound: str
    from_step: str
    until_step: str
    land_class: str | None
    days: int | None
    months: int | None
    valid_from: date
    valid_to: date | None
    clause: str
    verification: str

    def rules(self, step: str, day: date, land_class: str) -> bool:
        """Whether the term counts from a step taken on a day on land of a class."""
        dated = self.valid_from <= day and (self.valid_to is None or day < self.valid_to)
        return dated and self.from_step == step and self.land_class in (None, land_class)

    def ends(self, day: date) -> date:
        """The day the term is over when it begins on `day`."""
        return later(day, self.months or 0) + timedelta(days=self.days or 0)


@dataclass(frozen=True, slots=True)
class Next:
    """A step that may be taken: no earlier than, no later than, by which terms, how urgent."""

    kind: str
    earliest: date | None
    latest: date | None
    terms: tuple[Term, ...]
    severity: str
    again: bool = False


def state(taken: Iterable[Taken]) -> str:
    """How far an item is, by the steps it took."""
    kinds = {each.kind for each in taken}
    if "handed_over" in kinds:
        return "handed_over"
    if {"paid", "recovered"} <= kinds:
        return "paid_and_recovered"
    if "inventory_compulsory" in kinds:
        kinds.add("inventory")
    return next((each for each in reversed(STATES) if each in kinds), "opened")


def paused_days(pauses: Iterable[Pause], since: date, until: date) -> int:
    """Days of `[since, until)` on which the clocks stood still, each counted once."""
    spans = sorted((max(p.since, since), min(p.until or until, until)) for p in pauses)
    total, reached = 0, since
    for start, stop in spans:
        start = max(start, reached)
        if stop > start:
            total += (stop - start).days
            reached = stop
    return total


def next_steps(
    taken: Sequence[Taken],
    land_class: str,
    terms: Sequence[Term],
    today: date,
    pauses: Sequence[Pause] = (),
) -> list[Next]:
    """What may be taken now or soon, the most urgent first.

    A notice that runs out before the recovery has to be sent again. Suspensions put `latest` off
    by the days the clock stood still, and say nothing about `earliest`.
    """
    found = []
    last = {each.kind: each.day for each in sorted(taken, key=lambda each: each.day)}
    if "handed_over" in last:
        return []
    for kind, causes in CAUSES.items():
        expired = kind == "notice" and _expired(last, land_class, terms, today)
        skipped = kind == "inventory" and "inventory_compulsory" in last
        if kind in ON_REQUEST or skipped or (kind in last and not expired):
            continue
        if causes and not any(cause in last for cause in causes):
            continue
        found.append(_next(kind, last, land_class, terms, today, pauses, again=expired))
    return sorted(
        found, key=lambda each: (SEVERITIES.index(each.severity), each.latest or date.max)
    )


def _expired(last: Mapping[str, date], land_class: str, terms: Sequence[Term], today: date) -> bool:
    sent = last.get("notice")
    if sent is None or "recovered" in last:
        return False
    ruling = [t for t in terms if t.bound == "valid_for" and t.rules("notice", sent, land_class)]
    return any(today >= term.ends(sent) for term in ruling)


def _next(
    kind: str,
    last: Mapping[str, date],
    land_class: str,
    terms: Sequence[Term],
    today: date,
    pauses: Sequence[Pause],
    *,
    again: bool,
) -> Next:
    earliest: date | None = None
    latest: date | None = None
    used = []
    for term in terms:
        began = last.get(term.from_step)
        if term.until_step != kind or began is None:
            continue
        if not term.rules(term.from_step, began, land_class):
            continue
        used.append(term)
        ends = term.ends(began)
        if term.bound == "at_least":
            earliest = max(earliest or ends, ends)
            continue
        if term.bound == "within":
            ends += timedelta(days=paused_days(pauses, began, today))
        latest = min(latest or ends, ends)
    paused = any(p.since <= today and (p.until is None or today < p.until) for p in pauses)
    if again or (latest is not None and today > latest and not paused):
        severity = "overdue"
    elif earliest is not None and today < earliest:
        severity = "waiting"
    elif latest is not None and (latest - today).days <= SOON_DAYS:
        severity = "soon"
    else:
        severity = "open"
    return Next(kind, earliest, latest, tuple(used), severity, again)
