"""Text a spreadsheet would run as a formula: harmless on the way out, itself on the way in.

A cell that begins with ``= + - @``, a tab or a carriage return is run by a spreadsheet that opens a
CSV file. An apostrophe before it makes it text; reading our own files back takes that one off.
"""

from __future__ import annotations

from typing import Final

FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
_APOSTROPHE: Final = "'"


def defused(text: str) -> str:
    """Text that no spreadsheet runs as a formula, and that `undefused` makes itself again."""
    return f"{_APOSTROPHE}{text}" if _runs(text) else text


def undefused(cell: object) -> object:
    """A cell as it was before `defused`; anything else is returned as it is."""
    if isinstance(cell, str) and cell[:1] == _APOSTROPHE and _runs(cell):
        return cell[1:]
    return cell


def _runs(text: str) -> bool:
    """Whether a text begins with what is run, apostrophes before it or not."""
    return text.lstrip(_APOSTROPHE).startswith(FORMULA_STARTS)
