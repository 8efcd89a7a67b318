"""The one door for what the database says no to: every command's error becomes a sentence.

The driver's own message may hold values of rows; only codes, names of rules and what the register
itself can tell leave.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import psycopg
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from gisapp import config
from gisapp.db import Database, sqlstate
from gisapp.refusals import Refusal
from planning import refusals
from planning.errors import PlanningError

_BUSY: Final = frozenset({"55P03", "57014", "40001", "40P01", "53300"})
_OLDER_SCHEMA: Final = frozenset({"42P01", "42703", "42883", "3F000"})


class SchemaOlder(Refusal):
    """The database lacks what this version of the program asks for. Context: ``sqlstate``."""

    code = "database-schema-older"


class DatabaseSaysNo(Refusal):
    """An error of the database that is no rule of the register. Context: ``sqlstate``."""

    code = "database-says-no"


Said = tuple[str, Mapping[str, object]]


def said_of(error: BaseException) -> Said | None:
    """Return the code and facts for what a database refused; None for any other error."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if not isinstance(cause, psycopg.Error):
        return None
    state = sqlstate(cause)
    if state is None and isinstance(cause, psycopg.OperationalError):
        return "database-no-answer", {"reason": str(cause).strip()}
    refused = refusals.refusal(cause)
    if refused is not None:
        named = _explained(refused)
        return named.code, named.context
    facts = {"sqlstate": state or type(cause).__name__}
    if state in _BUSY:
        return "import-database-busy", facts
    if state in _OLDER_SCHEMA:
        return SchemaOlder.code, facts
    return DatabaseSaysNo.code, facts


def _explained(refused: PlanningError) -> PlanningError:
    """The refusal with names beside its ids, when the database answers."""
    database = Database(config.load())
    try:
        with database.reading(seconds=2) as session:
            return refusals.explained(session, refused)
    except (SQLAlchemyError, Refusal):
        return refused
    finally:
        database.close()
