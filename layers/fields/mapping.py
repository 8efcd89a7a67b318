"""Which column of a file feeds which field: written in TOML, or proposed from known names."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from layers.fields.errors import (
    FieldColumnMissing,
    FieldMapOfAnotherTarget,
    FieldMapUnreadable,
    FieldsDoubtful,
    FieldsWithoutColumn,
    FieldUnknown,
)
from layers.fields.names import fold, is_cut_of, unit_in, without_unit
from layers.fields.numbers import NumberStyle
from layers.fields.targets import Field, Kind, Target, target

UNITS: Final = {
    Kind.AREA: {"m2": 1, "ha": 10_000},
    Kind.MONEY: {"dong": 1, "trieu": 10**6, "ty": 10**9},
}
_MAP_BYTES: Final = 100_000


@dataclass(frozen=True)
class ColumnRule:
    """Where a field comes from: a column, or one constant for all rows.

    `unit` is m2 or ha for areas, dong, trieu or ty for money; `numbers` settles 2.717; `values`
    adds words to a choice.
    """

    column: str | None = None
    constant: str | None = None
    unit: str | None = None
    numbers: NumberStyle | None = None
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class FieldMap:
    """The rules of one target by field name."""

    target: Target
    rules: Mapping[str, ColumnRule]

    def checked(self, columns: Sequence[str]) -> FieldMap:
        """This map with its columns spelled as the file spells them.

        Raises:
            FieldColumnMissing: a named column is not in the file.
            FieldsWithoutColumn: a required field has no rule.
        """
        rules = {name: _spelled(name, rule, columns) for name, rule in self.rules.items()}
        missing = missing_fields(self.target, rules)
        if missing:
            raise FieldsWithoutColumn(
                fields=list(missing), columns=list(columns), target=self.target.name
            )
        return FieldMap(self.target, rules)


@dataclass(frozen=True)
class Match:
    """One proposed pair and why: exact (the field's own name or title), alias, truncated (a DBF
    cut the name).
    """

    field: str
    column: str
    reason: str


@dataclass(frozen=True)
class Suggestion:
    """A proposed map with reasons; what is left over, missing, or for a person to decide."""

    map: FieldMap
    matches: tuple[Match, ...]
    unused_columns: tuple[str, ...]
    missing: tuple[str, ...]
    doubtful: Mapping[str, tuple[str, ...]]

    def settled(self) -> FieldMap:
        """The map when nothing is missing or doubtful.

        Raises:
            FieldsDoubtful, FieldsWithoutColumn
        """
        for name, rivals in self.doubtful.items():
            raise FieldsDoubtful(field=name, columns=list(rivals), target=self.map.target.name)
        if self.missing:
            known = [match.column for match in self.matches] + list(self.unused_columns)
            raise FieldsWithoutColumn(
                fields=list(self.missing), columns=known, target=self.map.target.name
            )
        return self.map


def suggest(columns: Sequence[str], target_name: str) -> Suggestion:
    """Propose which column feeds which field, from the names alone.

    Raises:
        TargetUnknown
    """
    wanted = target(target_name)
    matches: list[Match] = []
    doubtful: dict[str, tuple[str, ...]] = {}
    taken: set[str] = set()
    for reason in ("exact", "alias", "truncated"):
        for name, asked in wanted.fields.items():
            if name in doubtful or any(match.field == name for match in matches):
                continue
            free = [column for column in columns if column not in taken]
            fitting = _fitting(asked, free, reason)
            if len(fitting) == 1:
                matches.append(Match(name, fitting[0], reason))
                taken.add(fitting[0])
            elif fitting:
                doubtful[name] = tuple(fitting)
    rules = {match.field: _rule(wanted.fields[match.field], match.column) for match in matches}
    missing = tuple(n for n in missing_fields(wanted, rules) if n not in doubtful)
    unused = tuple(column for column in columns if column not in taken)
    return Suggestion(FieldMap(wanted, rules), tuple(matches), unused, missing, doubtful)


def _fitting(asked: Field, columns: Sequence[str], reason: str) -> list[str]:
    """Columns that fit a field by the best alias that fits at all."""
    if reason == "exact":
        own = {fold(asked.name), fold(asked.title_vi), fold(asked.title_en)}
        return [column for column in columns if fold(column) in own]
    for alias in asked.aliases:
        if reason == "alias":
            found = [c for c in columns if alias in (fold(c), without_unit(fold(c)))]
        else:
            found = [c for c in columns if is_cut_of(c, alias)]
        if found:
            return found
    return []


def _rule(asked: Field, column: str) -> ColumnRule:
    unit = unit_in(column)
    return ColumnRule(column=column, unit=unit if unit in UNITS.get(asked.kind, {}) else None)


def missing_fields(wanted: Target, rules: Mapping[str, ColumnRule]) -> tuple[str, ...]:
    """Required fields without a rule, and key fields when no group of them is complete."""
    missing = [name for name in wanted.required if name not in rules]
    if wanted.keys and not any(all(name in rules for name in group) for group in wanted.keys):
        missing += [name for name in wanted.keys[-1] if name not in rules]
    return tuple(missing)


def read_map(path: Path, target_name: str) -> FieldMap:
    """A mapping a person wrote (see `TOML_EXAMPLE`).

    Raises:
        FieldMapUnreadable, FieldMapOfAnotherTarget, FieldUnknown, TargetUnknown
    """
    try:
        with path.open("rb") as file:
            text = file.read(_MAP_BYTES + 1)
        if len(text) > _MAP_BYTES:
            raise FieldMapUnreadable(reason="size")
        said = tomllib.loads(text.decode("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FieldMapUnreadable(reason=str(error)[:200]) from error
    return map_of(said, target_name)


def map_of(said: Mapping[str, Any], target_name: str) -> FieldMap:
    """A mapping from its parsed TOML or JSON.

    Raises:
        FieldMapUnreadable, FieldMapOfAnotherTarget, FieldUnknown, TargetUnknown
    """
    wanted = target(target_name)
    if said.get("target", target_name) != target_name:
        raise FieldMapOfAnotherTarget(target=said["target"], wanted=target_name)
    entries = said.get("fields")
    if not isinstance(entries, Mapping) or set(said) - {"target", "fields"}:
        raise FieldMapUnreadable(reason="[fields]")
    rules = {}
    for name, entry in entries.items():
        if name not in wanted.fields:
            raise FieldUnknown(field=name, known=sorted(wanted.fields))
        rules[name] = _said_rule(wanted.fields[name], entry)
    return FieldMap(wanted, rules)


def _said_rule(asked: Field, entry: object) -> ColumnRule:
    if isinstance(entry, str):
        return _rule(asked, entry)
    if not isinstance(entry, Mapping) or ("column" in entry) == ("value" in entry):
        raise FieldMapUnreadable(reason=asked.name)
    if set(entry) - {"column", "value", "unit", "numbers", "values"}:
        raise FieldMapUnreadable(reason=asked.name)
    column, unit = entry.get("column"), entry.get("unit")
    if column is not None and unit is None:
        unit = _rule(asked, str(column)).unit
    if unit is not None and unit not in UNITS.get(asked.kind, {}):
        raise FieldMapUnreadable(reason=f"{asked.name}.unit")
    try:
        numbers = NumberStyle(entry["numbers"]) if "numbers" in entry else None
    except ValueError as error:
        raise FieldMapUnreadable(reason=f"{asked.name}.numbers") from error
    words = entry.get("values", {})
    if not isinstance(words, Mapping) or set(words.values()) - set(asked.values):
        raise FieldMapUnreadable(reason=f"{asked.name}.values")
    return ColumnRule(
        column=None if column is None else str(column),
        constant=None if "value" not in entry else str(entry["value"]),
        unit=unit,
        numbers=numbers,
        values={fold(word): value for word, value in words.items()},
    )


def _spelled(name: str, rule: ColumnRule, columns: Sequence[str]) -> ColumnRule:
    if rule.column is None or rule.column in columns:
        return rule
    alike = [column for column in columns if fold(column) == fold(rule.column)]
    alike = alike or [column for column in columns if is_cut_of(column, fold(rule.column))]
    if len(alike) != 1:
        raise FieldColumnMissing(field=name, column=rule.column, columns=list(columns))
    return ColumnRule(alike[0], rule.constant, rule.unit, rule.numbers, rule.values)


TOML_EXAMPLE: Final = """\
target = "parcels"

[fields]
sheet_no = "SO_TO"
parcel_no = "SO_THUA"
commune_code = { value = "06652" }                            # one value for all rows
legal_area_m2 = { column = "DT", unit = "ha", numbers = "vi" }  # 2.717 is 2717
"""
