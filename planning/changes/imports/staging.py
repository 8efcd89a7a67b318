"""Shapes judged by the database before they become rows of the register.

The constraints of the register name one offender and stop; a person wants all of them. So when
they refuse, the shapes are
staged and asked about as a set, by the same rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import text
from sqlalchemy.orm import Session

from layers.copying import copy_rows
from planning.statements import statement


@dataclass(frozen=True, slots=True)
class Conflict:
    """A staged shape and a registered parcel claiming the same ground: m² and the ground itself."""

    position: int
    parcel_id: UUID
    label: str
    area_m2: float
    valid_from: date
    shared: BaseGeometry


@contextmanager
def staged(session: Session, shapes: Iterable[tuple[int, UUID, int, str]]) -> Iterator[UUID]:
    """Stage (position, zone, srid, EWKB) rows under a batch id, and take them away afterwards."""
    batch = uuid4()
    columns = ("batch", "position", "zone_id", "srid", "geom")
    copy_rows(session, "staging.shape", columns, ((batch, *shape) for shape in shapes))
    yield batch
    session.execute(text("DELETE FROM staging.shape WHERE batch = :batch"), {"batch": batch})


def conflicts(session: Session, batch: UUID, day: date) -> list[Conflict]:
    """Return every staged shape that overlaps a parcel valid on or after the day, by the rule of
    the register.
    """
    rows = session.execute(statement("staged_overlaps"), {"batch": batch, "day": day})
    return [
        Conflict(row[0], row[1], row[2], row[3], row[4], shapely.from_wkb(bytes(row[5])))
        for row in rows
    ]


def outside(session: Session, batch: UUID, day: date) -> list[tuple[int, float]]:
    """Return staged shapes not inside every boundary their zone has from the day on, with the m²
    outside.
    """
    rows = session.execute(statement("staged_outside"), {"batch": batch, "day": day})
    return [(row[0], float(row[1])) for row in rows]
