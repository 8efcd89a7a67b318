"""Xuất: layers leave the register as files, exactly what the reader may see, on the day shown."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from flask import Blueprint, Response, render_template, request, send_file, stream_with_context

from gisapp import resources
from gisapp.delivery import DELIVERY_SECONDS, deliver_layer, deliver_package
from gisapp.messages import render
from gisapp.present.day import ShownDay, shown_day
from gisapp.present.formats import language
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.guard import signed_in_user
from gisapp.security.permissions import Permission
from gisapp.security.scope import reader_scope
from gisapp.sheet import map_sheet
from layers.exporting import geojson_stream
from planning.clocks import Moment, moment
from planning.errors import NotFound
from planning.exported import PROPERTIES, layer_source
from planning.published import zone_and_inner
from planning.records.commands import note_event
from planning.zones.queries import find_zone, zones

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

pages = Blueprint("exports", __name__)

GEOJSON_TYPE = "application/geo+json"


@pages.get("")
@requires(Permission.READ)
def show() -> str:
    """What can be taken away: layers, the map, the provincial package."""
    day, scope = shown_day(), reader_scope()
    with database().reading() as db:
        at = moment(db, day.as_of, day.known_at)
        choices = [zone for zone in zones(db, at) if scope.covers(zone)]
    layers = [(layer, render(f"layer-{layer}", {}, language())) for layer in PROPERTIES]
    return render_template(
        "pages/exports/show.html", layers=layers, zones=choices, zone=request.args.get("zone", "")
    )


@pages.get("/<layer>.geojson")
@requires(Permission.READ)
def geojson(layer: str) -> Response:
    """A layer as RFC 7946 GeoJSON, streamed in constant memory."""
    if layer not in PROPERTIES:
        raise NotFound(kind="export_layer", key=layer[:40])
    zone, day = _zone(), shown_day()
    _note("export", f"{layer}.geojson", zone, day)

    def body() -> Iterator[bytes]:
        with database().reading(seconds=DELIVERY_SECONDS) as db:
            at, zone_ids = _sight(db, zone, day)
            yield from geojson_stream(db, layer_source(db, layer, at, zone_ids))

    with database().reading() as db:  # refuses an unknown zone before the first byte leaves
        _sight(db, zone, day)
    answer = Response(stream_with_context(body()), mimetype=GEOJSON_TYPE)
    answer.headers["Content-Disposition"] = f'attachment; filename="{layer}.geojson"'
    return answer


@pages.get("/<layer>.gpkg")
@requires(Permission.READ)
def geopackage(layer: str) -> Response:
    """The VN-2000 twin of a layer."""
    zone, day = _zone(), shown_day()
    with tempfile.TemporaryDirectory() as room, database().reading(seconds=DELIVERY_SECONDS) as db:
        at, zone_ids = _sight(db, zone, day)
        made = Path(room) / f"{layer}.gpkg"
        deliver_layer(db, layer, at, zone_ids, geojson=None, geopackage=made)
        if not made.exists():
            raise NotFound(kind="export_features", key=layer)
        _note("export", made.name, zone, day)
        return _attached(made, "application/geopackage+sqlite3")


@pages.get("/map.html")
@requires(Permission.READ)
def map_html() -> Response:
    """The self-contained map: opens from a disk without any network."""
    zone, day, words = _zone(), shown_day(), language()
    with database().reading(seconds=DELIVERY_SECONDS) as db:
        at, zone_ids = _sight(db, zone, day)
        title = render("sheet-title-all", {}, words)
        if zone:
            found = find_zone(db, zone, at)
            title = (words == "en" and found.name_en) or found.name_vi
        vendor = resources.STATIC / "vendor"
        sheet = map_sheet(db, at, zone_ids, title=title, language=words, vendor=vendor)
    _note("export", "map.html", zone, day)
    answer = Response(sheet.html, mimetype="text/html")
    name = f"{zone or 'ban-do'}-{at.as_of.isoformat()}.html"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@pages.get("/package.zip")
@requires(Permission.SEAL)
def package() -> Response:
    """Every layer, the VN-2000 twin and the manifest for the provincial planning database."""
    zone, day = _zone(), shown_day()
    with tempfile.TemporaryDirectory() as room, database().reading(seconds=DELIVERY_SECONDS) as db:
        at, zone_ids = _sight(db, zone, day)
        made = Path(room) / f"goi-du-lieu-{at.as_of.isoformat()}.zip"
        deliver_package(db, at, zone_ids, made)
        _note("export", made.name, zone, day)
        return _attached(made, "application/zip")


def _zone() -> str | None:
    return request.args.get("zone") or None


def _sight(db: Session, zone: str | None, day: ShownDay) -> tuple[Moment, tuple[UUID, ...] | None]:
    at = moment(db, day.as_of, day.known_at)
    scope = reader_scope()
    if zone is not None:
        found = find_zone(db, zone, at)
        scope.require(found)
        return at, zone_and_inner(db, found.id)
    if scope.everything:
        return at, None
    return at, tuple(each.id for each in zones(db, at) if scope.covers(each))


def _note(action: str, subject: str, zone: str | None, day: ShownDay) -> None:
    user = signed_in_user()
    with database().transaction() as db:
        note_event(
            db,
            actor=user.username if user else "-",
            action=action,
            subject=subject,
            detail={"zone": zone, "as_of": day.as_of.isoformat()},
        )


def _attached(made: Path, media_type: str) -> Response:
    # An open file outlives its folder: the room is gone before the last byte leaves.
    return send_file(
        made.open("rb"), mimetype=media_type, as_attachment=True, download_name=made.name
    )
