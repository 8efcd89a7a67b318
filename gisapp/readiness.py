"""Whether this instance can work (database, schema, disk, sandbox) and whether it can write."""

from __future__ import annotations

import shutil
import threading
import time
from functools import cache
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from gisapp import migrations
from gisapp.refusals import DatabaseNotReady
from gisapp.running import database, settings
from gisapp.texts import gettext as _
from layers.sandbox import selftest

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_log = structlog.get_logger(__name__)

LEAST_FREE_DISK = 0.10
FULL_DISK = 0.01
SANDBOX_ASKED_EVERY_S = 300
_head = cache(migrations.head)


def _free_share() -> float:
    folder = settings().data_dir
    while not folder.exists():
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    return usage.free / usage.total


def read_only_reason(session: Session) -> str | None:
    """Why nothing can be written at the moment, in the reader's language; ``None`` when it can."""
    if session.scalar(text("SELECT pg_is_in_recovery()")):
        return _("Đang chạy trên máy chủ dự phòng: chỉ xem được, chưa ghi được.")
    if _free_share() < FULL_DISK:
        return _("Máy chủ gần hết chỗ lưu trữ: chỉ xem được, chưa ghi được.")
    return None


def _database_answers() -> tuple[bool, bool]:
    try:
        with database().reading(seconds=1) as session:
            return True, migrations.current(session.connection()) == _head()
    except (SQLAlchemyError, DatabaseNotReady):
        _log.warning("not_ready_database")
        return False, False


class _Remembered:
    """The sandbox's own test starts a process; whoever may ask ``/readyz`` may not start many."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked_at = 0.0
        self._works = False

    def works(self) -> bool:
        """The last answer, or a fresh one when it is old."""
        with self._lock:
            if not self._asked_at or time.monotonic() - self._asked_at > SANDBOX_ASKED_EVERY_S:
                self._works = selftest.check().ready
                self._asked_at = time.monotonic()
            return self._works


_sandbox = _Remembered()


def checks() -> dict[str, bool]:
    """Each condition of readiness by name; says nothing of versions or places."""
    answers, current = _database_answers()
    return {
        "database": answers,
        "migrations": current,
        "disk": _free_share() > LEAST_FREE_DISK,
        "sandbox": _sandbox.works(),
    }
