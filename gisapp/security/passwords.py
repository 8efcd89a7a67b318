"""Passwords: argon2id, never more than two at a time, nothing short or common.

One verification takes 64 MiB and a good part of a second on purpose.
A crowd of wrong logins must not exhaust the memory of the server, so at most two
run at once in a process and the others wait their turn.
"""

from __future__ import annotations

import threading
from functools import cache
from importlib.resources import files

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MINIMUM_LENGTH = 12
MAXIMUM_LENGTH = 200

_hasher = PasswordHasher()
_turns = threading.BoundedSemaphore(2)


class PasswordRefused(ValueError):
    """The password is too short, too long, common, or the user's own name.

    ``reason`` is one of ``too-short``, ``too-long``, ``common``, ``own-name``.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@cache
def _common() -> frozenset[str]:
    text = files("gisapp.security").joinpath("common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))


def check_strength(password: str, user_name: str) -> None:
    """Refuse a password that would be guessed.

    Raises:
        PasswordRefused: fewer than 12 or more than 200 characters, on the list of common
            passwords (letter case and digits at the end do not help), or the user's name repeated.
    """
    if len(password) < MINIMUM_LENGTH:
        raise PasswordRefused("too-short")
    if len(password) > MAXIMUM_LENGTH:
        raise PasswordRefused("too-long")
    plain = password.casefold()
    stem = plain.rstrip("0123456789!@#$%^&*.?_- ")
    if plain in _common() or stem in _common() or len(set(plain)) < 4:
        raise PasswordRefused("common")
    if plain.replace(user_name.casefold(), "").strip("0123456789!@#$%^&*.?_- ") == "":
        raise PasswordRefused("own-name")


def hash_password(password: str) -> str:
    """Turn a password into its argon2id record, salt and cost included."""
    with _turns:
        return _hasher.hash(password)


def matches(password: str, record: str) -> bool:
    """Say whether a password belongs to a stored record; takes its time either way."""
    with _turns:
        try:
            return _hasher.verify(record, password)
        except (VerificationError, InvalidHashError):
            return False


def outdated(record: str) -> bool:
    """Say whether a record was made with weaker costs than today's."""
    return _hasher.check_needs_rehash(record)


@cache
def _nobody() -> str:
    return hash_password("nobody has this password")


def waste_time(password: str) -> None:
    """Verify against nobody's record: an unknown name answers as slowly as a known one."""
    matches(password, _nobody())
