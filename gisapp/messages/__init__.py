"""What the application says: one text a code and language, with the facts put in by locale.

``vi.toml`` and ``en.toml`` hold one section a package. A placeholder is a fact's name:
``{area_m2:.1f}`` prints 1.105,9 in Vietnamese and 1,105.9 in English, ``{count:n}`` groups an
integer, a bare ``{srid}`` leaves it as it is; dates follow the locale; lists are joined;
``{reason:flaw}`` says a slug by the text ``flaw-<slug>`` (or ``flaw-other``), ``{known:choice}``
else by the first word the column ``field`` takes for it; ``{fields:column}``
says fields of an import by their titles (of the ``target`` in the facts, when it is there).
"""

from __future__ import annotations

import string
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel.numbers import format_decimal

from layers.fields.targets import Target, targets

LOCALES: Final = ("vi", "en")
FOLDER: Final = Path(__file__).resolve().parent
LEGAL_TIME: Final = ZoneInfo("Asia/Ho_Chi_Minh")
_DATE: Final = {"vi": "%d/%m/%Y", "en": "%Y-%m-%d"}
_LONGEST_LIST: Final = 10


@cache
def texts(locale: str) -> Mapping[str, str]:
    """All texts of a language by code.

    Raises:
        ValueError: one code has two texts.
    """
    with (FOLDER / f"{locale}.toml").open("rb") as file:
        sections: dict[str, dict[str, str]] = tomllib.load(file)
    found: dict[str, str] = {}
    for section, entries in sections.items():
        for code, text in entries.items():
            if code in found:
                raise ValueError(f"{locale}.toml: {code} again in [{section}]")
            found[code] = text
    return found


def render(code: str, context: Mapping[str, object], locale: str) -> str:
    """The sentence for a code in a language; an unknown language reads Vietnamese.

    Never raises for a missing fact or text: a refusal must not hide behind another.
    """
    language = locale if locale in LOCALES else "vi"
    text = texts(language).get(code)
    if text is None:
        return code
    formatter = _LocaleFormatter(language, context.get("target"), context.get("field"))
    return formatter.vformat(text, (), context)


def number(value: float | Decimal, locale: str, decimals: int | None = None) -> str:
    """A number as people of that language write it; ``decimals`` fixes the digits shown."""
    pattern = "#,##0.###" if decimals is None else "#,##0" + ("." + "0" * decimals) * (decimals > 0)
    return format_decimal(value, format=pattern, locale=locale if locale in LOCALES else "vi")


def placeholders(text: str) -> frozenset[str]:
    """The names of the facts a text asks for."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name)


class _LocaleFormatter(string.Formatter):
    """Formats facts by locale and shows a missing one by its name."""

    def __init__(self, locale: str, target: object = None, field: object = None) -> None:
        self.locale = locale
        self.target = target
        self.field = field

    def get_value(self, key: int | str, args: Any, kwargs: Any) -> object:
        return kwargs.get(key, f"<{key}>")

    def format_field(self, value: object, format_spec: str) -> str:
        if isinstance(value, bool) or value is None:
            return {True: "✓", False: "✗", None: "–"}[value]
        if isinstance(value, int):
            return number(value, self.locale) if format_spec else str(value)
        if isinstance(value, float | Decimal):
            decimals = int(format_spec[1:-1]) if format_spec.startswith(".") else None
            return number(value, self.locale, decimals)
        if isinstance(value, datetime):
            return value.astimezone(LEGAL_TIME).strftime(_DATE[self.locale] + " %H:%M")
        if isinstance(value, date):
            return value.strftime(_DATE[self.locale])
        if isinstance(value, list | tuple | set | frozenset):
            return self._joined(list(value), format_spec)
        if isinstance(value, str) and format_spec == "column":
            return ", ".join(self._title(part) for part in value.split(", "))
        if isinstance(value, str) and format_spec:
            known = texts(self.locale)
            found = known.get(f"{format_spec}-{value}", known.get(f"{format_spec}-other"))
            return found or (self._word(value) if format_spec == "choice" else value)
        return str(value)

    def _title(self, field: str) -> str:
        """The title of a field of an import; a word nobody knows is shown as it is."""
        for target in self._targets():
            if field in target.fields:
                return target.fields[field].title(self.locale)
        return field

    def _word(self, value: str) -> str:
        """What people write into a column of choices for a value; in English its own name."""
        for target in self._targets():
            field = target.fields.get(str(self.field))
            if field and value in field.words and self.locale == "vi":
                word = field.words[value]
                return word if word[:2].isupper() else word[0].lower() + word[1:]
        return value.replace("_", " ")

    def _targets(self) -> list[Target]:
        own = [each for name, each in targets().items() if name == self.target]
        return [*own, *targets().values()]

    def _joined(self, items: list[object], format_spec: str = "") -> str:
        shown = ", ".join(self.format_field(item, format_spec) for item in items[:_LONGEST_LIST])
        return (
            shown if len(items) <= _LONGEST_LIST else f"{shown}, … (+{len(items) - _LONGEST_LIST})"
        )
