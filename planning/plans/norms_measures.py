"""Measuring a plan version by its rules: meets, fails, or not checked and why.

Areas are m², by the decision where it states them (legal) and on the plane beside it (measured).
Ground inside the boundary that is in no lot may be anything: a share is then an interval, and the
result is only told when the whole interval lies on one side.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from planning.plans.difference import Cover, Lot
from planning.plans.norms import OF_LOTS, Rule

MEETS, FAILS, NOT_CHECKED = "meets", "fails", "not_checked"
PEN_M: Final = 0.0002
HECTARE_M2: Final = Decimal(10_000)
PLACES: Final = Decimal("0.000001")
JUDGED: Final = Decimal("0.0001")
"""Values are judged to the digits a threshold may have; what lies behind is rounding."""
_STEPS: Final = 26


@dataclass(frozen=True, slots=True)
class PlanGround:
    """A version as its rules see it. `people`: how many of whom it plans for, as far as recorded.

    `pen_m`: ground a line of the drawing covers, 0.2 mm at its scale.
    """

    cover: Cover
    open_m2: float
    pen_m: float
    people: Mapping[str, int]

    def plan_m2(self, *, measured: bool = False) -> Decimal:
        """The plan area shares refer to: all lots, and the ground that is in none."""
        return lots_m2(self.cover.lots, measured=measured) + _exact(self.open_m2)


@dataclass(frozen=True, slots=True)
class Result:
    """One rule applied. `value` and `most` in the unit of the rule: the ends of what it may be.

    `part_m2` of `whole_m2` (or of `people`) make the value; `lots` are those that fail, with their
    values; `why` is a code for what could not be checked, with its facts.
    """

    rule: Rule
    outcome: str
    value: Decimal | None = None
    most: Decimal | None = None
    measured: Decimal | None = None
    part_m2: Decimal | None = None
    whole_m2: Decimal | None = None
    people: int | None = None
    checked: int | None = None
    lots: tuple[tuple[str, Decimal], ...] = ()
    why: str | None = None
    context: Mapping[str, object] = field(default_factory=dict)


def plan_ground(cover: Cover, scale_denominator: int, people: Mapping[str, int]) -> PlanGround:
    """Prepare a version for its rules: how much ground inside the boundary is in no lot."""
    free = 0.0
    if cover.boundary is not None:
        lots = shapely.union_all([lot.shape for lot in cover.lots])
        free = float(shapely.area(shapely.difference(cover.boundary, lots)))
    return PlanGround(cover, free, PEN_M * scale_denominator, people)


def lots_m2(lots: Sequence[Lot], *, measured: bool = False) -> Decimal:
    """The area of lots: by the decision where it says, else (or when asked) as measured."""
    return sum(
        (
            _exact(lot.area_m2) if measured or lot.legal_area_m2 is None else lot.legal_area_m2
            for lot in lots
        ),
        Decimal(0),
    )


def _exact(value: float) -> Decimal:
    return Decimal(repr(value)).quantize(PLACES, ROUND_HALF_UP)


def check(rule: Rule, ground: PlanGround) -> Result:
    """Apply a rule to a version."""
    if not ground.cover.lots:
        return Result(rule, NOT_CHECKED, why="norm-no-lots")
    return _MEASURES[rule.measure](rule, ground)


def _of(rule: Rule, ground: PlanGround) -> list[Lot]:
    lots = ground.cover.lots
    return [lot for lot in lots if rule.categories is None or lot.category in rule.categories]


def _share(rule: Rule, ground: PlanGround) -> Result:
    lots = _of(rule, ground)
    part, whole = lots_m2(lots), ground.plan_m2()
    measured_whole = ground.plan_m2(measured=True)
    if not whole:
        return Result(rule, NOT_CHECKED, why="norm-no-lots")
    least = part * 100 / whole
    most = min(least + _exact(ground.open_m2) * 100 / whole, Decimal(100))
    return _between(
        Result(
            rule,
            NOT_CHECKED,
            least,
            most,
            measured=lots_m2(lots, measured=True) * 100 / measured_whole,
            part_m2=part,
            whole_m2=whole,
        ),
        ground,
    )


def _area(rule: Rule, ground: PlanGround) -> Result:
    lots = _of(rule, ground)
    part = lots_m2(lots)
    least, most = part / HECTARE_M2, (part + _exact(ground.open_m2)) / HECTARE_M2
    measured = lots_m2(lots, measured=True) / HECTARE_M2
    found = Result(rule, NOT_CHECKED, least, most, measured=measured, part_m2=part)
    return _between(found, ground)


def _per_person(rule: Rule, ground: PlanGround) -> Result:
    people = ground.people.get(rule.people or "")
    lots = _of(rule, ground)
    part = lots_m2(lots)
    if not people:
        return Result(rule, NOT_CHECKED, part_m2=part, why=f"norm-no-{rule.people}")
    least, most = part / people, (part + _exact(ground.open_m2)) / people
    measured = lots_m2(lots, measured=True) / people
    found = Result(rule, NOT_CHECKED, least, most, measured=measured, part_m2=part, people=people)
    return _between(found, ground)


def _between(found: Result, ground: PlanGround) -> Result:
    """Judge a value that lies between two ends, because some ground is in no lot."""
    rule, least, most = found.rule, found.value, found.most
    if rule.threshold is None:
        return _told(found, NOT_CHECKED, why="norm-no-value")
    if least is None or most is None:
        return found
    kept = [_keeps(rule, least), _keeps(rule, most)]
    if all(kept):
        return _told(found, MEETS)
    if not any(kept):
        return _told(found, FAILS)
    context = {"open_ha": round(ground.open_m2 / float(HECTARE_M2), 4)}
    return _told(found, NOT_CHECKED, why="norm-open-ground", context=context)


def _told(
    found: Result,
    outcome: str,
    *,
    why: str | None = None,
    context: Mapping[str, object] | None = None,
) -> Result:
    facts = {name: getattr(found, name) for name in Result.__slots__}
    return Result(**{**facts, "outcome": outcome, "why": why, "context": context or {}})


def _keeps(rule: Rule, value: Decimal) -> bool:
    if rule.threshold is None:
        return False
    shown = value.quantize(JUDGED, ROUND_HALF_UP)
    return shown >= rule.threshold if rule.comparison == "at_least" else shown <= rule.threshold


def _each_lot(rule: Rule, ground: PlanGround) -> Result:
    """A rule every lot has to keep; lots without the attribute leave it open."""
    lots = _of(rule, ground)
    unknown = 0
    if rule.above_storeys is not None:
        unknown = sum(lot.storeys_max is None for lot in lots)
        limit = rule.above_storeys
        lots = [lot for lot in lots if lot.storeys_max is not None and lot.storeys_max > limit]
    values = [(lot.symbol, value) for lot in lots if (value := _attribute(rule, lot)) is not None]
    missing = len(lots) - len(values) + unknown
    return _of_values(rule, values, missing)


def _attribute(rule: Rule, lot: Lot) -> Decimal | None:
    found = {
        "density": lot.density_pct,
        "storeys": lot.storeys_max,
        "floor_area_ratio": lot.floor_area_ratio,
    }[rule.measure]
    return None if found is None else Decimal(found)


def _of_values(rule: Rule, values: Sequence[tuple[str, Decimal]], missing: int) -> Result:
    if not values and not missing:
        return Result(rule, NOT_CHECKED, checked=0, why="norm-nothing-to-check")
    worst = min if rule.comparison == "at_least" else max
    value = worst(number for _symbol, number in values) if values else None
    if rule.threshold is None:
        return Result(rule, NOT_CHECKED, value, value, checked=len(values), why="norm-no-value")
    broken = tuple(
        sorted((pair for pair in values if not _keeps(rule, pair[1])), key=lambda pair: pair[0])
    )
    if broken:
        return Result(rule, FAILS, value, value, checked=len(values), lots=broken)
    if missing:
        context = {"count": missing, "lots": len(values) + missing}
        why = "norm-lots-without-value" if values else "norm-no-lot-has-value"
        return Result(
            rule, NOT_CHECKED, value, value, checked=len(values), why=why, context=context
        )
    return Result(rule, MEETS, value, value, checked=len(values))


def _width(rule: Rule, ground: PlanGround) -> Result:
    """The narrowest of the lots; a lot is as wide as the widest strip that fits along all of it."""
    lots = _of(rule, ground)
    if not lots:
        return Result(rule, NOT_CHECKED, checked=0, why="norm-no-such-lots")
    values = [(lot.symbol, width_m(lot.shape, ground.pen_m)) for lot in lots]
    return _of_values(rule, values, 0)


def width_m(shape: BaseGeometry, pen_m: float) -> Decimal:
    """The width of a strip, metres to the drawing's tolerance: what is lost when it is shaved by
    half that width and filled up again is no more than its edges drawn with the pen.
    """
    shapely.prepare(shape)
    edge, area = float(shapely.length(shape)), float(shapely.area(shape))
    if not edge:
        return Decimal(0)
    allowed = pen_m * edge / 2
    low, high = 0.0, 4 * area / edge + 2 * pen_m
    for _ in range(_STEPS):
        middle = (low + high) / 2
        shaved = shapely.buffer(shape, -middle / 2, join_style="mitre", mitre_limit=10)
        filled = shapely.buffer(shaved, middle / 2, join_style="mitre", mitre_limit=10)
        if float(shapely.area(shapely.difference(shape, filled))) <= allowed:
            low = middle
        else:
            high = middle
    return Decimal(repr(low)).quantize(Decimal("0.01"), ROUND_HALF_UP)


_MEASURES: Final[Mapping[str, Callable[[Rule, PlanGround], Result]]] = {
    "share": _share,
    "area": _area,
    "per_person": _per_person,
    **dict.fromkeys(OF_LOTS, _each_lot),
    "width": _width,
}
