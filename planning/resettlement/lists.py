"""Resettlement plots, to whose item each is promised, how far areas are: brought in as tables.

A row of a plot the area has already says what changes of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from planning.clearance.lists import (
    AreaUnknown,
    Around,
    Minutes,
    happened,
    minutes_of,
    papers,
    seen,
)
from planning.clocks import Moment
from planning.incoming import Line, ListKind, Paper, Places, RowRefused
from planning.resettlement import listed
from planning.resettlement.commands import (
    NewPlot,
    add_plots,
    assign_plot,
    change_plot,
    report_progress,
    set_readiness,
)
from planning.resettlement.model import ResettlementPlot


class PlotUnknown(RowRefused):
    """The area has no plot of that number. Context: ``area``, ``plot``, ``field``."""

    code = "list-row-plot"


@dataclass(frozen=True, slots=True)
class Homes:
    """Areas the account may see, the plots of each, and the cases households come from."""

    areas: Mapping[str, UUID]
    plots: Mapping[tuple[UUID, str], UUID]
    cases: Around

    def area(self, line: Line) -> UUID:
        """The area a row names. Raises AreaUnknown."""
        code = line.text("area_code") or ""
        if code not in self.areas:
            raise AreaUnknown(area=code, field="area_code")
        return self.areas[code]


@dataclass(frozen=True, slots=True)
class PlotOfArea:
    """A plot to record in an area, or what changes of the plot `known`."""

    area_id: UUID
    plot: NewPlot
    known: UUID | None
    said: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Promise:
    """A plot for the household of an item; no day: the day of the import's document."""

    area_id: UUID
    number: str
    item_id: UUID
    day: date | None


def _survey(session: Session, at: Moment, places: Places) -> Homes:
    own = listed.areas_seen(session, places)
    plot = ResettlementPlot
    known = session.execute(
        select(plot.resettlement_area_id, plot.number, plot.id).where(
            plot.resettlement_area_id.in_(own.values())
        )
    )
    found = {(row[0], row[1]): row[2] for row in known}
    return Homes(own, found, seen(session, places))


def _parse_plot(homes: Homes, line: Line) -> PlotOfArea:
    area, number = homes.area(line), line.text("number") or ""
    legal = line.number_of("legal_area_m2")
    facts = {
        "legal_area_m2": None if legal is None else legal.quantize(Decimal("0.01")),
        "ready_on": line.day("ready_on"),
        "status": line.text("status"),
    }
    said = {name: value for name, value in facts.items() if value is not None}
    plot = NewPlot(number, **said)  # type: ignore[arg-type]
    return PlotOfArea(area, plot, homes.plots.get((area, number)), said)


def _write_plots(session: Session, paper: Paper, rows: Sequence[PlotOfArea]) -> None:
    for area in dict.fromkeys(row.area_id for row in rows):
        mine = [row.plot for row in rows if row.area_id == area and row.known is None]
        add_plots(session, paper.change, area_id=area, plots=mine, valid_from=paper.day)
    for row in rows:
        if row.known is not None and row.said:
            change_plot(session, paper.change, plot_id=row.known, day=paper.day, values=row.said)


def _parse_promise(homes: Homes, line: Line) -> Promise:
    area, number = homes.area(line), line.text("plot") or ""
    if (area, number) not in homes.plots:
        raise PlotUnknown(area=line.text("area_code"), plot=number, field="plot")
    day = line.day("day")
    return Promise(area, number, homes.cases.item(line), day and happened(day, "day"))


def _write_promises(session: Session, paper: Paper, rows: Sequence[Promise]) -> None:
    for row in rows:
        assign_plot(
            session, paper.change, area_id=row.area_id, number=row.number, item_id=row.item_id,
            day=row.day or paper.day, document_id=paper.document_id,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Readiness:
    """How far an area is; what is not said stays."""

    area_id: UUID
    status: str
    ready_on: date | None
    plots_planned: int | None


def _parse_readiness(homes: Homes, line: Line) -> Readiness:
    plots = line.number_of("plots_planned")
    return Readiness(
        homes.area(line), line.text("status") or "", line.day("ready_on"),
        None if plots is None else int(plots),
    )  # fmt: skip


def _write_readiness(session: Session, paper: Paper, rows: Sequence[Readiness]) -> None:
    for row in rows:
        set_readiness(
            session, paper.change, area_id=row.area_id, day=paper.day, status=row.status,
            ready_on=row.ready_on, plots_planned=row.plots_planned,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Report:
    """How far the infrastructure of an area was on a day."""

    area_id: UUID
    day: date
    percent: Decimal
    note: str | None
    minutes: Minutes | None


def _parse_report(homes: Homes, line: Line) -> Report:
    percent = line.number_of("percent") or Decimal(0)
    day = happened(line.day("day") or date.max, "day")
    return Report(homes.area(line), day, percent, line.text("note"), minutes_of(line))


def _write_reports(session: Session, paper: Paper, rows: Sequence[Report]) -> None:
    document = papers(session, paper, (row.minutes for row in rows), "other")
    for row in sorted(rows, key=lambda each: each.day):
        report_progress(
            session, paper.change, area_id=row.area_id, day=row.day, percent=row.percent,
            note=row.note, document_id=document(row.minutes),
        )  # fmt: skip


PLOTS: Final = ListKind(
    "resettlement-plots", _survey, _parse_plot, _write_plots,
    key=lambda row: (row.area_id, row.plot.number),
    listed=listed.plots, named=("area_code", "number"),
)  # fmt: skip
ASSIGNMENTS: Final = ListKind(
    "plot-assignments", _survey, _parse_promise, _write_promises,
    key=lambda row: (row.area_id, row.number),
    listed=listed.promises, dated="row", named=("area_code", "plot"),
)  # fmt: skip
READINESS: Final = ListKind(
    "resettlement-readiness", _survey, _parse_readiness, _write_readiness,
    key=lambda row: row.area_id, listed=listed.readiness, named=("area_code",),
)  # fmt: skip
PROGRESS: Final = ListKind(
    "resettlement-progress", _survey, _parse_report, _write_reports,
    key=lambda row: (row.area_id, row.day),
    listed=listed.progress, dated="row", named=("area_code", "day"),
)  # fmt: skip
