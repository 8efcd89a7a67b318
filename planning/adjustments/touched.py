"""The parcels, live rights and projects that lie on ground whose use changes, with their m².

Areas are measured in the plane of both versions. Rights count with the ground of their parcels, not
with the area of the contract, which stands beside it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import fsum
from typing import Final
from uuid import UUID

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from planning.clocks import Moment, moment_parameters
from planning.plans.difference import SPECK_M2, Cell, Overlay, Piece
from planning.statements import statement

PEN_M: Final = 0.0002
"""Width of a line on paper, 0.2 mm: times the scale it is ground no drawing can tell apart."""
SUB_LEASE_TIER: Final = 2


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel in force; area m², `shape` (E, N)."""

    parcel_id: UUID
    version_id: int
    zone: str
    commune: str | None
    sheet: str | None
    number: str | None
    area_m2: float
    shape: BaseGeometry


@dataclass(frozen=True, slots=True)
class Right:
    """A right in force and the parcels of it that were met."""

    id: UUID
    kind: str
    tier: int
    number: str
    lessee: str
    contract_area_m2: Decimal
    valid_from: date
    term_ends: date | None
    parcels: tuple[UUID, ...]

    @property
    def is_lease(self) -> bool:
        """A contract with an investor (sub-lease), not a grant of the State or a reservation."""
        return self.tier == SUB_LEASE_TIER


@dataclass(frozen=True, slots=True)
class Project:
    """A project that stands on some of the ground."""

    id: UUID
    code: str
    name_vi: str
    name_en: str | None
    status: str
    parcels: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Ground a piece and a parcel share; `drawn` False: narrower than a drawn line."""

    piece: Piece
    parcel: Parcel
    area_m2: float
    drawn: bool


@dataclass(frozen=True)
class Touched:
    """Everything on ground whose use changes, ready to be asked cell by cell."""

    laid: Overlay
    parts: tuple[Part, ...]
    rights: tuple[Right, ...]
    projects: tuple[Project, ...]

    def parcels(self, wanted: Callable[[Cell], bool]) -> list[tuple[Parcel, float]]:
        """Parcels on the ground of such cells with the m² there, largest first."""
        by_id = {part.parcel.parcel_id: part.parcel for part in self.parts}
        sums = self._sums(wanted, drawn_only=False)
        found = [(by_id[parcel], area) for parcel, area in sums.items()]
        return sorted(found, key=lambda pair: (-pair[1], pair[0].version_id))

    def rights_on(
        self, wanted: Callable[[Cell], bool], *, drawn_only: bool = False
    ) -> list[tuple[Right, float]]:
        """Rights with ground in such cells and the m² there, largest first."""
        sums = self._sums(wanted, drawn_only)
        met = [
            (right, fsum(sums[parcel] for parcel in right.parcels if parcel in sums))
            for right in self.rights
        ]
        found = [(right, area) for right, area in met if area > 0]
        return sorted(found, key=lambda pair: (-pair[1], pair[0].number))

    def projects_on(self, wanted: Callable[[Cell], bool]) -> list[tuple[Project, float]]:
        """Projects with ground in such cells and the m² there, largest first."""
        sums = self._sums(wanted, drawn_only=False)
        met = [
            (project, fsum(sums[parcel] for parcel in project.parcels if parcel in sums))
            for project in self.projects
        ]
        found = [(project, area) for project, area in met if area > 0]
        return sorted(found, key=lambda pair: (-pair[1], pair[0].code))

    def broken_leases(self) -> list[tuple[Right, float]]:
        """Leases that lose leasable ground, m²; slivers narrower than a drawn line do not count."""
        lost = self.rights_on(lambda cell: cell.leaves_leasing, drawn_only=True)
        return [(right, area) for right, area in lost if right.is_lease]

    def _sums(self, wanted: Callable[[Cell], bool], drawn_only: bool) -> dict[UUID, float]:
        areas: dict[UUID, list[float]] = {}
        asked: dict[int, bool] = {}
        for part in self.parts:
            piece = part.piece
            if id(piece) not in asked:
                asked[id(piece)] = wanted(self.laid.cell(piece))
            if asked[id(piece)] and (part.drawn or not drawn_only):
                areas.setdefault(part.parcel.parcel_id, []).append(part.area_m2)
        return {parcel: fsum(found) for parcel, found in areas.items()}


def touched(
    session: Session,
    at: Moment,
    laid: Overlay,
    *,
    srid: int,
    scale_denominator: int,
    pieces: Sequence[Piece] | None = None,
    zones: Sequence[UUID] | None = None,
) -> Touched:
    """Cross pieces (default: those whose use changes) with what lies on them at the moment.

    `zones`: only parcels of these zones (None: all). The scale tells slivers from ground.
    """
    drawn = [piece for piece in (laid.changed() if pieces is None else pieces) if piece.shape]
    if not drawn:
        return Touched(laid, (), (), ())
    shapes = np.empty(len(drawn), dtype=object)
    shapes[:] = [piece.shape for piece in drawn]
    parcels = _parcels(session, at, srid, shapely.total_bounds(shapes), zones)
    parts = tuple(_parts(drawn, shapes, parcels, PEN_M * scale_denominator))
    met = list(dict.fromkeys(part.parcel.parcel_id for part in parts))
    return Touched(laid, parts, rights_of(session, at, met), _projects(session, at, met))


def _parcels(
    session: Session,
    at: Moment,
    srid: int,
    bounds: npt.NDArray[np.float64],
    zones: Sequence[UUID] | None,
) -> list[Parcel]:
    west, south, east, north = (float(side) for side in bounds)
    values = {
        **moment_parameters(at), "srid": srid, "west": west, "south": south, "east": east,
        "north": north, "zones": None if zones is None else list(zones),
    }  # fmt: skip
    rows = session.execute(statement("adjustments/parcels"), values).all()
    shapes = shapely.from_wkb([bytes(row.shape) for row in rows])
    return [
        Parcel(**{**row._mapping, "shape": shape}) for row, shape in zip(rows, shapes, strict=True)
    ]


def _parts(
    pieces: Sequence[Piece],
    shapes: npt.NDArray[np.object_],
    parcels: Sequence[Parcel],
    pen_m: float,
) -> list[Part]:
    if not parcels:
        return []
    grounds = np.empty(len(parcels), dtype=object)
    grounds[:] = [parcel.shape for parcel in parcels]
    shapely.prepare(shapes)
    tree = shapely.STRtree(grounds)
    one, other = tree.query(shapes, predicate="intersects")
    within = shapely.covers(shapes[one], grounds[other])
    shared = grounds[other]
    across = ~within
    shared[across] = shapely.intersection(shapes[one[across]], grounds[other[across]])
    areas, edges = shapely.area(shared), shapely.length(shared)
    return [
        Part(pieces[i], parcels[j], float(area), bool(area > pen_m * edge / 2))
        for i, j, area, edge in zip(one, other, areas, edges, strict=True)
        if area > SPECK_M2
    ]


def rights_of(session: Session, at: Moment, parcels: Sequence[UUID]) -> tuple[Right, ...]:
    """Return the rights in force that hold any of some parcels, the State's last."""
    values = {**moment_parameters(at), "parcels": list(parcels)}
    found: dict[UUID, list[object]] = {}
    terms: dict[UUID, dict[str, object]] = {}
    for row in session.execute(statement("adjustments/rights"), values).mappings():
        found.setdefault(row["id"], []).append(row["parcel_id"])
        terms[row["id"]] = {name: row[name] for name in row if name != "parcel_id"}
    return tuple(
        Right(**terms[key], parcels=tuple(held))  # type: ignore[arg-type]
        for key, held in found.items()
    )


def _projects(session: Session, at: Moment, parcels: Sequence[UUID]) -> tuple[Project, ...]:
    values = {**moment_parameters(at), "parcels": list(parcels)}
    found: dict[UUID, list[object]] = {}
    facts: dict[UUID, dict[str, object]] = {}
    for row in session.execute(statement("adjustments/projects"), values).mappings():
        found.setdefault(row["id"], []).append(row["parcel_id"])
        facts[row["id"]] = {name: row[name] for name in row if name != "parcel_id"}
    return tuple(
        Project(**facts[key], parcels=tuple(held))  # type: ignore[arg-type]
        for key, held in found.items()
    )
