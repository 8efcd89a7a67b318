"""The queue of imports: dry run, approval, receipt; crashes and doubles do no harm."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from shapely.geometry import box
from sqlalchemy import select

from gisapp.importing import KeyUsedOtherwise, Source, bring_in
from gisapp.jobs import queue
from gisapp.jobs.model import ImportJob, ImportRow
from gisapp.jobs.work import LOCK_SPACE, MOST_ATTEMPTS, Worker
from planning.changes.imports import Layer
from tests.conftest import TestDatabase
from tests.import_files import found_zone, request, run_import, write_file

E, N = 432_000.0, 2_317_000.0


@pytest.fixture
def park(fresh_database: TestDatabase, tmp_path: Path) -> TestDatabase:
    """A zone with its boundary and a file of two parcels, one of them repeated."""
    found_zone(fresh_database.database)
    write_file(tmp_path / "r.gpkg", [box(E, N, E + 1000, N + 1000)], {"ten": ["Khu"]})
    run_import(
        fresh_database.database, fresh_database.settings, tmp_path / "r.gpkg", Layer.BOUNDARY
    )
    shapes = [box(E, N, E + 100, N + 100), box(E + 100, N, E + 200, N + 100)]
    write_file(tmp_path / "t.gpkg", shapes, {"so_to": ["1", "1"], "so_thua": ["1", "1"]})
    return fresh_database


def submit(park: TestDatabase, path: Path, **asked: Any) -> UUID:
    """Upload a file of parcels."""
    with path.open("rb") as stream, park.database.transaction() as session:
        return queue.submit(
            session,
            park.settings,
            stream,
            request(Layer.PARCELS, file_name=path.name, **asked),
        )


def job_of(park: TestDatabase, job_id: UUID) -> ImportJob:
    """The job as it stands."""
    with park.database.reading() as session:
        job = queue.find_job(session, job_id)
    assert job is not None
    return job


def parcels(park: TestDatabase) -> int:
    """How many parcel versions there are."""
    with park.connect("gisapp_owner") as owner:
        row = owner.execute("SELECT count(*) FROM land.parcel_version").fetchone()
    assert row is not None
    return int(str(row[0]))


def test_from_upload_to_receipt(park: TestDatabase, tmp_path: Path) -> None:
    worker = Worker(park.database, park.settings)
    job_id = submit(park, tmp_path / "t.gpkg")
    assert worker.step() and not worker.step()
    job = job_of(park, job_id)
    assert job.status == "checked" and job.report is not None
    assert job.report["counts"] == {"accepted": 0, "repaired": 0, "refused": 2}
    assert parcels(park) == 0 and queue.file_of(park.settings, job_id).exists()
    with park.database.transaction() as session:
        queue.ask_again(session, job, park.settings, allow_duplicates=True)
    worker.step()
    job = job_of(park, job_id)
    assert job.report is not None and job.report["counts"]["accepted"] == 2
    with park.database.transaction() as session:
        queue.approve(session, job, park.settings, partial=False)
    worker.step()
    job = job_of(park, job_id)
    assert (job.status, parcels(park)) == ("done", 2)
    assert job.change_number is not None
    assert not queue.file_of(park.settings, job_id).exists()
    with park.database.reading() as session:
        assert len(session.scalars(select(ImportRow)).all()) == 2


def test_a_file_refused_as_a_whole_says_why(park: TestDatabase, tmp_path: Path) -> None:
    write_file(tmp_path / "t.gpkg", [box(0, 0, 1, 1)], {"so_to": ["1"], "so_thua": ["1"]},
               crs="EPSG:3857")  # fmt: skip
    job_id = submit(park, tmp_path / "t.gpkg")
    Worker(park.database, park.settings).step()
    job = job_of(park, job_id)
    assert job.status == "refused" and job.report is not None
    assert job.report["error"]["code"] == "crs-web-mercator"
    with park.database.transaction() as session:
        queue.discard(session, job, park.settings)
    assert not queue.file_of(park.settings, job_id).exists()


def test_a_job_another_worker_holds_is_left_alone(park: TestDatabase, tmp_path: Path) -> None:
    job_id = submit(park, tmp_path / "t.gpkg")
    with park.connect() as other:
        other.execute("SELECT pg_advisory_lock(%s, %s)", [LOCK_SPACE, job_id.int % 2**31])
        assert not Worker(park.database, park.settings).step()
    assert Worker(park.database, park.settings).step()


def test_a_dead_workers_job_is_taken_up_again_but_not_for_ever(
    park: TestDatabase, tmp_path: Path
) -> None:
    job_id = submit(park, tmp_path / "t.gpkg")
    with park.connect("gisapp_owner") as owner:
        owner.execute("UPDATE app.import_job SET status = 'checking', attempts = 1")
    worker = Worker(park.database, park.settings)
    assert worker.step() and job_of(park, job_id).status == "checked"
    with park.connect("gisapp_owner") as owner:
        owner.execute(
            "UPDATE app.import_job SET status = 'checking', attempts = %s", [MOST_ATTEMPTS]
        )
    assert worker.step() and job_of(park, job_id).status == "failed"


def test_two_workers_do_each_job_once(park: TestDatabase, tmp_path: Path) -> None:
    ids = [submit(park, tmp_path / "t.gpkg", allow_duplicates=True) for _ in range(3)]

    def work() -> None:
        worker = Worker(park.database, park.settings)
        while worker.step():
            pass

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [job_of(park, job_id).attempts for job_id in ids] == [1, 1, 1]
    assert {job_of(park, job_id).status for job_id in ids} == {"checked"}


def test_only_a_checked_job_can_be_approved(park: TestDatabase, tmp_path: Path) -> None:
    job = job_of(park, submit(park, tmp_path / "t.gpkg"))
    with pytest.raises(queue.JobElsewhere), park.database.transaction() as session:
        queue.approve(session, job, park.settings, partial=False)


def test_an_empty_upload_leaves_no_file(park: TestDatabase, tmp_path: Path) -> None:
    (tmp_path / "leer.gpkg").touch()
    with pytest.raises(Exception, match="file-empty"):
        submit(park, tmp_path / "leer.gpkg")
    assert list(queue.upload_folder(park.settings).iterdir()) == []


def test_cleaning_forgets_what_nobody_came_back_for(park: TestDatabase, tmp_path: Path) -> None:
    job_id = submit(park, tmp_path / "t.gpkg")
    worker = Worker(park.database, park.settings)
    worker.step()
    with park.connect("gisapp_owner") as owner:
        owner.execute("UPDATE app.import_job SET created_at = now() - interval '2 days'")
    os.utime(queue.file_of(park.settings, job_id), (0, 0))
    worker.clean()
    with park.database.reading() as session:
        assert queue.find_job(session, job_id) is None
    assert list(queue.upload_folder(park.settings).iterdir()) == []


def test_the_same_request_under_one_key_is_written_once(park: TestDatabase, tmp_path: Path) -> None:
    path = tmp_path / "t.gpkg"
    asked = request(Layer.PARCELS, file_name=path.name, allow_duplicates=True)

    def once(asked_for: Any) -> Any:
        return bring_in(
            park.database, park.settings, asked_for, Source(path, path.name), idempotency_key="k1"
        )

    first = once(asked)
    again = once(asked)
    assert first.change == again.change and again.counts == first.counts
    assert parcels(park) == 2
    with pytest.raises(KeyUsedOtherwise):
        once(request(Layer.PARCELS, file_name=path.name, partial=True))
