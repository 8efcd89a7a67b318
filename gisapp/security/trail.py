"""The trail of the door: what happened, when, to whom and by whom; read by the auditor, page by
page.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased

from gisapp.security.model import SecurityEvent, User

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class TrailRow:
    """An event: instant, kind, whom it is about, who did it, from where, what else is known."""

    id: int
    at: dt.datetime
    kind: str
    user: str | None
    actor: str | None
    ip: str | None
    request_id: str | None
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class TrailAsked:
    """What to look for: a kind, a part of a user name or address, instants [since, until)."""

    kind: str = ""
    who: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None


def trail(
    session: Session, asked: TrailAsked, *, first: int, count: int, oldest_first: bool = False
) -> tuple[list[TrailRow], int]:
    """Return `count` events from position `first` (0 = the newest), and how many there are."""
    about, doer = aliased(User), aliased(User)
    rows = (
        select(
            SecurityEvent.id,
            SecurityEvent.at,
            SecurityEvent.kind,
            about.username,
            doer.username,
            func.host(SecurityEvent.ip),
            SecurityEvent.request_id,
            SecurityEvent.detail,
        )
        .outerjoin(about, about.id == SecurityEvent.user_id)
        .outerjoin(doer, doer.id == SecurityEvent.actor_id)
    )
    rows = _narrowed(rows, asked, about, doer)
    whole = session.scalar(select(func.count()).select_from(rows.subquery())) or 0
    order = (SecurityEvent.at, SecurityEvent.id)
    ordered = rows.order_by(*(order if oldest_first else (key.desc() for key in order)))
    page = session.execute(ordered.offset(first).limit(count))
    return [TrailRow(*row) for row in page], int(whole)


def _narrowed(rows: Select[Any], asked: TrailAsked, about: Any, doer: Any) -> Select[Any]:
    if asked.kind:
        rows = rows.where(SecurityEvent.kind == asked.kind)
    if asked.who:
        places = (about.username, doer.username, func.host(SecurityEvent.ip))
        rows = rows.where(or_(*(place.icontains(asked.who, autoescape=True) for place in places)))
    if asked.since is not None:
        rows = rows.where(SecurityEvent.at >= asked.since)
    if asked.until is not None:
        rows = rows.where(SecurityEvent.at < asked.until)
    return rows
