"""The tables of schema ``account`` as mapped classes.

``User`` and ``UserRole`` carry the attributes Flask-Security expects; everything
about what a role may do lives in :mod:`gisapp.security.permissions`, not here.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from flask_security import RoleMixin, UserMixin
from sqlalchemy import (
    BigInteger,
    DateTime,
    ForeignKey,
    Identity,
    LargeBinary,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import INET, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from gisapp.security import passwords
from gisapp.security.permissions import Permission, Role, may
from gisapp.security.second_factor import must_have

_NOW = text("now()")


class AccountBase(DeclarativeBase):
    """Mapped classes of schema ``account``; the tables are made by migration 0002."""

    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads the class attribute
        dt.datetime: DateTime(timezone=True),
        str: Text(),
        bytes: LargeBinary(),
    }


class UserRole(AccountBase, RoleMixin):
    """One of the six roles."""

    __tablename__ = "role"
    __table_args__ = ({"schema": "account"},)

    name: Mapped[str] = mapped_column(primary_key=True)
    rank: Mapped[int] = mapped_column(SmallInteger)


class User(AccountBase, UserMixin):
    """One person who signs in by user name."""

    __tablename__ = "user"
    __table_args__ = ({"schema": "account"},)

    # the library types an integer and a required address; it reads neither where we use it
    id: Mapped[uuid.UUID] = mapped_column(  # type: ignore[assignment]
        primary_key=True, default=uuid.uuid4
    )
    username: Mapped[str]
    full_name: Mapped[str | None]
    email: Mapped[str | None]  # type: ignore[assignment]
    password: Mapped[str]
    fs_uniquifier: Mapped[str] = mapped_column(default=lambda: uuid.uuid4().hex)
    role_name: Mapped[str] = mapped_column(ForeignKey("account.role.name"))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[dt.datetime] = mapped_column(server_default=_NOW)
    password_changed_at: Mapped[dt.datetime] = mapped_column(server_default=_NOW)
    tf_primary_method: Mapped[str | None]
    tf_totp_secret: Mapped[str | None]
    tf_last_counter: Mapped[int | None] = mapped_column(BigInteger)

    user_role: Mapped[UserRole] = relationship(lazy="raise")
    scopes: Mapped[list[UserScope]] = relationship(lazy="selectin", cascade="all, delete-orphan")

    @property
    def roles(self) -> list[RoleMixin]:  # type: ignore[override]
        """The single role in the list form Flask-Security reads."""
        return [UserRole(name=self.role_name)]

    @property
    def role(self) -> Role:
        """The role as a value of the permission table."""
        return Role(self.role_name)

    @property
    def shown_name(self) -> str:
        """The name people read: full name where there is one, else the user name."""
        return self.full_name or self.username

    def may(self, permission: Permission) -> bool:
        """Say whether this user holds a permission."""
        return bool(self.active) and may(self.role, permission)

    def check_tf_required(
        self, tf_setup_methods: list[tuple[str, str]], tf_fresh: bool
    ) -> tuple[bool, list[tuple[str, str]]]:
        """Ask for a code: always where one is set up, and of the roles that must have one."""
        return bool(tf_setup_methods) or self.check_tf_required_setup(), tf_setup_methods

    def check_tf_required_setup(self) -> bool:
        """Say whether this user may not go without a second factor."""
        return must_have(self.role)

    def verify_and_update_password(self, password: str) -> bool:
        """Check a password and renew its record when the costs have risen since."""
        if not passwords.matches(password, self.password):
            return False
        if passwords.outdated(self.password):
            self.password = passwords.hash_password(password)
        return True


class UserScope(AccountBase):
    """A board or a zone a user is limited to."""

    __tablename__ = "user_scope"
    __table_args__ = ({"schema": "account"},)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.user.id"))
    board_code: Mapped[str | None]
    zone_code: Mapped[str | None]


class BrowserSession(AccountBase):
    """A signed-in browser, known by the hash of the token in its cookie."""

    __tablename__ = "session"
    __table_args__ = ({"schema": "account"},)

    token_sha256: Mapped[bytes] = mapped_column(primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.user.id"))
    created_at: Mapped[dt.datetime] = mapped_column(server_default=_NOW)
    seen_at: Mapped[dt.datetime] = mapped_column(server_default=_NOW)
    ended_at: Mapped[dt.datetime | None]
    ip: Mapped[str | None] = mapped_column(INET)
    user_agent: Mapped[str | None]


class ApiToken(AccountBase):
    """A personal token for programs; only its hash is kept."""

    __tablename__ = "api_token"
    __table_args__ = ({"schema": "account"},)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.user.id"))
    name: Mapped[str]
    token_sha256: Mapped[bytes]
    created_at: Mapped[dt.datetime] = mapped_column(server_default=_NOW)
    expires_at: Mapped[dt.datetime]
    last_used_at: Mapped[dt.datetime | None]
    revoked_at: Mapped[dt.datetime | None]


class LoginThrottle(AccountBase):
    """Recent failed logins under one key (an address, a user name, or all together)."""

    __tablename__ = "login_throttle"
    __table_args__ = ({"schema": "account"},)

    kind: Mapped[str] = mapped_column(primary_key=True)
    key_sha256: Mapped[bytes] = mapped_column(primary_key=True)
    failures: Mapped[int]
    last_attempt_at: Mapped[dt.datetime]


class KnownAddress(AccountBase):
    """An address a user has signed in from before."""

    __tablename__ = "known_address"
    __table_args__ = ({"schema": "account"},)

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.user.id"), primary_key=True)
    ip: Mapped[str] = mapped_column(INET, primary_key=True)
    last_login_at: Mapped[dt.datetime]


class SecurityEvent(AccountBase):
    """Something that happened at the door; rows are only added."""

    __tablename__ = "event"
    __table_args__ = ({"schema": "account"},)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(server_default=text("clock_timestamp()"))
    kind: Mapped[str]
    user_id: Mapped[uuid.UUID | None]
    actor_id: Mapped[uuid.UUID | None]
    ip: Mapped[str | None] = mapped_column(INET)
    request_id: Mapped[str | None]
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
