"""The run of a week and its letters: made once, however often and by whomever it is asked for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from gisapp.digest.gather import as_lines, as_plain, for_reader, gathered
from gisapp.digest.model import DigestChoice, DigestMessage, DigestRule, DigestRun
from gisapp.digest.weeks import WeekRefused, end_of, monday_of, week_of
from gisapp.security.model import User
from gisapp.security.scope import scope_of
from planning.clocks import moment, today

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from planning.clocks import Moment
    from planning.digest.lines import Line

_LOCK = 0x6469


@dataclass(frozen=True)
class Reader:
    """Somebody a digest may go to, with the rules they do not want."""

    user: User
    muted: frozenset[str]


def readers(session: Session) -> Iterator[Reader]:
    """Everybody with an open account and an address who did not say no."""
    rows = session.execute(
        select(User, DigestChoice)
        .outerjoin(DigestChoice, DigestChoice.user_id == User.id)
        .where(User.active, User.email.is_not(None), func.btrim(User.email) != "")
        .order_by(User.username)
    )
    for row in rows:
        choice: DigestChoice | None = row[1]
        if choice is None or choice.wanted:
            yield Reader(row[0], frozenset(choice.muted if choice is not None else ()))


def enabled_rules(session: Session) -> dict[str, int | None]:
    """The rules that are switched on, with how far each looks ahead."""
    rows = session.scalars(
        select(DigestRule).where(DigestRule.enabled).order_by(DigestRule.position)
    )
    return {rule.code: rule.lead_days for rule in rows}


def moment_of(session: Session, week: str) -> Moment:
    """The moment a week's digest speaks of: today's within the week, else the Monday's, as known
    when it ended.

    Raises:
        WeekRefused: no such week, or not begun yet.
    """
    monday = monday_of(week)
    if monday > today():
        raise WeekRefused(week=week)
    if week == week_of(today()):
        return moment(session, today(), dt.datetime.now(dt.UTC))
    return moment(session, monday, end_of(monday))


def make_run(session: Session, week: str, actor: str) -> tuple[DigestRun | None, int]:
    """The run of a week, made if it is not there, and how many letters are new.

    No run when no rule is switched on. Readers who came since get a letter of the same run. One at
    a time: who comes second finds it made.
    """
    session.execute(select(func.pg_advisory_xact_lock(_LOCK, 1)))
    run = session.get(DigestRun, week)
    if run is None:
        rules = enabled_rules(session)
        at = moment_of(session, week)
        if not rules:
            return None, 0
        run = DigestRun(
            week=week, as_of=at.as_of, known=at.known or 0, rules=list(rules),
            lines=as_plain(gathered(session, at, rules)), made_by=actor,
        )  # fmt: skip
        session.add(run)
        session.flush()
    return run, _letters(session, run)


def _letters(session: Session, run: DigestRun) -> int:
    made = 0
    found = as_lines(run.lines)
    for reader in readers(session):
        mine = lines_of(reader, found)
        if not mine:
            continue
        done = session.execute(
            insert(DigestMessage)
            .values(
                week=run.week,
                user_id=reader.user.id,
                message_id=f"<digest.{run.week}.{reader.user.id}@gisapp>",
                lines=len(mine),
            )
            .on_conflict_do_nothing()
            .returning(DigestMessage.week)
        )
        made += len(done.all())
    return made


def lines_of(reader: Reader, found: list[Line]) -> list[Line]:
    """What of a run is a reader's."""
    return for_reader(found, scope_of(reader.user), reader.user, reader.muted)
