"""Parcels as a form names them: ``12/1, 12/4-9`` becomes the parcels of a zone on a day."""

import re
from collections import defaultdict
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from planning.clocks import valid_on
from planning.errors import RuleViolated
from planning.parcels.model import ParcelVersion
from planning.statements import statement

MOST: Final = 5_000
_ONE: Final = re.compile(r"(?P<sheet>[\w.-]+)/(?P<first>\w+)(?:-(?P<last>\d+))?")


class ParcelsUnread(RuleViolated):
    """A name of a parcel that cannot be read, that nobody has, or that several have. Context:
    ``name``, ``found``.
    """

    code = "parcels-unread"


def parcels_named(session: Session, zone_id: UUID, said: str, day: date) -> list[UUID]:
    """Return the parcels of a zone (and its inner zones) that a text names, in its order.

    Names are sheet/number, several apart by commas, runs of numbers as ``12/4-9``; a parcel's
    identifier is taken as it is. Raises ParcelsUnread.
    """
    parts = [part.strip() for part in re.split(r"[,;\s]+", said) if part.strip()]
    if len(parts) > MOST:
        raise ParcelsUnread(name=parts[0], found=len(parts))
    found: list[UUID] = []
    wanted: list[tuple[str, str]] = []
    known = _known(session, zone_id, parts, day)
    for part in parts:
        try:
            found.append(UUID(part))
            continue
        except ValueError:
            wanted = _names(part)
        for sheet, number in wanted:
            here = known.get((sheet, number), [])
            if len(here) != 1:
                raise ParcelsUnread(name=f"{sheet}/{number}", found=len(here))
            found += here
    return list(dict.fromkeys(found))


def _names(part: str) -> list[tuple[str, str]]:
    read = _ONE.fullmatch(part)
    if read is None:
        raise ParcelsUnread(name=part[:40], found=0)
    sheet, first, last = read["sheet"], read["first"], read["last"]
    if last is None:
        return [(sheet, first)]
    if not first.isdigit() or not 0 <= int(last) - int(first) < MOST:
        raise ParcelsUnread(name=part[:40], found=0)
    return [(sheet, str(number)) for number in range(int(first), int(last) + 1)]


def _known(
    session: Session, zone_id: UUID, parts: list[str], day: date
) -> dict[tuple[str, str], list[UUID]]:
    sheets = {part.partition("/")[0] for part in parts if "/" in part}
    inside = list(session.scalars(statement("zone_and_inner"), {"zone_id": zone_id}))
    held = ParcelVersion
    rows = session.execute(
        select(held.sheet_no, held.parcel_no, held.parcel_id).where(
            held.zone_id.in_(inside),
            held.sheet_no.in_(sheets),
            held.closed_by.is_(None),
            valid_on(held, day),
        )
    )
    found: dict[tuple[str, str], list[UUID]] = defaultdict(list)
    for sheet, number, parcel in rows:
        found[sheet or "", number or ""].append(parcel)
    return found
