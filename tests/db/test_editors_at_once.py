"""Editors at once, some taking their neighbours' land: nothing overlaps, nothing is lost."""

from __future__ import annotations

import pytest

from tests.conftest import TestDatabase
from tests.db.editing import laid
from tests.editors import Editors, lost, overlaps


@pytest.mark.parametrize("editors", [6])
def test_editors_at_once_lose_nothing(fresh_database: TestDatabase, editors: int) -> None:
    with fresh_database.database.transaction() as session:
        block = laid(session)
    room = Editors(fresh_database.settings, block.parcels, block.ground.document_id)
    room.work(editors, 6.0)
    tally = room.tally
    assert len(tally.acknowledged) >= 5
    assert tally.invasions >= 1
    assert tally.invaded == 0
    assert tally.shown == {}, "an error of the database's own was shown to an editor"
    with fresh_database.database.reading() as session:
        assert overlaps(session) == 0
        assert lost(session, tally) == (0, 0)
