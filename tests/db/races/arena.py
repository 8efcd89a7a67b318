"""Two sessions against one rule: raw SQL, forced interleaving, no sleeping and no luck.

A `Hand` is one connection in one transaction. `race` lets the first hand write, starts the second
one and waits until PostgreSQL says that it waits for a lock or is done, then commits the first and
the second. What is judged afterwards is the database, not the error.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid4

import psycopg

from tests.conftest import TestDatabase

PLANE: Final = 5899
WRITE, OWNER = "gisapp_write", "gisapp_owner"
READ_COMMITTED, REPEATABLE_READ, SERIALIZABLE = LEVELS = (
    "READ COMMITTED",
    "REPEATABLE READ",
    "SERIALIZABLE",
)
PATIENCE_S: Final = 8.0
START: Final = "2020-01-01"


class Hand:
    """One session: its statements, and what became of its transaction."""

    def __init__(self, connection: psycopg.Connection[Any], pid: int) -> None:
        self.connection = connection
        self.pid = pid
        self.error: psycopg.Error | None = None
        self.committed = False
        self._thread: threading.Thread | None = None

    def all(self, statement: str, **values: Any) -> list[tuple[Any, ...]]:
        """Run a statement and return its rows."""
        cursor = self.connection.execute(statement, values)
        return cursor.fetchall() if cursor.description else []

    def one(self, statement: str, **values: Any) -> Any:
        """Run a statement and return its first value."""
        rows = self.all(statement, **values)
        return rows[0][0] if rows else None

    def change(self, document: UUID | None, kind: str = "act") -> int:
        """Open a change and return its number."""
        number: int = self.one(
            "INSERT INTO land.change (kind, reason, actor, effective_on, document_id)"
            " VALUES (%(kind)s, 'race', 'racer', '2020-01-01', %(document)s) RETURNING number",
            kind=kind,
            document=document,
        )
        return number

    def do(self, work: Callable[[Hand], object]) -> None:
        """Do a piece of work here and now; a refusal is kept and undoes the transaction."""
        try:
            work(self)
        except psycopg.Error as error:
            self.error = error
            self.connection.rollback()

    def start(self, work: Callable[[Hand], object]) -> None:
        """Do a piece of work in a thread of its own."""
        self._thread = threading.Thread(target=self.do, args=(work,), daemon=True)
        self._thread.start()

    def commit(self, _hand: Hand | None = None) -> None:
        """Commit, if nothing was refused."""
        if self.error is None:
            self.connection.commit()
            self.committed = True

    @property
    def busy(self) -> bool:
        """True while a started piece of work runs."""
        return self._thread is not None and self._thread.is_alive()

    def join(self) -> None:
        """Wait for the started piece of work. Raises TimeoutError."""
        if self._thread is not None:
            self._thread.join(PATIENCE_S)
        if self.busy:
            raise TimeoutError(f"session {self.pid} does not come to an end")

    @property
    def refused_by(self) -> str:
        """The constraint that refused, else the SQLSTATE; empty when nothing did."""
        if self.error is None:
            return ""
        return self.error.diag.constraint_name or self.error.sqlstate or type(self.error).__name__


@dataclass(frozen=True)
class Plot:
    """A zone of its own, 1 km × 1 km, and the document everything hangs on."""

    zone: UUID
    east: float
    north: float
    document: UUID

    def square(self, column: float, row: float, width: float = 100, height: float = 100) -> str:
        """A rectangle as EWKT: column and row count 100 m from the south-west corner."""
        return self.ring(
            [(0, 0), (width, 0), (width, height), (0, height)], column * 100, row * 100
        )

    def ring(self, corners: list[tuple[float, float]], east: float = 0, north: float = 0) -> str:
        """A polygon as EWKT, corners in metres from the south-west corner of the plot."""
        placed = [(self.east + east + x, self.north + north + y) for x, y in corners]
        points = ", ".join(f"{x:.3f} {y:.3f}" for x, y in [*placed, placed[0]])
        return f"SRID={PLANE};POLYGON(({points}))"


@dataclass
class Arena:
    """A database to race in; every race has ground of its own."""

    target: TestDatabase
    plots: int = 0
    _watcher: psycopg.Connection[Any] | None = None
    _idle: dict[str, list[psycopg.Connection[Any]]] = field(default_factory=dict)

    @property
    def watcher(self) -> psycopg.Connection[Any]:
        """The superuser who looks on, in autocommit."""
        if self._watcher is None:
            self._watcher = self.target.connect("postgres")
        return self._watcher

    def close(self) -> None:
        """Let every idle connection go; the next question makes new ones."""
        for idle in self._idle.values():
            while idle:
                idle.pop().close()
        if self._watcher is not None:
            self._watcher.close()
            self._watcher = None

    @contextmanager
    def hand(self, login: str = WRITE, level: str = READ_COMMITTED) -> Iterator[Hand]:
        """A session in a transaction, its snapshot taken. Connections are used again."""
        idle = self._idle.setdefault(login, [])
        connection = idle.pop() if idle else self._connect(login)
        connection.execute(f"SET TRANSACTION ISOLATION LEVEL {level}")
        row = connection.execute("SELECT pg_backend_pid()").fetchone()
        assert row is not None
        hand = Hand(connection, int(row[0]))
        try:
            yield hand
        finally:
            if hand.busy:
                self.watcher.execute("SELECT pg_cancel_backend(%s)", [hand.pid])
                hand.join()
            connection.rollback()
            idle.append(connection)

    def _connect(self, login: str) -> psycopg.Connection[Any]:
        connection = self.target.connect(login)
        connection.execute("SET statement_timeout = '10s'")
        connection.execute("SET lock_timeout = '8s'")
        connection.autocommit = False
        return connection

    def settle(self, hand: Hand) -> bool:
        """Wait until a hand's work is done (False) or waits for another session (True)."""
        until = time.monotonic() + PATIENCE_S
        while hand.busy:
            row = self.watcher.execute(
                "SELECT cardinality(pg_blocking_pids(%s)) > 0", [hand.pid]
            ).fetchone()
            if row is not None and row[0]:
                return True
            if time.monotonic() > until:
                raise TimeoutError(f"session {hand.pid} neither waits nor ends")
            time.sleep(0.002)
        return False

    def ask(self, statement: str, **values: Any) -> Any:
        """The first value of a question, asked by the superuser."""
        row = self.watcher.execute(statement, values).fetchone()
        return row[0] if row else None

    def write(self, work: Callable[[Hand], Any], login: str = WRITE) -> Any:
        """Do a piece of work and commit it; return its answer."""
        with self.hand(login) as hand:
            answer = work(hand)
            hand.commit()
            return answer

    def race(
        self,
        first: Callable[[Hand], object],
        second: Callable[[Hand], object],
        *,
        level: str = READ_COMMITTED,
        login: str = WRITE,
    ) -> tuple[Hand, Hand]:
        """Interleave: first writes, second writes until it waits or is done, first commits."""
        with self.hand(login, level) as one, self.hand(login, level) as two:
            one.do(first)
            two.start(second)
            self.settle(two)
            one.start(one.commit)
            if self.settle(one):
                two.join()
                two.do(two.commit)
            one.join()
            two.join()
            if not two.committed:
                two.do(two.commit)
            return one, two

    def plot(self) -> Plot:
        """Found a zone on ground nobody used yet."""
        self.plots += 1
        east, north = 300_000.0 + self.plots * 2_000, 2_200_000.0
        return self.write(lambda hand: lay_plot(hand, east, north))


def lay_plot(hand: Hand, east: float, north: float) -> Plot:
    """A board, a zone and its surveyed boundary, in one change."""
    document = hand.one(
        "INSERT INTO land.document (number, issued_on, issuer, created_by)"
        " VALUES (%(number)s, '2020-01-01', 'UBND', 'racer') RETURNING id",
        number=str(uuid4()),
    )
    number = hand.change(document)
    code = f"Z{number}"
    board = hand.one(
        "INSERT INTO land.board (code, opened_by) VALUES (%(code)s, %(number)s) RETURNING id",
        code=code,
        number=number,
    )
    zone = hand.one(
        "INSERT INTO land.zone (code, kind, srid, opened_by)"
        " VALUES (%(code)s, 'industrial_park', %(plane)s, %(number)s) RETURNING id",
        code=code,
        plane=PLANE,
        number=number,
    )
    hand.all(
        "INSERT INTO land.zone_version (zone_id, board_id, name_vi, valid_from, opened_by)"
        " VALUES (%(zone)s, %(board)s, 'Khu', '2020-01-01', %(number)s)",
        zone=zone,
        board=board,
        number=number,
    )
    plot = Plot(zone, east, north, document)
    set_boundary(hand, plot, number, plot.square(0, 0, 1000, 1000))
    return plot


def set_boundary(
    hand: Hand, plot: Plot, number: int, shape: str, since: str = START, until: str | None = None
) -> None:
    """Record a surveyed boundary."""
    hand.all(
        "INSERT INTO land.zone_boundary (zone_id, srid, certainty, geom, valid_from, valid_to,"
        " opened_by) VALUES (%(zone)s, %(plane)s, 'surveyed', ST_Multi(%(shape)s::geometry),"
        " %(since)s, %(until)s, %(number)s)",
        zone=plot.zone,
        plane=PLANE,
        shape=shape,
        since=since,
        until=until,
        number=number,
    )


def add_parcel(
    hand: Hand,
    plot: Plot,
    shape: str,
    *,
    number: int | None = None,
    since: str = START,
    until: str | None = None,
    parcel: UUID | None = None,
    zone: UUID | None = None,
    plane: int = PLANE,
) -> UUID:
    """Record a parcel, under a change of its own unless one is given."""
    number = hand.change(plot.document) if number is None else number
    if parcel is None:
        parcel = hand.one(
            "INSERT INTO land.parcel (opened_by) VALUES (%(number)s) RETURNING id", number=number
        )
    hand.all(
        "INSERT INTO land.parcel_version (parcel_id, zone_id, srid, geom, valid_from, valid_to,"
        " opened_by) VALUES (%(parcel)s, %(zone)s, %(plane)s, %(shape)s::geometry, %(since)s,"
        " %(until)s, %(number)s)",
        parcel=parcel,
        zone=zone or plot.zone,
        plane=plane,
        shape=shape,
        since=since,
        until=until,
        number=number,
    )
    assert parcel is not None
    return parcel


def close_rows(hand: Hand, table: str, number: int, where: str, **values: Any) -> int:
    """End the knowledge of rows; return how many."""
    return len(
        hand.all(
            f"UPDATE land.{table} SET closed_by = %(number)s WHERE closed_by IS NULL AND {where}"
            " RETURNING 1",
            number=number,
            **values,
        )
    )


def judged_early(work: Callable[[Hand], object]) -> Callable[[Hand], object]:
    """The same work, which asks for the judgement due at commit while others are still writing."""

    def early(hand: Hand) -> None:
        work(hand)
        hand.all("SET CONSTRAINTS ALL IMMEDIATE")

    return early
