"""Planners who edit one zone at the same time, some of them trying to take their neighbour's land.

Each editor has connections of its own and goes through the same commands as the web: open a
change, add an operation, commit; every answer is kept, to be held against the register later.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from uuid import UUID

import numpy as np
import shapely
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from gisapp.config import Settings
from gisapp.db import Database, retried, sqlstate
from layers.errors import LayerError
from planning.changes.drafts.commands import add, commit, open_draft, own_draft
from planning.errors import PlanningError
from planning.parcels.holding import Held, close_versions, held_of, open_versions
from planning.records.commands import open_change
from planning.refusals import refusal
from tests.db.editing import DAY

SQL_OVERLAPS = text(
    "SELECT count(*) FROM land.parcel_version AS a JOIN land.parcel_version AS b"
    " ON a.srid = b.srid AND a.geom && b.geom AND a.valid && b.valid AND a.parcel_id < b.parcel_id"
    " WHERE a.closed_by IS NULL AND b.closed_by IS NULL"
    " AND spatial.overlaps_for_real(a.geom, b.geom)"
)


@dataclass
class Tally:
    """What editors were told: acknowledged (change, superseded versions), refusals, seconds."""

    acknowledged: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    shown: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    invasions: int = 0
    invaded: int = 0

    def p(self, share: float) -> float:
        """Seconds under which that share of the acknowledged edits stayed."""
        ordered = sorted(self.seconds)
        return ordered[int(share * (len(ordered) - 1))] if ordered else 0.0


class Editors:
    """A room of editors at work on the parcels of one zone."""

    def __init__(
        self, settings: Settings, parcels: list[UUID], document: UUID, *, invaders: float = 0.2
    ) -> None:
        self.settings = settings
        self.parcels = parcels
        self.document = document
        self.invaders = invaders
        self.tally = Tally()
        self._lock = threading.Lock()
        self._over = threading.Event()

    def work(self, editors: int, seconds: float) -> None:
        """Let so many edit for so long."""
        rooms = [threading.Thread(target=self._edit, args=(n,)) for n in range(editors)]
        for room in rooms:
            room.start()
        self._over.wait(seconds)
        self._over.set()
        for room in rooms:
            room.join()

    def stop(self) -> None:
        """Everybody finishes what is begun."""
        self._over.set()

    def _edit(self, number: int) -> None:
        chance = random.Random(number)
        database = Database(self.settings)
        try:
            while not self._over.is_set():
                invades = chance.random() < self.invaders
                started = time.monotonic()
                try:
                    done = (
                        self._invade(database, chance)
                        if invades
                        else self._save(database, chance, number)
                    )
                except (PlanningError, LayerError) as refused:
                    self._count("refused", refused.code)
                except DBAPIError as error:
                    known = refusal(error)
                    name = known.code if known else f"sqlstate {sqlstate(error)}"
                    self._count("refused" if known else "shown", name)
                except SQLAlchemyError as error:
                    self._count("shown", type(error).__name__)
                else:
                    with self._lock:
                        if invades:
                            self.tally.invaded += 1
                        elif done is not None:
                            self.tally.acknowledged.append(done)
                            self.tally.seconds.append(time.monotonic() - started)
                if invades:
                    with self._lock:
                        self.tally.invasions += 1
        finally:
            database.close()

    def _count(self, name: str, code: str) -> None:
        with self._lock:
            getattr(self.tally, name)[code] += 1

    def _save(
        self, database: Database, chance: random.Random, number: int
    ) -> tuple[int, tuple[int, ...]]:
        """Move a corner that four parcels share, as a planner does it; the versions it replaced."""
        parcel, actor = chance.choice(self.parcels), f"editor-{number}"

        @retried
        def attempt() -> tuple[int, tuple[int, ...]]:
            with database.transaction() as session:
                (held,) = held_of(session, [parcel], DAY).values()
                corner = chance.choice(shapely.get_coordinates(held.shape.exterior)[:-1].tolist())
                to = [corner[0] + chance.uniform(-2, 2), corner[1] + chance.uniform(-2, 2)]
                made = open_draft(
                    session, kind="correction", document_id=self.document, reason="Đo lại",
                    effective_on=DAY, actor=actor,
                )  # fmt: skip
                draft = own_draft(session, made, actor, to_change=True)
                said = {"parcels": [str(parcel)], "edits": [{"corner": corner, "to": to}]}
                step = add(session, draft, "reshape", said, {parcel: held.version})
                saved = commit(session, draft)
                pairs = [*step.effect["reshaped"]]
                return saved["number"], tuple(pair["base_version"] for pair in pairs)

        return attempt()

    def _invade(self, database: Database, chance: random.Random) -> None:
        """Write a parcel five metres into its neighbours, past every check but the database's."""
        parcel = chance.choice(self.parcels)

        @retried
        def attempt() -> None:
            with database.transaction() as session:
                (held,) = held_of(session, [parcel], DAY).values()
                moved: Held = replace(
                    held, shape=shapely.transform(held.shape, lambda xy: xy + np.array([5.0, 3.0]))
                )
                change = open_change(
                    session, kind="correction", reason="lấn", actor="invader", effective_on=DAY,
                    document_id=self.document,
                )  # fmt: skip
                close_versions(session, change, [held])
                open_versions(session, change, [moved])

        attempt()


def overlaps(session: Session) -> int:
    """Pairs of parcels in the register that overlap for real."""
    return int(session.scalar(SQL_OVERLAPS) or 0)


def lost(session: Session, tally: Tally) -> tuple[int, int]:
    """Acknowledged edits that are not in the register, and updates that were lost.

    An update is lost when a version it stood on was superseded by somebody else with another
    shape: versions that only gained a neighbour's corner (`noded`) hand their ground on.
    """
    present = set(
        session.scalars(text("SELECT number FROM land.change WHERE committed_at IS NOT NULL"))
    )
    rows = session.execute(
        text(
            "SELECT old.version_id, old.closed_by, fresh.noded FROM land.parcel_version AS old"
            " LEFT JOIN land.parcel_version AS fresh ON fresh.parcel_id = old.parcel_id"
            " AND fresh.opened_by = old.closed_by WHERE old.closed_by IS NOT NULL"
        )
    )
    closed = {row.version_id: (row.closed_by, row.noded) for row in rows}
    missing = sum(number not in present for number, _ in tally.acknowledged)
    stolen = 0
    for number, versions in tally.acknowledged:
        for version in versions:
            by, noded = closed.get(version, (None, None))
            stolen += by != number and not noded
    return missing, stolen
