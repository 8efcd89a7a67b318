"""Vector tiles for the map and for other clients, and the grids they are cut by."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any
from uuid import UUID

from apiflask import APIBlueprint
from flask import Response, jsonify, request
from pydantic import Field

from gisapp.api.models import api_blueprint
from gisapp.api.sight import ZoneQuery, sight_of
from gisapp.found import remembered_findings
from gisapp.running import database
from gisapp.security.access import requires, signed_in
from gisapp.security.guard import signed_in_user
from gisapp.security.permissions import Permission
from gisapp.security.scope import reader_scope
from layers.crs import PLANES
from layers.tiles import (
    MEDIA_TYPE,
    WEB_MERCATOR_QUAD,
    address,
    grid,
    tile_matrix_set,
    tile_statement,
)
from planning.conformance import sources
from planning.published import revision, tile_source
from planning.zones.queries import zones

if TYPE_CHECKING:
    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response as Answer

    from layers.tiles import TileSource
    from planning.published import Sight

api = APIBlueprint("tiles", __name__, enable_openapi=False)
grids = api_blueprint("tile_matrix_sets", __name__, "Bản đồ · map")

TILE_SECONDS = 2.0
_EDITION = "1"
"""Counts up when tiles of the same facts come out differently."""


class TileQuery(ZoneQuery):
    """A tile's day, zone and, for plan lots, one chosen plan version."""

    plan_version: UUID | None = Field(None, description="one plan version whatever its day")


@api.get("/tiles/<layer>/<grid_name>/<z>/<x>/<y>.mvt")
@api.input(TileQuery, location="query", arg_name="query")
@requires(Permission.READ)
def tile(layer: str, grid_name: str, z: str, x: str, y: str, query: TileQuery) -> Answer:
    """One vector tile; 304 when the browser's copy still tells what the register knows."""
    of = grid(grid_name)
    place = address(of, z, x, y)
    with database().reading(seconds=TILE_SECONDS) as session:
        sight = sight_of(session, query, query.plan_version)
        source = _source(session, layer, sight)
        answer = Response(b"", mimetype=MEDIA_TYPE)
        answer.set_etag(_mark(sight, revision(session)))
        if not request.if_none_match.contains_weak(answer.get_etag()[0] or ""):
            statement = tile_statement(source, of, place)
            found = None if statement is None else session.scalar(statement)
            answer.set_data(bytes(found or b""))
    answer.cache_control.private = True
    answer.cache_control.no_cache = True
    answer.vary.update(("Cookie", "Authorization"))
    return answer.make_conditional(request)


def _source(session: Session, layer: str, sight: Sight) -> TileSource:
    """A layer of facts, or the findings: those are worked out once for all tiles of a state."""
    if layer != sources.LAYER:
        return tile_source(layer, sight)
    zone_ids = sight.zone_ids
    if zone_ids is None:
        zone_ids = tuple(zone.id for zone in zones(session, sight.at))
    return sources.tile_source(remembered_findings()(session, sight.at, zone_ids))


def _mark(sight: Sight, known: str) -> str:
    """What a tile depends on: who may see what, all that is known, the day, the address."""
    user, scope = signed_in_user(), reader_scope()
    parts = (
        _EDITION,
        user.role_name if user else "",
        *sorted(scope.boards),
        "",
        *sorted(scope.zones),
        known,
        sight.at.as_of.isoformat(),
        str(sight.at.known),
        request.path,
        request.query_string.decode("ascii", "replace"),
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


@grids.get("/tile-matrix-sets")
@grids.doc(summary="Lưới ô bản đồ · tile grids")
@signed_in
def listing() -> Response:
    """The names of all tile grids: one for each legal VN-2000 plane, and Web Mercator."""
    names = [WEB_MERCATOR_QUAD.identifier, *(str(srid) for srid in PLANES)]
    return jsonify(tileMatrixSets=[{"id": name} for name in names])


@grids.get("/tile-matrix-sets/<grid_name>")
@grids.doc(summary="Một lưới ô (OGC TileMatrixSet 2.0) · one tile grid")
@signed_in
def show(grid_name: str) -> Response:
    """One grid as an OGC TileMatrixSet."""
    described: dict[str, Any] = tile_matrix_set(grid(grid_name))
    return jsonify(described)
