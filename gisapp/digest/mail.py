"""Letters on their way: each a file first, then handed to the mail server where there is one.

A letter stays spooled until a server has taken it. Errors put the next try off, longer each time;
a reader's address that the server refuses for good is given up.
"""

from __future__ import annotations

import datetime as dt
import os
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

import structlog
from sqlalchemy import select, update

from gisapp.digest.gather import as_lines
from gisapp.digest.letter import composed
from gisapp.digest.model import DigestChoice, DigestMessage, DigestRun
from gisapp.digest.runs import Reader, lines_of
from gisapp.security.model import User

if TYPE_CHECKING:
    from email.message import EmailMessage
    from pathlib import Path

    from sqlalchemy.orm import Session

    from gisapp.config import Settings
    from gisapp.db import Database

_log = structlog.get_logger(__name__)

FIRST_WAIT: Final = dt.timedelta(minutes=5)
LONGEST_WAIT: Final = dt.timedelta(hours=12)
MOST_ATTEMPTS: Final = 20
SMTP_SECONDS: Final = 10


@dataclass(frozen=True)
class Delivered:
    """What a round of delivery did: letters as files, taken by the server, put off, given up."""

    written: int = 0
    sent: int = 0
    put_off: int = 0
    given_up: int = 0


def spool_folder(settings: Settings) -> Path:
    """Where letters lie as ``WEEK/USER.eml``; readable by the application alone."""
    return settings.data_dir / "digest"


def deliver(database: Database, settings: Settings, *, now: dt.datetime | None = None) -> Delivered:
    """Write every waiting letter as a file and, with a mail server, send those that are due.

    One conversation with the server a round. When it cannot be reached, or breaks off, the rest
    of the round is put off without asking again.
    """
    moment = now or dt.datetime.now(dt.UTC)
    done = {"written": 0, "sent": 0, "put_off": 0, "given_up": 0}
    with Post(settings.smtp_url) as post:
        for week, user_id in _waiting(database):
            with database.transaction(seconds=60) as session:
                message = _held(session, week, user_id)
                if message is None:
                    continue
                letter = _letter(session, settings, message)
                if letter is None:
                    message.status, message.fault = "given_up", "no address, or nothing to tell"
                    done["given_up"] += 1
                    continue
                done["written"] += _write(settings, message, letter)
                if settings.smtp_url is None or message.next_try_at > moment:
                    continue
                done[_send(post, message, letter, moment)] += 1
    return Delivered(**done)


def _waiting(database: Database) -> list[tuple[str, object]]:
    with database.transaction() as session:
        question = select(DigestMessage.week, DigestMessage.user_id)
        rows = session.execute(
            question.where(DigestMessage.status == "spooled").order_by(DigestMessage.made_at)
        )
        return [(row.week, row.user_id) for row in rows]


def _held(session: Session, week: str, user_id: object) -> DigestMessage | None:
    """The letter, if nobody else is at it and it still waits."""
    return session.scalar(
        select(DigestMessage)
        .where(
            DigestMessage.week == week,
            DigestMessage.user_id == user_id,
            DigestMessage.status == "spooled",
        )
        .with_for_update(skip_locked=True)
    )


def _letter(session: Session, settings: Settings, message: DigestMessage) -> EmailMessage | None:
    """The letter as its run made it; None when its reader left, or chose to hear no more."""
    run = session.get(DigestRun, message.week)
    user = session.get(User, message.user_id)
    choice = session.get(DigestChoice, message.user_id)
    if run is None or user is None or not user.active or not (user.email or "").strip():
        return None
    if choice is not None and not choice.wanted:
        return None
    mine = lines_of(Reader(user, frozenset(choice.muted if choice else ())), as_lines(run.lines))
    if not mine:
        return None
    return composed(
        settings, week=run.week, as_of=run.as_of, message_id=message.message_id,
        made_at=message.made_at, user_id=user.id, address=(user.email or "").strip(), found=mine,
    )  # fmt: skip


def _write(settings: Settings, message: DigestMessage, letter: EmailMessage) -> int:
    """Put the letter into the spool once; a name of its own until it is whole."""
    folder = spool_folder(settings) / message.week
    target = folder / f"{message.user_id}.eml"
    if target.exists():
        return 0
    folder.mkdir(parents=True, exist_ok=True)
    spool_folder(settings).chmod(0o700)
    fresh = target.with_suffix(f".{os.getpid()}.new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(letter.as_bytes())
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(target)
    return 1


def _send(post: Post, message: DigestMessage, letter: EmailMessage, now: dt.datetime) -> str:
    message.attempts += 1
    try:
        post.send(letter)
    except (smtplib.SMTPException, OSError) as error:
        code = _code(error)
        message.fault = f"{type(error).__name__} {code or ''}".strip()
        for_good = isinstance(error, smtplib.SMTPRecipientsRefused) and (code or 0) >= 500
        if for_good or message.attempts >= MOST_ATTEMPTS:
            message.status = "given_up"
        wait = min(FIRST_WAIT * 2 ** min(message.attempts - 1, 10), LONGEST_WAIT)
        message.next_try_at = now + wait
        _log.warning("digest_not_sent", week=message.week, fault=message.fault)
        return "given_up" if message.status == "given_up" else "put_off"
    message.status, message.sent_at, message.fault = "sent", now, None
    return "sent"


def _code(error: Exception) -> int | None:
    """The server's three figures, when it said any."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next((code for code, _text in error.recipients.values()), None)
    code = getattr(error, "smtp_code", None)
    return code if isinstance(code, int) else None


class Post:
    """A conversation with the mail server, begun with the first letter: ``smtp://``,
    ``smtp+starttls://`` or ``smtps://``. What breaks it off answers for the rest of the round.
    """

    def __init__(self, url: str | None) -> None:
        self._url = url or ""
        self._server: smtplib.SMTP | None = None
        self._broken: Exception | None = None

    def __enter__(self) -> Post:
        return self

    def __exit__(self, *_raised: object) -> None:
        if self._server is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._server.quit()

    def send(self, letter: EmailMessage) -> None:
        """Hand a letter over.

        Raises:
            SMTPException, OSError: the server refused it, or cannot be spoken with.
        """
        if self._broken is not None:
            raise self._broken
        try:
            if self._server is None:
                self._server = _opened(self._url)
            self._server.send_message(letter)
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError):
            raise
        except (smtplib.SMTPException, OSError) as error:
            self._broken = error
            raise


def _opened(url: str) -> smtplib.SMTP:
    said = urlsplit(url)
    host, context = said.hostname or "", ssl.create_default_context()
    if said.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, said.port or 465, timeout=SMTP_SECONDS, context=context
        )
    else:
        server = smtplib.SMTP(host, said.port or 25, timeout=SMTP_SECONDS)
    try:
        if said.scheme == "smtp+starttls":
            server.starttls(context=context)
        if said.username:
            server.login(unquote(said.username), unquote(said.password or ""))
    except (smtplib.SMTPException, OSError):
        server.close()
        raise
    return server


def retry_now(session: Session) -> int:
    """Make every letter that waits for a later try due at once; return how many."""
    done = session.execute(
        update(DigestMessage)
        .where(DigestMessage.status == "spooled", DigestMessage.attempts > 0)
        .values(next_try_at=dt.datetime.now(dt.UTC))
    )
    return int(done.rowcount)  # type: ignore[attr-defined]
