"""Phases of zones brought in as a table: number, name, hectares of the decision, what goes on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from planning.clocks import Moment
from planning.incoming import Line, ListKind, Paper, Places
from planning.zones.model import Zone
from planning.zones.phase_model import ZonePhase
from planning.zones.phases import (
    UNCLASSIFIED,
    change_phase,
    create_phase,
    set_state,
    standings,
)
from planning.zones.queries import zones


@dataclass(frozen=True, slots=True)
class Around:
    """What rows are held against: zones seen, their planes, the phases there are."""

    places: Places
    planes: Mapping[UUID, int]
    known: Mapping[tuple[UUID, str], UUID]


@dataclass(frozen=True, slots=True)
class PhaseLine:
    """A phase as a row says it, areas in m²."""

    zone_id: UUID
    srid: int
    number: str
    name_vi: str
    name_en: str | None
    area_m2: Decimal
    state: str | None
    state_from: date | None
    known: UUID | None


def _survey(session: Session, at: Moment, places: Places) -> Around:
    seen = list(places.zones.values())
    planes = session.execute(select(Zone.id, Zone.srid).where(Zone.id.in_(seen)))
    phases = session.execute(
        select(ZonePhase.zone_id, ZonePhase.number, ZonePhase.id).where(ZonePhase.zone_id.in_(seen))
    )
    return Around(
        places,
        {row.id: row.srid for row in planes},
        {(row.zone_id, row.number): row.id for row in phases},
    )


def _parse(around: Around, line: Line) -> PhaseLine:
    zone = around.places.zone(line)
    number, state = line.text("number") or "", line.text("state")
    area = (line.number_of("area_m2") or Decimal(0)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return PhaseLine(
        zone_id=zone,
        srid=around.planes[zone],
        number=number,
        name_vi=line.text("name_vi") or "",
        name_en=line.text("name_en"),
        area_m2=area,
        state=None if state == UNCLASSIFIED else state,
        state_from=line.day("state_from"),
        known=around.known.get((zone, number)),
    )


def _write(session: Session, paper: Paper, rows: Sequence[PhaseLine]) -> None:
    for row in rows:
        said = {"name_vi": row.name_vi, "name_en": row.name_en, "legal_area_m2": row.area_m2}
        if row.known is None:
            phase = create_phase(
                session, paper.change, zone_id=row.zone_id, srid=row.srid, number=row.number,
                decision_id=paper.document_id, valid_from=paper.day, **said,  # type: ignore[arg-type]
            )  # fmt: skip
        else:
            phase = row.known
            change_phase(
                session, paper.change, phase, day=paper.day, decision_id=paper.document_id,
                **said,  # type: ignore[arg-type]
            )  # fmt: skip
        if row.state is not None:
            set_state(
                session, paper.change, phase, state=row.state, day=row.state_from or paper.day,
                document_id=paper.document_id,
            )  # fmt: skip


def _listed(session: Session, at: Moment, places: Places) -> Sequence[Mapping[str, object]]:
    """Phases in being with what goes on in them; what is only drawn counts as measured."""
    seen = [zone for zone in zones(session, at) if zone.code in places.zones]
    return [
        {
            "zone_code": each.zone.code, "number": phase.number, "name_vi": phase.name_vi,
            "name_en": phase.name_en, "area_m2": phase.counted_m2(each.zone),
            "state": phase.standing, "state_from": phase.state_since,
        }
        for each in standings(session, at, seen)
        for phase in each.phases
    ]  # fmt: skip


ZONE_PHASES: Final = ListKind(
    "zone-phases", _survey, _parse, _write, key=lambda row: (row.zone_id, row.number),
    listed=_listed, named=("zone_code", "number"),
)  # fmt: skip
