"""From the columns of a file to the fields of the register: matched, converted, judged by row."""

from __future__ import annotations

from layers.fields.conversion import Row, Value, convert
from layers.fields.mapping import (
    TOML_EXAMPLE,
    ColumnRule,
    FieldMap,
    Match,
    Suggestion,
    map_of,
    read_map,
    suggest,
)
from layers.fields.targets import Field, Kind, Target, target, targets

__all__ = [
    "TOML_EXAMPLE",
    "ColumnRule",
    "Field",
    "FieldMap",
    "Kind",
    "Match",
    "Row",
    "Suggestion",
    "Target",
    "Value",
    "convert",
    "map_of",
    "read_map",
    "suggest",
    "target",
    "targets",
]
