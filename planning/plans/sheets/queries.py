"""Questions about sheets: which there are, how they are placed, what work waits on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select
from sqlalchemy.orm import Session

from planning.clocks import Moment, moment_parameters
from planning.errors import NotFound
from planning.plans.sheets.model import Sheet, SheetVersion
from planning.statements import statement


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A sheet at a moment of knowledge.

    Sizes are pixels of the page, `points` the control points (col, row; E, N in metres of plane
    `srid`), `rms_m` and `rms_mm` (at the sheet's scale) the misses of the placement, None when
    nothing is proven. `laid` says where the map raster lies, `outline` its outline (E, N).
    """

    id: UUID
    zone_code: str
    zone_id: UUID
    srid: int
    kind: str
    title: str
    scale_denominator: int
    plan_version_id: UUID | None
    plan_code: str | None
    plan_number: int | None
    document_id: UUID | None
    document_number: str | None
    document_issued_on: date | None
    file_sha256: str
    file_name: str
    file_size: int
    facts: dict[str, Any]
    page: int
    width: int
    height: int
    reference_id: int | None
    origin: str | None
    transform: str | None
    points: list[dict[str, float]] | None
    placement: dict[str, Any] | None
    rms_m: float | None
    rms_mm: float | None
    alone_rms_m: float | None
    placed_by: str | None
    placed_at: datetime | None
    uploaded_by: str
    uploaded_at: datetime | None
    picture_sha256: str | None
    map_sha256: str | None
    laid: dict[str, int] | None
    map_reference_id: int | None
    outline: list[list[float]] | None
    job_id: UUID | None
    task: str | None
    job_status: str | None
    step: str | None
    done: int | None
    total: int | None
    error: dict[str, Any] | None

    @property
    def status(self) -> str:
        """Where it stands: reading, unreadable, to_place, to_lay, laying, failed, ready."""
        working = self.job_status in ("waiting", "running")
        broken = self.job_status in ("refused", "failed")
        if self.picture_sha256 is None:
            return "unreadable" if broken else "reading"
        if self.reference_id is None:
            return "to_place"
        if working:
            return "laying"
        if self.map_reference_id == self.reference_id:
            return "ready"
        return "failed" if broken else "to_lay"


def sheets(
    session: Session,
    at: Moment,
    zone_ids: Sequence[UUID] | None,
    *,
    outline: str | None = None,
) -> list[SheetRow]:
    """Return the sheets of some zones (None: of all), those of the newest plan version first.

    `outline` (EWKT in its plane) asks for those alone that lie on some ground.
    """
    return _rows(session, at, zone_ids=zone_ids, sheet_id=None, outline=outline)


def sheet(session: Session, at: Moment, sheet_id: UUID) -> SheetRow:
    """Return one sheet. Raises NotFound."""
    found = _rows(session, at, zone_ids=None, sheet_id=sheet_id, outline=None)
    if not found:
        raise NotFound(kind="sheet", key=str(sheet_id))
    return found[0]


def _rows(
    session: Session,
    at: Moment,
    *,
    zone_ids: Sequence[UUID] | None,
    sheet_id: UUID | None,
    outline: str | None,
) -> list[SheetRow]:
    values = {
        "known": moment_parameters(at)["known"],
        "zone_ids": None if zone_ids is None else list(zone_ids),
        "sheet_id": sheet_id,
        "outline": outline,
    }
    rows = session.execute(statement("sheets"), values)
    return [SheetRow(**row._mapping) for row in rows]


@dataclass(frozen=True, slots=True)
class Ground:
    """The ground of a lot or parcel: its zone, and its shape (E, N) on plane `srid`."""

    zone_id: UUID
    srid: int
    shape: BaseGeometry
    ewkt: str


def ground_of(
    session: Session, at: Moment, *, lot_id: UUID | None = None, parcel_id: UUID | None = None
) -> Ground:
    """Return where a lot or a parcel lies on the day, else where it last lay. Raises NotFound."""
    values = {**moment_parameters(at), "lot_id": lot_id, "parcel_id": parcel_id}
    row = session.execute(statement("sheet_ground"), values).one_or_none()
    if row is None:
        raise NotFound(kind="lot" if lot_id else "parcel", key=str(lot_id or parcel_id))
    return Ground(row.zone_id, row.srid, shapely.from_wkb(bytes(row.geom)), row.ewkt)


def same_file(
    session: Session, zone_id: UUID, file_sha256: str, page: int, kind: str
) -> UUID | None:
    """Return the sheet of a zone that was made of the same page of the same file and stands."""
    found: UUID | None = session.scalar(
        select(Sheet.id)
        .join(SheetVersion, SheetVersion.sheet_id == Sheet.id)
        .where(
            Sheet.zone_id == zone_id,
            Sheet.file_sha256 == file_sha256,
            Sheet.page == page,
            Sheet.kind == kind,
            SheetVersion.closed_by.is_(None),
        )
        .limit(1)
    )
    return found


@dataclass(frozen=True, slots=True)
class Placing:
    """A placement of a sheet that stands or stood: by whom, when, how well."""

    reference_id: int
    origin: str
    kind: str
    points: int
    rms_m: float | None
    rms_mm: float | None
    actor: str
    at: datetime | None
    stands: bool


def placings(session: Session, sheet_id: UUID) -> list[Placing]:
    """Return every placement of a sheet, newest first."""
    rows = session.execute(statement("sheet_placings"), {"sheet_id": sheet_id})
    return [Placing(**row._mapping) for row in rows]


@dataclass(frozen=True, slots=True)
class LotShape:
    """A lot with its shape (E, N of the plane asked for)."""

    lot_id: UUID
    symbol: str
    category: str
    plan: str
    plan_version: int
    shape: BaseGeometry


def lot_shapes(
    session: Session, at: Moment, zone_id: UUID, srid: int, plan_version_id: UUID | None
) -> list[LotShape]:
    """Return the lots of a plan version, or of the versions in force, of a zone on a plane."""
    sight = {**moment_parameters(at), "zone_ids": [zone_id], "plan_version": plan_version_id}
    rows = session.execute(statement("published/plan_lots"), sight).all()
    return [
        LotShape(
            UUID(row.id), row.symbol, row.category, row.plan, row.plan_version,
            shapely.from_wkb(str(row.geom)),
        )
        for row in sorted(rows, key=lambda row: (row.plan, row.symbol, row.fid))
        if row.srid == srid
    ]  # fmt: skip
