"""Grant rights one at a time, as a decision or a contract does: judged in words before they are
written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from planning.clocks import valid_on
from planning.errors import RuleViolated
from planning.tenure.commands.changing import amend_right, end_right
from planning.tenure.commands.granting import NewRight, grant_right
from planning.tenure.commands.parties import NewParty, register_parties
from planning.tenure.errors import (
    LessorLacksPower,
    ParentMissing,
    RightDaysRefused,
    RightNeedsArea,
    RightNumberTaken,
)
from planning.tenure.ground import area_of, pieces, require_free
from planning.tenure.model import LandRight, LandRightParcel, LandRightVersion, Party
from planning.tenure.powers import Verdict, judge, powers
from planning.tenure.rules import TIERS, first_day_after

LARGEST_M2 = Decimal(10) ** 12


@dataclass(frozen=True, slots=True)
class Grant:
    """A right as a form asks for it; area in m², `term_ends` its last day.

    A sub-lease's lessor is who holds the land from the State: it is not asked.
    """

    kind: str
    zone_id: UUID
    number: str
    lessee: NewParty | UUID
    parcels: Sequence[UUID]
    first: date
    term_ends: date | None
    area_m2: Decimal | None = None
    lessor: NewParty | UUID | None = None
    payment_mode: str | None = None
    purpose: str | None = None
    investor_licensed: bool = True
    document_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Granted:
    """The right, what the powers say of its lessor, and reservations it made good."""

    id: UUID
    verdict: Verdict | None
    fulfilled: tuple[str, ...] = ()


def let(session: Session, change: int, grant: Grant) -> Granted:
    """Grant a State allocation, State lease or sub-lease; a reservation goes by `reserve`.

    Where the lessee is who the parcels are reserved for, the reservation ends with the first day of
    the sub-lease, for as much as is let.

    Raises:
        RightDaysRefused: the term ends before it begins.
        RightNeedsLand, RightNeedsArea, ParcelNotHere: nothing to grant.
        RightNumberTaken: the zone has a right of that kind and number.
        LessorLacksPower: the lessor's power had ended by then.
        ParentMissing: a sub-lease of land no developer holds as a whole.
        LandTaken: another right holds a parcel on one of the days.
    """
    if grant.kind not in TIERS or grant.kind == "reservation":
        raise RuleViolated(rule="right-kind-unknown", kind=grant.kind, number=grant.number)
    if grant.term_ends is not None and grant.term_ends < grant.first:
        raise RightDaysRefused(first=grant.first, last=grant.term_ends)
    if grant.area_m2 is not None and not 0 < grant.area_m2 < LARGEST_M2:
        raise RightNeedsArea(number=grant.number)
    _require_new_number(session, grant)
    land = pieces(session, grant.zone_id, grant.parcels, grant.first, number=grant.number)
    parent, lessor_id = None, None
    if grant.kind == "sub_lease":
        parent, lessor_id = holder_of(
            session, [each.id for each in land], grant.first, number=grant.number
        )
    elif grant.lessor is None:
        raise RuleViolated(rule="lessor-missing", number=grant.number)
    else:
        lessor_id = party_id(session, change, grant.lessor)
    verdict = require_power(session, grant.kind, lessor_id, grant.first)
    lessee_id = party_id(session, change, grant.lessee)
    ids = [each.id for each in land]
    fulfilled = (
        _fulfil(session, change, lessee_id, ids, grant.first) if grant.kind == "sub_lease" else ()
    )
    tiers = (1,) if TIERS[grant.kind] == 1 else (2, 3)
    until = first_day_after(grant.term_ends)
    require_free(session, land, grant.first, until, tiers=tiers)
    made = grant_right(
        session,
        change,
        NewRight(
            kind=grant.kind,
            zone_id=grant.zone_id,
            number=grant.number.strip(),
            lessor_id=lessor_id,
            lessee_id=lessee_id,
            contract_area_m2=grant.area_m2 or area_of(land),
            valid_from=grant.first,
            term_ends=grant.term_ends,
            payment_mode=grant.payment_mode,
            parcels=ids,
            parent_id=parent,
            investor_licensed=grant.investor_licensed,
            purpose=grant.purpose,
            document_id=grant.document_id,
        ),
    )
    return Granted(made, verdict, fulfilled)


def party_id(session: Session, change: int, party: NewParty | UUID) -> UUID:
    """A party that is known, or the one a contract names: found, or registered when it is new."""
    if isinstance(party, UUID):
        return party
    return register_parties(session, change, [party])[0]


def require_power(session: Session, kind: str, lessor_id: UUID, day: date) -> Verdict | None:
    """Judge who grants a kind of right on a day. Raises LessorLacksPower when the power had ended
    by a clause that was compared with its source; the database refuses that too.
    """
    lessor_kind = session.scalar(select(Party.kind).where(Party.id == lessor_id)) or ""
    verdict = judge(powers(session), kind, lessor_kind, day)
    if verdict is not None and verdict.standing == "ended" and verdict.power is not None:
        raise LessorLacksPower(
            lessor_kind=lessor_kind, kind=kind, day=day, clause=verdict.power.end_clause or ""
        )
    return verdict


def holder_of(
    session: Session, parcels: Sequence[UUID], day: date, *, number: str
) -> tuple[UUID, UUID]:
    """Return the State right that holds every parcel on a day, and who holds it.

    Raises ParentMissing.
    """
    held, terms = LandRightParcel, LandRightVersion
    rows = session.execute(
        select(held.land_right_id, held.parcel_id).where(
            held.parcel_id.in_(list(parcels)),
            held.tier == 1,
            held.closed_by.is_(None),
            valid_on(held, day),
        )
    ).all()
    above = {row.land_right_id for row in rows}
    if len(above) != 1 or len(rows) != len(set(parcels)):
        raise ParentMissing(number=number, day=day)
    parent = above.pop()
    lessee = session.scalar(
        select(terms.lessee_id).where(
            terms.land_right_id == parent, terms.closed_by.is_(None), valid_on(terms, day)
        )
    )
    if lessee is None:
        raise ParentMissing(number=number, day=day)
    return parent, lessee


def _require_new_number(session: Session, grant: Grant) -> None:
    terms, head = LandRightVersion, LandRight
    taken = session.scalar(
        select(terms.version_id)
        .join(head, head.id == terms.land_right_id)
        .where(
            head.zone_id == grant.zone_id,
            head.kind == grant.kind,
            terms.number == grant.number.strip(),
            terms.closed_by.is_(None),
        )
        .limit(1)
    )
    if taken is not None:
        raise RightNumberTaken(number=grant.number.strip())


def _fulfil(
    session: Session, change: int, lessee: UUID, parcels: Sequence[UUID], day: date
) -> tuple[str, ...]:
    """End the lessee's reservations of these parcels on the day; what is not let stays reserved."""
    held, terms, head = LandRightParcel, LandRightVersion, LandRight
    rows = session.execute(
        select(held.land_right_id, held.parcel_id, terms.number, terms.contract_area_m2)
        .join(head, head.id == held.land_right_id)
        .join(
            terms,
            (terms.land_right_id == held.land_right_id)
            & terms.closed_by.is_(None)
            & valid_on(terms, day)
            & (terms.lessee_id == lessee),
        )
        .where(head.kind == "reservation", held.closed_by.is_(None), valid_on(held, day))
        .where(
            held.land_right_id.in_(
                select(held.land_right_id).where(
                    held.parcel_id.in_(parcels),
                    held.tier == 3,
                    held.closed_by.is_(None),
                    valid_on(held, day),
                )
            )
        )
        .order_by(terms.number)
    ).all()
    done: dict[UUID, str] = {row.land_right_id: row.number for row in rows}
    for right, number in done.items():
        left = [r.parcel_id for r in rows if r.land_right_id == right]
        left = [each for each in left if each not in set(parcels)]
        if not left:
            end_right(session, change, right_id=right, day=day)
            continue
        zone = session.scalar(select(head.zone_id).where(head.id == right))
        if zone is not None:
            area = area_of(pieces(session, zone, left, day, number=number))
            amend_right(
                session, change, right_id=right, day=day, parcels=left, contract_area_m2=area
            )
    return tuple(done.values())
