"""A form that may be sent twice: the key it carries is written with what it did, or not at all."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from uuid import uuid4

from flask import request
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from gisapp.db import retried
from gisapp.importing import KeyUsedOtherwise
from gisapp.jobs.model import IdempotencyKey
from gisapp.running import database
from planning import refusals
from planning.errors import PlanningError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

FIELD = "once"
"""The hidden field of every writing form."""
_LOCK = 4761
_LONGEST = 60


def new_key() -> str:
    """A key for a form about to be shown."""
    return uuid4().hex


def written_once(actor: str, work: Callable[[Session], str], *, seconds: float = 30) -> str:
    """Do the work of a form in one transaction, or answer what it answered before.

    `work` returns a word or two for the reader.

    Raises:
        KeyUsedOtherwise: the key stands for another form.
        PlanningError: what planning refuses, and what the database does, in the same words.
    """
    key = request.form.get(FIELD, "").strip()[:_LONGEST] or new_key()
    mark = hashlib.sha256(request.path.encode())
    for name, value in sorted(request.form.items(multi=True)):
        if name not in ("csrf_token", FIELD):
            mark.update(f"\n{name}={value}".encode())

    @retried
    def attempt() -> str:
        with database().transaction(seconds=seconds) as session:
            lock = func.hashtextextended(f"{actor}\n{key}", _LOCK)
            session.execute(select(func.pg_advisory_xact_lock(lock)))
            known = session.get(IdempotencyKey, (actor, key))
            if known is not None:
                if known.fingerprint != mark.hexdigest():
                    raise KeyUsedOtherwise(key=key)
                return str(known.outcome["said"])
            said = work(session)
            session.add(
                IdempotencyKey(
                    actor=actor, key=key, fingerprint=mark.hexdigest(), outcome={"said": said}
                )
            )
            return said

    try:
        return attempt()
    except DBAPIError as error:
        raise named_refusal(error) from error


def named_refusal(error: DBAPIError) -> PlanningError | DBAPIError:
    """What the database refused with names people know; what is no rule stays what it is."""
    refused = refusals.refusal(error)
    if refused is None:
        return error
    with database().reading(seconds=2) as session:
        return refusals.explained(session, refused)
