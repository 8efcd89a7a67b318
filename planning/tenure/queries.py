"""Questions to the tenure context: rights of a parcel or zone, and who holds land, at a moment."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from planning.clocks import Moment, in_force, known
from planning.errors import NotFound
from planning.records.model import Change
from planning.tenure.model import LandRight, LandRightParcel, LandRightVersion, Party, PartyVersion


@dataclass(frozen=True, slots=True)
class RightRow:
    """A right at a moment; contract area in m², `valid_to` exclusive."""

    id: UUID
    kind: str
    tier: int
    number: str
    zone_id: UUID
    parent_id: UUID | None
    lessor_id: UUID
    lessor: str
    lessee_id: UUID
    lessee: str
    contract_area_m2: Decimal
    payment_mode: str | None
    valid_from: date
    valid_to: date | None
    term_ends: date | None
    investor_licensed: bool
    purpose: str | None
    document_id: UUID | None


@dataclass(frozen=True, slots=True)
class Holder:
    """A party that holds rights of one tier at a moment: how many, and their contract area (m²)."""

    party_id: UUID
    name_vi: str
    name_en: str | None
    tax_code: str | None
    tier: int
    rights: int
    contract_area_m2: Decimal


def _rights_at(at: Moment) -> Select[*tuple[Any, ...]]:
    lessor, lessee = aliased(PartyVersion), aliased(PartyVersion)
    terms = LandRightVersion
    return (
        select(
            LandRight.id,
            LandRight.kind,
            LandRight.tier,
            terms.number,
            LandRight.zone_id,
            LandRight.parent_id,
            terms.lessor_id,
            func.coalesce(lessor.name_vi, ""),
            terms.lessee_id,
            func.coalesce(lessee.name_vi, ""),
            terms.contract_area_m2,
            terms.payment_mode,
            terms.valid_from,
            terms.valid_to,
            terms.term_ends,
            terms.investor_licensed,
            terms.purpose,
            terms.document_id,
        )
        .join(terms, (terms.land_right_id == LandRight.id) & in_force(terms, at))
        .outerjoin(lessor, (lessor.party_id == terms.lessor_id) & in_force(lessor, at))
        .outerjoin(lessee, (lessee.party_id == terms.lessee_id) & in_force(lessee, at))
        .order_by(LandRight.tier, terms.number)
    )


def rights_of_parcel(session: Session, at: Moment, parcel_id: UUID) -> list[RightRow]:
    """Return the rights in force that hold a parcel, the State's first."""
    question = _rights_at(at).join(
        LandRightParcel,
        (LandRightParcel.land_right_id == LandRight.id)
        & (LandRightParcel.parcel_id == parcel_id)
        & in_force(LandRightParcel, at),
    )
    return [RightRow(*tuple(row)) for row in session.execute(question)]


def rights_of_zone(session: Session, at: Moment, zone_id: UUID) -> list[RightRow]:
    """Return the rights in force registered in a zone, by tier and number."""
    rows = session.execute(_rights_at(at).where(LandRight.zone_id == zone_id))
    return [RightRow(*tuple(row)) for row in rows]


def right(session: Session, at: Moment, right_id: UUID) -> RightRow:
    """Return a right in force. Raises NotFound."""
    row = session.execute(_rights_at(at).where(LandRight.id == right_id)).one_or_none()
    if row is None:
        raise NotFound(kind="land_right", key=str(right_id))
    return RightRow(*tuple(row))


def find_right(session: Session, at: Moment, zone_id: UUID, number: str) -> UUID:
    """Return a right of a zone by its number, whatever its days. Raises NotFound."""
    found = session.scalar(
        select(LandRight.id)
        .join(LandRightVersion, LandRightVersion.land_right_id == LandRight.id)
        .where(
            LandRight.zone_id == zone_id,
            LandRightVersion.number == number.strip(),
            known(LandRightVersion, at),
        )
        .order_by(LandRightVersion.valid_from.desc())
        .limit(1)
    )
    if found is None:
        raise NotFound(kind="land_right", key=number)
    return found


def parcels_of_right(session: Session, at: Moment, right_id: UUID) -> list[UUID]:
    """Return the parcels a right holds at the moment."""
    rows = session.scalars(
        select(LandRightParcel.parcel_id).where(
            LandRightParcel.land_right_id == right_id, in_force(LandRightParcel, at)
        )
    )
    return list(rows)


def holders(session: Session, at: Moment, zone_id: UUID | None = None) -> list[Holder]:
    """Return who holds rights in force (of a zone), most land first."""
    terms, total = LandRightVersion, func.sum(LandRightVersion.contract_area_m2)
    question: Select[*tuple[Any, ...]] = (
        select(
            Party.id,
            PartyVersion.name_vi,
            PartyVersion.name_en,
            Party.tax_code,
            LandRight.tier,
            func.count(),
            total,
        )
        .select_from(LandRight)
        .join(terms, (terms.land_right_id == LandRight.id) & in_force(terms, at))
        .join(Party, Party.id == terms.lessee_id)
        .join(PartyVersion, (PartyVersion.party_id == Party.id) & in_force(PartyVersion, at))
        .group_by(
            Party.id,
            PartyVersion.name_vi,
            PartyVersion.name_en,
            Party.tax_code,
            LandRight.tier,
        )
        .order_by(LandRight.tier, total.desc(), PartyVersion.name_vi)
    )
    if zone_id is not None:
        question = question.where(LandRight.zone_id == zone_id)
    return [Holder(*tuple(row)) for row in session.execute(question)]


def reserved_by(session: Session, change: int, actor: str) -> UUID | None:
    """Return the zone of the reservation somebody granted by a change; None: there is none."""
    return session.scalar(
        select(LandRight.zone_id)
        .join(Change, Change.number == LandRight.opened_by)
        .where(LandRight.opened_by == change, LandRight.kind == "reservation")
        .where(Change.actor == actor)
        .limit(1)
    )
