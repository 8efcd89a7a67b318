"""The arithmetic of indicators on plain values: sums, ratios, roll-up. Decimal throughout.

Areas are m², ratios percent, both unrounded; `shown` rounds half up for the eye only. What cannot
be told is None, never 0: a ratio over nothing, an area of a zone without a boundary.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final
from uuid import UUID

from planning.indicators.errors import DefinitionNotFound, QuantityUnknown

QUANTITIES: Final = frozenset(
    {
        "natural",
        "not_to_clear",
        "lots_industrial",
        "lots_service",
        "lots_other",
        "cleared",
        "state_allocated",
        "sub_leased",
        "reserved",
        "leased_industrial",
        "leased_service",
        "leased_unlicensed",
        "available_industrial",
        "available_service",
        "in_use",
        "late_projects",
    }
)
"""Base quantities of `planning/sql/indicator_items.sql`."""

UNDEFINED_WITHOUT_ITEMS: Final = frozenset({"natural"})
"""A zone without lots has no leasable land; a zone without a boundary has an unknown area."""

DECIMALS: Final = {"m2": 1, "ha": 2, "percent": 2, "count": 0}


@dataclass(frozen=True, slots=True)
class Definition:
    """What an indicator means: formula, area basis, scope, clause; in force on [from, to)."""

    code: str
    version: int
    position: int
    valid_from: date
    valid_to: date | None
    kind: str
    unit: str
    scope: str
    area_basis: str | None
    terms: tuple[str, ...]
    numerator: str | None
    denominator: str | None
    name_vi: str
    name_en: str
    clause_vi: str
    clause_en: str
    source: str
    verification: str

    def in_force(self, day: date) -> bool:
        """Say whether the definition is the law, or the working rule, of that day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A base quantity on both area bases (m²), its items, and how many lack a legal area."""

    legal: Decimal | None = Decimal(0)
    measured: Decimal | None = Decimal(0)
    items: int = 0
    missing: int = 0

    def __add__(self, other: "Quantity") -> "Quantity":
        return Quantity(
            _sum((self.legal, other.legal)),
            _sum((self.measured, other.measured)),
            self.items + other.items,
            self.missing + other.missing,
        )

    def on(self, basis: str) -> Decimal | None:
        """The quantity on the basis `legal` or `measured`."""
        return self.measured if basis == "measured" else self.legal


Quantities = Mapping[str, Quantity]
NOTHING: Final = Quantity()
UNKNOWN: Final = Quantity(None, None)


def quantity(quantities: Quantities, name: str) -> Quantity:
    """Return a base quantity; what has no items is nothing, or unknown for a natural area.

    Raises QuantityUnknown.
    """
    if name not in QUANTITIES:
        raise QuantityUnknown(name=name)
    return quantities.get(name, UNKNOWN if name in UNDEFINED_WITHOUT_ITEMS else NOTHING)


def _sum(values: Iterable[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None


def add_up(parts: Iterable[Quantities]) -> dict[str, Quantity]:
    """Add the quantities of several pieces of ground; what is unknown of a piece is left out."""
    found: dict[str, Quantity] = {}
    for part in parts:
        for name, value in part.items():
            found[name] = found[name] + value if name in found else value
    return found


def ratio(numerator: Decimal | None, denominator: Decimal | None) -> Decimal | None:
    """Return numerator / denominator in percent, unrounded; None when it is not defined."""
    if numerator is None or not denominator:
        return None
    return numerator * 100 / denominator


def signed_sum(terms: Sequence[str], quantities: Quantities, basis: str) -> Decimal | None:
    """Add base quantities up, a leading minus subtracts; None when any of them is unknown.

    Raises QuantityUnknown.
    """
    total = Decimal(0)
    for term in terms:
        value = quantity(quantities, term.removeprefix("-")).on(basis)
        if value is None:
            return None
        total += -value if term.startswith("-") else value
    return total


def difference(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    """Return what was added since; None when either side is not known."""
    return None if now is None or before is None else now - before


def shown(value: Decimal | None, unit: str) -> Decimal | None:
    """Round half up as reports do: m² 1 decimal, ha 2, percent 2, counts none."""
    if value is None:
        return None
    return value.quantize(Decimal(1).scaleb(-DECIMALS[unit]), ROUND_HALF_UP) + 0


def choose(known: Iterable[Definition], day: date) -> dict[str, Definition]:
    """Return for each code the definition that speaks for a day, in the order of screens.

    A later version with the same first day corrects the former. Among periods the one that holds
    the day speaks; where none does, the newest one answers and says that it is not in force.
    """
    corrected: dict[tuple[str, date], Definition] = {}
    for item in sorted(known, key=lambda item: item.version):
        corrected[item.code, item.valid_from] = item
    chosen: dict[str, Definition] = {}
    for item in sorted(corrected.values(), key=lambda item: (item.position, item.valid_from)):
        if item.code not in chosen or item.in_force(day) or not chosen[item.code].in_force(day):
            chosen[item.code] = item
    return chosen


def components(code: str, definitions: Mapping[str, Definition]) -> tuple[str, ...]:
    """Return the base quantities an indicator rests on, each once. Raises DefinitionNotFound."""
    definition = _find(code, definitions)
    if definition.numerator and definition.denominator:
        both = components(definition.numerator, definitions)
        both += components(definition.denominator, definitions)
        return tuple(dict.fromkeys(both))
    return tuple(term.removeprefix("-") for term in definition.terms)


@dataclass(frozen=True, slots=True)
class Part:
    """One side of a ratio, by name and value (m² or count) on both bases."""

    code: str
    name_vi: str
    name_en: str
    unit: str
    value: Decimal | None
    measured: Decimal | None


@dataclass(frozen=True, slots=True)
class Answer:
    """The value of an indicator: m², percent or count; `value` on the definition's basis."""

    definition: Definition
    in_force: bool
    value: Decimal | None
    measured: Decimal | None
    numerator: Part | None = None
    denominator: Part | None = None

    def part(self) -> Part:
        """The answer as one side of a ratio."""
        named = self.definition
        return Part(named.code, named.name_vi, named.name_en, named.unit, self.value, self.measured)


def evaluate(
    code: str,
    definitions: Mapping[str, Definition],
    day: date,
    quantities: Quantities,
    year_before: Quantities | None = None,
) -> Answer:
    """Return an indicator of one piece of ground on a day.

    `year_before` holds the quantities at the end of the year before, for flows.
    Raises DefinitionNotFound, QuantityUnknown.
    """
    definition = _find(code, definitions)
    in_force = definition.in_force(day)
    if definition.numerator and definition.denominator:
        top = evaluate(definition.numerator, definitions, day, quantities, year_before)
        bottom = evaluate(definition.denominator, definitions, day, quantities, year_before)
        return Answer(
            definition,
            in_force,
            ratio(top.value, bottom.value),
            ratio(top.measured, bottom.measured),
            top.part(),
            bottom.part(),
        )
    basis = definition.area_basis or "legal"
    values = [signed_sum(definition.terms, quantities, basis) for basis in (basis, "measured")]
    if definition.kind == "flow":
        earlier = year_before or {}
        values = [
            difference(value, signed_sum(definition.terms, earlier, on))
            for value, on in zip(values, (basis, "measured"), strict=True)
        ]
    measured = None if definition.unit == "count" else values[1]
    return Answer(definition, in_force, values[0], measured)


def _find(code: str, definitions: Mapping[str, Definition]) -> Definition:
    if code not in definitions:
        raise DefinitionNotFound(key=code)
    return definitions[code]


@dataclass(frozen=True, slots=True)
class Ground:
    """A zone as roll-up sees it."""

    id: UUID
    parent_id: UUID | None
    kind: str


SCOPES: Final = {
    "all": None,
    "industrial_parks": ("industrial_park", "export_processing_zone", "high_tech_park"),
    "economic_zones": ("economic_zone", "border_gate_economic_zone", "coastal_economic_zone"),
}
"""Which kinds of zone a figure speaks of; an economic zone speaks with the parks inside it."""


def outermost(zones: Sequence[Ground], scope: str = "all") -> list[Ground]:
    """Return the zones of a scope that lie in no other zone of it."""
    kinds = SCOPES[scope]
    chosen = {zone.id: zone for zone in zones if kinds is None or zone.kind in kinds}
    parents = {zone.id: zone.parent_id for zone in zones}

    def inside_another(zone: Ground) -> bool:
        parent = zone.parent_id
        while parent is not None and parent not in chosen:
            parent = parents.get(parent)
        return parent is not None

    return [zone for zone in chosen.values() if not inside_another(zone)]


def roll_up(
    root: UUID, zones: Sequence[Ground], own: Mapping[UUID, Quantities]
) -> dict[str, Quantity]:
    """Return the quantities of a zone and all inside it; natural area is its own alone."""
    inside = [zone for zone in zones if zone.parent_id == root]
    parts: list[Quantities] = [own.get(root, {})]
    for child in inside:
        rolled = roll_up(child.id, zones, own)
        rolled.pop("natural", None)
        parts.append(rolled)
    return add_up(parts)
