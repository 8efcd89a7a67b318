"""Fifty planners on 10,000 parcels for a minute, then kill -9; splits and a corridor at the API.

Everything is the register's own way of writing: drafts, rehearsal, commit, all constraints. Beside
it stands the same shape work saved into a plain table that guards nothing.
"""

from __future__ import annotations

import dataclasses
import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import quantiles
from uuid import uuid4

import numpy as np
import psycopg
import pytest
import shapely
from sqlalchemy.orm import Session

from gisapp import create_app
from gisapp.cluster import preparation
from gisapp.cluster.home import ClusterHome
from gisapp.cluster.server import Cluster
from gisapp.config import Settings
from gisapp.db import Database
from gisapp.running import database_of
from gisapp.security import accounts
from gisapp.security.permissions import Role
from planning.parcels.commands import NewParcel, add_parcels
from planning.parcels.holding import held_of
from tests.conftest import TestDatabase
from tests.db.editing import DAY, spot
from tests.db.ground import PLANE, START, Ground, change, lay
from tests.editors import Editors, Tally, lost, overlaps
from tests.server import Server
from tests.web.conftest import PASSWORD, Browser, session_of

EDITORS, SECONDS, PARCELS = 50, 60.0, 10_000
GOAL_SPLIT_S, GOAL_CORRIDOR_S = 0.3, 3.0


@pytest.fixture
def durable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Cluster, TestDatabase]]:
    """A cluster of its own that keeps what it acknowledged, with the lattice in it."""
    cluster = Cluster(ClusterHome.under(tmp_path_factory.mktemp("durable")), durable=True)
    cluster.home.make()
    cluster.start()
    try:
        server = Server(cluster.logins())
        name = server.clone(server.template())
        settings = Settings(
            data_dir=tmp_path_factory.mktemp("data"),
            private=False,
            database_url=server.url(preparation.OWNER, name),
            database_url_read=server.url(preparation.READ, name),
            database_url_write=server.url(preparation.WRITE, name),
            secret_key="only for the tests, never anywhere else",
        )
        database = Database(settings)
        yield cluster, TestDatabase(name, server, settings, database)
        database.close()
    finally:
        cluster.stop()


def test_fifty_editors_and_a_killed_server(durable: tuple[Cluster, TestDatabase]) -> None:
    cluster, made = durable
    with made.database.transaction() as session:
        ground = lay(session, PARCELS)
    plain = _plain_table(made, ground)
    room = Editors(made.settings, ground.parcels, ground.document_id)
    killer = threading.Timer(SECONDS, _kill, (cluster, room))
    killer.start()
    room.work(EDITORS, SECONDS + 5)
    killer.join()
    tally = room.tally
    made.database.close()
    cluster.start()
    with made.database.reading(seconds=120) as session:
        overlapping, (missing, stolen) = overlaps(session), lost(session, tally)
    _say(tally, plain, overlapping, missing, stolen)
    assert tally.invaded == 0
    assert (overlapping, missing, stolen) == (0, 0, 0)
    deadlocks = {name: n for name, n in tally.shown.items() if "40P01" in name or "40001" in name}
    assert deadlocks == {}


def _kill(cluster: Cluster, room: Editors) -> None:
    """Kill the postmaster and all its children in the middle of the work."""
    pid = int((cluster.home.pgdata / "postmaster.pid").read_text().splitlines()[0])
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    for each in (pid, *map(int, children)):
        os.kill(each, signal.SIGKILL)
    room.stop()


def _plain_table(made: TestDatabase, ground: Ground) -> Tally:
    """The same moves saved into a table without a rule: as fast as this machine saves at all."""
    with made.server.connect(database=made.name) as owner:
        owner.execute(
            "CREATE TABLE public.plain AS SELECT version_id, parcel_id, geom, false AS closed"
            " FROM land.parcel_version"
        )
        owner.execute("CREATE INDEX ON public.plain (parcel_id) WHERE NOT closed")
        owner.execute("CREATE INDEX ON public.plain USING gist (geom) WHERE NOT closed")
    tally, lock, over = Tally(), threading.Lock(), threading.Event()

    def edit(number: int) -> None:
        chance = random.Random(number)
        with made.server.connect(database=made.name) as own:
            while not over.is_set():
                started = time.monotonic()
                _save_plainly(own, chance.choice(ground.parcels), chance)
                with lock:
                    tally.seconds.append(time.monotonic() - started)

    rooms = [threading.Thread(target=edit, args=(n,)) for n in range(EDITORS)]
    for room in rooms:
        room.start()
    over.wait(SECONDS / 4)
    over.set()
    for room in rooms:
        room.join()
    return tally


def _save_plainly(
    own: psycopg.Connection[tuple[object, ...]], parcel: object, chance: random.Random
) -> None:
    with own.transaction():
        row = own.execute(
            "SELECT ST_AsBinary(geom) FROM public.plain WHERE parcel_id = %s AND NOT closed",
            [parcel],
        ).fetchone()
        if row is None:
            return
        shift = np.array([chance.uniform(-2, 2), chance.uniform(-2, 2)])
        shape = shapely.transform(shapely.from_wkb(bytes(row[0])), lambda xy: xy + shift)  # type: ignore[arg-type]
        own.execute(
            "UPDATE public.plain SET closed = true WHERE parcel_id = %s AND NOT closed", [parcel]
        )
        own.execute(
            "INSERT INTO public.plain VALUES (0, %s, ST_SetSRID(ST_GeomFromWKB(%s), 5899), false)",
            [parcel, shapely.to_wkb(shape)],
        )


def _say(tally: Tally, plain: Tally, overlapping: int, missing: int, stolen: int) -> None:
    rate = len(tally.acknowledged) / SECONDS
    plain_rate = len(plain.seconds) / (SECONDS / 4)
    print(
        f"\n{EDITORS} editors, {PARCELS} parcels, {SECONDS:.0f} s: {len(tally.acknowledged)} saved,"
        f" {rate:.1f}/s, p50 {tally.p(0.5):.2f} s, p95 {tally.p(0.95):.2f} s"
        f" | plain table {plain_rate:.0f}/s, p95 {plain.p(0.95):.3f} s"
        f" | {tally.invasions} invasions, {tally.invaded} got through, {overlapping} overlaps,"
        f" {missing} missing, {stolen} lost after kill -9"
        f" | refused {dict(tally.refused)} | shown {dict(tally.shown)}"
    )


@pytest.fixture
def desk(fresh_database: TestDatabase) -> Iterator[tuple[Browser, Ground]]:
    """A planner's browser on a zone of 10,000 parcels."""
    app = create_app(fresh_database.settings)
    with database_of(app).transaction() as session:
        accounts.create_user(session, "planner", Role.PLANNER, PASSWORD)
        ground = _narrow_lots(session)
    with fresh_database.server.connect(database=fresh_database.name) as owner:
        owner.execute("VACUUM ANALYZE")
    yield session_of(app, "planner"), ground
    database_of(app).close()


def _narrow_lots(session: Session) -> Ground:
    """10,000 lots of 28 m × 60 m, side by side in rows of 150."""
    ground = lay(session)
    west, south = spot(1, 1)
    lots = [
        NewParcel(shapely.box(e, n, e + 28, n + 60), "27001", str(number // 150), str(number % 150))
        for number in range(1, PARCELS + 1)
        for e, n in [(west + number % 150 * 28, south + number // 150 * 60)]
    ]
    made = add_parcels(
        session, change(session, ground.document_id), zone_id=ground.zone_id, srid=PLANE,
        parcels=lots, valid_from=START,
    )  # fmt: skip
    return dataclasses.replace(ground, parcels=made)


def _post(browser: Browser, path: str, body: object) -> tuple[float, dict[str, object]]:
    headers = {"X-CSRFToken": browser.token, "Idempotency-Key": str(uuid4())}
    started = time.perf_counter()
    answer = browser.client.post(f"/api/v1{path}", json=body, headers=headers)
    seconds = time.perf_counter() - started
    assert answer.status_code in (200, 201), answer.json
    return seconds, answer.json


def _opened(browser: Browser, ground: Ground) -> str:
    body = {"document_id": str(ground.document_id), "reason": "đo", "effective_on": str(DAY)}
    return str(_post(browser, "/changes", body)[1]["id"])


def _versions(session: Session, ground: Ground) -> dict[str, int]:
    held = held_of(session, ground.parcels, DAY)
    return {str(each.parcel_id): each.version for each in held.values()}


def test_a_split_and_a_corridor_at_the_api(
    desk: tuple[Browser, Ground], fresh_database: TestDatabase
) -> None:
    browser, ground = desk
    with fresh_database.database.reading(seconds=60) as session:
        versions = _versions(session, ground)
    splits = []
    for n in range(40):
        parcel = str(ground.parcels[5_000 + 2 * n])
        body = {
            "parcel": parcel, "versions": {parcel: versions[parcel]}, "method": "area",
            "area_m2": 555.5, "direction": {"bearing_deg": 37},
        }  # fmt: skip
        opened = _opened(browser, ground)
        splits.append(_post(browser, f"/changes/{opened}/parcels/split", body)[0])
    p95 = quantiles(splits, n=20)[-1]
    opened = _opened(browser, ground)
    road = {
        "zone": "KCN-1", "width_m": 24,
        "centreline": [spot(5, 7.003), spot(20, 7.001), spot(35, 7.003)],
    }  # fmt: skip
    added, answer = _post(browser, f"/changes/{opened}/parcels/corridor", road)
    effect = answer["effect"]
    cut = len(effect["removed"])  # type: ignore[index]
    kept, _ = _post(browser, f"/changes/{opened}/commit", {})
    print(
        f"\nsplit by area, {PARCELS} parcels: median {sorted(splits)[20]:.3f} s, p95 {p95:.3f} s"
        f" | corridor of 3 km through {cut} parcels: {added:.2f} s, commit {kept:.2f} s"
    )
    assert cut >= 200
    assert p95 < GOAL_SPLIT_S
    assert added < GOAL_CORRIDOR_S
