"""Where the ground of a phase comes from: a table of corners, parcels of the zone, or a file."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import shapely
from flask import request
from shapely import MultiPolygon

from gisapp.importing import ScopeRefused, Source, scope_from, scratch_of
from gisapp.pages.clearance_acts import actor
from gisapp.pages.import_form import FormRefused, day_asked, word_asked
from gisapp.refusals import Refusal
from gisapp.running import database, settings
from layers.coordinate_table import rows_of, understand
from planning.changes.imports import Certificate, Layer, Request
from planning.clocks import Moment, moment
from planning.parcels.queries import shape_of
from planning.projects.land import names_of, parcels_named
from planning.zones.queries import boundary

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from planning.zones.queries import ZoneRow

LONGEST = 100_000


class GroundTwice(Refusal):
    """The ground of a phase was told in more than one way."""

    code = "phase-ground-twice"


class GroundFileRefused(Refusal):
    """A file cannot serve as the ground of a phase. Context: ``codes``."""

    code = "phase-ground-refused"


def ground_in_file(zone: ZoneRow) -> MultiPolygon | None:
    """The ground in the file of the form, read in the sandbox; None when none was chosen.

    Read before anything is written: no lock is held while a file is looked at.

    Raises:
        GroundTwice: corners or parcels were told besides.
        FormRefused: the document's fields are missing. LayerError, GroundFileRefused: the file.
    """
    file = request.files.get("ground")
    if file is None or not file.filename:
        return None
    if _told("corners") or _told("parcels"):
        raise GroundTwice()
    issued = day_asked(request.form, "issued", needed=True)
    paper = (word_asked(request.form, "document"), word_asked(request.form, "issuer"))
    if issued is None:
        raise FormRefused(field="issued")
    name = file.filename[-200:]
    wanted = Request(
        Layer.BOUNDARY, zone.code, Certificate(paper[0], issued, paper[1]), actor(),
        file_name=name, effective_on=day_asked(request.form, "day"),
    )  # fmt: skip
    with tempfile.TemporaryDirectory(dir=scratch_of(settings())) as room:
        kept = Path(room) / "in"
        file.save(kept)
        try:
            return scope_from(database(), settings(), wanted, Source(kept, name))
        except ScopeRefused as refused:
            raise GroundFileRefused(**refused.context) from refused


def ground_told(
    db: Session, zone: ZoneRow, day: date, drawn: MultiPolygon | None
) -> MultiPolygon | None:
    """The ground of the form (E, N of the zone's plane): `drawn` from its file, else parcels as
    they are on the day of the act, else a table of corners; None when none was given.

    Raises:
        GroundTwice, FormRefused, ParcelNotNamed. LayerError: the table cannot be understood.
    """
    if drawn is not None:
        return drawn
    corners, parcels = _told("corners"), _told("parcels")
    if corners and parcels:
        raise GroundTwice()
    if parcels:
        at = Moment(day)
        return shape_of(db, at, parcels_named(db, at, zone.id, names_of(parcels)))
    if not corners:
        return None
    limits = boundary(db, zone.id, moment(db))
    if limits is None:
        raise FormRefused(field="corners")
    outline = understand(rows_of(corners), zone.srid, limits.shape).polygon
    return MultiPolygon([shapely.force_2d(outline)])


def _told(name: str) -> str:
    return request.form.get(name, "").strip()[:LONGEST]
