"""Tile grids: exact corners, one address a tile, and a description other programs can use."""

from __future__ import annotations

import pytest

from layers.crs import PLANES
from layers.tiles import (
    WEB_MERCATOR_QUAD,
    TileAddress,
    TileSource,
    address,
    grid,
    plane_grid,
    tile_matrix_set,
    tile_statement,
)
from layers.tiles.errors import GridUnknown, TileOutOfRange
from planning.clocks import today
from planning.published import MAP_LAYERS, Moment, Sight, tile_source


def test_every_legal_plane_has_the_promised_grid() -> None:
    for srid in PLANES:
        of = grid(str(srid))
        assert of.srid == srid
        assert of.extent == (0, 524288, 2097152, 2621440)
        assert [of.resolution(z) for z in (0, 1, 12)] == [4096, 2048, 1]
        assert of.tile_box(TileAddress(0, 0, 0)) == of.extent


def test_rows_count_from_the_north_and_neighbours_share_their_corner() -> None:
    of = plane_grid(5899)
    assert of.tile_box(TileAddress(1, 0, 0)) == (0, 1572864, 1048576, 2621440)
    assert of.tile_box(TileAddress(1, 0, 1)) == (0, 524288, 1048576, 1572864)
    for z in range(of.max_zoom + 1):
        left, right = of.tile_box(TileAddress(z, 0, 0)), of.tile_box(TileAddress(z, 1, 0))
        assert left[2] == right[0]


@pytest.mark.parametrize(
    "name", ["", "0", "4326", "3857", "6956", "05899", "+5899", "5899 ", "٥٨٩٩", "webmercatorquad"]
)
def test_other_grids_are_unknown(name: str) -> None:
    with pytest.raises(GridUnknown):
        grid(name)


@pytest.mark.parametrize(
    "path",
    [
        ("19", "0", "0"), ("1", "2", "0"), ("1", "0", "2"), ("01", "0", "0"), ("1", "00", "0"),
        ("1", "-1", "0"), ("1", "+1", "0"), ("1.0", "0", "0"), ("", "0", "0"), ("1", "1e0", "0"),
        ("9" * 12, "0", "0"), ("１", "0", "0"),
    ],
)  # fmt: skip
def test_a_tile_has_one_address(path: tuple[str, str, str]) -> None:
    with pytest.raises(TileOutOfRange):
        address(plane_grid(5899), *path)


def test_addresses_inside_are_read() -> None:
    assert address(plane_grid(5899), "12", "1", "0") == TileAddress(12, 1, 0)
    assert address(WEB_MERCATOR_QUAD, "22", "4194303", "0") == TileAddress(22, 4194303, 0)


def test_the_description_follows_the_standard() -> None:
    found = tile_matrix_set(plane_grid(5899))
    assert found["crs"] == "http://www.opengis.net/def/crs/EPSG/0/5899"
    assert found["orderedAxes"] == ["E", "N"]
    matrices = found["tileMatrices"]
    assert isinstance(matrices, list)
    assert matrices[12]["cellSize"] == 1
    assert matrices[12]["scaleDenominator"] == pytest.approx(1 / 0.00028)
    assert matrices[12]["matrixWidth"] == 4096
    assert matrices[0]["pointOfOrigin"] == [0, 2621440]
    world = tile_matrix_set(WEB_MERCATOR_QUAD)["tileMatrices"]
    assert isinstance(world, list)
    assert world[0]["scaleDenominator"] == pytest.approx(559082264.028717)


def _source(name: str) -> TileSource:
    return tile_source(name, Sight(Moment(today())))


@pytest.mark.parametrize("name", MAP_LAYERS)
def test_no_layer_lets_a_person_out(name: str) -> None:
    """Properties are an allow-list; none names a party, a price or an identity number."""
    layer = MAP_LAYERS[name]
    allowed = {*layer.properties, *layer.label_properties, *layer.dissolve_by}
    assert not {each for each in allowed if "party" in each or "lessee" in each or "owner" in each}
    statement = str(tile_statement(_source(name), plane_grid(5899), TileAddress(12, 0, 0)))
    assert "land.party" not in statement


def test_parcels_are_single_below_1_to_25000_and_dissolved_above() -> None:
    of = plane_grid(5899)
    at = [str(tile_statement(_source("parcels"), of, TileAddress(z, 0, 0))) for z in (9, 8, 4)]
    assert "ST_Collect" not in at[0]
    assert "ST_Collect" in at[1]
    assert at[2] == "None"


def test_no_coordinate_of_the_plane_is_transformed_on_its_own_grid() -> None:
    statement = str(tile_statement(_source("parcels"), plane_grid(5899), TileAddress(12, 0, 0)))
    assert "ST_Transform" not in statement
    assert "replane" not in statement
