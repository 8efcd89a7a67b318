"""A scanned sheet of the demo's first plan, placed by its four grid crosses and laid on the map."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import shapely
from sqlalchemy import select

from gisapp.demo.drawn_plan import Drawn, drawn_plan
from gisapp.demo.layout import PARK_A
from gisapp.demo.story import PLAN_DAYS
from gisapp.sheet_files import adopt, sha256_of, sheet_folder
from layers.raster.content import PICTURE, RasterFacts
from layers.raster.files import write_pyramid
from layers.raster.formats import RasterFormat
from layers.raster.georeference import ControlPoint, Kind
from layers.raster.warping import footprint, lay, warp
from layers.raster.worker import said
from planning.plans.model import Plan, PlanVersion
from planning.plans.sheets.commands import (
    Description,
    NewSheet,
    keep_raster,
    place_sheet,
    register_sheet,
)
from planning.plans.sheets.model import SheetReference
from planning.records.commands import open_change
from planning.records.model import Document
from planning.zones.queries import find_zone

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session

    from gisapp.config import Settings

NAME, DECISION, PLAN, SCALE = "qhpk-a-2021.png", "30/QĐ-MH", "QHPK-A", 2000
ACTOR: Final = "planner"
HAND: Final = ((0.3, -0.2), (-0.3, 0.1), (0.2, 0.3), (-0.1, -0.3))


def sheet_of(version: int) -> Drawn:
    """The plan of park A as it was signed: version 1 of 2021, or version 2 of 2024."""
    first, second = PLAN_DAYS[PARK_A.code]
    day = first if version == 1 or second is None else second
    title = f"KCN Minh Hoạ A - Quy hoạch phân khu 1/{SCALE}, phê duyệt {day:%d/%m/%Y}"
    return drawn_plan(PARK_A, adjusted=version > 1, title=title)


def control_points(drawn: Drawn) -> list[ControlPoint]:
    """The four crosses as a hand finds them: to a third of a pixel."""
    return [
        ControlPoint(round(col + right, 1), round(row + down, 1), float(east), float(north))
        for (east, north), (right, down) in zip(drawn.crosses, HAND, strict=True)
        for col, row in (drawn.place(east, north),)
    ]


def lay_sheet(session: Session, settings: Settings) -> UUID:
    """Register the sheet of 2021, place it and lay it on its plane; its files go to the others."""
    drawn = sheet_of(1)
    height, width, bands = drawn.pixels.shape
    facts = RasterFacts(
        RasterFormat.PNG, PICTURE, width, height, bands, "uint8", 1, 1, None, None, ()
    )
    content = drawn.png()
    zone = find_zone(session, PARK_A.code)
    change = open_change(
        session, kind="setup", reason=f"Bản vẽ quét: {NAME}", actor=ACTOR,
        effective_on=PLAN_DAYS[PARK_A.code][0],
    )  # fmt: skip
    new = NewSheet(
        zone.id, zone.srid, "sheet", hashlib.sha256(content).hexdigest(), NAME, len(content),
        said(facts), 1, width, height,
    )  # fmt: skip
    title = "Bản đồ quy hoạch sử dụng đất KCN Minh Hoạ A, 2021 (minh hoạ)"
    sheet = register_sheet(
        session, change, new, Description(title, SCALE, _version(session), _paper(session))
    )
    fit = place_sheet(session, change, sheet, control_points(drawn), Kind.AFFINE)
    placed = session.scalars(
        select(SheetReference.version_id).where(SheetReference.sheet_id == sheet)
    ).one()
    laid = lay(fit.placement, width, height, zone.srid)
    outline = shapely.Polygon(footprint(fit.placement, width, height))
    with tempfile.TemporaryDirectory(dir=sheet_folder(settings)) as made:
        folder = Path(made)
        (folder / "original").write_bytes(content)
        (folder / "plain").write_bytes(drawn.pixels.tobytes())
        write_pyramid(folder / "plain", facts, folder / "picture")
        warp(folder / "picture", fit.placement, laid, folder / "map")
        adopt(settings, folder / "original", new.file_sha256)
        for kind in ("picture", "map"):
            file, on_map = folder / kind, kind == "map"
            sha256 = sha256_of(file)
            keep_raster(
                session,
                sheet,
                kind,
                sha256=sha256,
                size=file.stat().st_size,
                reference_id=placed if on_map else None,
                laid=laid.as_json() if on_map else None,
                outline=outline if on_map else None,
            )
            adopt(settings, file, sha256)
    return sheet


def _version(session: Session) -> UUID:
    first = select(PlanVersion.id).join(Plan, Plan.id == PlanVersion.plan_id)
    return session.scalars(first.where(Plan.code == PLAN, PlanVersion.number == 1)).one()


def _paper(session: Session) -> UUID:
    return session.scalars(select(Document.id).where(Document.number == DECISION)).one()
