"""The demo's drawn sheet lies where its plan lies, and its files are what the register says."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import rasterio
from sqlalchemy.orm import Session

from gisapp.demo.drawn_plan import METRES_A_PIXEL, PAPER
from gisapp.demo.layout import PARK_A
from gisapp.demo.lettering import strokes
from gisapp.demo.scanned import NAME, sheet_of
from gisapp.demo.signed import EXPIRES_ON, SIGNED_BY, SIGNED_ON
from gisapp.sheet_files import path_of, sha256_of
from layers.raster.intake import inspect_raster
from layers.raster.limits import RasterLimits
from layers.raster.reading import window_of
from layers.raster.warping import Laid
from layers.raster.worker import said
from layers.styling import style
from planning.clocks import Moment
from planning.conformance.queries import findings
from planning.plans.sheets.queries import SheetRow, sheets
from planning.zones.queries import find_zone
from tests.conftest import TestDatabase


@pytest.fixture
def laid_sheet(demo_reading: Session) -> SheetRow:
    """The one sheet of the demo."""
    (found,) = sheets(demo_reading, Moment(SIGNED_ON), None)
    return found


def test_the_sheet_is_placed_with_an_honest_error(laid_sheet: SheetRow) -> None:
    assert (laid_sheet.status, laid_sheet.file_name) == ("ready", NAME)
    assert (laid_sheet.plan_code, laid_sheet.plan_number) == ("QHPK-A", 1)
    assert laid_sheet.document_number == "30/QĐ-MH"
    assert laid_sheet.points is not None and laid_sheet.rms_m is not None
    assert len(laid_sheet.points) == 4
    assert 0 < laid_sheet.rms_m < METRES_A_PIXEL / 2


def test_its_colours_lie_on_the_lots(laid_sheet: SheetRow, demo_database: TestDatabase) -> None:
    assert laid_sheet.map_sha256 is not None and laid_sheet.laid is not None
    path, laid = path_of(demo_database.settings, laid_sheet.map_sha256), Laid(**laid_sheet.laid)
    for lot in PARK_A.lots(adjusted=False)[:-2]:
        # a quarter of the way to a corner: clear of the name in the middle
        (east, north), middle = lot.shape.exterior.coords[0], lot.shape.centroid
        e, n = middle.x + (east - middle.x) * 0.7, middle.y + (north - middle.y) * 0.7
        seen = window_of(path, laid, (e - 4, n - 4, e + 4, n + 4), (4, 4))[..., :3]
        tint = style("plan-lots", lot.category).seen_on(f"#{bytes(PAPER).hex()}")
        wanted = np.frombuffer(bytes.fromhex(tint[1:]), dtype=np.uint8)
        assert np.abs(np.median(seen.reshape(-1, 3), axis=0) - wanted).max() <= 3, lot.name


def test_its_files_are_what_the_register_says(
    laid_sheet: SheetRow, demo_database: TestDatabase, tmp_path: Path
) -> None:
    for sha256 in (laid_sheet.file_sha256, laid_sheet.picture_sha256, laid_sheet.map_sha256):
        assert sha256 is not None
        assert sha256_of(path_of(demo_database.settings, sha256)) == sha256
    original = path_of(demo_database.settings, laid_sheet.file_sha256)
    facts = inspect_raster(original, name=NAME, scratch=tmp_path, limits=RasterLimits())
    assert laid_sheet.facts == said(facts)


def test_the_sheet_to_upload_is_the_plan_of_2024(tmp_path: Path) -> None:
    first, second = sheet_of(1), sheet_of(2)
    assert first.crosses == second.crosses
    changed = (first.pixels != second.pixels).any(axis=2)
    corner = PARK_A.lots(adjusted=True)[19]
    col, row = (
        int(each) for each in second.place(corner.shape.centroid.x, corner.shape.centroid.y)
    )
    assert corner.category == "CN" and changed[row - 30 : row - 20, col - 60 : col + 60].all()
    file = tmp_path / "qh-2024.png"
    file.write_bytes(second.png())
    with pytest.warns(rasterio.errors.NotGeoreferencedWarning), rasterio.open(file) as read:
        assert (np.moveaxis(read.read(), 0, 2) == second.pixels).all()


def test_vietnamese_is_lettered_with_its_marks() -> None:
    plain, wide = strokes("BAN VE DO")
    marked, same = strokes("BẢN VẼ ĐỎ")
    assert same == wide
    assert len(marked) == len(plain) + 4  # hook, tilde, bar, hook
    assert all(math.isfinite(each) for line in marked for each in line.ravel())


def test_one_finding_is_waived_by_name_and_until_a_day(demo_reading: Session) -> None:
    zone = find_zone(demo_reading, "KKT-DEMO")
    found = findings(demo_reading, Moment(SIGNED_ON), (zone.id,))
    assert Counter(each.kind for each in found if each.is_open) == {"across_uses": 2}
    (waived,) = (each.waiver for each in found if not each.is_open)
    assert waived is not None
    assert (waived.granted_by, waived.expires_on) == (SIGNED_BY, EXPIRES_ON)
