"""Codes of an authenticator app: each works once, guesses are slowed down like passwords."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, cast

from flask import request
from flask_security import Totp

from gisapp.running import database
from gisapp.security import throttle
from gisapp.security.events import EventKind, record

if TYPE_CHECKING:
    from flask_security import UserMixin
    from passlib.totp import TotpMatch  # type: ignore[import-untyped]

    from gisapp.security.model import User


class OneTimeCodes(Totp):
    """Codes that cannot be used twice and cannot be guessed at speed."""

    def verify_totp(self, token: str, totp_secret: str, user: UserMixin, window: int = 0) -> bool:
        """Check a code; too many wrong ones make the next ones wait, whatever they are."""
        now, person = dt.datetime.now(dt.UTC), cast("User", user)
        attempt = throttle.Attempt(
            request.remote_addr or "", f"{person.username} second factor", known=False
        )
        with database().transaction() as session:
            if throttle.admit(session, attempt, now):
                return False
        right: bool = super().verify_totp(token, totp_secret, user, window)
        with database().transaction() as session:
            if right:
                throttle.forgive(session, attempt, person.id, now)
            else:
                record(session, EventKind.SECOND_FACTOR_FAILED, user_id=person.id)
        return right

    def get_last_counter(self, user: UserMixin) -> int | None:
        """The counter of the last code this user has used."""
        return cast("User", user).tf_last_counter

    def set_last_counter(self, user: UserMixin, tmatch: TotpMatch) -> None:
        """Remember the counter of the code just used."""
        cast("User", user).tf_last_counter = tmatch.counter
