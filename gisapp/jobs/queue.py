"""The queue of imports: bring a file, answer what was asked, approve, discard, look."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final
from uuid import UUID, uuid4

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import defer

from gisapp.jobs.model import ImportJob, ImportRow
from gisapp.refusals import Refusal
from layers.copying import copy_rows
from layers.vector.errors import FileEmpty, FileTooLarge
from planning.changes.imports import Report, Request
from planning.changes.imports.mapping import Mapping
from planning.changes.imports.report import finding_json

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from gisapp.config import Settings

_BLOCK: Final = 1024 * 1024
ROWS_A_PAGE: Final = 50


class FileGone(Refusal):
    """The uploaded file is no longer kept."""

    code = "import-file-gone"


class JobElsewhere(Refusal):
    """The job is not at a step where this can be asked. Context: ``status``."""

    code = "import-job-elsewhere"


def upload_folder(settings: Settings) -> Path:
    """Where uploaded files wait, readable by their owner alone."""
    folder = settings.data_dir / "uploads"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def file_of(settings: Settings, job_id: UUID) -> Path:
    """The file of a job."""
    return upload_folder(settings) / str(job_id)


def submit(
    session: Session,
    settings: Settings,
    stream: BinaryIO,
    request: Request,
    *,
    encoding: str | None = None,
    file_layer: str | None = None,
    mapping: Mapping | None = None,
) -> UUID:
    """Keep an uploaded file and queue its dry run; return the job's id.

    Raises:
        FileEmpty, FileTooLarge: nothing is kept.
    """
    job_id = uuid4()
    target = file_of(settings, job_id)
    try:
        digest, size = _kept(stream, target, settings.max_upload_bytes)
        options = {
            "request": request.as_json(),
            "encoding": encoding,
            "file_layer": file_layer,
            "mapping": (mapping or Mapping()).as_json(),
        }
        session.execute(
            insert(ImportJob).values(
                id=job_id,
                layer=request.layer.value,
                zone_code=request.zone_code,
                status="uploaded",
                file_name=request.file_name,
                file_sha256=digest,
                file_size=size,
                options=options,
                actor=request.actor,
            )
        )
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return job_id


def _kept(stream: BinaryIO, target: Path, most: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with target.open("xb") as file:
        target.chmod(0o600)
        while block := stream.read(_BLOCK):
            size += len(block)
            if size > most:
                raise FileTooLarge(limit_mb=most // _BLOCK)
            digest.update(block)
            file.write(block)
    if size == 0:
        raise FileEmpty(name=target.name)
    return digest.hexdigest(), size


def find_job(session: Session, job_id: UUID) -> ImportJob | None:
    """A job by its id."""
    return session.get(ImportJob, job_id)


def jobs(session: Session, limit: int = 500) -> list[ImportJob]:
    """The newest jobs, their reports left where they are."""
    question = select(ImportJob).options(defer(ImportJob.report, raiseload=True))
    return list(session.scalars(question.order_by(ImportJob.created_at.desc()).limit(limit)))


def rows_of(
    session: Session, job_id: UUID, outcome: str | None, page: int
) -> tuple[Sequence[ImportRow], int]:
    """One page of a job's rows (50), those with something to say first, and how many there are."""
    mine = [ImportRow.job_id == job_id]
    if outcome:
        mine.append(ImportRow.outcome == outcome)
    count = session.scalar(select(func.count()).select_from(ImportRow).where(*mine)) or 0
    found = session.scalars(
        select(ImportRow)
        .where(*mine)
        .order_by(ImportRow.outcome.desc(), ImportRow.row_no, ImportRow.part)
        .offset((page - 1) * ROWS_A_PAGE)
        .limit(ROWS_A_PAGE)
    ).all()
    return found, int(count)


def boxes_of(session: Session, job_id: UUID, limit: int) -> list[tuple[str, list[float]]]:
    """Outcome and box (E, N, E, N) of rows with a place, the refused first: for a small picture."""
    found = session.execute(
        select(ImportRow.outcome, ImportRow.bbox)
        .where(ImportRow.job_id == job_id, ImportRow.bbox.is_not(None))
        .order_by(ImportRow.outcome.desc(), ImportRow.row_no)
        .limit(limit)
    )
    return [(outcome, box) for outcome, box in found if box is not None]


def ask_again(session: Session, job: ImportJob, settings: Settings, **answers: Any) -> None:
    """Queue another dry run with answers to what the first one asked (explode, srid, …).

    Raises:
        JobElsewhere, FileGone
    """
    _move(session, job, ("checked", "refused", "failed"), "uploaded", settings, answers)


def approve(session: Session, job: ImportJob, settings: Settings, *, partial: bool) -> None:
    """Queue the writing of what the dry run accepted.

    Raises:
        JobElsewhere, FileGone
    """
    _move(session, job, ("checked",), "approved", settings, {"partial": partial})


def _move(
    session: Session,
    job: ImportJob,
    allowed: tuple[str, ...],
    status: str,
    settings: Settings,
    answers: dict[str, Any],
) -> None:
    if not file_of(settings, job.id).exists():
        raise FileGone()
    options = {**job.options, "request": {**job.options["request"], **answers}}
    fresh = {"step": "", "done": 0, "total": None, "attempts": 0}
    moved = session.execute(
        update(ImportJob)
        .where(ImportJob.id == job.id, ImportJob.status.in_(allowed))
        .values(status=status, options=options, **fresh)
        .execution_options(synchronize_session=False)
    )
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        raise JobElsewhere(status=job.status)


def discard(session: Session, job: ImportJob, settings: Settings) -> None:
    """Forget a job that was never written: its row, its rows and its file.

    Raises:
        JobElsewhere: it is being written, or was.
    """
    gone = session.execute(
        delete(ImportJob)
        .where(
            ImportJob.id == job.id,
            ImportJob.status.in_(("uploaded", "checked", "refused", "failed")),
        )
        .execution_options(synchronize_session=False)
    )
    if gone.rowcount != 1:  # type: ignore[attr-defined]
        raise JobElsewhere(status=job.status)
    file_of(settings, job.id).unlink(missing_ok=True)


def record(session: Session, request: Request, report: Report) -> UUID:
    """Keep the receipt of an import that did not come through the queue."""
    file = report.understood.get("file", {})
    job_id = uuid4()
    session.execute(
        insert(ImportJob).values(
            id=job_id,
            layer=request.layer.value,
            zone_code=request.zone_code,
            status="done",
            file_name=request.file_name or "-",
            file_sha256=file["sha256"],
            file_size=file["bytes"],
            options={"request": request.as_json()},
            report=report.as_json(rows=False),
            change_number=report.change,
            actor=request.actor,
            finished_at=func.clock_timestamp(),
        )
    )
    keep_rows(session, job_id, report)
    return job_id


def keep_rows(session: Session, job_id: UUID, report: Report) -> None:
    """Keep what became of each row, in place of the last run's."""
    session.execute(delete(ImportRow).where(ImportRow.job_id == job_id))
    columns = (
        "job_id", "row_no", "part", "outcome", "label", "area_before_m2", "area_m2", "bbox",
        "findings",
    )  # fmt: skip
    copy_rows(
        session,
        "app.import_row",
        columns,
        (
            (
                job_id, row.row, row.part, row.outcome.value, row.label, row.area_before_m2,
                row.area_m2, list(row.box) if row.box else None,
                json.dumps([finding_json(found) for found in row.findings]),
            )
            for row in report.rows
        ),
    )  # fmt: skip
