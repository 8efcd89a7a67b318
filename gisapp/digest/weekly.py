"""The worker's part: on a Monday from seven in the morning the week's digest is made and sent."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

import structlog

from gisapp.digest.mail import deliver
from gisapp.digest.runs import make_run
from gisapp.digest.weeks import monday_of, week_of
from gisapp.present.formats import LEGAL_TIME

if TYPE_CHECKING:
    from gisapp.config import Settings
    from gisapp.db import Database

_log = structlog.get_logger(__name__)
FROM_HOUR: Final = 7
ACTOR: Final = "worker"


def weekly(database: Database, settings: Settings, now: dt.datetime | None = None) -> None:
    """Make this week's run if it is due and not made, then deliver what waits.

    Asked every few minutes: what is made stays made, what is sent stays sent.
    """
    here = (now or dt.datetime.now(dt.UTC)).astimezone(LEGAL_TIME)
    week = week_of(here.date())
    due = dt.datetime.combine(monday_of(week), dt.time(FROM_HOUR), LEGAL_TIME)
    if here >= due:
        with database.transaction(seconds=60) as session:
            _run, fresh = make_run(session, week, ACTOR)
        if fresh:
            _log.info("digest_made", week=week, letters=fresh)
    done = deliver(database, settings, now=now)
    if done.sent or done.put_off or done.given_up:
        _log.info("digest_delivered", sent=done.sent, put_off=done.put_off, lost=done.given_up)
