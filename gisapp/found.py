"""Findings of zones, worked out once for every state of the register and kept in this process.

A map asks for the same findings as tiles, as a list and for a form; between two commits they are
the same.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, cast

from flask import current_app

from planning.conformance.queries import findings
from planning.published import revision

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from sqlalchemy.orm import Session

    from planning.clocks import Moment
    from planning.conformance.finding import Finding

MOST = 16
Key = tuple[str, "date", "int | None", frozenset["UUID"]]


class RememberedFindings:
    """Findings by what was known, day and zones; the oldest asked for are forgotten first."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: OrderedDict[Key, list[Finding]] = OrderedDict()
        self._gates: dict[Key, Lock] = {}
        self._lock = Lock()

    def __call__(self, session: Session, at: Moment, zone_ids: tuple[UUID, ...]) -> list[Finding]:
        """Work out, or recall. The register's mark is read first: what is kept under it may be
        newer, never older. Whoever asks for the same meanwhile waits: tiles come six at a time.
        """
        key = (revision(session), at.as_of, at.known, frozenset(zone_ids))
        with self._lock:
            gate = self._gates.setdefault(key, Lock())
        with gate:
            known = self._recall(key)
            return self._keep(key, findings(session, at, zone_ids)) if known is None else known

    def _recall(self, key: Key) -> list[Finding] | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def _keep(self, key: Key, found: list[Finding]) -> list[Finding]:
        with self._lock:
            self._kept[key] = found
            while len(self._kept) > self._most:
                gone, _ = self._kept.popitem(last=False)
                self._gates.pop(gone, None)
        return found


def remembered_findings() -> RememberedFindings:
    """The findings this process remembers."""
    kept = current_app.extensions.setdefault("gisapp.findings", RememberedFindings())
    return cast("RememberedFindings", kept)
