"""End, amend and correct land rights; their land moves with them."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from planning.clocks import amend, close, correct, end, record, valid_on
from planning.errors import NotFound
from planning.tenure.model import LandRight, LandRightParcel, LandRightVersion
from planning.tenure.rules import first_day_after

_LAND = ("land_right_id", "tier", "parcel_id", "valid_from", "valid_to")


def end_right(session: Session, change: int, *, right_id: UUID, day: date) -> None:
    """End a right on a day (recovered, terminated, transferred): from that day it is no more.

    Raises:
        NotFound: the right is not in force that day.
        LaterVersionsExist: its terms change after the day.
    """
    end(session, LandRightVersion, change, LandRightVersion.land_right_id == right_id, day)
    _end_land(session, change, right_id, day)


def amend_right(
    session: Session,
    change: int,
    *,
    right_id: UUID,
    day: date,
    parcels: Iterable[UUID] | None = None,
    **values: Any,
) -> None:
    """Change terms of a right from a day on (appendix, extension), and perhaps the land it holds.

    `values` are facts of `NewRight` by name; a new `term_ends` alone moves the end with it.

    Raises:
        NotFound: the right is not in force that day.
        LaterVersionsExist: its terms change after the day.
    """
    values = _with_end(values)
    mine = LandRightVersion.land_right_id == right_id
    amend(session, LandRightVersion, change, mine, day, values)
    if "valid_to" in values:
        # an act keeps the end of the row it succeeds; a new term moves it
        successor = mine & (LandRightVersion.valid_from == day) & _lives(LandRightVersion)
        correct(session, LandRightVersion, change, successor, {"valid_to": values["valid_to"]})
    elif parcels is None:
        return
    held = {row["parcel_id"] for row in _land(session, right_id, valid_on(LandRightParcel, day))}
    _end_land(session, change, right_id, day)
    wanted = held if parcels is None else parcels
    _hold(session, change, right_id, wanted, day, _terms(session, right_id, day).valid_to)


def correct_right(
    session: Session,
    change: int,
    *,
    right_id: UUID,
    on: date | None = None,
    parcels: Iterable[UUID] | None = None,
    **values: Any,
) -> None:
    """Correct what was believed of a right: facts of `NewRight` by name, and the land it holds.

    `on` picks the terms in force that day when the right has several. Corrected days move the land
    with them. Raises NotFound.
    """
    values = _with_end(values)
    mine: ColumnElement[bool] = LandRightVersion.land_right_id == right_id
    land = None
    if on is not None:
        mine, land = mine & valid_on(LandRightVersion, on), valid_on(LandRightParcel, on)
    if values:
        correct(session, LandRightVersion, change, mine, values)
    days = {name: values[name] for name in ("valid_from", "valid_to") if name in values}
    if parcels is None and not days:
        return
    held = _land(session, right_id, land)
    close(session, LandRightParcel, change, [row["version_id"] for row in held])
    if parcels is None:
        rows = [{name: row[name] for name in _LAND} | days for row in held]
        record(session, LandRightParcel, change, rows)
    else:
        terms = _terms(session, right_id, days.get("valid_from", on))
        _hold(session, change, right_id, parcels, terms.valid_from, terms.valid_to)


def _with_end(values: dict[str, Any]) -> dict[str, Any]:
    if "term_ends" in values and "valid_to" not in values:
        return {**values, "valid_to": first_day_after(values["term_ends"])}
    return values


def _lives(table: Any) -> ColumnElement[bool]:
    return or_(table.valid_to.is_(None), table.valid_to > table.valid_from)


def _land(
    session: Session, right_id: UUID, where: ColumnElement[bool] | None
) -> list[Mapping[str, Any]]:
    question = select(LandRightParcel.__table__).where(
        LandRightParcel.land_right_id == right_id, LandRightParcel.closed_by.is_(None)
    )
    found = session.execute(question if where is None else question.where(where))
    return [dict(row) for row in found.mappings()]


def _terms(session: Session, right_id: UUID, on: date | None) -> LandRightVersion:
    question = select(LandRightVersion).where(
        LandRightVersion.land_right_id == right_id, LandRightVersion.closed_by.is_(None)
    )
    if on is not None:
        question = question.where(valid_on(LandRightVersion, on))
    found = session.scalars(question.order_by(LandRightVersion.valid_from.desc())).first()
    if found is None:
        raise NotFound(kind="land_right", key=str(right_id))
    return found


def _end_land(session: Session, change: int, right_id: UUID, day: date) -> None:
    later = or_(LandRightParcel.valid_to.is_(None), LandRightParcel.valid_to > day)
    if _land(session, right_id, later):
        end(session, LandRightParcel, change, LandRightParcel.land_right_id == right_id, day)


def _hold(
    session: Session,
    change: int,
    right_id: UUID,
    parcels: Iterable[UUID],
    valid_from: date,
    valid_to: date | None,
) -> None:
    tier = session.scalar(select(LandRight.tier).where(LandRight.id == right_id))
    row = {"land_right_id": right_id, "tier": tier, "valid_from": valid_from, "valid_to": valid_to}
    rows = [{**row, "parcel_id": each} for each in dict.fromkeys(parcels)]
    record(session, LandRightParcel, change, rows)
