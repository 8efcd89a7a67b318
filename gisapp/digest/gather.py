"""What a digest tells of: the register's lines and, of the last week, the imports that failed."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from gisapp.digest.weeks import end_of
from gisapp.jobs.model import ImportJob
from gisapp.security.permissions import Permission
from planning.digest import queries
from planning.digest.lines import Line, order
from planning.zones.queries import zones

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy.orm import Session

    from gisapp.security.model import User
    from gisapp.security.scope import Scope
    from planning.clocks import Moment

IMPORT_DAYS = 7


def gathered(session: Session, at: Moment, rules: Mapping[str, int | None]) -> list[Line]:
    """Everything that presses at a moment by some rules (code → days ahead), worst first."""
    found = queries.lines(session, at, rules)
    if "imports" in rules:
        found = sorted([*found, *_imports(session, at)], key=order)
    return found


def _imports(session: Session, at: Moment) -> list[Line]:
    """Imports refused or broken in the week up to the day, by the zone they were for."""
    places = {zone.code: zone for zone in zones(session, at)}
    until = end_of(at.as_of)
    rows = session.execute(
        select(ImportJob.id, ImportJob.zone_code, ImportJob.layer, ImportJob.finished_at)
        .where(
            ImportJob.status.in_(("refused", "failed")),
            ImportJob.finished_at <= until,
            ImportJob.finished_at > until - dt.timedelta(days=IMPORT_DAYS),
        )
        .order_by(ImportJob.finished_at)
    )
    found = []
    for row in rows:
        zone = places.get(row.zone_code)
        if zone is not None:
            found.append(
                Line(
                    "imports", "medium", "import_failed", str(row.id)[:8], zone.code,
                    zone.parent_code, zone.board_code, row.finished_at.date(), detail=row.layer,
                )
            )  # fmt: skip
    return found


def for_reader(
    found: Sequence[Line], scope: Scope, user: User | None, muted: Collection[str] = ()
) -> list[Line]:
    """What one reader is told: their own ground, their own work, nothing they muted."""
    return [
        line
        for line in queries.seen(found, scope.covers)
        if line.rule not in muted
        and (line.rule != "imports" or (user is not None and user.may(Permission.IMPORT)))
    ]


def as_plain(found: Sequence[Line]) -> list[dict[str, Any]]:
    """Lines as they are kept with their run."""
    return [{**asdict(line), "day": line.day.isoformat() if line.day else None} for line in found]


def as_lines(kept: Sequence[dict[str, Any]]) -> list[Line]:
    """Lines of a run read again."""
    return [
        Line(**{**one, "day": dt.date.fromisoformat(one["day"]) if one["day"] else None})
        for one in kept
    ]
