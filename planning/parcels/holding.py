"""Parcels as they are edited: a version with everything it carries, and where it is written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import shapely
from shapely import Polygon
from sqlalchemy import ColumnElement, Select, func, insert, select
from sqlalchemy.orm import Session

from layers.copying import ewkb_hex
from layers.geometry import GRID_M
from planning.clocks import close, record, valid_on
from planning.errors import Conflict, LaterParcelVersions
from planning.parcels.model import Parcel, ParcelAlias, ParcelLineage, ParcelVersion

ATTRIBUTES = (
    "commune_code", "sheet_no", "parcel_no", "official_id", "land_use_code", "legal_area_m2",
)  # fmt: skip

_CARRIED = ("parcel_id", "zone_id", "srid", "noded", "valid_from", "valid_to")


@dataclass(frozen=True, slots=True)
class Held:
    """A parcel version. `version` is the row's number; negative: step of an open change.

    `shape` is (E, N) on the 1 mm grid of plane `srid`; a parcel not in the register yet has no
    `valid_from`.
    """

    parcel_id: UUID
    version: int
    zone_id: UUID
    srid: int
    commune_code: str | None
    sheet_no: str | None
    parcel_no: str | None
    official_id: str | None
    land_use_code: str | None
    legal_area_m2: Decimal | None
    noded: bool
    shape: Polygon
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def name(self) -> str:
        """Sheet and number, as people call the parcel."""
        return f"{self.sheet_no or '?'}/{self.parcel_no or '?'}"

    @property
    def area_m2(self) -> float:
        """Measured area in the plane."""
        return float(self.shape.area)

    def same_but_for_corners(self, other: "Held") -> bool:
        """Whether another version says the same of the same ground, corners on sides aside."""
        if any(getattr(self, name) != getattr(other, name) for name in (*ATTRIBUTES, "zone_id")):
            return False
        apart_m = shapely.hausdorff_distance(self.shape.boundary, other.shape.boundary)
        return bool(apart_m <= 1.5 * GRID_M)


def held_in(
    session: Session, srid: int, day: date, envelope: tuple[float, float, float, float], most: int
) -> list[Held]:
    """Return the parcels of a plane in force on a day that meet an envelope, at most `most`."""
    near = ParcelVersion.geom.op("&&")(func.ST_MakeEnvelope(*envelope, srid))
    asked = _held(ParcelVersion.srid == srid, near, valid_on(ParcelVersion, day))
    return _read(session, asked.limit(most))


def held_of(session: Session, ids: Iterable[UUID], day: date) -> dict[UUID, Held]:
    """Return the parcels of those ids that are in force on a day."""
    asked = _held(ParcelVersion.parcel_id.in_(list(ids)), valid_on(ParcelVersion, day))
    return {found.parcel_id: found for found in _read(session, asked)}


def versions_of(session: Session, numbers: Iterable[int]) -> dict[int, Held]:
    """Return versions by their numbers, also those superseded."""
    rows = session.execute(_columns().where(ParcelVersion.version_id.in_(list(numbers))))
    return {row.version_id: _as_held(row) for row in rows}


def lock_versions(session: Session, numbers: Iterable[int]) -> bool:
    """Lock open versions in the order of their parcels; False when one was superseded meanwhile."""
    wanted = set(numbers)
    rows = session.scalars(
        select(ParcelVersion.version_id)
        .where(ParcelVersion.version_id.in_(wanted), ParcelVersion.closed_by.is_(None))
        .order_by(ParcelVersion.parcel_id)
        .with_for_update()
    )
    return set(rows) == wanted


def require_latest(session: Session, held: Iterable[Held], day: date) -> None:
    """Let an act on a day pass only where nothing of these parcels begins or ends after it.

    Raises:
        LaterParcelVersions: naming the parcels.
    """
    mine = {each.parcel_id: each for each in held}
    ended = {each.parcel_id for each in mine.values() if each.valid_to is not None}
    rows = session.scalars(
        select(ParcelVersion.parcel_id).where(
            ParcelVersion.parcel_id.in_(list(mine)),
            ParcelVersion.closed_by.is_(None),
            ParcelVersion.valid_from > day,
        )
    )
    later = sorted({*rows, *ended}, key=str)
    if later:
        names = [mine[parcel].name for parcel in later]
        raise LaterParcelVersions(day=day, parcels=[str(parcel) for parcel in later], names=names)


def largest_numbers(session: Session, sheets: set[tuple[str | None, str | None]]) -> dict[Any, int]:
    """Return the largest parcel number ever used on each (commune, sheet)."""
    number = ParcelVersion.parcel_no
    found: dict[Any, int] = {}
    for commune, sheet in sheets:
        row = session.scalar(
            select(func.max(func.substring(number, "^[0-9]{1,9}$").cast(_INTEGER))).where(
                # `=` or IS NULL, not IS NOT DISTINCT FROM: only those are served by the index
                ParcelVersion.commune_code == commune,
                ParcelVersion.sheet_no == sheet,
            )
        )
        found[commune, sheet] = int(row or 0)
    return found


_INTEGER = ParcelVersion.version_id.type


def open_identities(session: Session, change: int, ids: Sequence[UUID]) -> None:
    """Let new parcels come into being."""
    if ids:
        session.execute(insert(Parcel), [{"id": each, "opened_by": change} for each in ids])


def close_versions(session: Session, change: int, held: Iterable[Held]) -> None:
    """End the knowledge of versions. Raises Conflict when one was closed meanwhile."""
    numbers = [each.version for each in held]
    if numbers:
        close(session, ParcelVersion, change, numbers)


def open_versions(session: Session, change: int, held: Sequence[Held]) -> None:
    """Record versions with their own periods."""
    shapes = ewkb_hex([each.shape for each in held], held[0].srid) if held else []
    rows = [
        {
            **{name: getattr(each, name) for name in ATTRIBUTES},
            "parcel_id": each.parcel_id,
            "zone_id": each.zone_id,
            "srid": each.srid,
            "noded": each.noded,
            "geom": shape,
            "valid_from": each.valid_from,
            "valid_to": each.valid_to,
        }
        for each, shape in zip(held, shapes, strict=True)
    ]
    if any(row["valid_from"] is None for row in rows):
        raise Conflict(table="parcel_version")
    record(session, ParcelVersion, change, rows)


def note_lineage(
    session: Session, change: int, lines: Mapping[tuple[UUID, UUID], tuple[str, float]]
) -> None:
    """Write which parcel came from which: (parent, child) to (kind, shared m²)."""
    rows = [
        {"parent_id": parent, "child_id": child, "kind": kind, "area_m2": m2, "opened_by": change}
        for (parent, child), (kind, m2) in lines.items()
    ]
    if rows:
        session.execute(insert(ParcelLineage), rows)


def note_older_numbers(session: Session, change: int, before: Iterable[Held]) -> None:
    """Keep the numbers parcels went by."""
    rows = [
        {
            "parcel_id": each.parcel_id,
            "commune_code": each.commune_code,
            "sheet_no": each.sheet_no,
            "parcel_no": each.parcel_no,
            "note": "",
            "opened_by": change,
        }
        for each in before
    ]
    if rows:
        session.execute(insert(ParcelAlias), rows)


def _columns() -> Select[Any]:
    version = ParcelVersion
    return select(
        version.parcel_id,
        version.version_id,
        version.zone_id,
        version.srid,
        *(getattr(version, name) for name in ATTRIBUTES),
        version.noded,
        func.ST_AsBinary(version.geom).label("shape"),
        version.valid_from,
        version.valid_to,
    )


def _held(*where: ColumnElement[bool]) -> Select[Any]:
    asked = _columns().where(*where, ParcelVersion.closed_by.is_(None))
    return asked.order_by(ParcelVersion.parcel_id)


def _read(session: Session, asked: Select[Any]) -> list[Held]:
    return [_as_held(row) for row in session.execute(asked)]


def _as_held(row: Any) -> Held:
    shape = shapely.from_wkb(bytes(row.shape))
    assert isinstance(shape, Polygon)  # noqa: S101 - the column holds nothing else
    said = {name: row._mapping[name] for name in (*_CARRIED, *ATTRIBUTES)}
    return Held(version=row.version_id, shape=shape, **said)
