"""Search of the register without diacritics: zones, parcels old and new, plans, lots, papers."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Float, Integer, Text, column, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from planning.clocks import moment_parameters
from planning.errors import NotFound
from planning.published import Sight
from planning.statements import statement

KINDS: Final = ("zone", "parcel", "plan", "lot", "company", "project", "document")
LONGEST: Final = 80
_QUESTIONS: Final = {
    "zone": "search/zones",
    "plan": "search/plans",
    "lot": "search/lots",
    "company": "search/companies",
    "project": "search/projects",
    "document": "search/documents",
}


def _letters() -> tuple[str, str]:
    """Every Vietnamese letter with marks, both cases, and the plain letter under each."""
    accented = "".join(
        unicodedata.normalize("NFC", base + shape + tone)
        for base in "aeiouyAEIOUY"
        for shape in ("", "\u0302", "\u0306", "\u031b")
        for tone in ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
        if len(unicodedata.normalize("NFC", base + shape + tone)) == 1 and shape + tone
    )
    return accented + "đĐ", "".join(map(_plain, accented)) + "dD"


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(mark for mark in decomposed if not unicodedata.combining(mark))


ACCENTED, PLAIN = _letters()


def fold(text: str) -> str:
    """Bring a text to the form names are compared in: no diacritics, lower case, single spaces.

    >>> fold("  Khu Công nghiệp  ĐÔNG MAI ")
    'khu cong nghiep dong mai'
    """
    return " ".join(_plain(text).replace("đ", "d").replace("Đ", "D").lower().split())


_SHEET: Final = r"to(?: ban do)?(?: so)? *(?P<sheet>[\w.-]+)"
_PARCEL: Final = r"thua(?: dat)?(?: so)? *(?P<number>[\w.-]+)"
_BETWEEN: Final = r"[ ,;/-]*"
_SPOKEN: Final = tuple(
    re.compile(form)
    for form in (
        _SHEET + _BETWEEN + _PARCEL,
        _PARCEL + _BETWEEN + _SHEET,
        _PARCEL + "(?P<sheet>)",
        r"sheet *(?P<sheet>[\w.-]+)" + _BETWEEN + r"parcel *(?P<number>[\w.-]+)",
        r"(?P<sheet>[0-9]+)[ /.,:-]+(?P<number>[0-9]+[a-z]?)",
        r"(?P<number>[0-9]+[a-z]?)(?P<sheet>)",
    )
)


def parcel_number(text: str) -> tuple[str | None, str] | None:
    """Read a sheet (or None) and a parcel number as people write them; None when it is neither.

    >>> parcel_number("thửa 12, tờ 5"), parcel_number("5/12"), parcel_number("Đông Mai")
    (('5', '12'), ('5', '12'), None)
    """
    folded = fold(text)
    for form in _SPOKEN:
        found = form.fullmatch(folded)
        if found:
            return found["sheet"] or None, found["number"]
    return None


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found. `box` is west, south, east, north in metres of plane `srid`, to look at;
    `parcels` are the ids to light up there; `note` is the step of a plan version."""

    kind: str
    id: str
    title: str
    name_vi: str | None
    name_en: str | None
    zone: str | None
    srid: int | None
    box: tuple[float, float, float, float] | None
    parcels: list[str]
    rank: int
    note: str | None = None


def search(session: Session, sight: Sight, text: str, most: int = 8) -> list[Hit]:
    """Find zones, parcels, plans, lots, companies, projects and papers; best first, `most` a kind.

    Two words of a name need not be whole; a number is looked for on parcels of the moment, on
    older numbers and on the numbers of what they were cut from.
    """
    folded = fold(text)[:LONGEST]
    if not folded:
        return []
    values = _values(sight, folded, most)
    hits = []
    number = parcel_number(text)
    if number is not None:
        sheet, parcel = number
        spelt = sorted({parcel, parcel.upper()})
        hits += _found(
            session, "parcel", "search/parcels", {**values, "sheet": sheet, "numbers": spelt}
        )
    if number is None or len(folded) > 2:
        for kind, name in _QUESTIONS.items():
            hits += _found(session, kind, name, values)
    return sorted(hits, key=lambda hit: (hit.rank, KINDS.index(hit.kind)))


def find_one(session: Session, sight: Sight, kind: str, identifier: UUID) -> Hit:
    """Find one thing by kind (zone, lot, company, project, document) and id, and where it lies.

    Raises:
        NotFound: it is not there at the moment, or outside the zones in sight.
    """
    hits = _found(session, kind, _QUESTIONS[kind], {**_values(sight, "", 1), "id": identifier})
    if not hits:
        raise NotFound(kind=kind, key=str(identifier))
    return hits[0]


def _values(sight: Sight, folded: str, most: int) -> dict[str, Any]:
    return {
        **moment_parameters(sight.at),
        "zone_ids": None if sight.zone_ids is None else list(sight.zone_ids),
        "q": folded,
        "id": None,
        "accented": ACCENTED,
        "plain": PLAIN,
        "most": most,
    }


def _found(session: Session, kind: str, name: str, values: dict[str, Any]) -> list[Hit]:
    asked = statement(name)
    wanted = asked.compile().params
    names = ["id", "title", "name_vi", "name_en", "zone", "srid", "shape", "parcels", "rank"]
    if kind == "plan":
        names.append("note")
    typed: dict[str, Any] = {"srid": Integer(), "rank": Integer(), "parcels": ARRAY(Text())}
    rows = (
        asked.bindparams(**{key: value for key, value in values.items() if key in wanted})
        .columns(*(column(each, typed.get(each)) for each in names))
        .subquery("hit")
    )
    shape = rows.c.shape
    corners = [
        corner(shape, type_=Float())
        for corner in (func.ST_XMin, func.ST_YMin, func.ST_XMax, func.ST_YMax)
    ]
    plain = [rows.c[each] for each in names if each != "shape"]
    hits = []
    for row in session.execute(select(*plain, *corners)):
        *facts, west, south, east, north = row
        found = dict(zip((each for each in names if each != "shape"), facts, strict=True))
        box = None if west is None else (west, south, east, north)
        hits.append(Hit(kind=kind, box=box, **{**found, "parcels": found["parcels"] or []}))
    return hits
