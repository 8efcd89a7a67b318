"""What one operation does to parcels, and how that is told."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import shapely

from planning.parcels.holding import ATTRIBUTES, Held

CONSERVING = frozenset({"split", "merge", "corridor"})
NAMES = {
    "commune_code": "commune",
    "sheet_no": "sheet",
    "parcel_no": "number",
    "official_id": "official_id",
    "land_use_code": "land_use",
    "legal_area_m2": "legal_area_m2",
}
"""Columns and what they are called outside."""


@dataclass(frozen=True)
class Born:
    """A parcel that comes into being, with its parents and the m² from each."""

    held: Held
    parents: tuple[tuple[UUID, float], ...]
    taken: bool = False


@dataclass(frozen=True)
class Pair:
    """A parcel before and after."""

    before: Held
    after: Held


@dataclass(frozen=True)
class Warned:
    """Something to look at: a code with the facts of its sentence."""

    code: str
    context: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Effect:
    """What an operation removes, adds, reshapes, gives corners to, and renames."""

    kind: str
    removed: tuple[Held, ...] = ()
    added: tuple[Born, ...] = ()
    reshaped: tuple[Pair, ...] = ()
    noded: tuple[Pair, ...] = ()
    renamed: tuple[Pair, ...] = ()
    warnings: tuple[Warned, ...] = ()
    report: dict[str, float] = field(default_factory=dict)

    @property
    def before(self) -> list[Held]:
        """Everything it changes, as it was."""
        pairs = (*self.reshaped, *self.noded, *self.renamed)
        return [*self.removed, *(pair.before for pair in pairs)]

    @property
    def after(self) -> list[Held]:
        """Everything it changes, as it becomes."""
        pairs = (*self.reshaped, *self.noded, *self.renamed)
        return [*(born.held for born in self.added), *(pair.after for pair in pairs)]

    @property
    def meant(self) -> list[Held]:
        """Parcels it really changes, as they were: neighbours that gain corners are not."""
        return [*self.removed, *(pair.before for pair in (*self.reshaped, *self.renamed))]

    @property
    def tolerance_m2(self) -> float:
        """What rounding to the grid may do: 0.01 m² a parcel and half a millimetre of perimeter."""
        return tolerance_m2([*self.before, *self.after])


def tolerance_m2(parcels: Iterable[Held]) -> float:
    """What rounding to the grid may do to the area of these parcels together."""
    return sum(0.01 + 0.0005 * float(each.shape.length) for each in parcels)


def feature(held: Held, **more: object) -> dict[str, Any]:
    """A parcel as a GeoJSON feature in its plane: E, N exact to the millimetre."""
    return {
        "type": "Feature",
        "id": str(held.parcel_id),
        "geometry": shapely.geometry.mapping(held.shape),
        "properties": {**properties(held), **more},
    }


def properties(held: Held) -> dict[str, Any]:
    """What is said of a parcel beside its shape."""
    return {
        "id": str(held.parcel_id),
        "version": held.version,
        "name": held.name,
        **{NAMES[column]: plain(getattr(held, column)) for column in ATTRIBUTES},
        "area_m2": held.area_m2,
        "noded": held.noded,
    }


def plain(value: object) -> Any:
    """A value as JSON has it; decimals as numbers."""
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return float(value)  # type: ignore[arg-type]


def as_json(effect: Effect) -> dict[str, Any]:
    """An effect as it is stored with its change and told to programs."""
    before = sum(each.area_m2 for each in effect.before)
    after = sum(each.area_m2 for each in effect.after)
    return {
        "removed": [properties(each) for each in effect.removed],
        "added": [
            {
                "id": str(born.held.parcel_id),
                "version": born.held.version,
                "area_m2": born.held.area_m2,
                "parents": [{"id": str(each), "area_m2": m2} for each, m2 in born.parents],
                "taken": born.taken,
                "feature": feature(born.held),
            }
            for born in effect.added
        ],
        "reshaped": [_pair(pair) for pair in effect.reshaped],
        "noded": [_pair(pair) for pair in effect.noded],
        "attributes": [
            {**_pair(pair), "set": _differences(pair.before, pair.after)} for pair in effect.renamed
        ],
        "area_before_m2": before,
        "area_after_m2": after,
        "area_difference_m2": after - before,
        "tolerance_m2": effect.tolerance_m2,
        "warnings": [{"code": each.code, **each.context} for each in effect.warnings],
        "report": effect.report or None,
    }


def _pair(pair: Pair) -> dict[str, Any]:
    return {
        "id": str(pair.after.parcel_id),
        "version": pair.after.version,
        "base_version": pair.before.version,
        "area_before_m2": pair.before.area_m2,
        "area_m2": pair.after.area_m2,
        "feature": feature(pair.after),
    }


def _differences(before: Held, after: Held) -> dict[str, Any]:
    return {
        NAMES[name]: plain(getattr(after, name))
        for name in ATTRIBUTES
        if getattr(after, name) != getattr(before, name)
    }
