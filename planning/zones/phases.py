"""Zones by phase: what goes on where, and what a zone is doing as its phases have it.

A zone's state is derived, never stored: a park operates here and clears there at once. Areas by
state come to the zone's own ground, "not classified" included; so do counts of zones.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final
from uuid import UUID, uuid4

from shapely import MultiPolygon
from sqlalchemy import insert, or_, select
from sqlalchemy.orm import Session

from layers.copying import ewkb_hex
from planning.clocks import Moment, end, moment_parameters, set_from, valid_on
from planning.errors import AlreadyExists, NotFound
from planning.statements import statement
from planning.zones.phase_model import ZonePhase, ZonePhaseLimit, ZonePhaseState, ZonePhaseVersion
from planning.zones.queries import ZoneRow

STATES: Final = ("planned", "established", "clearing", "building", "operating")
"""What goes on in a phase, in the order a park goes through it."""
UNCLASSIFIED: Final = "unclassified"
STANDINGS: Final = (
    "operating", "operating_building", "operating_clearing", "operating_partly",
    "building", "building_clearing", "clearing", "established", "planned", UNCLASSIFIED,
)  # fmt: skip
"""What a zone is doing, every zone one of them."""
_CENT: Final = Decimal("0.01")
_NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class PhaseRow:
    """A phase at a moment; areas in m², `outside` the share that lies in no zone inside."""

    id: UUID
    zone_id: UUID
    number: str
    version_id: int
    name_vi: str
    name_en: str | None
    legal_area_m2: Decimal | None
    area_m2: float | None
    valid_from: date
    decision: str
    decided_on: date
    decided_by: str
    state: str | None
    state_since: date | None
    state_document: str | None
    outside: float

    @property
    def standing(self) -> str:
        """Its state, or that nobody said one."""
        return self.state or UNCLASSIFIED

    def counted_m2(self, zone: ZoneRow) -> Decimal:
        """The legal area; a phase that is only drawn counts for its share of the zone's."""
        if self.legal_area_m2 is not None:
            return self.legal_area_m2
        whole = natural_m2(zone)
        share = (self.area_m2 or 0.0) / zone.area_m2 if zone.area_m2 else 0.0
        return (whole * Decimal(repr(share))).quantize(_CENT, ROUND_HALF_UP)

    def own_m2(self, zone: ZoneRow) -> Decimal:
        """What of that is the zone's own ground, not that of a zone inside it."""
        counted = self.counted_m2(zone)
        return (counted * Decimal(repr(self.outside))).quantize(_CENT, ROUND_HALF_UP)


def natural_m2(zone: ZoneRow) -> Decimal:
    """A zone's area by its decision, else as measured."""
    if zone.legal_area_m2 is not None:
        return zone.legal_area_m2
    return Decimal(repr(zone.area_m2 or 0.0)).quantize(_CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class ZoneStanding:
    """A zone with its phases: m² of its own ground by state; what is left is not classified."""

    zone: ZoneRow
    phases: tuple[PhaseRow, ...]
    own_m2: Decimal
    by_state: dict[str, Decimal]

    @property
    def unclassified_m2(self) -> Decimal:
        """Own ground no phase with a state covers."""
        return self.own_m2 - sum(self.by_state.values(), _NOTHING)

    @property
    def standing(self) -> str:
        """What the zone is doing: one of `STANDINGS`."""
        return standing_of({phase.state for phase in self.phases if phase.state}, rest=self.rest)

    @property
    def rest(self) -> bool:
        """Whether a visible part (over 0.01 ha) of the zone is in no state."""
        return self.unclassified_m2 >= 100


def standing_of(states: set[str], *, rest: bool = False) -> str:
    """What a zone is doing when these things go on in it; `rest`: part of it is not classified."""
    if "operating" in states:
        if "clearing" in states:
            return "operating_clearing"
        if "building" in states:
            return "operating_building"
        return "operating_partly" if len(states) > 1 or rest else "operating"
    if "building" in states:
        return "building_clearing" if "clearing" in states else "building"
    for state in ("clearing", "established", "planned"):
        if state in states:
            return state
    return UNCLASSIFIED


@dataclass(frozen=True)
class Tally:
    """Zones counted by what they do, and m² by state: both come to the whole."""

    zones: dict[str, int] = field(default_factory=dict)
    area_m2: dict[str, Decimal] = field(default_factory=dict)
    phases: dict[str, int] = field(default_factory=dict)

    @property
    def zone_count(self) -> int:
        """All zones."""
        return sum(self.zones.values())

    @property
    def whole_m2(self) -> Decimal:
        """All ground, each piece once."""
        return sum(self.area_m2.values(), _NOTHING)


def tally(standings: Iterable[ZoneStanding]) -> Tally:
    """Count zones and add their ground up, by state."""
    found = Tally(
        dict.fromkeys(STANDINGS, 0), dict.fromkeys((*STATES, UNCLASSIFIED), _NOTHING),
        dict.fromkeys((*STATES, UNCLASSIFIED), 0),
    )  # fmt: skip
    for each in standings:
        found.zones[each.standing] += 1
        for state, area in each.by_state.items():
            found.area_m2[state] += area
        found.area_m2[UNCLASSIFIED] += each.unclassified_m2
        for phase in each.phases:
            found.phases[phase.standing] += 1
    return found


def standings(session: Session, at: Moment, zones: Sequence[ZoneRow]) -> list[ZoneStanding]:
    """Return what zones are doing at a moment, each with its own ground.

    A zone's own ground is its area less that of the zones given that lie in it.
    """
    rows: Any = session.execute(
        statement("zones/phases"), {"zones": [zone.id for zone in zones], **moment_parameters(at)}
    )
    phases: dict[UUID, list[PhaseRow]] = {}
    for row in rows:
        phases.setdefault(row.zone_id, []).append(PhaseRow(**row._mapping))
    inner: dict[UUID, Decimal] = {}
    for zone in zones:
        if zone.parent_id is not None:
            inner[zone.parent_id] = inner.get(zone.parent_id, _NOTHING) + natural_m2(zone)
    found = []
    for zone in zones:
        mine = sorted(phases.get(zone.id, ()), key=lambda phase: _ordered(phase.number))
        sums: dict[str, Decimal] = {}
        for phase in mine:
            if phase.state is not None:
                sums[phase.state] = sums.get(phase.state, _NOTHING) + phase.own_m2(zone)
        own = natural_m2(zone) - inner.get(zone.id, _NOTHING)
        found.append(ZoneStanding(zone, tuple(mine), own, sums))
    return found


def _ordered(number: str) -> tuple[int, str]:
    digits = "".join(letter for letter in number if letter.isdigit())
    return (int(digits) if digits else 0), number


@dataclass(frozen=True, slots=True)
class PhaseLimit:
    """From what size on zones of some kinds are to be phased, and how large a phase may be (m²)."""

    zone_kinds: tuple[str, ...]
    area_m2: Decimal
    valid_from: date
    clause: str
    source: str
    verification: str


def phase_limit(session: Session, day: date) -> PhaseLimit | None:
    """Return the limit in force on a day, None before there was one."""
    limit = ZonePhaseLimit
    row = session.execute(
        select(
            limit.zone_kinds, limit.area_m2, limit.valid_from, limit.clause, limit.source,
            limit.verification,
        ).where(limit.valid_from <= day, or_(limit.valid_to.is_(None), limit.valid_to > day))
    ).one_or_none()  # fmt: skip
    return None if row is None else PhaseLimit(tuple(row[0]), *row[1:])


def past_limit(standing: ZoneStanding, limit: PhaseLimit | None) -> list[PhaseRow] | None:
    """Phases larger than the limit allows; None when the zone keeps to it or need not.

    An empty list: the zone itself is larger and has no phases at all.
    """
    if limit is None or standing.zone.kind not in limit.zone_kinds:
        return None
    if natural_m2(standing.zone) <= limit.area_m2:
        return None
    large = [p for p in standing.phases if p.counted_m2(standing.zone) > limit.area_m2]
    return large if large or not standing.phases else None


def create_phase(
    session: Session,
    change: int,
    *,
    zone_id: UUID,
    srid: int,
    number: str,
    name_vi: str,
    decision_id: UUID,
    valid_from: date,
    name_en: str | None = None,
    legal_area_m2: Decimal | None = None,
    shape: MultiPolygon | None = None,
) -> UUID:
    """Record a phase of a zone by its decision: hectares, or ground (E, N) in the zone's plane.

    The database judges at commit that phases lie apart, inside the boundary, and come to no more
    than the zone. Raises AlreadyExists.
    """
    if session.scalar(
        select(ZonePhase.id).where(ZonePhase.zone_id == zone_id, ZonePhase.number == number)
    ):
        raise AlreadyExists(kind="zone_phase", key=number)
    phase_id = uuid4()
    place = {"zone_id": zone_id, "srid": srid}
    identity = {"id": phase_id, "number": number, "opened_by": change, **place}
    session.execute(insert(ZonePhase).values(**identity))
    change_phase(
        session, change, phase_id, day=valid_from, name_vi=name_vi, name_en=name_en,
        legal_area_m2=legal_area_m2, shape=shape, decision_id=decision_id,
    )  # fmt: skip
    return phase_id


def change_phase(
    session: Session,
    change: int,
    phase_id: UUID,
    *,
    day: date,
    name_vi: str,
    decision_id: UUID,
    name_en: str | None = None,
    legal_area_m2: Decimal | None = None,
    shape: MultiPolygon | None = None,
) -> None:
    """Say from a day on what a decision makes of a phase; its ground stays unless one is given.

    Raises NotFound, LaterVersionsExist.
    """
    phase = session.get(ZonePhase, phase_id)
    if phase is None:
        raise NotFound(kind="zone_phase", key=str(phase_id))
    key = {"phase_id": phase_id, "zone_id": phase.zone_id, "srid": phase.srid}
    facts: dict[str, object] = {
        "name_vi": name_vi, "name_en": name_en, "legal_area_m2": legal_area_m2,
        "decision_id": decision_id,
    }  # fmt: skip
    if shape is not None:
        facts["geom"] = ewkb_hex([shape], phase.srid)[0]
    set_from(session, ZonePhaseVersion, change, key, day, facts)


def draw_phase(
    session: Session,
    change: int,
    phase_id: UUID,
    *,
    day: date,
    shape: MultiPolygon,
    decision_id: UUID,
) -> None:
    """Draw a phase anew from a day on (E, N in the zone's plane); name and hectares stay.

    Raises NotFound: the phase is not there on that day. LaterVersionsExist.
    """
    version = ZonePhaseVersion
    held = session.scalar(
        select(version).where(
            version.phase_id == phase_id, version.closed_by.is_(None), valid_on(version, day)
        )
    )
    if held is None:
        raise NotFound(kind="zone_phase", key=str(phase_id))
    change_phase(
        session, change, phase_id, day=day, name_vi=held.name_vi, name_en=held.name_en,
        legal_area_m2=held.legal_area_m2, shape=shape, decision_id=decision_id,
    )  # fmt: skip


def set_state(
    session: Session, change: int, phase_id: UUID, *, state: str, day: date, document_id: UUID
) -> None:
    """Say what goes on in a phase from a day on, by a document. Raises LaterVersionsExist."""
    facts = {"state": state, "document_id": document_id}
    set_from(session, ZonePhaseState, change, {"phase_id": phase_id}, day, facts)


def end_phase(session: Session, change: int, phase_id: UUID, day: date) -> None:
    """End a phase on a day; what went on in it ends too. Raises NotFound, LaterVersionsExist."""
    end(session, ZonePhaseVersion, change, ZonePhaseVersion.phase_id == phase_id, day)
    if session.scalar(
        select(ZonePhaseState.version_id).where(
            ZonePhaseState.phase_id == phase_id, ZonePhaseState.closed_by.is_(None),
            ZonePhaseState.valid_to.is_(None),
        ).limit(1)
    ):  # fmt: skip
        end(session, ZonePhaseState, change, ZonePhaseState.phase_id == phase_id, day)


def find_phase(session: Session, zone_id: UUID, number: str) -> ZonePhase:
    """Return a phase of a zone by its number. Raises NotFound."""
    found = session.scalar(
        select(ZonePhase).where(ZonePhase.zone_id == zone_id, ZonePhase.number == number)
    )
    if found is None:
        raise NotFound(kind="zone_phase", key=number)
    return found
