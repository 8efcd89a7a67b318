"""Writing verbs of the resettlement context: areas, plots, readiness."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

from shapely import MultiPolygon
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from layers.copying import copy_rows, ewkb_hex
from planning.clocks import amend, record
from planning.errors import AlreadyExists, NotFound
from planning.resettlement.model import (
    ResettlementArea,
    ResettlementAreaVersion,
    ResettlementPlot,
    ResettlementPlotVersion,
)


@dataclass(frozen=True, slots=True)
class NewPlot:
    """A plot for a household: number, legal area in m², the day it is planned to be ready."""

    number: str
    legal_area_m2: Decimal | None = None
    ready_on: date | None = None
    status: str = "planned"
    id: UUID = field(default_factory=uuid4)


def create_area(
    session: Session,
    change: int,
    *,
    code: str,
    board_id: UUID,
    name_vi: str,
    srid: int,
    area: MultiPolygon,
    valid_from: date,
    zone_id: UUID | None = None,
    name_en: str | None = None,
    status: str = "planned",
    plots_planned: int | None = None,
    decision_id: UUID | None = None,
    ready_on: date | None = None,
) -> UUID:
    """Record a resettlement area; `area` is (E, N) of plane `srid`. Raises AlreadyExists."""
    if session.scalar(select(ResettlementArea.id).where(ResettlementArea.code == code)):
        raise AlreadyExists(kind="resettlement_area", key=code)
    area_id = uuid4()
    identity = {"id": area_id, "code": code, "board_id": board_id, "zone_id": zone_id}
    session.execute(insert(ResettlementArea).values(**identity, opened_by=change))
    facts = {
        "resettlement_area_id": area_id,
        "name_vi": name_vi,
        "name_en": name_en,
        "status": status,
        "plots_planned": plots_planned,
        "decision_id": decision_id,
        "ready_on": ready_on,
        "srid": srid,
        "geom": ewkb_hex([area], srid)[0],
        "valid_from": valid_from,
    }
    record(session, ResettlementAreaVersion, change, [facts])
    return area_id


def add_plots(
    session: Session, change: int, *, area_id: UUID, plots: Sequence[NewPlot], valid_from: date
) -> list[UUID]:
    """Record plots of an area by COPY; return their ids in the order given."""
    copy_rows(
        session,
        "land.resettlement_plot",
        ("id", "resettlement_area_id", "number", "opened_by"),
        ((plot.id, area_id, plot.number, change) for plot in plots),
    )
    copy_rows(
        session,
        "land.resettlement_plot_version",
        (
            "resettlement_plot_id",
            "legal_area_m2",
            "ready_on",
            "status",
            "valid_from",
            "opened_by",
        ),
        (
            (plot.id, plot.legal_area_m2, plot.ready_on, plot.status, valid_from, change)
            for plot in plots
        ),
    )
    return [plot.id for plot in plots]


def set_readiness(
    session: Session,
    change: int,
    *,
    area_id: UUID,
    day: date,
    status: str,
    ready_on: date | None = None,
) -> None:
    """Say what step an area has reached on a day: planned, approved, building, completed or full.

    `ready_on` left out keeps the day known. Raises NotFound, LaterVersionsExist.
    """
    mine = ResettlementAreaVersion.resettlement_area_id == area_id
    values: dict[str, object] = {"status": status}
    if ready_on is not None:
        values["ready_on"] = ready_on
    amend(session, ResettlementAreaVersion, change, mine, day, values)


def set_plots(
    session: Session,
    change: int,
    *,
    area_id: UUID,
    numbers: Collection[str],
    day: date,
    status: str,
) -> None:
    """Say that plots, by number, are ready or assigned from a day on.

    Raises:
        NotFound: the area has no plot of a number.
        LaterVersionsExist: a plot's step changes after the day.
    """
    known = {
        row.number: row.id
        for row in session.execute(
            select(ResettlementPlot.id, ResettlementPlot.number).where(
                ResettlementPlot.resettlement_area_id == area_id
            )
        )
    }
    for number in numbers:
        if number not in known:
            raise NotFound(kind="resettlement_plot", key=number)
        values: dict[str, object] = {"status": status}
        if status == "ready":
            values["ready_on"] = day
        mine = ResettlementPlotVersion.resettlement_plot_id == known[number]
        amend(session, ResettlementPlotVersion, change, mine, day, values)
