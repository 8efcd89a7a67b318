"""The card of a parcel: everything the register says about it at a moment, in one read."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planning.clocks import moment_parameters
from planning.errors import NotFound
from planning.parcels.model import ParcelVersion
from planning.parcels.states import feature, parcels_at, shape
from planning.published import Sight
from planning.statements import statement

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class HeldRight:
    """A right that holds the parcel. Party names are of bodies and companies, never of persons."""

    id: str
    kind: str
    number: str
    lessor: str | None
    lessee: str | None
    contract_area_m2: Decimal
    payment_mode: str | None
    term_ends: date | None
    valid_from: date
    valid_to: date | None
    document_number: str | None
    document_issued_on: date | None
    document_id: str | None
    document_has_file: bool


@dataclass(frozen=True, slots=True)
class SharedLot:
    """A lot of a plan in force that shares ground with the parcel: m² and share of the parcel."""

    plan: str
    plan_name_vi: str
    plan_name_en: str | None
    level: str
    plan_version: int
    lot_id: str
    symbol: str
    category: str
    leasable: str
    area_m2: float
    share: float
    decision_number: str | None
    decision_issued_on: date | None
    decision_id: str | None
    decision_has_file: bool


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A hand-over of the cleared parcel; the area is what the minutes state for the whole."""

    number: str
    handed_over_on: date
    stated_area_m2: Decimal | None
    document_number: str | None
    document_issued_on: date | None
    document_id: str | None
    document_has_file: bool


@dataclass(frozen=True, slots=True)
class ProjectOnParcel:
    """A project on the parcel, progress in percent, days behind its worst milestone (0 = none)."""

    code: str
    name_vi: str
    name_en: str | None
    kind: str
    status: str
    investor: str | None
    certificate_no: str | None
    actual_pct: Decimal | None
    planned_pct: Decimal | None
    late_days: int


@dataclass(frozen=True, slots=True)
class CardDocument:
    """A document the parcel rests on, and the first page on which its changes stand, if said."""

    id: str
    kind: str
    number: str
    issued_on: date
    issuer: str
    title: str
    has_file: bool
    media_type: str | None
    page: int | None


@dataclass(frozen=True, slots=True)
class OlderName:
    """A number the parcel, or the ground it was cut from, went by."""

    commune: str | None
    sheet: str | None
    number: str | None
    note: str


@dataclass(frozen=True, slots=True)
class Kin:
    """A parcel this one became (`successor`) or came from (`predecessor`), m² shared."""

    relation: str
    id: str
    kind: str
    area_m2: float
    sheet: str | None
    number: str | None


@dataclass(frozen=True, slots=True)
class LastSeen:
    """A parcel as last known: for ids asked for after their time.

    `withdrawn`: an undo took it out of the register; what it was is still told.
    """

    zone_id: UUID
    zone: str
    srid: int
    commune: str | None
    sheet: str | None
    number: str | None
    valid_from: date
    valid_to: date | None
    legal_area_m2: Decimal | None
    area_m2: float
    version_id: int
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Card:
    """A parcel at a moment. `feature` is its GeoJSON text, None when not in force that day: then
    `last_shape` is the geometry it had last.

    `version` numbers the version in force: an edit says which one it was made on.
    """

    id: UUID
    last_seen: LastSeen
    feature: str | None
    rights: list[HeldRight]
    lots: list[SharedLot]
    handovers: list[HandedOver]
    projects: list[ProjectOnParcel]
    documents: list[CardDocument]
    older_names: list[OlderName]
    kin: list[Kin]
    version: int | None = None
    last_shape: str | None = None

    @property
    def successors(self) -> list[Kin]:
        """The parcels in force that stand on its ground now."""
        return [each for each in self.kin if each.relation == "successor"]


def last_seen(session: Session, sight: Sight, parcel_id: UUID) -> LastSeen:
    """Return a parcel as last known. Raises NotFound, also outside the zones in sight."""
    found = read_rows(session, sight, LastSeen, "card/last_seen", parcel_id=parcel_id)
    outside = found and sight.zone_ids is not None and found[0].zone_id not in sight.zone_ids
    if not found or outside:
        raise NotFound(kind="parcel", key=str(parcel_id))
    return found[0]


def card(session: Session, sight: Sight, parcel_id: UUID, *, in_plane: bool = False) -> Card:
    """Return a parcel's card at a moment; an id of the past answers with its successors.

    Raises:
        NotFound: no such parcel is known, or it lies outside the zones in sight.
    """
    seen = last_seen(session, sight, parcel_id)
    parcel = parcels_at(sight)
    row = session.execute(
        select(parcel.c.version_id, feature(parcel, in_plane=in_plane)).where(
            parcel.c.parcel_id == parcel_id
        )
    ).one_or_none()
    mine = {"parcel_id": parcel_id}
    return Card(
        id=parcel_id,
        last_seen=seen,
        feature=None if row is None else row[1],
        rights=read_rows(session, sight, HeldRight, "card/rights", **mine),
        lots=[] if row is None else shared_lots(session, sight, row[0]),
        handovers=read_rows(session, sight, HandedOver, "card/handovers", **mine),
        projects=read_rows(session, sight, ProjectOnParcel, "card/projects", **mine),
        documents=read_rows(session, sight, CardDocument, "card/documents", **mine),
        older_names=read_rows(session, sight, OlderName, "card/names", **mine),
        kin=read_rows(session, sight, Kin, "card/kin", **mine),
        version=None if row is None else row[0],
        last_shape=None if row is not None else _shape(session, seen.version_id, in_plane),
    )


def _shape(session: Session, version_id: int, in_plane: bool) -> str:
    shapes = select(
        ParcelVersion.geom.label("geom"),
        func.spatial.to_wgs84(ParcelVersion.geom).label("geom_wgs84"),
    ).where(ParcelVersion.version_id == version_id)
    drawn = shapes.subquery("parcel")
    return str(session.scalar(select(shape(drawn, in_plane=in_plane))))


def shared_lots(session: Session, sight: Sight, version_id: int) -> list[SharedLot]:
    """Return what a parcel version shares with the lots of the plans in force, largest first."""
    return read_rows(session, sight, SharedLot, "card/lots", version_id=version_id)


def read_rows(
    session: Session, sight: Sight, kind: type[Row], name: str, **values: object
) -> list[Row]:
    """Answer one of the questions of the card with values of one kind, at the moment in sight."""
    asked = statement(name)
    known: dict[str, Any] = {**moment_parameters(sight.at), **values}
    wanted = asked.compile().params
    bound = {key: value for key, value in known.items() if key in wanted}
    return [kind(**row._mapping) for row in session.execute(asked, bound)]
