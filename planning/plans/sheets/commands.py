"""Writing verbs of sheets: register, describe, place, withdraw; queue the work on them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID, uuid4

import shapely
from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from layers.copying import ewkb_hex
from layers.raster.georeference import ControlPoint, Fit, Kind, fit
from layers.tiles import plane_grid
from planning.clocks import close, record
from planning.errors import Conflict, NotFound, RuleViolated
from planning.plans.model import Plan, PlanVersion
from planning.plans.sheets.model import (
    Sheet,
    SheetJob,
    SheetRaster,
    SheetReference,
    SheetVersion,
)
from planning.records.model import Document


class PlanOfAnotherZone(RuleViolated):
    """A sheet belongs to a plan of its own zone. Context: ``plan``."""

    code = "sheet-plan-of-another-zone"


class ReferenceMoved(Conflict):
    """Somebody placed the sheet meanwhile; their points are to be looked at first."""

    code = "sheet-reference-moved"


class SheetNotRead(RuleViolated):
    """The file has not been read yet, or could not be."""

    code = "sheet-not-read"


class SheetNotPlaced(RuleViolated):
    """A sheet without control points lies nowhere."""

    code = "sheet-not-placed"


class SheetBusy(Conflict):
    """Work on the sheet is under way."""

    code = "sheet-busy"


@dataclass(frozen=True, slots=True)
class NewSheet:
    """A file to register; `facts` are what its reader found, sizes in pixels."""

    zone_id: UUID
    srid: int
    kind: str
    file_sha256: str
    file_name: str
    file_size: int
    facts: dict[str, Any]
    page: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Description:
    """What people say of a sheet: title, scale 1:n, plan version and document it belongs to."""

    title: str
    scale_denominator: int
    plan_version_id: UUID | None = None
    document_id: UUID | None = None


def register_sheet(session: Session, change: int, new: NewSheet, said: Description) -> UUID:
    """Register a sheet under a change of kind setup; return its id.

    Raises NotFound for a plan version or document that is not there, PlanOfAnotherZone.
    """
    sheet_id = uuid4()
    session.execute(insert(Sheet).values(id=sheet_id, **asdict(new), opened_by=change))
    _described(session, change, sheet_id, new.zone_id, said)
    return sheet_id


def describe_sheet(session: Session, change: int, sheet_id: UUID, said: Description) -> None:
    """Say something else of a sheet; what was said before stays in the history.

    Raises NotFound, PlanOfAnotherZone.
    """
    zone_id = session.scalar(select(Sheet.zone_id).where(Sheet.id == sheet_id))
    known = _open_row(session, SheetVersion, sheet_id)
    if zone_id is None or known is None:
        raise NotFound(kind="sheet", key=str(sheet_id))
    close(session, SheetVersion, change, [known])
    _described(session, change, sheet_id, zone_id, said)


def withdraw_sheet(session: Session, change: int, sheet_id: UUID) -> None:
    """Take a sheet away; whoever looks at an earlier knowledge still sees it.

    Raises NotFound.
    """
    known = _open_row(session, SheetVersion, sheet_id)
    if known is None:
        raise NotFound(kind="sheet", key=str(sheet_id))
    close(session, SheetVersion, change, [known])
    placed = _open_row(session, SheetReference, sheet_id)
    if placed is not None:
        close(session, SheetReference, change, [placed])


def work_out(session: Session, sheet_id: UUID, points: Sequence[ControlPoint], kind: Kind) -> Fit:
    """Place a sheet by control points without keeping anything.

    Raises NotFound; ReferenceRefused: one of its kinds says what is wrong with the points.
    """
    row = session.execute(
        select(Sheet.srid, Sheet.width, Sheet.height, SheetVersion.scale_denominator)
        .join(SheetVersion, SheetVersion.sheet_id == Sheet.id)
        .where(Sheet.id == sheet_id, SheetVersion.closed_by.is_(None))
    ).one_or_none()
    if row is None:
        raise NotFound(kind="sheet", key=str(sheet_id))
    return fit(
        points,
        kind,
        width=row.width,
        height=row.height,
        scale_denominator=row.scale_denominator,
        extent=plane_grid(row.srid).extent,
    )


def place_sheet(
    session: Session,
    change: int,
    sheet_id: UUID,
    points: Sequence[ControlPoint],
    kind: Kind,
    *,
    origin: str = "points",
    based_on: int | None = None,
) -> Fit:
    """Place a sheet by control points; the placement before stays in the history.

    `based_on` names the placement whose points were looked at (None: there was none).
    Raises ReferenceMoved when it is not the one that stands, NotFound, ReferenceRefused.
    """
    found = work_out(session, sheet_id, points, kind)
    known = _open_row(session, SheetReference, sheet_id)
    if known != based_on:
        raise ReferenceMoved()
    if known is not None:
        close(session, SheetReference, change, [known])
    row = {
        "sheet_id": sheet_id,
        "origin": origin,
        "kind": kind.value,
        "points": [asdict(point) for point in points],
        "placement": found.placement.as_json(),
        "rms_m": found.rms_m if origin == "points" else None,
        "rms_mm": found.rms_mm if origin == "points" else None,
        "alone_rms_m": found.alone_rms_m if origin == "points" else None,
    }
    record(session, SheetReference, change, [row])
    return found


def queue_reading(session: Session, sheet_id: UUID, actor: str) -> UUID:
    """Queue the reading of a sheet's file; return the job. Raises SheetBusy."""
    return _queued(session, sheet_id, actor, "read", None)


def queue_laying(session: Session, sheet_id: UUID, actor: str) -> UUID:
    """Queue the laying of a placed sheet on its plane; return the job, the one under way if any.

    Raises SheetNotRead, SheetNotPlaced, SheetBusy when other work is under way.
    """
    if session.get(SheetRaster, (sheet_id, "picture")) is None:
        raise SheetNotRead()
    reference = _open_row(session, SheetReference, sheet_id)
    if reference is None:
        raise SheetNotPlaced()
    return _queued(session, sheet_id, actor, "lay", reference)


def keep_raster(
    session: Session,
    sheet_id: UUID,
    kind: str,
    *,
    sha256: str,
    size: int,
    reference_id: int | None = None,
    laid: dict[str, int] | None = None,
    outline: shapely.Polygon | None = None,
) -> None:
    """Keep what was made of a sheet in place of what was made before; `outline` is (E, N)."""
    srid = None if laid is None else laid["srid"]
    values = {
        "reference_id": reference_id,
        "sha256": sha256,
        "size": size,
        "srid": srid,
        "laid": laid,
        "outline": None if outline is None or srid is None else ewkb_hex([outline], srid)[0],
    }
    session.execute(
        upsert(SheetRaster)
        .values(sheet_id=sheet_id, kind=kind, **values)
        .on_conflict_do_update(index_elements=["sheet_id", "kind"], set_=values)
    )


def _queued(session: Session, sheet_id: UUID, actor: str, task: str, reference: int | None) -> UUID:
    known = session.execute(
        select(SheetJob.id, SheetJob.task, SheetJob.reference_id).where(
            SheetJob.sheet_id == sheet_id, SheetJob.status.in_(("waiting", "running"))
        )
    ).one_or_none()
    if known is not None:
        if (known.task, known.reference_id) == (task, reference):
            return known.id  # type: ignore[no-any-return]
        raise SheetBusy()
    job_id = uuid4()
    session.execute(
        insert(SheetJob).values(
            id=job_id, sheet_id=sheet_id, task=task, reference_id=reference, actor=actor
        )
    )
    return job_id


def _open_row(session: Session, table: Any, sheet_id: UUID) -> int | None:
    """The row of a sheet that stands, held until the end of the transaction."""
    found: int | None = session.scalar(
        select(table.version_id)
        .where(table.sheet_id == sheet_id, table.closed_by.is_(None))
        .with_for_update()
    )
    return found


def _described(
    session: Session, change: int, sheet_id: UUID, zone_id: UUID, said: Description
) -> None:
    if said.plan_version_id is not None:
        plan = session.execute(
            select(Plan.zone_id, Plan.code)
            .join(PlanVersion, PlanVersion.plan_id == Plan.id)
            .where(PlanVersion.id == said.plan_version_id)
        ).one_or_none()
        if plan is None:
            raise NotFound(kind="plan_version", key=str(said.plan_version_id))
        if plan.zone_id != zone_id:
            raise PlanOfAnotherZone(plan=plan.code)
    if said.document_id is not None and session.get(Document, said.document_id) is None:
        raise NotFound(kind="document", key=str(said.document_id))
    record(session, SheetVersion, change, [{"sheet_id": sheet_id, **asdict(said)}])
