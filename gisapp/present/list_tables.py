"""Lists as the tables they come in by: the same headings, words and units both ways."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gisapp.present.tables import Column
from layers.fields import Field, target
from layers.fields.names import unit_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gisapp.present.tables import Kind

_KINDS: Final[Mapping[str, Kind]] = {
    "date": "day",
    "decimal": "number",
    "integer": "number",
    "years": "number",
    "percent": "number",
    "money": "number",
}
_YES_NO: Final = {"vi": ("có", "không"), "en": ("yes", "no")}


def list_columns(name: str, locale: str) -> list[Column]:
    """The columns of a list in a language; rows are mappings by field."""
    return [_column(field, locale) for field in target(name).fields.values()]


def _column(field: Field, locale: str) -> Column:
    title, kind = field.title(locale), _KINDS.get(field.kind.value, "text")
    if field.kind.value == "area":
        kind = "hectares" if unit_in(title) == "ha" else "square_metres"

    def read(row: Mapping[str, object]) -> object:
        value = row.get(field.name)
        if isinstance(value, bool):
            yes, no = _YES_NO[locale]
            return yes if value else no
        if field.kind.value == "choice" and value is not None:
            return field.word(str(value), locale)
        return value

    return Column(key=field.name, label=title, kind=kind, value=read, sortable=False)
