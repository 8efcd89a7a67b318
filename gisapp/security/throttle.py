"""Guessing passwords is slowed down by address, by name and in all; nobody is locked out.

Failures under a key are counted; after a free allowance each further one doubles the wait.
An attempt is counted before the password is looked at, so a hundred guesses sent at once are
a hundred failures, not one. An attempt that comes too early is refused and not counted.
Somebody else's guesses do not stop the owner of a name: from an address the user has signed in
from before, only that address's own failures count.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from gisapp.security.model import KnownAddress, LoginThrottle, User

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

_KNOWN_FOR = dt.timedelta(days=90)


@dataclass(frozen=True)
class Allowance:
    """How many failures are free under a key, how long the wait may grow, when all is forgotten."""

    free: int
    longest_wait_s: int
    forgotten_after: dt.timedelta

    def wait_s(self, failures: int, since: dt.timedelta) -> int:
        """Seconds still to wait, given the failures so far and the time since the last one."""
        if failures < self.free or since >= self.forgotten_after:
            return 0
        wait: int = min(2 ** min(failures - self.free, 20), self.longest_wait_s)
        return max(0, wait - int(since.total_seconds()))


ALLOWANCES = {
    "address": Allowance(free=20, longest_wait_s=900, forgotten_after=dt.timedelta(hours=1)),
    "global": Allowance(free=200, longest_wait_s=5, forgotten_after=dt.timedelta(minutes=15)),
    "user": Allowance(free=5, longest_wait_s=60, forgotten_after=dt.timedelta(minutes=30)),
}
"""Sorted by name: rows are always locked in this order."""


@dataclass(frozen=True)
class Attempt:
    """One try to sign in: where it came from and under which name."""

    address: str
    username: str
    known: bool

    def counters(self) -> Iterator[tuple[str, bytes]]:
        """The counters this attempt falls under, in locking order."""
        yield "address", _hashed(self.address)
        if not self.known:
            yield "global", _hashed("")
            yield "user", _hashed(self.username)


def _hashed(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()


def attempt_of(session: Session, address: str, username: str, now: dt.datetime) -> Attempt:
    """Describe a try, finding out whether this user has signed in from this address lately."""
    known = session.scalar(
        select(KnownAddress.user_id)
        .join(User, User.id == KnownAddress.user_id)
        .where(
            User.username == username,
            KnownAddress.ip == address,
            KnownAddress.last_login_at > now - _KNOWN_FOR,
        )
    )
    return Attempt(address, username, known is not None)


def admit(session: Session, attempt: Attempt, now: dt.datetime) -> int:
    """Count an attempt as failed until it proves otherwise, or say how long to wait.

    Returns the seconds it came too early, 0 when it may go on; the caller commits before it
    looks at the password.
    """
    rows = {kind: _locked(session, kind, key, now) for kind, key in attempt.counters()}
    waits = [
        ALLOWANCES[kind].wait_s(row.failures, now - row.last_attempt_at)
        for kind, row in rows.items()
    ]
    if wait := max(waits, default=0):
        return wait
    for kind, row in rows.items():
        stale = now - row.last_attempt_at >= ALLOWANCES[kind].forgotten_after
        row.failures = 1 if stale else row.failures + 1
        row.last_attempt_at = now
    session.flush()
    return 0


def _locked(session: Session, kind: str, key: bytes, now: dt.datetime) -> LoginThrottle:
    """The counter of a key, made if need be, held until the transaction ends."""
    session.execute(
        insert(LoginThrottle)
        .values(kind=kind, key_sha256=key, failures=0, last_attempt_at=now)
        .on_conflict_do_nothing()
    )
    return session.execute(
        select(LoginThrottle).filter_by(kind=kind, key_sha256=key).with_for_update()
    ).scalar_one()


def forgive(session: Session, attempt: Attempt, user_id: uuid.UUID, now: dt.datetime) -> None:
    """Take back the count of an attempt that succeeded and remember its address.

    The user's failures are forgotten; those of the address and of all only lose this one, so that
    signing in to one's own account does not wash an address clean.
    """
    for kind, key in attempt.counters():
        this = (LoginThrottle.kind == kind, LoginThrottle.key_sha256 == key)
        if kind == "user":
            session.execute(delete(LoginThrottle).where(*this))
            continue
        less = func.greatest(LoginThrottle.failures - 1, 0)
        session.execute(update(LoginThrottle).where(*this).values(failures=less))
    remembered = insert(KnownAddress).values(user_id=user_id, ip=attempt.address, last_login_at=now)
    session.execute(
        remembered.on_conflict_do_update(
            index_elements=["user_id", "ip"], set_={"last_login_at": now}
        )
    )
