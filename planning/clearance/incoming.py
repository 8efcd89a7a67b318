"""Items of a case from the rows of a table, or what is wrong with each row; nothing is written.

Headings are found by their words without accents. Rows with one item number are one item.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from layers.fields.names import fold
from planning.clearance.cases import NewItem
from planning.errors import RuleViolated
from planning.households.commands import Person, PersonRefused, checked

HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "number": ("muc", "somuc", "sothutu", "stt", "item"),
    "sheet": ("to", "soto", "tobando", "sheet"),
    "parcel": ("thua", "sothua", "parcel"),
    "land_class": ("loaidat", "landclass"),
    "holder": ("doituong", "nguoisudungdat", "holder"),
    "plots_needed": ("locan", "solocan", "plots"),
    "head_name": ("chuho", "hoten", "headname"),
    "identity_no": ("sogiayto", "cccd", "cmnd", "identity"),
    "phone": ("dienthoai", "phone"),
    "address": ("diachi", "address"),
    "bank_account": ("taikhoan", "sotaikhoan", "account"),
    "members": ("nhankhau", "sonhankhau", "members"),
}
PERSONAL: Final = ("head_name", "identity_no", "phone", "address", "bank_account", "members")
LAND: Final = {"nongnghiep": "agricultural", "phinongnghiep": "non_agricultural"}
HOLDERS: Final = {
    "ho": "household", "hogiadinh": "household", "canhan": "household", "tochuc": "organisation",
    "congdong": "community",
}  # fmt: skip
MOST: Final = 20_000


class ItemTableRefused(RuleViolated):
    """The table lacks a heading, or has more rows than a case takes. Context: ``needed``."""

    code = "item-table-refused"


@dataclass(frozen=True, slots=True)
class RowRefused:
    """What keeps a row out: its number as the sheet shows it and a code; never a person's data."""

    row: int
    code: str
    context: Mapping[str, object] = field(default_factory=dict)


@dataclass(slots=True)
class Incoming:
    """Items that would be written, people by item number, and rows refused."""

    items: list[NewItem]
    people: dict[str, Person]
    refused: list[RowRefused]
    rows: int

    @property
    def whole(self) -> bool:
        """Whether every row may come in; it is all of them or none."""
        return not self.refused and bool(self.items)


def columns_of(header: Sequence[str]) -> dict[str, str]:
    """Which column of a table is which fact. Raises ItemTableRefused."""
    found: dict[str, str] = {}
    for name in header:
        bare = "".join(letter for letter in fold(name) if letter.isalnum())
        for fact, words in HEADINGS.items():
            if bare in words:
                found.setdefault(fact, name)
    missing = [fact for fact in ("number", "sheet", "parcel") if fact not in found]
    if missing:
        raise ItemTableRefused(needed=", ".join(missing))
    return found


def read_items(
    rows: Sequence[int],
    columns: Mapping[str, Sequence[object]],
    *,
    parcels: Mapping[tuple[str, str], Sequence[UUID]],
    taken: frozenset[UUID],
    numbers: frozenset[str],
    personal: bool,
) -> Incoming:
    """Read rows into items; names are read only where `personal` allows it.

    `parcels` finds a parcel by sheet and number, `taken` are in other items or cleared, `numbers`
    are the case's own items already.

    Raises:
        ItemTableRefused: a heading is missing, or too many rows.
    """
    named = columns_of(list(columns))
    if len(rows) > MOST:
        raise ItemTableRefused(needed=f"<= {MOST}")
    gathered: dict[str, dict[str, object]] = {}
    found = Incoming([], {}, [], len(rows))
    used = set(taken)
    for place, row in enumerate(rows):
        cell = {fact: _text(columns[name][place]) for fact, name in named.items()}
        fault = _fault(cell, numbers, parcels, used)
        if fault is not None:
            found.refused.append(RowRefused(int(row), *fault))
            continue
        (parcel,) = parcels[cell["sheet"], cell["parcel"]]
        used.add(parcel)
        entry = gathered.setdefault(cell["number"], {"parcels": [], "cell": cell})
        entry["parcels"].append(parcel)  # type: ignore[attr-defined]
        if personal and cell.get("head_name") and cell["number"] not in found.people:
            try:
                found.people[cell["number"]] = checked(_person(cell))
            except PersonRefused as refused:
                found.refused.append(
                    RowRefused(int(row), "item-row-person", {"field": refused.context["field"]})
                )
    found.items = [_item(number, entry) for number, entry in gathered.items()]
    return found


def _fault(
    cell: Mapping[str, str],
    numbers: frozenset[str],
    parcels: Mapping[tuple[str, str], Sequence[UUID]],
    used: set[UUID],
) -> tuple[str, dict[str, object]] | None:
    where = f"{cell['sheet']}/{cell['parcel']}"
    if not cell["number"] or len(cell["number"]) > 24:
        return "item-row-number", {}
    if cell["number"] in numbers:
        return "item-row-known", {"number": cell["number"]}
    here = parcels.get((cell["sheet"], cell["parcel"]), ())
    if len(here) != 1:
        return ("item-row-parcel-many" if here else "item-row-parcel"), {"parcel": where}
    if here[0] in used:
        return "item-row-taken", {"parcel": where}
    for fact, words in (("land_class", LAND), ("holder", HOLDERS)):
        if cell.get(fact) and _word(cell[fact]) not in words:
            return "item-row-value", {"field": fact}
    for fact in ("plots_needed", "members"):
        if cell.get(fact) and not (cell[fact].isascii() and cell[fact].isdigit()):
            return "item-row-value", {"field": fact}
    return None


def _item(number: str, entry: Mapping[str, object]) -> NewItem:
    cell: Mapping[str, str] = entry["cell"]  # type: ignore[assignment]
    return NewItem(
        number,
        entry["parcels"],  # type: ignore[arg-type]
        land_class=LAND[_word(cell.get("land_class") or "nongnghiep")],
        holder=HOLDERS[_word(cell.get("holder") or "ho")],
        plots_needed=int(cell.get("plots_needed") or 0),
    )


def _person(cell: Mapping[str, str]) -> Person:
    said = {name: cell.get(name) or None for name in PERSONAL[1:5]}
    members = cell.get("members")
    return Person(cell["head_name"], **said, members=int(members) if members else None)


def _word(text: str) -> str:
    bare = "".join(letter for letter in fold(text) if letter.isalnum())
    return bare.removeprefix("dat")


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
