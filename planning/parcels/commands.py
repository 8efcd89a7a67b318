"""Writing verbs of the parcels context: take parcels in by COPY, remember older numbers and
lineage.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

from shapely import Polygon
from sqlalchemy.orm import Session

from layers.copying import copy_rows, ewkb_hex


@dataclass(frozen=True, slots=True)
class NewParcel:
    """A parcel to record: shape (E, N) on the 1 mm grid of the zone's plane, legal area from its
    document (m²).
    """

    shape: Polygon
    commune_code: str | None = None
    sheet_no: str | None = None
    parcel_no: str | None = None
    official_id: str | None = None
    land_use_code: str | None = None
    legal_area_m2: Decimal | None = None


def add_parcels(
    session: Session,
    change: int,
    *,
    zone_id: UUID,
    srid: int,
    parcels: Sequence[NewParcel],
    valid_from: date,
    valid_to: date | None = None,
) -> list[UUID]:
    """Record new parcels from a day on; return their ids in the order given.

    The coverage must be noded before (`layers.coverage`). The database refuses overlaps, parcels
    outside the boundary or
    before it existed, and shapes off the grid; it computes conformance with every plan lot.
    """
    made = [uuid4() for _ in parcels]
    copy_rows(
        session, "land.parcel", ("id", "opened_by"), ((parcel_id, change) for parcel_id in made)
    )
    shapes = ewkb_hex([parcel.shape for parcel in parcels], srid)
    columns = (
        "parcel_id", "zone_id", "srid", "commune_code", "sheet_no", "parcel_no", "official_id",
        "land_use_code", "legal_area_m2", "geom", "valid_from", "valid_to", "opened_by",
    )  # fmt: skip
    rows = (
        (
            parcel_id, zone_id, srid, parcel.commune_code, parcel.sheet_no, parcel.parcel_no,
            parcel.official_id, parcel.land_use_code, parcel.legal_area_m2, shape, valid_from,
            valid_to, change,
        )
        for parcel_id, parcel, shape in zip(made, parcels, shapes, strict=True)
    )  # fmt: skip
    copy_rows(session, "land.parcel_version", columns, rows)
    return made
