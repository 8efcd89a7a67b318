"""The rulebook of norms on plain values: which rules a plan falls under, by its own dates.

A regulation follows another on a day; its transition says by which date of the plan it reaches it:
the approval, or the appraisal. Nothing here knows a number: thresholds are rows, or unknown (None).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

MEASURES: Final = (
    "share",
    "area",
    "per_person",
    "density",
    "storeys",
    "floor_area_ratio",
    "width",
)
COMPARISONS: Final = ("at_least", "at_most")
REACHES: Final = ("approval", "appraisal")
PEOPLE: Final = ("workers", "residents")
OF_LOTS: Final = ("density", "storeys", "floor_area_ratio")
"""Measures that every single lot has to keep."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a norm asks from a day on. `threshold` in the unit of the measure: % (share, density),
    ha (area), m² a person, storeys, times (floor_area_ratio), m (width); None: no value known.
    """

    id: int
    code: str
    position: int
    version: int
    regulation: str
    clause: str
    quote_vi: str
    quote_en: str
    source: str
    valid_from: date
    valid_to: date | None
    reaches_by: str
    zone_kinds: tuple[str, ...] | None
    plan_levels: tuple[str, ...] | None
    measure: str
    categories: tuple[str, ...] | None
    people: str | None
    above_storeys: int | None
    comparison: str
    threshold: Decimal | None
    name_vi: str
    name_en: str
    recorded_by: str
    recorded_at: datetime
    seen_in: str | None = None
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None

    @property
    def verified(self) -> bool:
        """Whether a named user compared it with the text."""
        return self.confirmed_by is not None

    def speaks_of(self, zone_kind: str, level: str) -> bool:
        """Whether plans of this level in zones of this kind are in its scope."""
        return (self.zone_kinds is None or zone_kind in self.zone_kinds) and (
            self.plan_levels is None or level in self.plan_levels
        )

    def on(self, day: date) -> bool:
        """Whether a day lies in its validity."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class PlanDates:
    """The days that decide which rules a plan falls under; a draft is judged by `approved`: the day
    it is looked at.
    """

    approved: date
    appraised: date | None = None

    def by(self, reaches_by: str) -> date:
        """The deciding day; an appraisal nobody recorded is taken to be as late as the approval."""
        if reaches_by == "appraisal" and self.appraised is not None:
            return self.appraised
        return self.approved


def standing(rules: Iterable[Rule]) -> list[Rule]:
    """Rules as they stand: a later version with the same first day corrects the former."""
    kept: dict[tuple[str, date], Rule] = {}
    for rule in sorted(rules, key=lambda rule: rule.version):
        kept[rule.code, rule.valid_from] = rule
    return sorted(kept.values(), key=lambda rule: (rule.position, rule.valid_from))


def choose(rules: Iterable[Rule], dates: PlanDates, *, zone_kind: str, level: str) -> list[Rule]:
    """Return the rule of each norm that a plan falls under, in the order of the rulebook.

    Newest first: a rule reaches the plan when the plan's deciding date lies in its days. One whose
    transition lets the plan go leaves it to the rule before, even though that one has ended.
    """
    by_code: dict[str, list[Rule]] = {}
    for rule in standing(rules):
        if rule.speaks_of(zone_kind, level):
            by_code.setdefault(rule.code, []).append(rule)
    found = (_reaching(versions, dates) for versions in by_code.values())
    return [rule for rule in found if rule is not None]


def _reaching(versions: Sequence[Rule], dates: PlanDates) -> Rule | None:
    released = False
    for rule in sorted(versions, key=lambda rule: rule.valid_from, reverse=True):
        if rule.valid_from > dates.approved:
            continue
        day = dates.by(rule.reaches_by)
        if rule.valid_from <= day:
            return rule if released or rule.valid_to is None or day < rule.valid_to else None
        released = True
    return None
