"""What is looked at of a sheet: tiles, crops, heights; and who may look."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from flask import Response, request

from gisapp.refusals import Refusal
from gisapp.running import settings
from gisapp.security.scope import reader_scope
from gisapp.sheet_files import path_of
from layers.raster import reading
from layers.raster.drawing import crop
from layers.raster.png import MEDIA_TYPE, padded, png
from layers.raster.shading import shaded
from layers.raster.warping import Laid
from layers.raster.zonal import relief
from planning.clocks import Moment, today
from planning.errors import NotFound
from planning.plans.sheets.queries import lot_shapes, sheet
from planning.zones.queries import zones

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response as Answer

    from planning.plans.sheets.queries import Ground, SheetRow

_EDITION: Final = "1"
"""Counts up when the same pixels come out differently."""


class SheetNotReady(Refusal):
    """The sheet is not on the map yet. Context: ``status``."""

    code = "sheet-not-ready"


class SheetOfAnotherPlane(Refusal):
    """The sheet lies on another plane than what is looked for. Context: ``srid``, ``wanted``."""

    code = "sheet-of-another-plane"


class SheetIsNoElevation(Refusal):
    """Heights are asked of a sheet that is a drawing."""

    code = "sheet-is-no-elevation"


def seen_sheet(session: Session, sheet_id: UUID, at: Moment | None = None) -> SheetRow:
    """A sheet of a zone the reader may see, as it stands now.

    Raises:
        NotFound: there is none, or it lies outside the reader's scope.
    """
    found = sheet(session, at or Moment(today()), sheet_id)
    scope = reader_scope()
    if not scope.everything:
        zone = next((z for z in zones(session, Moment(today())) if z.id == found.zone_id), None)
        if zone is None or not scope.covers(zone):
            raise NotFound(kind="sheet", key=str(sheet_id))
    return found


def laid_file(row: SheetRow) -> tuple[Path, Laid]:
    """The map raster of a sheet and where it lies.

    Raises:
        SheetNotReady
    """
    if row.map_sha256 is None or row.laid is None:
        raise SheetNotReady(status=row.status)
    return path_of(settings(), row.map_sha256), Laid(**row.laid)


def marked(content: str, make: Any) -> Answer:
    """An answer under the mark of its content and address; made only when the browser needs it."""
    answer = Response(b"", mimetype=MEDIA_TYPE)
    mark = (
        f"{_EDITION}\n{content}\n{request.path}\n{request.query_string.decode('ascii', 'replace')}"
    )
    answer.set_etag(hashlib.sha256(mark.encode()).hexdigest()[:32])
    if not request.if_none_match.contains_weak(answer.get_etag()[0] or ""):
        answer.set_data(make())
    answer.cache_control.private = True
    answer.cache_control.no_cache = True
    answer.vary.update(("Cookie", "Authorization"))
    return answer.make_conditional(request)


def crop_png(row: SheetRow, ground: Ground, width: int, height: int) -> Answer:
    """The sheet at a piece of ground; headers say its error and pixel in metres.

    Raises:
        SheetNotReady, SheetOfAnotherPlane
    """
    path, laid = laid_file(row)
    if ground.srid != laid.srid:
        raise SheetOfAnotherPlane(srid=laid.srid, wanted=ground.srid)

    def make() -> bytes:
        found, _size = crop(path, laid, ground.shape, error_m=row.rms_m, width=width, height=height)
        return png(found)

    answer = marked(f"{row.map_sha256} {row.rms_m} {ground.ewkt}", make)
    answer.headers["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(row.title[:80])}.png"
    return answer


def picture_tile(row: SheetRow, level: int, x: int, y: int, side: int) -> bytes:
    """A tile of the sheet in image space; level 0 is full size.

    Raises:
        SheetNotReady: the file has not been read.
        NotFound: outside the picture.
    """
    if row.picture_sha256 is None:
        raise SheetNotReady(status=row.status)
    path = path_of(settings(), row.picture_sha256)
    if row.kind == "dem":
        found = reading.image_numbers(path, level, x, y, side)
        picture = None if found is None else shaded(found, 2.0**level)
    else:
        picture = reading.image_tile(path, level, x, y, side)
    if picture is None:
        raise NotFound(kind="tile", key=f"{level}/{x}/{y}")
    return png(padded(picture, side))


def lots_relief(
    session: Session, row: SheetRow, at: Moment, plan_version: UUID | None
) -> list[dict[str, Any]]:
    """Heights and slopes of the lots of a plan version, or of those in force in the sheet's zone.

    Raises:
        SheetIsNoElevation, SheetNotReady
    """
    if row.kind != "dem":
        raise SheetIsNoElevation()
    path, laid = laid_file(row)
    lots = lot_shapes(session, at, row.zone_id, laid.srid, plan_version)
    found = relief(path, laid, [lot.shape for lot in lots])
    return [
        {
            "lot_id": lot.lot_id, "symbol": lot.symbol, "category": lot.category,
            "plan": lot.plan, "plan_version": lot.plan_version,
            "relief": None if each is None else asdict(each),
        }
        for lot, each in zip(lots, found, strict=True)
    ]  # fmt: skip
