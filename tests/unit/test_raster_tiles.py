"""Sheets laid on the grid of their plane: what is drawn lies where it should, tile by tile."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import rasterio
from numpy.typing import NDArray
from rasterio import Affine

from layers.crs import coordinates_to_wgs84
from layers.raster.errors import SheetTooLargeOnGround
from layers.raster.georeference import ControlPoint, Kind, Placement, fit
from layers.raster.png import empty_png, png
from layers.raster.reading import forget, image_tile, tile, window_of
from layers.raster.warping import Laid, footprint, lay, warp
from layers.tiles import WEB_MERCATOR_QUAD, Grid, TileAddress, plane_grid
from tests.raster_files import drawing, pyramid_of

SRID = 9211
GRID = plane_grid(SRID)
WIDTH, HEIGHT = 1_400, 1_000
E0, N0, SIZE, TURN = 598_000.0, 2_301_000.0, 0.3, math.radians(4)


def truth(col: float, row: float, bend: float = 0.0) -> tuple[float, float]:
    x, y = col / WIDTH, row / HEIGHT
    return (
        E0 + SIZE * (col * math.cos(TURN) + row * math.sin(TURN)) + bend * x * x,
        N0 + SIZE * (col * math.sin(TURN) - row * math.cos(TURN)) + bend * x * y,
    )


def placement(kind: Kind = Kind.AFFINE, bend: float = 0.0) -> Placement:
    spots = [(20, 20), (1_380, 30), (1_370, 980), (25, 970), (700, 500), (400, 800), (900, 200)]
    points = [ControlPoint(c, r, *truth(c, r, bend)) for c, r in spots]
    return fit(
        points, kind, width=WIDTH, height=HEIGHT, scale_denominator=2_000, extent=GRID.extent
    ).placement


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Laid, NDArray[np.uint8]]:
    """The drawing laid by an affine transformation."""
    folder = tmp_path_factory.mktemp("sheet")
    pixels = drawing(WIDTH, HEIGHT)
    made = placement()
    laid = lay(made, WIDTH, HEIGHT, SRID)
    warp(pyramid_of(pixels, folder), made, laid, folder / "cog.tif")
    return folder / "cog.tif", laid, pixels


def here(laid: Laid, z: int, e: float, n: float) -> TileAddress:
    side = GRID.resolution(z) * GRID.tile_px
    west, _, _, north = GRID.extent
    return TileAddress(z, int((e - west) // side), int((north - n) // side))


def colour_at(
    found: NDArray[np.uint8], grid: Grid, at: TileAddress, x: float, y: float
) -> list[int]:
    west, _, _, north = grid.tile_box(at)
    size = grid.resolution(at.z)
    return [int(v) for v in found[int((north - y) / size), int((x - west) / size)]]


def middles() -> list[tuple[int, int]]:
    """Places in the middle of the drawing's blocks, far from its lines."""
    return [(c, r) for c in range(31, WIDTH, 240) for r in range(26, HEIGHT, 150)]


def test_it_is_a_cloud_optimized_geotiff_of_its_plane(sheet: tuple[Path, Laid, object]) -> None:
    path, laid, _ = sheet
    with rasterio.open(path) as dataset:
        assert dataset.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert (dataset.crs.to_epsg(), dataset.count) == (SRID, 4)
        assert dataset.transform == laid.transform
        assert dataset.block_shapes[0] == (512, 512)
        assert dataset.overviews(1) == [2, 4]
    assert not path.with_name("cog.tif.part").exists()


def test_its_pixels_are_pixels_of_the_grid_down_to_the_coarsest_copy(
    sheet: tuple[Path, Laid, object],
) -> None:
    _, laid, _ = sheet
    assert laid.metres_a_pixel == 0.25  # the scan has 0.3 m a pixel
    assert (laid.col % 4, laid.row % 4, laid.width % 4, laid.height % 4) == (0, 0, 0, 0)
    outline = footprint(placement(), WIDTH, HEIGHT)
    west, south, east, north = laid.box
    assert (outline[:, 0] >= west).all() and (outline[:, 0] <= east).all()
    assert (outline[:, 1] >= south).all() and (outline[:, 1] <= north).all()


@pytest.mark.parametrize("z", [12, 13, 14, 15])
def test_every_colour_lies_where_it_was_drawn(
    sheet: tuple[Path, Laid, NDArray[np.uint8]], z: int
) -> None:
    path, laid, pixels = sheet
    for col, row in middles():
        e, n = truth(col, row)
        at = here(laid, z, e, n)
        found = tile(path, laid, GRID, at)
        assert found is not None
        *rgb, opaque = colour_at(found, GRID, at, e, n)
        assert opaque == 255
        assert np.abs(np.array(rgb) - pixels[row, col]).max() <= 2, (z, col, row)


def test_a_tile_is_a_plain_window_of_its_copy(sheet: tuple[Path, Laid, object]) -> None:
    """Tiles of a coarser zoom hold the bytes of the coarser copy: nothing is resampled."""
    path, laid, _ = sheet
    with rasterio.open(path, overview_level=0) as coarse:
        whole = np.moveaxis(coarse.read(), 0, 2)
    z = laid.zoom - 1
    west, _, _, north = laid.box
    at = here(laid, z, west + 1, north - 1)
    found = tile(path, laid, GRID, at)
    assert found is not None
    left, top = laid.col // 2 - at.x * 512, laid.row // 2 - at.y * 512
    height, width = min(512 - top, whole.shape[0]), min(512 - left, whole.shape[1])
    assert np.array_equal(found[top : top + height, left : left + width], whole[:height, :width])


def test_outside_the_sheet_there_is_nothing(sheet: tuple[Path, Laid, object]) -> None:
    path, laid, _ = sheet
    west, south, _, _ = laid.box
    assert tile(path, laid, GRID, here(laid, 14, west - 5_000, south)) is None
    at = here(laid, laid.zoom, *truth(3, 3))
    found = tile(path, laid, GRID, at)
    assert found is not None
    e, n = truth(-10, -10)
    assert colour_at(found, GRID, at, max(e, GRID.tile_box(at)[0] + 0.01), n)[3] == 0


def test_edges_are_not_darkened(tmp_path: Path) -> None:
    """Up to its rim, in every coarser copy, plain paper has the colour of paper."""
    paper = np.full((HEIGHT, WIDTH, 3), 230, dtype=np.uint8)
    made = placement()
    laid = lay(made, WIDTH, HEIGHT, SRID)
    warp(pyramid_of(paper, tmp_path), made, laid, tmp_path / "cog.tif")
    for level in (None, 0, 1):
        options = {} if level is None else {"overview_level": level}
        with rasterio.open(tmp_path / "cog.tif", **options) as coarse:
            pixels = coarse.read()
        seen = pixels[3] > 0
        assert seen.any()
        assert not seen.all()
        assert pixels[:3, seen].min() >= 229, level


def test_a_finer_tile_than_the_sheet_is_drawn_large(sheet: tuple[Path, Laid, object]) -> None:
    path, laid, pixels = sheet
    e, n = truth(631, 476)
    at = here(laid, laid.zoom + 2, e, n)
    found = tile(path, laid, GRID, at)
    assert found is not None
    rgb = np.array(colour_at(found, GRID, at, e, n)[:3])
    assert np.abs(rgb - pixels[476, 631]).max() <= 3


def test_a_tile_of_the_whole_country_is_a_speck(sheet: tuple[Path, Laid, object]) -> None:
    path, laid, _ = sheet
    found = tile(path, laid, GRID, here(laid, 4, *truth(700, 500)))
    assert found is None or found[:, :, 3].any()


def test_web_mercator_is_served_where_it_is_asked_for(
    sheet: tuple[Path, Laid, NDArray[np.uint8]],
) -> None:
    path, laid, pixels = sheet
    for col, row in middles()[::5]:
        ((lon, lat),) = coordinates_to_wgs84(np.array([truth(col, row)]), SRID)
        x = math.radians(lon) * 6_378_137
        y = math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)) * 6_378_137
        side = WEB_MERCATOR_QUAD.resolution(19) * 256
        west, _, _, north = WEB_MERCATOR_QUAD.extent
        at = TileAddress(19, int((x - west) // side), int((north - y) // side))
        found = tile(path, laid, WEB_MERCATOR_QUAD, at)
        assert found is not None
        rgb = np.array(colour_at(found, WEB_MERCATOR_QUAD, at, x, y)[:3])
        assert np.abs(rgb - pixels[row, col]).max() <= 3
    assert tile(path, laid, WEB_MERCATOR_QUAD, TileAddress(3, 0, 0)) is None


def test_a_curved_sheet_lies_where_its_curve_says(tmp_path: Path) -> None:
    bend = 12.0
    made = placement(Kind.POLYNOMIAL, bend)
    pixels = drawing(WIDTH, HEIGHT)
    laid = lay(made, WIDTH, HEIGHT, SRID)
    warp(pyramid_of(pixels, tmp_path), made, laid, tmp_path / "cog.tif")
    for col, row in middles():
        e, n = truth(col, row, bend)
        at = here(laid, laid.zoom, e, n)
        found = tile(tmp_path / "cog.tif", laid, GRID, at)
        assert found is not None
        rgb = np.array(colour_at(found, GRID, at, e, n)[:3])
        assert np.abs(rgb - pixels[row, col]).max() <= 2, (col, row)
    forget()


def test_heights_are_laid_with_their_gaps(tmp_path: Path) -> None:
    rows, cols = np.mgrid[0:300, 0:400].astype(np.float32)
    slope = (100 + 0.2 * cols - 0.1 * rows)[:, :, None]
    slope[100:120, 100:120] = np.nan
    made = fit(
        [ControlPoint(c, r, 600_000 + 10 * c, 2_300_000 - 10 * r)
         for c, r in [(0, 0), (400, 0), (400, 300), (0, 300)]],
        Kind.AFFINE, width=400, height=300, scale_denominator=10_000, extent=GRID.extent,
    ).placement  # fmt: skip
    laid = lay(made, 400, 300, SRID)
    warp(pyramid_of(slope, tmp_path), made, laid, tmp_path / "dem.tif")
    with rasterio.open(tmp_path / "dem.tif") as dataset:
        (value,) = next(iter(dataset.sample([(602_005, 2_299_005)])))
        (gap,) = next(iter(dataset.sample([(601_100, 2_298_900)])))
        assert dataset.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
    assert value == pytest.approx(100 + 0.2 * 200 - 0.1 * 99, abs=0.2)
    assert math.isnan(gap)


def test_a_sheet_blown_up_over_the_country_is_refused() -> None:
    huge = Placement(Kind.AFFINE, (500, 500), 500, (6e5, 9e5, 0, 0, 0, 0), (2e6, 0, -9e5, 0, 0, 0))
    lay(huge, 1_000, 1_000, SRID)  # coarse, but a picture
    sliver = Placement(
        Kind.AFFINE, (500, 500), 500, (6e5, 9e5, 0, 0, 0, 0), (2e6, 9e5, -1, 0, 0, 0)
    )
    with pytest.raises(SheetTooLargeOnGround):
        lay(sliver, 1_000, 1_000, SRID)


def test_a_crop_leaves_the_sheet_clear_outside(sheet: tuple[Path, Laid, NDArray[np.uint8]]) -> None:
    path, laid, pixels = sheet
    e, n = truth(631, 476)
    found = window_of(path, laid, (e - 6, n - 6, e + 6, n + 6), (48, 48))
    assert np.abs(found[24, 24, :3].astype(int) - pixels[476, 631]).max() <= 3
    far = window_of(path, laid, (e + 9_000, n, e + 9_100, n + 100), (10, 10))
    assert not far.any()


def test_the_sheet_itself_is_cut_in_tiles(tmp_path: Path) -> None:
    pixels = drawing(WIDTH, HEIGHT)
    path = pyramid_of(pixels, tmp_path)
    whole = image_tile(path, 0, 1, 1, 512)
    assert whole is not None
    assert np.array_equal(whole, pixels[512:1000, 512:1024])
    assert image_tile(path, 0, 3, 0, 512) is None
    small = image_tile(path, 2, 0, 0, 512)
    assert small is not None
    assert small.shape == (250, 350, 3)
    forget()


def decoded(data: bytes) -> NDArray[np.uint8]:
    with rasterio.MemoryFile(data) as file, file.open() as dataset:
        return np.moveaxis(dataset.read(), 0, 2)


@pytest.mark.parametrize("bands", [1, 2, 3, 4])
def test_our_png_is_read_by_others(bands: int) -> None:
    rng = np.random.default_rng(bands)
    pixels = rng.integers(0, 256, (37, 51, bands), dtype=np.uint8)
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
        assert np.array_equal(decoded(png(pixels)), pixels)
        assert decoded(empty_png(256)).shape == (256, 256, 1)
    assert len(empty_png(512)) < 200


def test_an_affine_of_the_grid_is_an_affine_of_the_raster() -> None:
    laid = Laid(SRID, 13, 100, 200, 512, 512)
    west, _, _, north = laid.box
    assert laid.transform == Affine(0.5, 0, west, 0, -0.5, north)
