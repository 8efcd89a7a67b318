"""Reserve land for somebody until a day; a reservation ends by itself."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from planning.clocks import Moment
from planning.errors import NotFound
from planning.records.model import Change
from planning.tenure.commands.granting import NewRight, grant_right
from planning.tenure.commands.parties import NewParty, register_parties
from planning.tenure.errors import RightDaysRefused
from planning.tenure.ground import area_of, pieces, require_free
from planning.tenure.rules import first_day_after
from planning.zones.queries import ZoneRow, boards


def reserve(
    session: Session,
    change: int,
    zone: ZoneRow,
    parcels: Sequence[UUID],
    party: NewParty | UUID,
    number: str,
    until: date,
    *,
    since: date | None = None,
    lessor: NewParty | UUID | None = None,
    area_m2: Decimal | None = None,
    purpose: str | None = None,
    document_id: UUID | None = None,
) -> UUID:
    """Keep parcels for a party up to and including the day `until`; return the reservation's id.

    Nothing has to be done for it to end: on the day after `until` the land is free again. `since`
    is the day of the change when it is left out; `lessor` the zone's board; `area_m2` what the
    parcels measure.

    Raises:
        RightDaysRefused: `until` lies before `since`.
        RightNeedsLand, ParcelNotHere: no parcels, or one that is not there.
        LandTaken: a sub-lease or another reservation holds a parcel on one of the days.
    """
    first = since or _effective_on(session, change)
    if until < first:
        raise RightDaysRefused(first=first, last=until)
    land = pieces(session, zone.id, parcels, first, number=number)
    facts = NewRight(
        kind="reservation",
        zone_id=zone.id,
        number=number.strip(),
        lessor_id=_party(session, change, lessor or _board(session, zone, first)),
        lessee_id=_party(session, change, party),
        contract_area_m2=area_m2 or area_of(land),
        valid_from=first,
        term_ends=until,
        parcels=[each.id for each in land],
        purpose=purpose,
        document_id=document_id,
    )
    require_free(session, land, first, first_day_after(until))
    return grant_right(session, change, facts)


def _effective_on(session: Session, change: int) -> date:
    day = session.scalar(select(Change.effective_on).where(Change.number == change))
    if day is None:
        raise NotFound(kind="change", key=str(change))
    return day


def _party(session: Session, change: int, party: NewParty | UUID) -> UUID:
    if isinstance(party, UUID):
        return party
    return register_parties(session, change, [party])[0]


def _board(session: Session, zone: ZoneRow, day: date) -> NewParty:
    name = next(
        (each.name_vi for each in boards(session, Moment(day)) if each.code == zone.board_code),
        None,
    )
    if name is None:
        raise NotFound(kind="board", key=zone.board_code)
    return NewParty(name, None, "board")
