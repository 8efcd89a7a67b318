"""Writing verbs of the resettlement context: areas, plots, readiness."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

from shapely import MultiPolygon, Polygon
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from layers.copying import copy_rows, ewkb_hex
from planning import days
from planning.clocks import amend, end, record, set_from
from planning.errors import AlreadyExists, NotFound, RuleViolated
from planning.resettlement.model import (
    PlotAssignment,
    ResettlementArea,
    ResettlementAreaVersion,
    ResettlementPlot,
    ResettlementPlotVersion,
    ResettlementProgress,
)


class PercentRefused(RuleViolated):
    """Progress lies between 0 and 100, to two digits. Context: ``percent``."""

    code = "percent-refused"


@dataclass(frozen=True, slots=True)
class NewPlot:
    """A plot for a household: number, legal area in m², the day it is planned to be ready.

    `shape` is (E, N) in the plane of the area.
    """

    number: str
    legal_area_m2: Decimal | None = None
    ready_on: date | None = None
    status: str = "planned"
    shape: Polygon | None = None
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
    """Record plots of an area by COPY; return their ids in the order given.

    Plots with a shape are drawn in the plane of the area.
    """
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
    drawn = {plot.id: plot.shape for plot in plots if plot.shape is not None}
    if drawn:
        area = ResettlementAreaVersion
        srid = session.scalar(
            select(area.srid)
            .where(area.resettlement_area_id == area_id, area.closed_by.is_(None))
            .limit(1)
        )
        if srid is None:
            raise NotFound(kind="resettlement_area", key=str(area_id))
        draw_plots(session, change, srid=srid, shapes=drawn, valid_from=valid_from)
    return [plot.id for plot in plots]


def draw_plots(
    session: Session,
    change: int,
    *,
    srid: int,
    shapes: Mapping[UUID, Polygon],
    valid_from: date,
) -> None:
    """Record the ground of plots, (E, N) of plane `srid`; the database refuses overlaps."""
    coded = ewkb_hex(list(shapes.values()), srid)
    copy_rows(
        session,
        "land.resettlement_plot_shape",
        ("resettlement_plot_id", "srid", "geom", "valid_from", "opened_by"),
        ((plot, srid, geom, valid_from, change) for plot, geom in zip(shapes, coded, strict=True)),
    )


def assign_plot(
    session: Session,
    change: int,
    *,
    area_id: UUID,
    number: str,
    item_id: UUID,
    day: date,
    document_id: UUID,
) -> UUID:
    """Promise a plot to the household of a clearance item from a day on; return the plot's id.

    The database refuses a plot that is promised already, and one that does not exist on that day.

    Raises:
        NotFound: the area has no plot of that number.
    """
    plot = session.scalar(
        select(ResettlementPlot.id).where(
            ResettlementPlot.resettlement_area_id == area_id, ResettlementPlot.number == number
        )
    )
    if plot is None:
        raise NotFound(kind="resettlement_plot", key=number)
    row = {"resettlement_plot_id": plot, "item_id": item_id, "document_id": document_id}
    record(session, PlotAssignment, change, [{**row, "valid_from": day}])
    return plot


def take_back_plot(session: Session, change: int, *, plot_id: UUID, day: date) -> None:
    """End the promise of a plot on a day. Raises NotFound."""
    end(session, PlotAssignment, change, PlotAssignment.resettlement_plot_id == plot_id, day)


def set_readiness(
    session: Session,
    change: int,
    *,
    area_id: UUID,
    day: date,
    status: str,
    ready_on: date | None = None,
    plots_planned: int | None = None,
) -> None:
    """Say what step an area has reached on a day: planned, approved, building, completed or full.

    `ready_on` and `plots_planned` left out keep what is known. Raises NotFound, LaterVersionsExist.
    """
    mine = ResettlementAreaVersion.resettlement_area_id == area_id
    said = {"status": status, "ready_on": ready_on, "plots_planned": plots_planned}
    values = {name: value for name, value in said.items() if value is not None}
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


def change_plot(
    session: Session, change: int, *, plot_id: UUID, day: date, values: Mapping[str, object]
) -> None:
    """Say from a day on when a plot is ready, how large it is.

    Raises NotFound, LaterVersionsExist.
    """
    mine = ResettlementPlotVersion.resettlement_plot_id == plot_id
    amend(session, ResettlementPlotVersion, change, mine, day, values)


def report_progress(
    session: Session,
    change: int,
    *,
    area_id: UUID,
    day: date,
    percent: Decimal,
    document_id: UUID,
    note: str | None = None,
) -> None:
    """Record how far the infrastructure of an area is, in percent, as reported for a day.

    Raises:
        PercentRefused: not between 0 and 100, or finer than a hundredth.
        EventAhead: the day lies ahead.
        LaterVersionsExist: something was reported for a later day.
    """
    if not percent.is_finite() or not 0 <= percent <= 100 or percent != round(percent, 2):
        raise PercentRefused(percent=str(percent)[:20])
    days.happened("resettlement_progress", day)
    key = {"resettlement_area_id": area_id}
    values = {"percent": percent, "note": note, "document_id": document_id}
    set_from(session, ResettlementProgress, change, key, day, values)
