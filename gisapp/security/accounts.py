"""Users as an administrator handles them: create, change, close, new password; demo accounts."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from gisapp.refusals import Refusal
from gisapp.security import passwords, sessions
from gisapp.security.events import EventKind, record
from gisapp.security.model import ApiToken, User, UserScope
from gisapp.security.permissions import Role
from planning.records.queries import is_demo
from planning.zones.queries import boards, zones

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from planning.clocks import Moment

_NAME = re.compile(r"[a-z][a-z0-9._-]{1,39}")


class UserNameInvalid(Refusal):
    """A user name is 2 to 40 lower-case letters, digits, dots, dashes. Context: ``name``."""

    code = "user-name-invalid"


class UserNameTaken(Refusal):
    """Somebody has this user name. Context: ``name``."""

    code = "user-name-taken"


class UserUnknown(Refusal):
    """Nobody has this user name. Context: ``name``."""

    code = "user-unknown"


class RoleUnknown(Refusal):
    """Not one of the six roles. Context: ``role``, ``known``."""

    code = "role-unknown"


class LastAdministrator(Refusal):
    """The only active administrator would lose the role. Context: ``name``."""

    code = "last-administrator"


class PasswordWeak(Refusal):
    """The password would be guessed. Context: ``minimum`` characters."""

    code = "password-weak"


class PasswordMissing(Refusal):
    """No password was given and nobody is there to ask."""

    code = "password-missing"


class PlaceUnknown(Refusal):
    """A board or zone named in a scope does not exist. Context: ``code``."""

    code = "place-unknown"


class NotDemo(Refusal):
    """Demo accounts with known passwords belong to a database marked demo, nowhere else."""

    code = "not-a-demo-database"


def role_named(text: str) -> Role:
    """Read a role. Raises RoleUnknown."""
    try:
        return Role(text)
    except ValueError:
        raise RoleUnknown(role=text[:40], known=[str(role) for role in Role]) from None


def find_user(session: Session, name: str) -> User:
    """Find a user by name, active or not. Raises UserUnknown."""
    user = session.scalar(select(User).where(User.username == name.strip().lower()))
    if user is None:
        raise UserUnknown(name=name[:40])
    return user


def users(session: Session) -> list[User]:
    """All users by name."""
    return list(session.scalars(select(User).order_by(User.username)))


def create_user(
    session: Session,
    name: str,
    role: Role,
    password: str,
    *,
    full_name: str | None = None,
    email: str | None = None,
    actor_id: uuid.UUID | None = None,
) -> User:
    """Make a user. Names are lower case.

    Raises:
        UserNameInvalid, UserNameTaken, PasswordWeak
    """
    name = name.strip().lower()
    if not _NAME.fullmatch(name):
        raise UserNameInvalid(name=name[:40])
    if session.scalar(select(User.id).where(User.username == name)) is not None:
        raise UserNameTaken(name=name)
    _check(password, name)
    user = User(
        username=name,
        full_name=(full_name or "").strip() or None,
        email=(email or "").strip() or None,
        password=passwords.hash_password(password),
        role_name=str(role),
        active=True,
        scopes=[],
    )
    session.add(user)
    session.flush()
    record(session, EventKind.USER_CREATED, user_id=user.id, actor_id=actor_id, role=str(role))
    return user


def set_password(
    session: Session,
    user: User,
    password: str,
    now: dt.datetime,
    *,
    actor_id: uuid.UUID | None = None,
    keep_session: str | None = None,
) -> None:
    """Give a user a new password; their sessions (but ``keep_session``) and tokens end.

    Raises:
        PasswordWeak
    """
    _check(password, user.username)
    user.password = passwords.hash_password(password)
    user.password_changed_at = now
    if keep_session is None:
        user.fs_uniquifier = uuid.uuid4().hex
    _end_everything(session, user, now, keep_session)
    record(session, EventKind.PASSWORD_CHANGED, user_id=user.id, actor_id=actor_id)


def set_active(
    session: Session,
    user: User,
    active: bool,
    now: dt.datetime,
    *,
    actor_id: uuid.UUID | None = None,
) -> None:
    """Close an account at once, or open it again; nothing of it is deleted.

    Raises:
        LastAdministrator
    """
    if user.active == active:
        return
    if not active:
        _keep_an_administrator(session, user)
        _end_everything(session, user, now)
    user.active = active
    kind = EventKind.USER_ACTIVATED if active else EventKind.USER_DEACTIVATED
    record(session, kind, user_id=user.id, actor_id=actor_id)


def change_user(
    session: Session,
    user: User,
    *,
    role: Role,
    full_name: str | None,
    places: Sequence[str],
    at: Moment,
    actor_id: uuid.UUID | None = None,
) -> None:
    """Change a user's role, full name and the boards or zones (by code) they are limited to.

    Raises:
        LastAdministrator, PlaceUnknown
    """
    if role is not Role.ADMIN and user.role is Role.ADMIN:
        _keep_an_administrator(session, user)
    board_codes = {board.code for board in boards(session, at)}
    zone_codes = {zone.code for zone in zones(session, at)}
    for place in places:
        if place not in board_codes | zone_codes:
            raise PlaceUnknown(code=place[:40])
    user.role_name, user.full_name = str(role), (full_name or "").strip() or None
    user.scopes[:] = []
    session.flush()
    user.scopes.extend(
        UserScope(board_code=place) if place in board_codes else UserScope(zone_code=place)
        for place in dict.fromkeys(places)
    )
    detail = {"role": str(role), "places": list(places)}
    record(session, EventKind.USER_CHANGED, user_id=user.id, actor_id=actor_id, **detail)


def demo_password(role: Role) -> str:
    """The known password of a demo account."""
    return f"demo-{role}-2026"


def create_demo_accounts(session: Session) -> list[tuple[str, str]]:
    """Make one account a role, named like the role, and return names and passwords for printing.

    Does nothing for accounts that are there already.

    Raises:
        NotDemo: the database is not marked demo.
    """
    if not is_demo(session):
        raise NotDemo
    present = set(session.scalars(select(User.username)))
    for role in Role:
        if str(role) not in present:
            create_user(session, str(role), role, demo_password(role))
    return [(str(role), demo_password(role)) for role in Role]


def _check(password: str, name: str) -> None:
    try:
        passwords.check_strength(password, name)
    except passwords.PasswordRefused as refusal:
        raise PasswordWeak(minimum=passwords.MINIMUM_LENGTH, reason=refusal.reason) from None


def _keep_an_administrator(session: Session, leaving: User) -> None:
    if leaving.role is not Role.ADMIN:
        return
    # the row locks make two administrators who remove each other wait for one another
    admins = session.scalars(
        select(User.id).where(User.role_name == "admin", User.active).with_for_update()
    ).all()
    if set(admins) <= {leaving.id}:
        raise LastAdministrator(name=leaving.username)


def _end_everything(
    session: Session, user: User, now: dt.datetime, keep: str | None = None
) -> None:
    sessions.end_sessions_of(session, user.id, now, keep)
    living = (ApiToken.user_id == user.id, ApiToken.revoked_at.is_(None))
    session.execute(update(ApiToken).where(*living).values(revoked_at=now))
