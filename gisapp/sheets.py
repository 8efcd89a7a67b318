"""A scanned sheet from an upload into the register: looked at in the sandbox, kept, queued."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Final
from uuid import UUID

from gisapp.importing import scratch_of
from gisapp.sheet_files import adopt, received
from layers.raster.content import NUMBERS, PICTURE, Note, RasterFacts
from layers.raster.intake import inspect_raster
from layers.raster.limits import RasterLimits
from layers.raster.stated import stated_points
from layers.raster.worker import said as facts_said
from planning.clocks import today
from planning.plans.sheets.commands import (
    Description,
    NewSheet,
    queue_reading,
    register_sheet,
)
from planning.plans.sheets.queries import same_file
from planning.records.commands import open_change

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from gisapp.config import Settings
    from gisapp.db import Database

READ_AS: Final = {"sheet": PICTURE, "dem": NUMBERS}
LIMITS: Final = RasterLimits()


@dataclass(frozen=True)
class Upload:
    """What is asked of an uploaded file: zone and plane, kind (sheet or dem), page, description."""

    zone_id: UUID
    srid: int
    kind: str
    file_name: str
    page: int | None
    said: Description
    actor: str


@dataclass(frozen=True)
class Brought:
    """The sheet, and whether it is new: the same page of the same file is registered once."""

    sheet_id: UUID
    new: bool


def bring_sheet(database: Database, settings: Settings, stream: BinaryIO, asked: Upload) -> Brought:
    """Keep an uploaded raster, register it and queue its reading; the stream is read and closed.

    Raises:
        FileRefused: the file is not taken in; nothing of it is kept.
        NotFound, PlanOfAnotherZone: what it is said to belong to is not there.
    """
    with stream, received(settings, stream, asked.file_name) as (path, sha256, size):
        facts = inspect_raster(
            path,
            name=asked.file_name,
            scratch=scratch_of(settings),
            limits=LIMITS,
            kind=READ_AS[asked.kind],
            page=asked.page,
        )
        with database.transaction() as session:
            known = same_file(session, asked.zone_id, sha256, facts.page, asked.kind)
            if known is not None:
                return Brought(known, new=False)
            made = _registered(session, asked, facts, sha256, size)
            adopt(settings, path, sha256)
            return Brought(made, new=True)


def _registered(
    session: Session, asked: Upload, facts: RasterFacts, sha256: str, size: int
) -> UUID:
    change = open_change(
        session, kind="setup", reason=f"Bản vẽ quét: {asked.said.title}"[:1000],
        actor=asked.actor, effective_on=today(),
    )  # fmt: skip
    new = NewSheet(
        zone_id=asked.zone_id,
        srid=asked.srid,
        kind=asked.kind,
        file_sha256=sha256,
        file_name=asked.file_name,
        file_size=size,
        facts=_kept(facts, asked.srid),
        page=facts.page,
        width=facts.width,
        height=facts.height,
    )
    sheet_id = register_sheet(session, change, new, asked.said)
    queue_reading(session, sheet_id, asked.actor)
    return sheet_id


def _kept(facts: RasterFacts, srid: int) -> dict[str, Any]:
    """The facts with a word on whether the place the file states can be used on this plane."""
    place = facts.place
    notes = facts.notes
    if place is not None and stated_points(place, facts.width, facts.height, srid) is None:
        notes = tuple(each for each in notes if each.code != "raster-note-georeferenced")
        notes += (Note("raster-note-crs-unusable", {"name": place.name[:120]}),)
    told = facts_said(facts)
    return {**told, "notes": [{"code": n.code, "context": n.context} for n in notes]}
