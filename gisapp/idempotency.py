"""Requests that may be sent twice: the key is written with what the request did, or not at all.

A client that lost the answer sends the request again under the same key and gets the same answer;
nothing is done a second time.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
from flask import Response, request
from sqlalchemy import func, select

from gisapp.api.written import as_json
from gisapp.db import retried
from gisapp.importing import KeyUsedOtherwise
from gisapp.jobs.model import IdempotencyKey
from gisapp.refusals import KeyMissing
from gisapp.running import database

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

LONGEST_KEY = 200


@dataclass(frozen=True)
class Done:
    """What a request did, as it is answered now and whenever it is sent again."""

    status: int
    body: dict[str, Any]


def once(actor: str, work: Callable[[Session], Done]) -> Response:
    """Do the work of this request in one transaction, or answer what it was answered before.

    Raises:
        KeyMissing: no `Idempotency-Key`.
        KeyUsedOtherwise: the key stands for another request.
    """
    key = request.headers.get("Idempotency-Key", "").strip()
    if not 1 <= len(key) <= LONGEST_KEY:
        raise KeyMissing()
    mark = hashlib.sha256()
    for part in (request.method.encode(), request.full_path.encode(), request.get_data()):
        mark.update(len(part).to_bytes(8, "big") + part)

    @retried
    def attempt() -> tuple[Done, bool]:
        with database().transaction() as session:
            lock = func.hashtextextended(f"{actor}\n{key}", 4761)
            session.execute(select(func.pg_advisory_xact_lock(lock)))
            known = session.get(IdempotencyKey, (actor, key))
            if known is not None:
                if known.fingerprint != mark.hexdigest():
                    raise KeyUsedOtherwise(key=key)
                return Done(known.outcome["status"], known.outcome["body"]), True
            done = work(session)
            plain = orjson.loads(as_json({"status": done.status, "body": done.body}).data)
            session.add(
                IdempotencyKey(actor=actor, key=key, fingerprint=mark.hexdigest(), outcome=plain)
            )
            return done, False

    done, replayed = attempt()
    answer = as_json(done.body)
    answer.status_code = done.status
    if replayed:
        answer.headers["Idempotency-Replayed"] = "true"
    return answer
