"""Secrets that are shown once and kept as hashes: session cookies and personal API tokens."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from gisapp.security.events import EventKind, record
from gisapp.security.model import ApiToken, User

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

PREFIX = "gis_"
LIFETIME = dt.timedelta(days=365)
_USE_NOTED_EVERY = dt.timedelta(minutes=5)


def new_secret() -> str:
    """Make 256 random bits in URL-safe letters."""
    return secrets.token_urlsafe(32)


def fingerprint(secret: str) -> bytes:
    """The hash under which a secret is stored and found."""
    return hashlib.sha256(secret.encode()).digest()


def create_token(
    session: Session, user: User, name: str, now: dt.datetime, lifetime: dt.timedelta = LIFETIME
) -> str:
    """Give a user a personal API token and return it; it cannot be shown again."""
    token = PREFIX + new_secret()
    session.add(
        ApiToken(
            user_id=user.id,
            name=name,
            token_sha256=fingerprint(token),
            created_at=now,
            expires_at=now + lifetime,
        )
    )
    record(session, EventKind.TOKEN_CREATED, user_id=user.id, token_name=name)
    return token


def user_of_token(session: Session, token: str, now: dt.datetime) -> User | None:
    """Find the active user a living token belongs to, and note that it was used."""
    found = session.execute(
        select(User, ApiToken)
        .join(ApiToken, ApiToken.user_id == User.id)
        .where(
            ApiToken.token_sha256 == fingerprint(token),
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_at > now,
            User.active,
        )
    ).one_or_none()
    if found is None:
        return None
    user, row = found
    if row.last_used_at is None or now - row.last_used_at > _USE_NOTED_EVERY:
        session.execute(update(ApiToken).where(ApiToken.id == row.id).values(last_used_at=now))
    return user


def tokens_of(session: Session, user_id: uuid.UUID, now: dt.datetime) -> list[ApiToken]:
    """List a user's living tokens, newest first."""
    living = (ApiToken.revoked_at.is_(None), ApiToken.expires_at > now)
    order = ApiToken.created_at.desc()
    return list(
        session.scalars(
            select(ApiToken).where(ApiToken.user_id == user_id, *living).order_by(order)
        )
    )


def revoke_token(
    session: Session, user_id: uuid.UUID, token_id: uuid.UUID, now: dt.datetime
) -> bool:
    """End one of a user's tokens; ``False`` when it is not theirs or already ended."""
    mine = (ApiToken.id == token_id, ApiToken.user_id == user_id, ApiToken.revoked_at.is_(None))
    name = session.scalar(
        update(ApiToken).where(*mine).values(revoked_at=now).returning(ApiToken.name)
    )
    if name is None:
        return False
    record(session, EventKind.TOKEN_REVOKED, user_id=user_id, token_name=name)
    return True
