"""What lay here, when: every parcel that ever covered a spot."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from planning.parcels.cards import read_rows
from planning.published import Sight


@dataclass(frozen=True, slots=True)
class OnSpot:
    """A parcel that covered a spot from a day to a day (exclusive; None = still), areas in m².

    `versions` counts how often it was recorded there; `in_force` is of the day looked at.
    """

    parcel_id: str
    zone: str
    commune: str | None
    sheet: str | None
    number: str | None
    land_use: str | None
    legal_area_m2: Decimal | None
    area_m2: float
    valid_from: date
    valid_to: date | None
    versions: int
    in_force: bool


def ever_here(session: Session, sight: Sight, srid: int, east: float, north: float) -> list[OnSpot]:
    """Return every parcel that ever covered a place (E, N of a plane), as known, latest first.

    Parcels that lived less than a day are among them; numbers are those of the last version there.
    The ground may have belonged to another zone before: parcels of every zone in sight are told.
    """
    zones = None if sight.zone_ids is None else list(sight.zone_ids)
    return read_rows(
        session, sight, OnSpot, "card/spot", srid=srid, east=east, north=north, zone_ids=zones
    )
