"""Scanned sheets: upload, control points, conversion with progress, crops, heights of lots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal
from uuid import UUID

from flask import Response, request
from pydantic import Field

from gisapp.api.changes import actor
from gisapp.api.models import DayQuery, Given, api_blueprint
from gisapp.api.sight import ZONE_CODE, ZoneQuery, seen_zone, sight_of
from gisapp.api.written import as_json
from gisapp.present.sheets import fit_json, sheet_json
from gisapp.refusals import Refusal
from gisapp.running import database, settings
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from gisapp.security.scope import reader_scope
from gisapp.sheet_files import closing_on_error
from gisapp.sheet_views import crop_png, lots_relief, seen_sheet
from gisapp.sheets import Upload, bring_sheet
from layers.raster.georeference import ControlPoint, Kind
from layers.raster.placing_rules import MOST_POINTS
from planning.clocks import moment, today
from planning.plans.sheets import commands
from planning.plans.sheets.queries import ground_of, placings, sheets
from planning.records.commands import open_change
from planning.zones.queries import zones

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response as Answer

    from planning.clocks import Moment

api = api_blueprint("sheets", __name__, "Bản vẽ quét · scanned sheets")


class SheetFileNotGiven(Refusal):
    """No file in the form."""

    code = "sheet-file-not-given"


class SheetAsked(Given):
    """A file to bring: the zone whose plane it is drawn in, title, scale, what it belongs to."""

    zone: str = Field(pattern=ZONE_CODE, description="Mã khu · zone code")
    title: str = Field(min_length=1, max_length=300)
    scale_denominator: int = Field(2000, ge=100, le=1_000_000, description="n of 1:n")
    kind: Literal["sheet", "dem"] = "sheet"
    page: int | None = Field(None, ge=1, le=100_000, description="page of a PDF or TIFF of several")
    plan_version: UUID | None = None
    document: UUID | None = None


class SheetsQuery(ZoneQuery):
    """Sheets of a zone, or those that lie on a lot or parcel."""

    lot: UUID | None = None
    parcel: UUID | None = None


class Point(Given):
    """A place on the sheet (pixels from the top left, rows down) and on the ground."""

    col: float
    row: float
    easting: float = Field(description="Y (Đông) · E, metres of the zone's plane")
    northing: float = Field(description="X (Bắc) · N, metres of the zone's plane")


class PointsAsked(Given):
    """Control points; `based_on` is the `reference_id` they were made from."""

    kind: Kind = Kind.AFFINE
    points: list[Point] = Field(max_length=MOST_POINTS * 2)
    based_on: int | None = None

    def as_points(self) -> list[ControlPoint]:
        """As the fit takes them."""
        return [ControlPoint(p.col, p.row, p.easting, p.northing) for p in self.points]


class PreviewQuery(DayQuery):
    """Whether to compute only."""

    preview: bool = False


class Described(Given):
    """What is said of a sheet from now on."""

    title: str = Field(min_length=1, max_length=300)
    scale_denominator: int = Field(ge=100, le=1_000_000)
    plan_version: UUID | None = None
    document: UUID | None = None


class CropQuery(DayQuery):
    """A lot or a parcel, and the size of the picture in pixels."""

    lot: UUID | None = None
    parcel: UUID | None = None
    width: int = Field(640, ge=64, le=2_000)
    height: int = Field(480, ge=64, le=2_000)


class ReliefQuery(DayQuery):
    """Lots of one plan version; without it those in force on the day."""

    plan_version: UUID | None = None


def _zone_ids(session: Session, query: SheetsQuery, at: Moment) -> Sequence[UUID] | None:
    """Zones asked for; with a lot or parcel every zone the reader sees: a plan may lie in one."""
    if query.zone is not None or reader_scope().everything:
        return sight_of(session, query).zone_ids
    return [zone.id for zone in zones(session, at) if reader_scope().covers(zone)]


@api.get("/sheets")
@api.input(SheetsQuery, location="query", arg_name="query")
@api.doc(summary="Bản vẽ quét của khu, hoặc phủ một lô, thửa · sheets of a zone, or over a lot")
@requires(Permission.READ)
def listing(query: SheetsQuery) -> Response:
    """Newest plan version first; `ready` ones have tiles."""
    day = query.shown()
    with database().reading() as session:
        at = moment(session, day.as_of, day.known_at)
        ground = None
        if query.lot or query.parcel:
            ground = ground_of(session, at, lot_id=query.lot, parcel_id=query.parcel).ewkt
        found = sheets(session, at, _zone_ids(session, query, at), outline=ground)
    return as_json({"sheets": [sheet_json(row) for row in found]})


@api.post("/sheets")
@api.input(SheetAsked, location="form", arg_name="asked")
@api.doc(summary="Tải bản vẽ quét lên · upload a GeoTIFF, JPG, PNG or PDF page (field `file`)")
@requires(Permission.EDIT, uploads=True)
def upload(asked: SheetAsked) -> Response:
    """201 when new; the same page of the same file in the same zone answers the sheet it is."""
    given = request.files.get("file")
    if given is None or not given.filename:
        raise SheetFileNotGiven()
    with closing_on_error(given.stream), database().reading() as session:
        zone = seen_zone(session, asked.zone)
    said = commands.Description(
        asked.title, asked.scale_denominator, asked.plan_version, asked.document
    )
    name = given.filename[-200:]
    wanted = Upload(zone.id, zone.srid, asked.kind, name, asked.page, said, actor())
    brought = bring_sheet(database(), settings(), given.stream, wanted)  # type: ignore[arg-type]
    answer = _answered(brought.sheet_id)
    answer.status_code = 201 if brought.new else 200
    return answer


@api.get("/sheets/<uuid:sheet_id>")
@api.input(DayQuery, location="query", arg_name="query")
@api.doc(summary="Một bản vẽ · one sheet with its points and the work on it")
@requires(Permission.READ)
def show(sheet_id: UUID, query: DayQuery) -> Response:
    """Progress is under `job`."""
    query.shown()
    return _answered(sheet_id)


@api.put("/sheets/<uuid:sheet_id>")
@api.input(Described, location="json", arg_name="said")
@api.doc(summary="Sửa tên, tỉ lệ, quy hoạch · title, scale, plan version and document of a sheet")
@requires(Permission.EDIT)
def describe(sheet_id: UUID, said: Described) -> Response:
    """What was said before stays in the history."""
    with database().transaction() as session:
        seen_sheet(session, sheet_id)
        change = _change(session, f"Mô tả bản vẽ: {said.title}")
        wanted = commands.Description(
            said.title, said.scale_denominator, said.plan_version, said.document
        )
        commands.describe_sheet(session, change, sheet_id, wanted)
    return _answered(sheet_id)


@api.get("/sheets/<uuid:sheet_id>/control-points")
@api.doc(summary="Các lần đặt điểm khống chế · every placement of a sheet, newest first")
@requires(Permission.READ)
def history(sheet_id: UUID) -> Response:
    """Who placed it when, by how many points, how well."""
    with database().reading() as session:
        seen_sheet(session, sheet_id)
        return as_json({"placements": placings(session, sheet_id)})


@api.put("/sheets/<uuid:sheet_id>/control-points")
@api.input(PointsAsked, location="json", arg_name="asked")
@api.input(PreviewQuery, location="query", arg_name="query")
@api.doc(summary="Đặt điểm khống chế · place by control points; `?preview=1` keeps nothing")
@requires(Permission.EDIT)
def place(sheet_id: UUID, asked: PointsAsked, query: PreviewQuery) -> Response:
    """Misses in metres and in millimetres of the sheet at its scale; the worst point by index."""
    points = asked.as_points()
    if query.preview:
        with database().reading() as session:
            seen_sheet(session, sheet_id)
            return as_json(fit_json(commands.work_out(session, sheet_id, points, asked.kind)))
    with database().transaction() as session:
        row = seen_sheet(session, sheet_id)
        change = _change(session, f"Điểm khống chế: {row.title}")
        commands.place_sheet(session, change, sheet_id, points, asked.kind, based_on=asked.based_on)
    return _answered(sheet_id)


@api.post("/sheets/<uuid:sheet_id>/convert")
@api.doc(summary="Chuyển sang bản đồ (COG) · lay on the map in the background; progress in `job`")
@requires(Permission.EDIT)
def convert(sheet_id: UUID) -> Response:
    """202; asking again while it is under way changes nothing."""
    with database().transaction() as session:
        seen_sheet(session, sheet_id)
        commands.queue_laying(session, sheet_id, actor())
    answer = _answered(sheet_id)
    answer.status_code = 202
    return answer


@api.post("/sheets/<uuid:sheet_id>/withdraw")
@api.doc(summary="Gỡ bản vẽ · take a sheet away; earlier knowledge still shows it")
@requires(Permission.EDIT)
def withdraw(sheet_id: UUID) -> Response:
    """The file and what was known stay."""
    with database().transaction() as session:
        row = seen_sheet(session, sheet_id)
        change = _change(session, f"Gỡ bản vẽ: {row.title}")
        commands.withdraw_sheet(session, change, sheet_id)
    return as_json({"withdrawn": str(sheet_id)})


@api.get("/sheets/<uuid:sheet_id>/crop")
@api.input(CropQuery, location="query", arg_name="query")
@api.doc(summary="Mảnh bản vẽ tại lô, thửa · PNG of the sheet at a lot, with its error circle")
@requires(Permission.READ)
def crop(sheet_id: UUID, query: CropQuery) -> Answer:
    """Blue: the lot as registered. Red circle: the radius is the sheet's RMS on the ground."""
    day = query.shown()
    with database().reading() as session:
        row = seen_sheet(session, sheet_id)
        at = moment(session, day.as_of, day.known_at)
        ground = ground_of(session, at, lot_id=query.lot, parcel_id=query.parcel)
    return crop_png(row, ground, query.width, query.height)


@api.get("/sheets/<uuid:sheet_id>/relief")
@api.input(ReliefQuery, location="query", arg_name="query")
@api.doc(summary="Độ cao, độ dốc theo lô · heights and slopes of lots from an elevation model")
@requires(Permission.READ)
def relief(sheet_id: UUID, query: ReliefQuery) -> Response:
    """Heights in metres, slopes in degrees (Horn); lots without heights have `relief` null."""
    day = query.shown()
    with database().reading() as session:
        row = seen_sheet(session, sheet_id)
        at = moment(session, day.as_of, day.known_at)
        return as_json({"lots": lots_relief(session, row, at, query.plan_version)})


def _answered(sheet_id: UUID) -> Response:
    with database().reading() as session:
        return as_json(sheet_json(seen_sheet(session, sheet_id)))


def _change(session: Session, reason: str) -> int:
    return open_change(
        session, kind="setup", reason=reason[:1000], actor=actor(), effective_on=today()
    )
