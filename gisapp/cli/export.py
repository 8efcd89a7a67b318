"""``gisapp export`` and ``gisapp package``: layers leave the register as files."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

import click
from sqlalchemy.orm import Session

from gisapp import config, resources
from gisapp.cli import say
from gisapp.cli.moments import AWARE_INSTANT, DAY
from gisapp.cli.opened import opened
from gisapp.delivery import DELIVERY_SECONDS, deliver_layer, deliver_package, write_manifest
from gisapp.messages import render
from gisapp.sheet import map_sheet
from planning.clocks import Moment, moment
from planning.exported import PROPERTIES
from planning.published import zone_and_inner
from planning.zones.queries import find_board, find_zone, zones

FORMATS = ("geojson", "gpkg", "html")
MAP = "map"
as_of_option = click.option("--as-of", type=DAY, help="Ngày dữ liệu · legal day (default: today)")
known_at_option = click.option("--known-at", type=AWARE_INSTANT, help="Thời điểm biết · known at")
out_option = click.option(
    "-o", "target", type=click.Path(path_type=Path), required=True, help="Tệp · file to write"
)


def zones_asked(
    session: Session, at: Moment, zone: str | None, board: str | None
) -> tuple[UUID, ...] | None:
    """Return the zones a call is about: one and what lies in it, a board's, or all (None).

    Raises NotFound for an unknown zone or board.
    """
    if zone is not None:
        return zone_and_inner(session, find_zone(session, zone, at).id)
    if board is not None:
        find_board(session, board)
        return tuple(row.id for row in zones(session, at, board))
    return None


@click.command()
@click.argument("layer", type=click.Choice([*PROPERTIES, MAP]))
@click.option("--zone", help="Mã khu · zone code, with the zones inside it")
@as_of_option
@known_at_option
@click.option("--format", "form", type=click.Choice(FORMATS), default="geojson")
@click.option("--no-twin", is_flag=True, help="Không kèm GeoPackage VN-2000 · without the twin")
@out_option
@click.option("--json", "as_json", is_flag=True, help="JSON cho máy · for machines")
def export(
    layer: str,
    zone: str | None,
    as_of: date | None,
    known_at: datetime | None,
    form: str,
    no_twin: bool,
    target: Path,
    as_json: bool,
) -> None:
    """Xuất một lớp ra GeoJSON (WGS 84) kèm GeoPackage VN-2000 và bản kê · export a layer.

    LAYER map --format html: bản đồ một tệp, mở không cần mạng · one self-contained map file.
    """
    if (layer == MAP) != (form == "html"):
        raise click.UsageError("map ⇔ --format html")
    if layer == MAP:
        _export_map(zone, as_of, known_at, target)
        return
    twin = None if form == "geojson" and no_twin else target.with_suffix(".gpkg")
    paper = target.with_suffix(".manifest.json")
    if twin is not None:
        twin.unlink(missing_ok=True)
    with opened().reading(seconds=DELIVERY_SECONDS) as session:
        at = moment(session, as_of, known_at)
        zone_ids = zones_asked(session, at, zone, None)
        geojson = target if form == "geojson" else None
        files = deliver_layer(session, layer, at, zone_ids, geojson=geojson, geopackage=twin)
        write_manifest(session, at, zone_ids, files, paper)
    features = sum(file.features or 0 for file in files if file.path == target)
    if as_json:
        made = sorted({str(file.path) for file in files} | {str(paper)})
        click.echo(json.dumps({"layer": layer, "features": features, "files": made}))
    else:
        told = "export-written" if features else "export-empty"
        say(told, layer=layer, features=features, path=str(target), day=at.as_of)


def _export_map(
    zone: str | None, as_of: date | None, known_at: datetime | None, target: Path
) -> None:
    language = config.language()
    with opened().reading(seconds=DELIVERY_SECONDS) as session:
        at = moment(session, as_of, known_at)
        found = find_zone(session, zone, at) if zone else None
        title = found.name_vi if found else render("sheet-title-all", {}, language)
        if found and language == "en" and found.name_en:
            title = found.name_en
        sheet = map_sheet(
            session,
            at,
            zones_asked(session, at, zone, None),
            title=title,
            language=language,
            vendor=resources.STATIC / "vendor",
        )
    target.write_text(sheet.html, encoding="utf-8")
    say("sheet-written", features=sheet.features, path=str(target))


@click.command()
@click.option("--board", help="Mã ban quản lý · board code (default: all)")
@as_of_option
@known_at_option
@out_option
def package(board: str | None, as_of: date | None, known_at: datetime | None, target: Path) -> None:
    """Gói dữ liệu nộp CSDL quy hoạch tỉnh · package for the provincial planning database."""
    with opened().reading(seconds=DELIVERY_SECONDS) as session:
        at = moment(session, as_of, known_at)
        features = deliver_package(session, at, zones_asked(session, at, None, board), target)
    say("package-written", features=features, path=str(target))
