"""Signed-in browsers: the cookie carries a random token, the database says whether it still lives.

A session ends by signing out, after 30 minutes without a request, after 12 hours in any case,
and when the password changes or the user is deactivated. A copied cookie dies with it.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from sqlalchemy import delete, select, update

from gisapp.security.model import BrowserSession, User
from gisapp.security.tokens import fingerprint, new_secret

if TYPE_CHECKING:
    import uuid

    from flask import Flask, Request, Response
    from flask.sessions import SessionMixin
    from sqlalchemy.orm import Session

IDLE_LIMIT = dt.timedelta(minutes=30)
ABSOLUTE_LIMIT = dt.timedelta(hours=12)
_SEEN_EVERY = dt.timedelta(minutes=1)
_KEPT_FOR = dt.timedelta(days=30)


def open_session(
    session: Session, user_id: uuid.UUID, ip: str | None, user_agent: str, now: dt.datetime
) -> str:
    """Start a session for a browser and return the token its cookie will carry."""
    session.execute(delete(BrowserSession).where(BrowserSession.created_at < now - _KEPT_FOR))
    token = new_secret()
    session.add(
        BrowserSession(
            token_sha256=fingerprint(token),
            user_id=user_id,
            created_at=now,
            seen_at=now,
            ip=ip,
            user_agent=user_agent[:200],
        )
    )
    return token


def user_of_session(
    session: Session, token: str, fs_uniquifier: str, now: dt.datetime
) -> tuple[User, bool] | None:
    """Find whose living session a token is; the flag says that its last use ought to be noted."""
    found = session.execute(
        select(User, BrowserSession.seen_at)
        .join(BrowserSession, BrowserSession.user_id == User.id)
        .where(
            BrowserSession.token_sha256 == fingerprint(token),
            BrowserSession.ended_at.is_(None),
            BrowserSession.created_at > now - ABSOLUTE_LIMIT,
            BrowserSession.seen_at > now - IDLE_LIMIT,
            User.fs_uniquifier == fs_uniquifier,
            User.active,
        )
    ).one_or_none()
    if found is None:
        return None
    user, seen_at = found
    return user, now - seen_at > _SEEN_EVERY


def note_use(session: Session, token: str, now: dt.datetime) -> None:
    """Move the idle limit of a session."""
    this = BrowserSession.token_sha256 == fingerprint(token)
    session.execute(update(BrowserSession).where(this).values(seen_at=now))


def end_session(session: Session, token: str, now: dt.datetime) -> None:
    """End one session; its cookie is worth nothing from now on."""
    this = (BrowserSession.token_sha256 == fingerprint(token), BrowserSession.ended_at.is_(None))
    session.execute(update(BrowserSession).where(*this).values(ended_at=now))


def end_sessions_of(
    session: Session, user_id: uuid.UUID, now: dt.datetime, keep: str | None = None
) -> None:
    """End all sessions of a user, except the one whose token is ``keep``."""
    theirs = [BrowserSession.user_id == user_id, BrowserSession.ended_at.is_(None)]
    if keep is not None:
        theirs.append(BrowserSession.token_sha256 != fingerprint(keep))
    session.execute(update(BrowserSession).where(*theirs).values(ended_at=now))


class PageCookie(SecureCookieSessionInterface):
    """The signed cookie of the pages: bound to this host over TLS, absent from static files."""

    name = "gisapp"

    def get_cookie_name(self, app: Flask) -> str:
        """``__Host-`` binds a cookie to this very host; browsers demand TLS for it."""
        return f"__Host-{self.name}" if self.get_cookie_secure(app) else self.name

    def get_cookie_secure(self, app: Flask) -> bool:
        """Secure wherever the request itself came over TLS; plain only on loopback."""
        from flask import request

        return request.is_secure

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Read the cookie, except for files that are the same for everybody."""
        if request.endpoint == "static":
            return self.session_class()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the cookie, except for files that are the same for everybody."""
        from flask import request

        if request.endpoint != "static":
            super().save_session(app, session, response)
