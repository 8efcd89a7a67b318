"""Vector tiles as a browser gets them: right land on the right day, for the right reader, once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import mapbox_vector_tile
import pytest
from flask import Flask
from shapely.geometry import box, shape
from werkzeug.test import TestResponse

from gisapp.running import database_of
from gisapp.security import accounts
from gisapp.security.model import UserScope
from gisapp.security.permissions import Role
from layers.tiles import WEB_MERCATOR_QUAD, Grid, TileAddress, plane_grid, tile_statement
from planning.clocks import moment
from planning.published import MAP_LAYERS, Sight, tile_source
from tests import small_park
from tests.web.conftest import PASSWORD, Browser, session_of

GRID = plane_grid(small_park.SRID)
MIDDLE = (small_park.WEST + 600, small_park.SOUTH + 400)


@pytest.fixture(scope="module", autouse=True)
def park(app: Flask) -> small_park.SmallPark:
    """The small park in the module's database, and a reader who may not look at it."""
    with database_of(app).transaction() as session:
        made = small_park.build(session)
    with database_of(app).transaction() as session:
        stranger = accounts.create_user(session, "stranger", Role.VIEWER, PASSWORD)
        stranger.scopes = [UserScope(zone_code="KCN-EMPTY")]
    return made


@pytest.fixture
def reader(signed_in: Callable[[Role | None], Browser]) -> Browser:
    """A viewer's browser."""
    return signed_in(Role.VIEWER)


def _at(grid: Grid, z: int, east: float, north: float) -> TileAddress:
    side = grid.resolution(z) * grid.tile_px
    return TileAddress(
        z, int((east - grid.extent[0]) // side), int((grid.extent[3] - north) // side)
    )


def _path(layer: str, z: int, grid: Grid = GRID, at: tuple[float, float] = MIDDLE) -> str:
    tile = _at(grid, z, *at)
    return f"/tiles/{layer}/{grid.identifier}/{tile.z}/{tile.x}/{tile.y}.mvt"


def _get(browser: Browser, path: str) -> TestResponse:
    """Ask for bytes, which are no page and no text."""
    return browser.client.get(path)


def _features(answer: TestResponse, layer: str) -> list[dict[str, object]]:
    assert answer.status_code == 200, answer.text
    decoded = mapbox_vector_tile.decode(answer.data) if answer.data else {}
    found: list[dict[str, object]] = decoded.get(layer, {}).get("features", [])
    return found


def _states(browser: Browser, day: str, z: int = 9) -> dict[str, int]:
    found: dict[str, int] = {}
    answer = _get(browser, f"{_path('parcels', z)}?zone=KCN-TEST&as_of={day}")
    for feature in _features(answer, "parcels"):
        state = feature["properties"]["state"]  # type: ignore[index]
        found[state] = found.get(state, 0) + 1
    return found


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2019-12-31", {}),
        ("2020-05-01", {"not_cleared": 60}),
        ("2021-06-01", {"cleared": 50, "not_cleared": 10}),
        ("2022-06-01", {"allocated": 40, "cleared": 10, "not_cleared": 10}),
        (
            "2023-06-01",
            {"allocated": 19, "cleared": 10, "leased": 20, "not_cleared": 10, "reserved": 1},
        ),
        (
            "2025-02-01",
            {
                "allocated": 19, "cleared": 10, "in_use": 3, "leased": 18, "not_cleared": 10,
                "reserved": 1,
            },
        ),
    ],
)  # fmt: skip
def test_parcels_show_their_state_on_any_day(
    reader: Browser, day: str, expected: dict[str, int]
) -> None:
    assert _states(reader, day) == expected


def test_late_parcels_say_so_between_the_missed_day_and_the_repair(reader: Browser) -> None:
    def late(day: str) -> int:
        answer = _get(reader, f"{_path('parcels', 9)}?zone=KCN-TEST&as_of={day}")
        return sum(bool(each["properties"]["late"]) for each in _features(answer, "parcels"))  # type: ignore[index]

    assert [late(day) for day in ("2024-01-31", "2024-02-01", "2024-05-15")] == [0, 2, 0]


def test_nothing_is_known_before_it_was_recorded(reader: Browser) -> None:
    answer = _get(reader, f"{_path('parcels', 9)}?zone=KCN-TEST&known_at=2020-01-01T00:00:00Z")
    assert answer.status_code == 200
    assert answer.data == b""


def test_shapes_lie_where_the_parcels_are(reader: Browser, park: small_park.SmallPark) -> None:
    """Tile coordinates, brought back to metres, are the parcel within a step of the tile."""
    tile = _at(GRID, 12, *MIDDLE)
    west, south, east, _north = GRID.tile_box(tile)
    step = (east - west) / 4096
    drawn = box(*GRID.tile_box(tile)).buffer(64 * step, join_style="mitre")
    wanted = small_park.cell(5, 3)
    answer = _get(reader, f"{_path('parcels', 12)}?zone=KCN-TEST")
    [found] = [
        feature
        for feature in _features(answer, "parcels")
        if feature["properties"]["id"] == str(park.parcels[35])  # type: ignore[index]
    ]
    corners = shape(found["geometry"]).bounds
    metres = [west + corners[0] * step, south + corners[1] * step]
    metres += [west + corners[2] * step, south + corners[3] * step]
    assert metres == pytest.approx(wanted.intersection(drawn).bounds, abs=step)


def test_far_out_parcels_are_merged_by_state_and_say_so(reader: Browser) -> None:
    answer = _get(reader, f"{_path('parcels', 8)}?zone=KCN-TEST&as_of=2025-02-01")
    merged = _features(answer, "parcels")
    assert {each["properties"]["dissolved"] for each in merged} == {True}  # type: ignore[index]
    counts = {each["properties"]["state"]: each["properties"]["count"] for each in merged}  # type: ignore[index]
    assert counts == {
        "allocated": 19, "cleared": 10, "in_use": 3, "leased": 18, "not_cleared": 10, "reserved": 1,
    }  # fmt: skip
    assert _features(_get(reader, f"{_path('parcels', 3)}?zone=KCN-TEST"), "parcels") == []


def test_too_many_parcels_to_merge_are_said_to_be_so(app: Flask) -> None:
    with database_of(app).reading() as session:
        sight = Sight(moment(session))
        source = replace(tile_source("parcels", sight), dissolve_most=60)
        statement = tile_statement(source, GRID, _at(GRID, 8, *MIDDLE))
        assert statement is not None
        decoded = mapbox_vector_tile.decode(bytes(session.scalar(statement)))
    assert list(decoded) == ["parcels-crowded"]
    [found] = decoded["parcels-crowded"]["features"]
    assert found["properties"] == {"more_than": 60}


def test_every_shape_is_labelled_once_however_many_tiles_it_crosses(reader: Browser) -> None:
    names: list[object] = []
    middle = _at(GRID, 12, *MIDDLE)
    for x in range(middle.x - 4, middle.x + 5):
        for y in range(middle.y - 4, middle.y + 5):
            path = f"/tiles/parcels/{GRID.identifier}/12/{x}/{y}.mvt?zone=KCN-TEST&as_of=2024-06-01"
            labels = _features(_get(reader, path), "parcels-labels")
            names += [
                (each["properties"]["sheet"], each["properties"]["number"]) for each in labels
            ]  # type: ignore[index]
    assert len(names) == len(set(names)) == 60


@pytest.mark.parametrize(("day", "width"), [("2023-05-01", 8), ("2024-01-01", 7)])
def test_lots_are_those_of_the_plan_in_force(reader: Browser, day: str, width: int) -> None:
    answer = _get(reader, f"{_path('plan-lots', 10)}?zone=KCN-TEST&as_of={day}")
    areas = {
        each["properties"]["symbol"]: each["properties"]["area"]
        for each in _features(answer, "plan-lots")
    }  # type: ignore[index]
    assert areas["CN-01"] == width * 3 * 10_000


def test_a_chosen_plan_version_is_shown_whatever_the_day(
    reader: Browser, park: small_park.SmallPark
) -> None:
    path = f"{_path('plan-lots', 10)}?zone=KCN-TEST&plan_version={park.plan_versions[0]}"
    found = _features(_get(reader, path), "plan-lots")
    assert {each["properties"]["plan_version"] for each in found} == {1}  # type: ignore[index]


@pytest.mark.parametrize("layer", MAP_LAYERS)
@pytest.mark.parametrize("grid", [GRID, WEB_MERCATOR_QUAD], ids=["plane", "mercator"])
def test_every_layer_answers_on_both_grids(reader: Browser, layer: str, grid: Grid) -> None:
    for z in (0, 5, 10, grid.max_zoom):
        at = MIDDLE if grid is GRID else (11_925_900.0, 2_386_000.0)
        answer = _get(reader, _path(layer, z, grid, at))
        assert answer.status_code == 200
        assert answer.mimetype == "application/vnd.mapbox-vector-tile"


def test_web_mercator_shows_the_same_parcels(reader: Browser) -> None:
    x, y = 11_922_800.0, 2_385_800.0  # 107.1038° E, 20.9493° N: in the middle of the park
    path = _path("parcels", 12, WEB_MERCATOR_QUAD, (x, y))
    merged = _features(_get(reader, f"{path}?zone=KCN-TEST&as_of=2020-05-01"), "parcels")
    assert [each["properties"]["count"] for each in merged] == [60]  # type: ignore[index]


def test_a_tile_is_fetched_again_only_when_the_register_knows_more(
    reader: Browser, app: Flask
) -> None:
    path = f"{_path('zones', 9)}?zone=KCN-TEST"
    first = _get(reader, path)
    mark = first.headers["ETag"]
    assert "private" in first.headers["Cache-Control"]
    again = reader.client.get(path, headers={"If-None-Match": mark})
    assert (again.status_code, again.data) == (304, b"")
    assert _get(reader, f"{path}&as_of=2021-01-01").headers["ETag"] != mark
    with database_of(app).transaction() as session:
        small_park.note_change(session)
    later = reader.client.get(path, headers={"If-None-Match": mark})
    assert later.status_code == 200
    assert later.headers["ETag"] != mark


def test_roles_do_not_share_copies(reader: Browser, app: Flask) -> None:
    path = f"{_path('zones', 9)}?zone=KCN-TEST"
    other = _get(session_of(app, "planner"), path)
    assert other.headers["ETag"] != _get(reader, path).headers["ETag"]


@pytest.mark.parametrize(
    "path",
    [
        "/tiles/parcels/5899/10/0/1024.mvt",
        "/tiles/parcels/5899/010/0/0.mvt",
        "/tiles/parcels/5899/10/-1/0.mvt",
        "/tiles/parcels/5899/10/0/0x1.mvt",
        "/tiles/parcels/05899/10/0/0.mvt",
        "/tiles/parcels/4326/10/0/0.mvt",
        "/tiles/household/5899/10/0/0.mvt",
        "/tiles/parcels/5899/10/0/0.mvt?zone=KCN-NONE",
    ],
)
def test_what_is_not_a_tile_is_said_in_a_problem(reader: Browser, path: str) -> None:
    answer = _get(reader, path)
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"
    assert answer.json is not None
    assert answer.json["detail"]


@pytest.mark.parametrize("query", ["zone=kcn-test", "zone=A%27--", "nothing=1", "plan_version=x"])
def test_parameters_nobody_knows_are_refused(reader: Browser, query: str) -> None:
    assert _get(reader, f"{_path('parcels', 9)}?{query}").status_code == 422


def test_a_day_that_is_none_is_refused(reader: Browser) -> None:
    assert _get(reader, f"{_path('parcels', 9)}?as_of=2025-02-30").status_code == 400


def test_who_may_not_look_gets_nothing(app: Flask, browser: Browser) -> None:
    assert _get(browser, _path("parcels", 9)).status_code == 401
    stranger = session_of(app, "stranger")
    assert _get(stranger, f"{_path('parcels', 9)}?zone=KCN-TEST").status_code == 404
    assert _get(stranger, _path("parcels", 9)).data == b""


def test_grids_are_published(reader: Browser) -> None:
    listed = _get(reader, "/api/v1/tile-matrix-sets").json
    assert listed is not None
    assert len(listed["tileMatrixSets"]) == 21
    found = _get(reader, "/api/v1/tile-matrix-sets/5899").json
    assert found is not None
    assert found["tileMatrices"][0]["cellSize"] == 4096
    assert _get(reader, "/api/v1/tile-matrix-sets/3857").status_code == 404
