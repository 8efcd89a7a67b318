"""The worker: takes one job after the other and brings its file in.

Whoever holds the advisory lock of a job's id does it. A worker that dies loses the lock with its
connection, so another takes the job up again. The rows of the register and the word "done" are
committed together: a job is never written twice.

There are two lanes, imports and sheets: a long sheet never keeps an import waiting.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import structlog
from sqlalchemy import case, delete, func, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from gisapp.digest.weekly import weekly
from gisapp.importing import Source, bring_in, scratch_of
from gisapp.jobs.holding import held_job
from gisapp.jobs.model import RUNNING, IdempotencyKey, ImportJob, ImportRow
from gisapp.jobs.queue import FileGone, file_of, keep_rows, upload_folder
from gisapp.jobs.sheets import SheetWorker
from gisapp.refusals import Refusal
from layers.errors import LayerError
from layers.sandbox import sweep
from planning.changes.imports import Report
from planning.changes.imports.draft import Tick
from planning.changes.imports.mapping import Mapping
from planning.changes.imports.report import plain
from planning.errors import PlanningError

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from gisapp.config import Settings
    from gisapp.db import Database

_log = structlog.get_logger(__name__)

LOCK_SPACE: Final = 0x696D70
"""First half of the advisory lock of a job: "imp"."""
MOST_ATTEMPTS: Final = 3
KEPT_HOURS: Final = 24
TICK_SECONDS: Final = 0.5
CLEAN_SECONDS: Final = 600
KEEP_SECONDS: Final = 120
_BROKEN: Final[dict[str, Any]] = {"error": {"code": "internal", "context": {}}}


class Lane(StrEnum):
    """Kinds of jobs that do not wait for each other."""

    IMPORTS = "imports"
    SHEETS = "sheets"


class Worker:
    """Takes the jobs of its lanes one after the other; several workers share the work."""

    def __init__(
        self, database: Database, settings: Settings, lanes: Sequence[Lane] = tuple(Lane)
    ) -> None:
        self.database = database
        self.settings = settings
        self.lanes = lanes
        self.sheets = SheetWorker(database, settings)

    def run(self, stopped: Callable[[], bool], pause_seconds: float = 1.0) -> None:
        """Work until told to stop, looking for jobs every second and cleaning up now and then."""
        cleaned = -float("inf")
        while not stopped():
            try:
                if time.monotonic() - cleaned > CLEAN_SECONDS:
                    self.clean()
                    if Lane.IMPORTS in self.lanes:
                        weekly(self.database, self.settings)
                    cleaned = time.monotonic()
                busy = self.step()
            except DBAPIError as error:
                _log.warning("worker_database_away", error=type(error.orig).__name__)
                busy = False
            if not busy and not stopped():
                time.sleep(pause_seconds)

    def step(self) -> bool:
        """Do one job if there is one, imports before sheets; say whether there was."""
        if Lane.IMPORTS in self.lanes and self._import():
            return True
        return Lane.SHEETS in self.lanes and self.sheets.step()

    def _import(self) -> bool:
        with self.database.reading() as session:
            question = select(ImportJob.id).where(ImportJob.status.in_(RUNNING))
            waiting = session.scalars(question.order_by(ImportJob.created_at)).all()
        for job_id in waiting:
            with held_job(self.database, LOCK_SPACE, job_id) as held:
                if held is not None and self._work(held, job_id):
                    return True
        return False

    def _work(self, held: Connection, job_id: UUID) -> bool:
        job = self._taken(held, job_id)
        if job is None:
            return False
        log = _log.bind(job=str(job_id), layer=job.layer, step=job.status)
        if job.attempts > MOST_ATTEMPTS:
            self._end(held, job, "failed", _BROKEN)
            return True
        try:
            self._do(held, job)
        except (LayerError, PlanningError, Refusal) as refused:
            error = {"code": refused.code, "context": plain(refused.context)}
            self._end(held, job, "refused", {"error": error})
        except DBAPIError:
            raise
        except Exception:
            log.exception("import_failed")
            self._end(held, job, "failed", _BROKEN)
        log.info("import_worked")
        return True

    def _taken(self, held: Connection, job_id: UUID) -> ImportJob | None:
        """The job as it stands now that its lock is held, with its step begun."""
        begun = case(
            {"uploaded": "checking", "approved": "writing"},
            value=ImportJob.status,
            else_=ImportJob.status,
        )
        taken = held.execute(
            update(ImportJob)
            .where(ImportJob.id == job_id, ImportJob.status.in_(RUNNING))
            .values(
                status=begun, attempts=ImportJob.attempts + 1, started_at=func.clock_timestamp()
            )
        )
        if taken.rowcount != 1:
            return None
        with self.database.transaction() as session:
            return session.get(ImportJob, job_id)

    def _do(self, held: Connection, job: ImportJob) -> None:
        path = file_of(self.settings, job.id)
        if not path.exists():
            raise FileGone()
        report = bring_in(
            self.database,
            self.settings,
            job.request,
            Source(path, job.file_name, job.options["file_layer"], job.options["encoding"]),
            Mapping.of(job.options["mapping"]),
            dry_run=job.status != "writing",
            tick=_ticker(held, job.id),
            also=lambda session, told: _keep(session, job.id, "done", told),
        )
        if report.change is not None:
            path.unlink(missing_ok=True)
            return
        with self.database.transaction(seconds=KEEP_SECONDS) as session:
            _keep(session, job.id, "checked", report)

    def _end(self, held: Connection, job: ImportJob, status: str, report: dict[str, Any]) -> None:
        """A file that is refused as a whole: what was found of its rows earlier goes too."""
        held.execute(
            update(ImportJob)
            .where(ImportJob.id == job.id)
            .values(status=status, report=report, finished_at=func.clock_timestamp())
        )
        held.execute(delete(ImportRow).where(ImportRow.job_id == job.id))

    def clean(self) -> None:
        """Remove what was left behind: folders of killed readers, files and jobs past a day."""
        sweep(scratch_of(self.settings))
        if Lane.SHEETS in self.lanes:
            self.sheets.clean()
        if Lane.IMPORTS not in self.lanes:
            return
        now = func.clock_timestamp()
        with self.database.transaction() as session:
            session.execute(
                delete(ImportJob).where(
                    ImportJob.status.in_(("checked", "refused", "failed")),
                    ImportJob.created_at < now - func.make_interval(0, 0, 0, 0, KEPT_HOURS),
                )
            )
            session.execute(
                delete(IdempotencyKey).where(
                    IdempotencyKey.created_at < now - func.make_interval(0, 0, 0, 30)
                )
            )
            known = {str(job_id) for job_id in session.scalars(select(ImportJob.id))}
        for path in upload_folder(self.settings).iterdir():
            if path.name not in known and _is_old(path):
                path.unlink() if path.is_file() else shutil.rmtree(path)


def _keep(session: Session, job_id: UUID, status: str, report: Report) -> None:
    """The report of a run; of a writing run in the same transaction as the register's rows."""
    keep_rows(session, job_id, report)
    session.execute(
        update(ImportJob)
        .where(ImportJob.id == job_id)
        .values(
            status=status,
            report=report.as_json(rows=False),
            change_number=report.change,
            finished_at=func.clock_timestamp(),
        )
    )


def _ticker(held: Connection, job_id: UUID) -> Tick:
    """Progress on the connection that holds the lock, at most twice a second."""
    told_at, told_step = 0.0, ""

    def tick(step: str, done: int, total: int | None) -> None:
        nonlocal told_at, told_step
        now = time.monotonic()
        if step == told_step and now - told_at < TICK_SECONDS:
            return
        told_at, told_step = now, step
        held.execute(
            update(ImportJob)
            .where(ImportJob.id == job_id)
            .values(step=step, done=done, total=total)
        )

    return tick


def _is_old(path: Path) -> bool:
    return time.time() - path.stat().st_mtime > CLEAN_SECONDS
