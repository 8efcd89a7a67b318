"""Sheets in the register: uploaded, read, placed, laid, placed again, withdrawn; none is lost."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import text

from gisapp.jobs.sheets import SheetWorker
from gisapp.sheet_files import path_of
from gisapp.sheets import Upload, bring_sheet
from layers.raster.errors import PointsCollinear, RasterTooSmall
from layers.raster.georeference import ControlPoint, Kind
from layers.raster.png import png
from planning.clocks import Moment, today
from planning.errors import NotFound
from planning.plans.sheets.commands import (
    Description,
    PlanOfAnotherZone,
    ReferenceMoved,
    SheetBusy,
    SheetNotPlaced,
    SheetNotRead,
    describe_sheet,
    place_sheet,
    queue_laying,
    withdraw_sheet,
)
from planning.plans.sheets.queries import (
    SheetRow,
    ground_of,
    lot_shapes,
    placings,
    same_file,
    sheet,
    sheets,
)
from planning.records.commands import open_change
from tests.conftest import TestDatabase
from tests.raster_files import drawing, written
from tests.small_park import SRID, SmallPark, build, cell

WIDTH, HEIGHT = 800, 600
CORNERS = [(5, 5), (795, 8), (790, 595), (7, 590)]


@pytest.fixture
def park(fresh_database: TestDatabase) -> SmallPark:
    with fresh_database.database.transaction() as session:
        return build(session)


def ground(col: float, row: float) -> tuple[float, float]:
    """The park's cells with two metres a pixel, north up."""
    west, _, _, north = cell(0, 0, 10, 6).bounds
    return west - 200 + 2 * col, north + 200 - 2 * row


def points() -> list[ControlPoint]:
    return [ControlPoint(c, r, *ground(c, r)) for c, r in CORNERS]


def brought(made: TestDatabase, park: SmallPark, content: bytes, **more: object) -> UUID:
    asked = {
        "zone_id": park.zone, "srid": SRID, "kind": "sheet", "file_name": "to-1.png", "page": None,
        "said": Description("Tờ 1", 2_000, park.plan_versions[1]), "actor": "an", **more,
    }  # fmt: skip
    done = bring_sheet(made.database, made.settings, BytesIO(content), Upload(**asked))  # type: ignore[arg-type]
    return done.sheet_id


def worker(made: TestDatabase) -> SheetWorker:
    return SheetWorker(made.database, made.settings)


def seen(made: TestDatabase, sheet_id: UUID) -> SheetRow:
    with made.database.reading() as session:
        return sheet(session, Moment(today()), sheet_id)


def change(session: object) -> int:
    return open_change(
        session,
        kind="setup",
        reason="thử",
        actor="an",
        effective_on=today(),  # type: ignore[arg-type]
    )


def picture() -> bytes:
    return png(drawing(WIDTH, HEIGHT))


def test_a_sheet_from_upload_to_map(fresh_database: TestDatabase, park: SmallPark) -> None:
    made = fresh_database
    sheet_id = brought(made, park, picture())
    row = seen(made, sheet_id)
    assert (row.status, row.width, row.height, row.plan_number) == ("reading", WIDTH, HEIGHT, 2)
    assert path_of(made.settings, row.file_sha256).read_bytes() == picture()

    assert worker(made).step()
    assert seen(made, sheet_id).status == "to_place"
    with made.database.transaction() as session:
        found = place_sheet(session, change(session), sheet_id, points(), Kind.AFFINE)
    assert found.rms_m == pytest.approx(0, abs=1e-6)
    assert seen(made, sheet_id).status == "to_lay"

    with made.database.transaction() as session:
        job = queue_laying(session, sheet_id, "an")
        assert queue_laying(session, sheet_id, "an") == job
    assert seen(made, sheet_id).status == "laying"
    assert worker(made).step()
    row = seen(made, sheet_id)
    assert (row.status, row.job_status, row.error) == ("ready", "done", None)
    assert row.laid is not None
    assert row.laid["srid"] == SRID
    assert row.outline is not None
    assert not worker(made).step()
    leftover = [p for p in (made.settings.data_dir / "sheets").iterdir() if len(p.name) != 2]
    assert leftover == []


def test_the_same_file_is_registered_once(fresh_database: TestDatabase, park: SmallPark) -> None:
    first = brought(fresh_database, park, picture())
    assert brought(fresh_database, park, picture()) == first
    with fresh_database.database.reading() as session:
        assert len(sheets(session, Moment(today()), None)) == 1


def test_a_refused_file_leaves_nothing(fresh_database: TestDatabase, park: SmallPark) -> None:
    with pytest.raises(RasterTooSmall):
        brought(fresh_database, park, png(np.zeros((1, 1, 3), dtype=np.uint8)))
    assert not any((fresh_database.settings.data_dir / "sheets").iterdir())
    with fresh_database.database.reading() as session:
        assert sheets(session, Moment(today()), None) == []
        assert session.scalar(text("SELECT count(*) FROM app.sheet_job")) == 0


def test_placing_again_keeps_what_was(fresh_database: TestDatabase, park: SmallPark) -> None:
    made = fresh_database
    sheet_id = brought(made, park, picture())
    worker(made).step()
    with made.database.transaction() as session:
        place_sheet(session, change(session), sheet_id, points(), Kind.AFFINE)
    first = seen(made, sheet_id).reference_id
    moved = [ControlPoint(p.col, p.row, p.easting + 10, p.northing) for p in points()]
    with pytest.raises(ReferenceMoved), made.database.transaction() as session:
        place_sheet(session, change(session), sheet_id, moved, Kind.AFFINE)
    with made.database.transaction() as session:
        place_sheet(session, change(session), sheet_id, moved, Kind.HELMERT, based_on=first)
    with made.database.reading() as session:
        told = placings(session, sheet_id)
    assert [(each.kind, each.stands) for each in told] == [("helmert", True), ("affine", False)]
    assert {each.actor for each in told} == {"an"}


def test_bad_points_keep_the_placement_that_stands(
    fresh_database: TestDatabase, park: SmallPark
) -> None:
    made = fresh_database
    sheet_id = brought(made, park, picture())
    worker(made).step()
    with made.database.transaction() as session:
        place_sheet(session, change(session), sheet_id, points(), Kind.AFFINE)
    before = seen(made, sheet_id)
    line = [ControlPoint(100 * i, 50 * i, *ground(100 * i, 50 * i)) for i in range(1, 5)]
    with pytest.raises(PointsCollinear), made.database.transaction() as session:
        place_sheet(
            session, change(session), sheet_id, line, Kind.AFFINE, based_on=before.reference_id
        )
    assert seen(made, sheet_id) == before


def test_a_sheet_is_laid_only_when_read_and_placed(
    fresh_database: TestDatabase, park: SmallPark
) -> None:
    made = fresh_database
    sheet_id = brought(made, park, picture())
    with pytest.raises(SheetNotRead), made.database.transaction() as session:
        queue_laying(session, sheet_id, "an")
    worker(made).step()
    with pytest.raises(SheetNotPlaced), made.database.transaction() as session:
        queue_laying(session, sheet_id, "an")
    with made.database.transaction() as session:
        place_sheet(session, change(session), sheet_id, points(), Kind.AFFINE)
        queue_laying(session, sheet_id, "an")
    with made.database.transaction() as session:
        known = seen(made, sheet_id).reference_id
        place_sheet(session, change(session), sheet_id, points(), Kind.HELMERT, based_on=known)
        with pytest.raises(SheetBusy):
            queue_laying(session, sheet_id, "an")


def test_a_file_that_does_not_decode_says_why(
    fresh_database: TestDatabase, park: SmallPark
) -> None:
    made = fresh_database
    whole = png(np.random.default_rng(1).integers(0, 255, (500, 500, 3), dtype=np.uint8))
    middle = len(whole) // 2
    sheet_id = brought(made, park, whole[:middle] + bytes(64) + whole[middle + 64 :])
    assert worker(made).step()
    row = seen(made, sheet_id)
    assert (row.status, row.job_status) == ("unreadable", "refused")
    assert row.error is not None
    assert row.error["code"] == "raster-damaged"
    assert path_of(made.settings, row.file_sha256).is_file()


def test_a_lost_file_is_named(fresh_database: TestDatabase, park: SmallPark) -> None:
    made = fresh_database
    sheet_id = brought(made, park, picture())
    path_of(made.settings, seen(made, sheet_id).file_sha256).unlink()
    worker(made).step()
    row = seen(made, sheet_id)
    assert row.error is not None
    assert row.error["code"] == "sheet-file-missing"


def test_a_georeferenced_file_places_itself_and_claims_no_accuracy(
    fresh_database: TestDatabase, park: SmallPark, tmp_path: Path
) -> None:
    from rasterio import Affine

    made = fresh_database
    west, north = ground(0, 0)
    path = written(
        tmp_path / "geo.tif", np.moveaxis(drawing(WIDTH, HEIGHT), 2, 0), crs=f"EPSG:{SRID}",
        transform=Affine(2, 0, west, 0, -2, north),
    )  # fmt: skip
    sheet_id = brought(made, park, path.read_bytes(), file_name="geo.tif")
    assert worker(made).step()
    assert worker(made).step()
    row = seen(made, sheet_id)
    assert (row.status, row.origin, row.transform, row.rms_m) == ("ready", "file", "affine", None)
    assert row.outline is not None
    assert row.outline[0] == pytest.approx([west, north], abs=0.01)


def test_a_sheet_belongs_to_a_plan_of_its_zone(
    fresh_database: TestDatabase, park: SmallPark
) -> None:
    made = fresh_database
    with pytest.raises(PlanOfAnotherZone):
        brought(
            made, park, picture(), zone_id=park.parent,
            said=Description("Tờ", 2_000, park.plan_versions[0]),
        )  # fmt: skip
    with pytest.raises(NotFound):
        brought(made, park, picture(), said=Description("Tờ", 2_000, document_id=park.zone))
    assert not any((made.settings.data_dir / "sheets").iterdir())


def test_described_anew_and_withdrawn_the_past_stays(
    fresh_database: TestDatabase, park: SmallPark
) -> None:
    made = fresh_database
    sheet_id = brought(made, park, picture())
    with made.database.reading() as session:
        known = session.scalar(text("SELECT max(number) FROM land.change"))
    with made.database.transaction() as session:
        describe_sheet(session, change(session), sheet_id, Description("Tờ hai", 1_000))
    assert (seen(made, sheet_id).title, seen(made, sheet_id).scale_denominator) == ("Tờ hai", 1_000)
    with made.database.transaction() as session:
        withdraw_sheet(session, change(session), sheet_id)
    with pytest.raises(NotFound):
        seen(made, sheet_id)
    with made.database.reading() as session:
        assert sheet(session, Moment(today(), known), sheet_id).title == "Tờ 1"
        assert same_file(session, park.zone, "0" * 64, 1, "sheet") is None
    with pytest.raises(NotFound), made.database.transaction() as session:
        withdraw_sheet(session, change(session), sheet_id)


def test_sheets_over_a_lot_and_over_a_parcel(fresh_database: TestDatabase, park: SmallPark) -> None:
    made = fresh_database
    sheet_id = brought(made, park, picture())
    worker(made).step()
    with made.database.transaction() as session:
        place_sheet(session, change(session), sheet_id, points(), Kind.AFFINE)
        queue_laying(session, sheet_id, "an")
    worker(made).step()
    now = Moment(today())
    with made.database.reading() as session:
        lots = lot_shapes(session, now, park.zone, SRID, None)
        assert lots
        lot = ground_of(session, now, lot_id=lots[0].lot_id)
        assert lot.shape.equals(lots[0].shape)
        assert [row.id for row in sheets(session, now, None, outline=lot.ewkt)] == [sheet_id]
        parcel = ground_of(session, now, parcel_id=park.parcels[5])
        assert [row.id for row in sheets(session, now, None, outline=parcel.ewkt)] == [sheet_id]
        far = f"SRID={SRID};POINT(500000 1500000)"
        assert sheets(session, now, None, outline=far) == []
        with pytest.raises(NotFound):
            ground_of(session, now, lot_id=park.zone)


def test_a_job_nobody_finishes_ends(fresh_database: TestDatabase, park: SmallPark) -> None:
    made = fresh_database
    sheet_id = brought(made, park, picture())
    with made.connect("gisapp_owner") as connection:
        connection.execute("UPDATE app.sheet_job SET attempts = 3, status = 'running'")
    assert worker(made).step()
    assert seen(made, sheet_id).job_status == "failed"
