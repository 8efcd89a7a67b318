"""Tiles of scanned sheets: on the grid of their plane, on Web Mercator, or of the sheet itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

from apiflask import APIBlueprint

from gisapp.api.models import DayQuery
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from gisapp.sheet_views import laid_file, marked, picture_tile, seen_sheet
from layers.raster import reading
from layers.raster.png import empty_png, png
from layers.raster.shading import shaded
from layers.tiles import address, grid
from layers.tiles.errors import TileOutOfRange

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as Answer

    from layers.tiles import Grid, TileAddress
    from planning.plans.sheets.queries import SheetRow

api = APIBlueprint("sheet_tiles", __name__, enable_openapi=False)

TILE_SECONDS: Final = 2.0
PICTURE: Final = "image"
"""In place of a grid: the sheet in its own pixels; z 0 is full size, each next one half of it."""
PICTURE_TILE_PX: Final = 512


class SheetTileQuery(DayQuery):
    """The version is in the address so that browsers keep what does not change."""

    v: str | None = None


@api.get("/tiles/sheets/<uuid:sheet_id>/<grid_name>/<z>/<x>/<y>.png")
@api.input(SheetTileQuery, location="query", arg_name="query")
@requires(Permission.READ)
def tile(sheet_id: UUID, grid_name: str, z: str, x: str, y: str, query: SheetTileQuery) -> Answer:
    """One tile with opacity; 304 while the sheet is laid as it was."""
    query.shown()
    with database().reading(seconds=TILE_SECONDS) as session:
        row = seen_sheet(session, sheet_id)
    if grid_name == PICTURE:
        level, column, line = (_number(part) for part in (z, x, y))
        return marked(
            str(row.picture_sha256),
            lambda: picture_tile(row, level, column, line, PICTURE_TILE_PX),
        )
    of = grid(grid_name)
    place = address(of, z, x, y)
    laid_file(row)
    return marked(str(row.map_sha256), lambda: _map_tile(row, of, place))


def _map_tile(row: SheetRow, of: Grid, place: TileAddress) -> bytes:
    path, laid = laid_file(row)
    if row.kind == "dem":
        found = reading.numbers_tile(path, laid, of, place)
        picture = None if found is None else shaded(found, of.resolution(place.z))
    else:
        picture = reading.tile(path, laid, of, place)
    return empty_png(of.tile_px) if picture is None else png(picture)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 6 and str(int(text)) == text):
        raise TileOutOfRange(tile=text[:20])
    return int(text)
