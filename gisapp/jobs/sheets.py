"""Work on sheets in the background: read the original, lay the picture on its plane.

Like imports, a job is a row: whoever holds its advisory lock does it, and a worker that dies loses
the lock with its connection. Rasters are written aside and named by their content only when they
are whole, in the transaction that says "done".
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import shapely
import structlog
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError

from gisapp.importing import scratch_of
from gisapp.jobs.holding import held_job
from gisapp.refusals import Refusal
from gisapp.sheet_files import adopt, path_of, sha256_of, sheet_folder
from gisapp.sheets import LIMITS
from layers.errors import LayerError
from layers.raster.files import write_pyramid
from layers.raster.georeference import Placement
from layers.raster.intake import decode_raster
from layers.raster.stated import stated_points
from layers.raster.warping import footprint, lay, warp
from layers.raster.worker import facts_of
from layers.sandbox import sweep
from planning.clocks import today
from planning.errors import PlanningError
from planning.plans.sheets.commands import keep_raster, place_sheet, queue_laying
from planning.plans.sheets.model import Sheet, SheetJob, SheetRaster, SheetReference
from planning.records.commands import open_change

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.engine import Connection

    from gisapp.config import Settings
    from gisapp.db import Database
    from layers.raster.files import Tick

_log = structlog.get_logger(__name__)

LOCK_SPACE: Final = 0x736874
"""First half of the advisory lock of a job: "sht"."""
RUNNING: Final = ("waiting", "running")
MOST_ATTEMPTS: Final = 3
TICK_SECONDS: Final = 0.5
STALE_SECONDS: Final = 6 * 3_600
_BROKEN: Final[dict[str, Any]] = {"code": "internal", "context": {}}


class SheetFileMissing(Refusal):
    """The file of a sheet is not in the data folder. Context: ``sha256``."""

    code = "sheet-file-missing"


class SheetWorker:
    """Takes the jobs of sheets one after the other."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self.database = database
        self.settings = settings

    def step(self) -> bool:
        """Do one job if there is one; say whether there was."""
        with self.database.reading() as session:
            question = select(SheetJob.id).where(SheetJob.status.in_(RUNNING))
            waiting = session.scalars(question.order_by(SheetJob.created_at)).all()
        for job_id in waiting:
            with held_job(self.database, LOCK_SPACE, job_id) as held:
                if held is not None and self._work(held, job_id):
                    return True
        return False

    def clean(self) -> None:
        """Remove working folders a killed worker left behind."""
        sweep(sheet_folder(self.settings), older_than_seconds=STALE_SECONDS)

    def _work(self, held: Connection, job_id: UUID) -> bool:
        taken = held.execute(
            update(SheetJob)
            .where(SheetJob.id == job_id, SheetJob.status.in_(RUNNING))
            .values(
                status="running", attempts=SheetJob.attempts + 1, started_at=func.clock_timestamp()
            )
        )
        if taken.rowcount != 1:
            return False
        with self.database.reading() as session:
            job = session.get_one(SheetJob, job_id)
            sheet = session.get_one(Sheet, job.sheet_id)
        log = _log.bind(job=str(job_id), task=job.task)
        if job.attempts > MOST_ATTEMPTS:
            _end(held, job_id, "failed", _BROKEN)
            return True
        try:
            work = {"read": self._read, "lay": self._lay}[job.task]
            work(job, sheet, _ticker(held, job_id))
        except (LayerError, PlanningError, Refusal) as refused:
            context = {name: _plain(value) for name, value in refused.context.items()}
            _end(held, job_id, "refused", {"code": refused.code, "context": context})
        except DBAPIError:
            raise
        except Exception:
            log.exception("sheet_failed")
            _end(held, job_id, "failed", _BROKEN)
        log.info("sheet_worked")
        return True

    def _read(self, job: SheetJob, sheet: Sheet, tick: Tick) -> None:
        """The original into a picture in image space; placed at once when it states its place."""
        facts = facts_of(sheet.facts)
        with self._folder() as folder:
            decode_raster(
                self._file(sheet.file_sha256),
                facts,
                folder / "plain",
                scratch=scratch_of(self.settings),
                limits=LIMITS,
                on_progress=lambda done, total: tick("read", done, total or facts.height),
            )
            write_pyramid(folder / "plain", facts, folder / "picture", tick)
            (folder / "plain").unlink()
            sha256, size = self._adopted(folder / "picture")
        with self.database.transaction() as session:
            keep_raster(session, sheet.id, "picture", sha256=sha256, size=size)
            _done(session.connection(), job.id)
            self._place_as_stated(session, job, sheet)

    def _place_as_stated(self, session: Any, job: SheetJob, sheet: Sheet) -> None:
        place = facts_of(sheet.facts).place
        found = place and stated_points(place, sheet.width, sheet.height, sheet.srid)
        placed = select(SheetReference.version_id).where(SheetReference.sheet_id == sheet.id)
        if not found or session.scalar(placed.limit(1)) is not None:
            return
        points, kind = found
        change = open_change(
            session, kind="setup", reason="Toạ độ khai trong tệp", actor=job.actor,
            effective_on=today(),
        )  # fmt: skip
        place_sheet(session, change, sheet.id, points, kind, origin="file")
        queue_laying(session, sheet.id, job.actor)

    def _lay(self, job: SheetJob, sheet: Sheet, tick: Tick) -> None:
        """The picture onto the grid of its plane, by the placement the job was queued for."""
        with self.database.reading() as session:
            picture = session.scalars(_picture_of(sheet.id)).one()
            reference = session.get_one(SheetReference, job.reference_id)
            placement = Placement.of(reference.placement)
        laid = lay(placement, sheet.width, sheet.height, sheet.srid)
        with self._folder() as folder:
            warp(self._file(picture), placement, laid, folder / "map", tick)
            sha256, size = self._adopted(folder / "map")
        outline = shapely.Polygon(footprint(placement, sheet.width, sheet.height))
        with self.database.transaction() as session:
            keep_raster(
                session, sheet.id, "map", sha256=sha256, size=size,
                reference_id=job.reference_id, laid=laid.as_json(), outline=outline,
            )  # fmt: skip
            _done(session.connection(), job.id)

    def _file(self, sha256: str) -> Path:
        path = path_of(self.settings, sha256)
        if not path.is_file():
            raise SheetFileMissing(sha256=sha256)
        return path

    def _folder(self) -> _Folder:
        """A working folder beside the finished files, on the same disk."""
        return _Folder(prefix="job-", dir=sheet_folder(self.settings))

    def _adopted(self, path: Path) -> tuple[str, int]:
        sha256, size = sha256_of(path), path.stat().st_size
        adopt(self.settings, path, sha256)
        return sha256, size


class _Folder(tempfile.TemporaryDirectory[str]):
    """A temporary folder that hands over a path."""

    def __enter__(self) -> Path:  # type: ignore[override]
        return Path(super().__enter__())


def _picture_of(sheet_id: UUID) -> Any:
    return select(SheetRaster.sha256).where(
        SheetRaster.sheet_id == sheet_id, SheetRaster.kind == "picture"
    )


def _done(connection: Connection, job_id: UUID) -> None:
    connection.execute(
        update(SheetJob)
        .where(SheetJob.id == job_id)
        .values(status="done", error=None, finished_at=func.clock_timestamp())
    )


def _end(held: Connection, job_id: UUID, status: str, error: dict[str, Any]) -> None:
    held.execute(
        update(SheetJob)
        .where(SheetJob.id == job_id)
        .values(status=status, error=error, finished_at=func.clock_timestamp())
    )


def _ticker(held: Connection, job_id: UUID) -> Callable[[str, int, int], None]:
    """Progress on the connection that holds the lock, at most twice a second."""
    told_at, told_step = 0.0, ""

    def tick(step: str, done: int, total: int) -> None:
        nonlocal told_at, told_step
        now = time.monotonic()
        if step == told_step and now - told_at < TICK_SECONDS:
            return
        told_at, told_step = now, step
        held.execute(
            update(SheetJob).where(SheetJob.id == job_id).values(step=step, done=done, total=total)
        )

    return tick


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | float | bool | None) else str(value)
