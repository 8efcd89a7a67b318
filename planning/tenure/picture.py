"""Two tiers in one picture: a State right, what stands under it, and their terms on both clocks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planning.clocks import Moment, in_force, moment_parameters
from planning.errors import NotFound
from planning.parcels.model import ParcelVersion
from planning.statements import statement
from planning.tenure.idle import TractParcel, Use, sums, tract_parcels
from planning.tenure.model import LandRight, LandRightParcel
from planning.tenure.register import RightLine, rights_page
from planning.zones.model import Zone

MOST = 2_000
"""Rights of one tract that a picture holds."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a right said on days `[valid_from, valid_to)`, and when the register knew it."""

    right_id: UUID
    kind: str
    tier: int
    version_id: int
    number: str
    contract_area_m2: Decimal
    payment_mode: str | None
    term_ends: date | None
    valid_from: date
    valid_to: date | None
    purpose: str | None
    lessor_id: UUID
    lessor: str | None
    lessee_id: UUID
    lessee: str | None
    change_kind: str
    known_from: datetime
    known_until: datetime | None
    actor: str
    reason: str
    paper_id: UUID | None
    document: str | None
    document_on: date | None
    document_by: str | None
    has_file: bool

    @property
    def stands(self) -> bool:
        """Whether the register still says so (as it is looked at)."""
        return self.known_until is None


@dataclass(frozen=True, slots=True)
class Picture:
    """A tract with all that was granted out of it.

    `tract` is None when it is not in force on the day; `inside` are rights in force, `life` the
    terms of every right that ever stood under it.
    """

    tract: RightLine | None
    tract_id: UUID
    inside: list[RightLine]
    parcels: list[TractParcel]
    uses: Mapping[Use, float]
    life: Mapping[UUID, list[Terms]]

    @property
    def measured_m2(self) -> float:
        """What the tract's parcels measure together."""
        return sum(self.uses.values())


def tract_of(session: Session, at: Moment, right_id: UUID) -> UUID:
    """Return the State right above a right: itself, its parent, or what holds most of its parcels;
    itself when nothing does. Raises NotFound.
    """
    right = session.get(LandRight, right_id)
    if right is None:
        raise NotFound(kind="land_right", key=str(right_id))
    if right.tier == 1:
        return right.id
    if right.parent_id is not None:
        return right.parent_id
    mine, above = LandRightParcel.__table__.alias("mine"), LandRightParcel
    found = session.scalars(
        select(above.land_right_id)
        .join(mine, mine.c.parcel_id == above.parcel_id)
        .where(mine.c.land_right_id == right_id, above.tier == 1, in_force(above, at))
    ).all()
    return max(set(found), key=lambda each: (found.count(each), str(each))) if found else right_id


def zone_of(session: Session, right_id: UUID) -> UUID:
    """Return the zone a right is registered in. Raises NotFound."""
    found = session.scalar(select(LandRight.zone_id).where(LandRight.id == right_id))
    if found is None:
        raise NotFound(kind="land_right", key=str(right_id))
    return found


@dataclass(frozen=True, slots=True)
class Plot:
    """A parcel of a right as it is drawn: (E, N) rings of its plane, and what it is called."""

    parcel_id: UUID
    name: str
    zone: str
    area_m2: float
    srid: int
    shape: BaseGeometry


def plots(session: Session, at: Moment, right_id: UUID, most: int = 3_000) -> list[Plot]:
    """Return the parcels a right holds at the moment, by sheet and number, at most `most`."""
    held, ground = ParcelVersion, LandRightParcel
    rows = session.execute(
        select(
            held.parcel_id, held.sheet_no, held.parcel_no, Zone.code, held.area_m2, held.srid,
            func.ST_AsBinary(held.geom),
        )
        .join(ground, ground.parcel_id == held.parcel_id)
        .join(Zone, Zone.id == held.zone_id)
        .where(ground.land_right_id == right_id, in_force(ground, at), in_force(held, at))
        .order_by(held.sheet_no, func.length(held.parcel_no), held.parcel_no)
        .limit(most)
    )  # fmt: skip
    return [
        Plot(r[0], f"{r[1] or '?'}/{r[2] or '?'}", r[3], r[4], r[5], shapely.from_wkb(bytes(r[6])))
        for r in rows
    ]


def picture(session: Session, at: Moment, zones: Collection[UUID], tract_id: UUID) -> Picture:
    """Read a tract, the rights under it in force, its land by use, and the life of every right."""
    known = moment_parameters(at)["known"]
    under = session.scalars(statement("tenure/kin"), {"right": tract_id, "known": known}).all()
    lines = rights_page(session, at, zones, rights=[tract_id, *under], sort="kind", most=MOST).rows
    land = tract_parcels(session, at, zones, [tract_id])
    tract = next((line for line in lines if line.id == tract_id), None)
    return Picture(
        tract,
        tract_id,
        [line for line in lines if line.id != tract_id],
        land,
        sums(land),
        life(session, at, [tract_id, *under]),
    )


def life(session: Session, at: Moment, rights: Sequence[UUID]) -> dict[UUID, list[Terms]]:
    """Return what the register ever said of some rights, in the order of their days."""
    asked = {"rights": list(rights), "known": moment_parameters(at)["known"]}
    found: dict[UUID, list[Terms]] = {}
    for row in session.execute(statement("tenure/versions"), asked).mappings():
        told: dict[str, Any] = {name: row[name] for name in Terms.__dataclass_fields__}
        found.setdefault(row["right_id"], []).append(Terms(**told))
    return found
