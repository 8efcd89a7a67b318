"""What the register wants from a file, by kind of import: fields, kinds, titles, aliases."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, Final

from layers.fields.errors import TargetUnknown
from layers.fields.names import fold


class Kind(StrEnum):
    """What a field's values are."""

    TEXT = "text"
    CODE = "code"
    UUID = "uuid"
    INTEGER = "integer"
    STOREYS = "storeys"
    YEARS = "years"
    DECIMAL = "decimal"
    AREA = "area"
    PERCENT = "percent"
    MONEY = "money"
    DATE = "date"
    CHOICE = "choice"
    BOOLEAN = "boolean"


LONGEST_TEXT: Final = 500
LONGEST_CODE: Final = 100
"""Characters: numbers of contracts and decisions are the longest codes there are."""


@dataclass(frozen=True)
class Field:
    """One field: areas come out in m², money in whole units of its currency, percent as 0 to 100.

    `aliases` are folded column names, best first; `digits` the length a numeric code is filled up
    to with zeros (Excel drops them); `values` the accepted words of a choice, folded, by the value
    they stand for.
    """

    name: str
    kind: Kind
    title_vi: str
    title_en: str
    aliases: tuple[str, ...]
    required: bool = False
    digits: int = 0
    upper: bool = False
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    max_length: int = LONGEST_TEXT
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    """The word of each value of a choice, as people write it."""

    def word(self, value: str, locale: str) -> str:
        """A value of a choice as a table of that language says it; it is read back as the value."""
        return value.replace("_", " ") if locale == "en" else self.words.get(value, value)

    def title(self, locale: str) -> str:
        """The field's name for people, in Vietnamese unless English is asked for."""
        return self.title_en if locale == "en" else self.title_vi


@dataclass(frozen=True)
class Target:
    """A kind of import with its fields; a row needs one of the `keys` (groups of fields) whole."""

    name: str
    title_vi: str
    title_en: str
    fields: Mapping[str, Field]
    keys: tuple[tuple[str, ...], ...] = ()

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the fields every row must have."""
        return tuple(name for name, wanted in self.fields.items() if wanted.required)


@cache
def targets() -> Mapping[str, Target]:
    """All kinds of import by name: files with shapes, and the lists (a file each in ``lists``)."""
    room = files("layers.fields")
    lists = sorted(room.joinpath("lists").iterdir(), key=lambda each: each.name)
    found: dict[str, Target] = {}
    for source in (room.joinpath("targets.toml"), *lists):
        if source.name.endswith(".toml"):
            said = tomllib.loads(source.read_text(encoding="utf-8"))["targets"]
            found |= {name: _target(name, entry) for name, entry in said.items()}
    return found


def target(name: str) -> Target:
    """One kind of import.

    Raises:
        TargetUnknown
    """
    found = targets().get(name)
    if found is None:
        raise TargetUnknown(target=name, known=sorted(targets()))
    return found


def _target(name: str, entry: dict[str, Any]) -> Target:
    fields = {key: _field(key, said) for key, said in entry["fields"].items()}
    keys = tuple(tuple(group) for group in entry.get("keys", []))
    return Target(name, entry["vi"], entry["en"], fields, keys)


# Three times the country, in m²; a billion billion đồng. Beyond them stands a slip of the keyboard.
_LARGEST: Final = {Kind.AREA: "1000000000000", Kind.MONEY: "1000000000000000000"}


def _field(name: str, said: dict[str, Any]) -> Field:
    kind = Kind(said["kind"])
    low, high = said.get("minimum"), said.get("maximum")
    if kind is Kind.PERCENT:
        low, high = "0", "100"
    if kind in (Kind.AREA, Kind.MONEY):
        low, high = low or "0", high or _LARGEST[kind]
    if kind is Kind.STOREYS:
        low, high = "0", "200"
    return Field(
        name=name,
        kind=kind,
        title_vi=said["vi"],
        title_en=said["en"],
        aliases=tuple(said["aliases"]),
        required=said.get("required", False),
        digits=said.get("digits", 0),
        upper=said.get("upper", False),
        minimum=Decimal(low) if low is not None else None,
        maximum=Decimal(high) if high is not None else None,
        max_length=said.get("longest", LONGEST_CODE if kind is Kind.CODE else LONGEST_TEXT),
        values={
            value: tuple(fold(word) for word in words)
            for value, words in said.get("values", {}).items()
        },
        words={value: words[0] for value, words in said.get("values", {}).items() if words},
    )
