"""What happens to a right after it was granted: prolonged, handed on, changed, ended, cancelled."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from planning.clocks import valid_on
from planning.errors import LaterVersionsExist, NotFound
from planning.tenure.commands.changing import amend_right, end_right
from planning.tenure.commands.letting import LARGEST_M2, party_id, require_power
from planning.tenure.commands.parties import NewParty
from planning.tenure.errors import (
    LaterTerms,
    NotAReservation,
    NothingLeft,
    RightNeedsArea,
    RightNotInForce,
    SameLessee,
    SubLeasesStand,
    TermNotLonger,
)
from planning.tenure.ground import area_of, pieces, require_free
from planning.tenure.model import LandRight, LandRightParcel, LandRightVersion
from planning.tenure.rules import TIERS, first_day_after


def prolong(
    session: Session,
    change: int,
    *,
    right_id: UUID,
    day: date,
    term_ends: date,
    document_id: UUID | None = None,
) -> None:
    """Prolong a right (or a reservation) from a day on: it ends on `term_ends`, a later day.

    The database refuses a sub-lease that outlasts its parent.

    Raises:
        RightNotInForce: it had ended by then, or not begun.
        TermNotLonger: the new last day is not later than the old one.
        LandTaken: a parcel is promised to somebody else for the days after the old term.
        LaterTerms: terms are recorded for later days.
    """
    terms = in_force_on(session, right_id, day)
    if terms.term_ends is None and terms.valid_to is None:
        raise TermNotLonger(number=terms.number, ends=None, asked=term_ends)
    ends = terms.term_ends or date.fromordinal((terms.valid_to or day).toordinal() - 1)
    if term_ends <= ends:
        raise TermNotLonger(number=terms.number, ends=ends, asked=term_ends)
    kind, zone_id = _head(session, right_id)
    land = pieces(session, zone_id, held(session, right_id, day), day, number=terms.number)
    tiers = (1,) if TIERS[kind] == 1 else (2, 3)
    since = date.fromordinal(ends.toordinal() + 1)
    require_free(session, land, since, first_day_after(term_ends), tiers=tiers, but=[right_id])
    _amend(
        session, change, terms, right_id, day, term_ends=term_ends,
        document_id=document_id or terms.document_id,
    )  # fmt: skip


def hand_on(
    session: Session,
    change: int,
    *,
    right_id: UUID,
    day: date,
    lessee: NewParty | UUID,
    document_id: UUID | None = None,
) -> int:
    """Transfer a right to another lessee from a day on; return how many sub-leases follow.

    Where a developer hands a State right on, the new one is lessor of its sub-leases from that day.

    Raises:
        RightNotInForce, LaterTerms: see `prolong`.
        SameLessee: it holds the right already.
    """
    terms = in_force_on(session, right_id, day)
    to = party_id(session, change, lessee)
    if to == terms.lessee_id:
        raise SameLessee(number=terms.number)
    paper = document_id or terms.document_id
    _amend(session, change, terms, right_id, day, lessee_id=to, document_id=paper)
    following = _sub_leases(session, right_id, day)
    for child in following:
        if child.valid_from > day:
            raise LaterTerms(number=child.number, day=day)
        _amend(session, change, child, child.land_right_id, day, lessor_id=to)
    return len(following)


def change_terms(
    session: Session,
    change: int,
    *,
    right_id: UUID,
    day: date,
    area_m2: Decimal | None = None,
    payment_mode: str | None = None,
    purpose: str | None = None,
    parcels: Sequence[UUID] | None = None,
    document_id: UUID | None = None,
) -> None:
    """Change what an appendix changes, from a day on: area, payment, purpose, parcels.

    What is left out stays. New parcels are new land: their lessor is judged on that day.

    Raises:
        RightNotInForce, LaterTerms, LandTaken: see `prolong`.
        RightNeedsLand, RightNeedsArea, ParcelNotHere: see `let`.
        LessorLacksPower: new land from who may not grant it any more.
        SubLeasesStand: land is given up that is sub-let.
    """
    terms = in_force_on(session, right_id, day)
    if area_m2 is not None and not 0 < area_m2 < LARGEST_M2:
        raise RightNeedsArea(number=terms.number)
    kind, zone_id = _head(session, right_id)
    if parcels is not None:
        land = pieces(session, zone_id, parcels, day, number=terms.number)
        before = set(held(session, right_id, day))
        if {each.id for each in land} - before:
            require_power(session, kind, terms.lessor_id, day)
        tiers = (1,) if TIERS[kind] == 1 else (2, 3)
        require_free(session, land, day, terms.valid_to, tiers=tiers, but=[right_id])
        _require_not_let(session, right_id, terms.number, before - {e.id for e in land}, day)
        parcels = [each.id for each in land]
    given = {"contract_area_m2": area_m2, "payment_mode": payment_mode, "purpose": purpose}
    values: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    values["document_id"] = document_id or terms.document_id
    _amend(session, change, terms, right_id, day, parcels=parcels, **values)


def stop(session: Session, change: int, *, right_id: UUID, day: date) -> None:
    """End a right on a day (recovered, liquidated, given back): from that day it is no more.

    Raises:
        RightNotInForce, LaterTerms: see `prolong`.
        SubLeasesStand: sub-leases of it go on.
    """
    terms = in_force_on(session, right_id, day)
    standing = _sub_leases(session, right_id, day)
    if standing:
        numbers = sorted({each.number for each in standing})
        raise SubLeasesStand(number=terms.number, count=len(standing), numbers=numbers)
    try:
        end_right(session, change, right_id=right_id, day=day)
    except LaterVersionsExist as later:
        raise LaterTerms(number=terms.number, day=day) from later


def stop_part(
    session: Session,
    change: int,
    *,
    right_id: UUID,
    day: date,
    parcels: Sequence[UUID],
    area_m2: Decimal | None = None,
    document_id: UUID | None = None,
) -> None:
    """End a right for some of its parcels on a day; `area_m2` is what is given back (left out:
    what the parcels measure).

    Raises:
        NothingLeft: these are all its parcels, or all its area.
        RightNotInForce, LaterTerms, SubLeasesStand: see `stop`.
    """
    terms = in_force_on(session, right_id, day)
    before = held(session, right_id, day)
    gone = set(parcels) & set(before)
    left = [each for each in before if each not in gone]
    if not left or not gone:
        raise NothingLeft(number=terms.number)
    _, zone_id = _head(session, right_id)
    back = area_m2 or area_of(pieces(session, zone_id, list(gone), day, number=terms.number))
    if not 0 < back < terms.contract_area_m2:
        raise NothingLeft(number=terms.number)
    change_terms(
        session, change, right_id=right_id, day=day, parcels=left,
        area_m2=terms.contract_area_m2 - back, document_id=document_id,
    )  # fmt: skip


def cancel(session: Session, change: int, *, right_id: UUID, day: date) -> None:
    """Cancel a reservation on a day, before it ends by itself. Raises NotAReservation, and what
    `stop` raises.
    """
    kind, _ = _head(session, right_id)
    if kind != "reservation":
        raise NotAReservation(number=in_force_on(session, right_id, day).number)
    stop(session, change, right_id=right_id, day=day)


def in_force_on(session: Session, right_id: UUID, day: date) -> LandRightVersion:
    """Return a right's terms on a day. Raises RightNotInForce, NotFound (no such right)."""
    table = LandRightVersion
    mine = session.scalars(
        select(table)
        .where(table.land_right_id == right_id, table.closed_by.is_(None))
        .order_by(table.valid_from.desc())
    ).all()
    if not mine:
        raise NotFound(kind="land_right", key=str(right_id))
    for row in mine:
        if row.valid_from <= day and (row.valid_to is None or row.valid_to > day):
            return row
    raise RightNotInForce(number=mine[0].number, day=day)


def held(session: Session, right_id: UUID, day: date) -> list[UUID]:
    """Return the parcels a right holds on a day."""
    table = LandRightParcel
    return list(
        session.scalars(
            select(table.parcel_id)
            .where(table.land_right_id == right_id, table.closed_by.is_(None), valid_on(table, day))
            .order_by(table.parcel_id)
        )
    )


def _head(session: Session, right_id: UUID) -> tuple[str, UUID]:
    row = session.execute(
        select(LandRight.kind, LandRight.zone_id).where(LandRight.id == right_id)
    ).one_or_none()
    if row is None:
        raise NotFound(kind="land_right", key=str(right_id))
    return row.kind, row.zone_id


def _amend(
    session: Session, change: int, terms: LandRightVersion, right_id: UUID, day: date, **values: Any
) -> None:
    try:
        amend_right(session, change, right_id=right_id, day=day, **values)
    except LaterVersionsExist as later:
        raise LaterTerms(number=terms.number, day=day) from later


def _sub_leases(session: Session, right_id: UUID, day: date) -> list[LandRightVersion]:
    """Terms of sub-leases that are in force on a day or later."""
    table = LandRightVersion
    return list(
        session.scalars(
            select(table)
            .join(LandRight, LandRight.id == table.land_right_id)
            .where(
                LandRight.parent_id == right_id,
                table.closed_by.is_(None),
                or_(table.valid_to.is_(None), table.valid_to > day),
                or_(table.valid_to.is_(None), table.valid_to > table.valid_from),
            )
            .order_by(table.land_right_id, table.valid_from)
        )
    )


def _require_not_let(
    session: Session, right_id: UUID, number: str, parcels: set[UUID], day: date
) -> None:
    table, terms = LandRightParcel, LandRightVersion
    rows = session.scalars(
        select(terms.number)
        .join(LandRight, LandRight.id == terms.land_right_id)
        .join(table, table.land_right_id == LandRight.id)
        .where(
            LandRight.parent_id == right_id,
            terms.closed_by.is_(None),
            table.parcel_id.in_(parcels),
            table.closed_by.is_(None),
            or_(table.valid_to.is_(None), table.valid_to > day),
        )
        .distinct()
    ).all()
    if rows:
        raise SubLeasesStand(number=number, count=len(rows), numbers=sorted(rows))
