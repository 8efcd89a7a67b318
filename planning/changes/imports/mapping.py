"""What a person says about a file's columns and words: fields, lot categories, leasable classes."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping as Words
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from layers.fields import FieldMap, map_of
from layers.fields.errors import FieldMapUnreadable
from planning.vocabulary import lot_categories

MOST_BYTES: Final = 100_000
LEASABLE: Final = frozenset({"industrial", "service", "none"})


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping file as said; nothing said means: propose from known column names.

    `categories` turns the letters of a lot symbol (KT) into a category of the register, `leasable`
    a category into its class: KT is storage in one plan and utilities in another, so each file may
    say.
    """

    said: Words[str, Any] | None = None
    categories: Words[str, str] = field(default_factory=dict)
    leasable: Words[str, str] = field(default_factory=dict)

    def field_map(self, layer: str) -> FieldMap | None:
        """Return the columns' rules for a layer; None when they are to be proposed.

        Raises:
            FieldMapUnreadable, FieldMapOfAnotherTarget, FieldUnknown
        """
        return None if self.said is None else map_of(self.said, layer)

    def as_json(self) -> dict[str, Any]:
        """Return plain JSON values that `of` reads back."""
        made: dict[str, Any] = dict(self.said or {})
        if self.categories:
            made["categories"] = dict(self.categories)
        if self.leasable:
            made["leasable"] = dict(self.leasable)
        return made

    @classmethod
    def of(cls, said: Words[str, Any]) -> Mapping:
        """Read a mapping from parsed TOML or JSON.

        Raises:
            FieldMapUnreadable: a category or class the register does not know.
        """
        rest = {name: value for name, value in said.items() if name not in _OWN}
        words = {name: _words(name, said.get(name, {})) for name in _OWN}
        categories = {
            letters.upper(): code.upper() for letters, code in words["categories"].items()
        }
        leasable = {code.upper(): kind for code, kind in words["leasable"].items()}
        if set(categories.values()) - set(lot_categories()):
            raise FieldMapUnreadable(reason="[categories]")
        if set(leasable) - set(lot_categories()) or set(leasable.values()) - LEASABLE:
            raise FieldMapUnreadable(reason="[leasable]")
        return cls(rest or None, categories, leasable)

    @classmethod
    def read(cls, path: Path) -> Mapping:
        """Read a TOML file.

        Raises:
            FieldMapUnreadable: not TOML, too large, or words the register does not know.
        """
        try:
            with path.open("rb") as file:
                text = file.read(MOST_BYTES + 1)
            if len(text) > MOST_BYTES:
                raise FieldMapUnreadable(reason="size")
            return cls.of(tomllib.loads(text.decode("utf-8")))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise FieldMapUnreadable(reason=str(error)[:200]) from error


_OWN: Final = ("categories", "leasable")


def _words(name: str, said: object) -> dict[str, str]:
    if not isinstance(said, Words) or not all(isinstance(value, str) for value in said.values()):
        raise FieldMapUnreadable(reason=f"[{name}]")
    return {str(key): str(value) for key, value in said.items()}
