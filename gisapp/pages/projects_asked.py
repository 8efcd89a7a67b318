"""What the forms of projects say: money, shares, days, words of a list."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from flask import request

from gisapp.pages.import_form import FormRefused
from gisapp.present.formats import language

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

_GROUPED: Final = {
    "vi": re.compile(r"(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d{1,6})?"),
    "en": re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d{1,6})?"),
}


class ProjectFieldRefused(FormRefused):
    """A field of a project's form is missing or cannot be read. Context: ``field``."""

    code = "project-field-refused"


def number_asked(name: str, *, needed: bool = False) -> Decimal | None:
    """A number of the form as people of the reader's language write it: 12.000.000 or 1.250,5.

    Nothing is guessed: ``1.5`` in a Vietnamese form is refused, for it may mean either.

    Raises:
        ProjectFieldRefused: missing though needed, or not a number written that way.
    """
    given = re.sub(r"[\s\u00a0]", "", request.form.get(name, ""))
    if not given:
        if needed:
            raise ProjectFieldRefused(field=name)
        return None
    sign, plain = ("-", given[1:]) if given.startswith("-") else ("", given)
    if len(plain) > 40 or not _GROUPED[language()].fullmatch(plain):
        raise ProjectFieldRefused(field=name)
    thousands, comma = (".", ",") if language() == "vi" else (",", ".")
    return Decimal(sign + plain.replace(thousands, "").replace(comma, "."))


def required_number(name: str) -> Decimal:
    """A number that must be there. Raises ProjectFieldRefused."""
    found = number_asked(name, needed=True)
    if found is None:
        raise ProjectFieldRefused(field=name)
    return found


def chosen(name: str, among: Container[str]) -> str:
    """One word of a list. Raises ProjectFieldRefused: none, or not of the list."""
    given = request.form.get(name, "")
    if given not in among:
        raise ProjectFieldRefused(field=name)
    return given


def several(name: str, among: Iterable[str]) -> list[str]:
    """Words of a list, ticked. Raises ProjectFieldRefused: one that is not of the list."""
    given, known = request.form.getlist(name), set(among)
    if not known.issuperset(given):
        raise ProjectFieldRefused(field=name)
    return given


def text_asked(name: str, longest: int) -> str | None:
    """A text that may be left out. Raises ProjectFieldRefused: too long."""
    given = request.form.get(name, "").strip()
    if len(given) > longest:
        raise ProjectFieldRefused(field=name)
    return given or None
