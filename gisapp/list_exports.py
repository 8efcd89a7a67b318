"""A list out of the register: the rows somebody may see at a moment, as they would come back in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gisapp.list_imports import places, reading_list
from planning.clocks import moment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from gisapp.db import Database
    from gisapp.lists import Leaving
    from gisapp.security.scope import Scope


def take_list(
    database: Database,
    leaving: Leaving,
    scope: Scope,
    reader: str,
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> Sequence[Mapping[str, object]]:
    """The rows of a list at a moment, by the fields of its target.

    Readings of personal data are noted under the reader's name.
    """
    with reading_list(database, personal=leaving.personal) as session:
        at = moment(session, as_of, known_at)
        return leaving.listed(session, at, places(session, at, scope, reader))
