"""Resettlement plots, and to whose item each is promised, brought in as tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from planning.clearance.lists import AreaUnknown, Around, happened, seen
from planning.clocks import Moment
from planning.incoming import Line, ListKind, Paper, Places, RowRefused
from planning.resettlement.commands import NewPlot, add_plots, assign_plot
from planning.resettlement.model import ResettlementPlot
from planning.resettlement.queries import areas


class PlotKnown(RowRefused):
    """The area has a plot of that number already. Context: ``plot``, ``field``."""

    code = "list-row-plot-known"


class PlotUnknown(RowRefused):
    """The area has no plot of that number. Context: ``area``, ``plot``, ``field``."""

    code = "list-row-plot"


@dataclass(frozen=True, slots=True)
class Homes:
    """Areas the account may see, the plots of each, and the cases households come from."""

    areas: Mapping[str, UUID]
    plots: frozenset[tuple[UUID, str]]
    cases: Around

    def area(self, line: Line) -> UUID:
        """The area a row names. Raises AreaUnknown."""
        code = line.text("area_code") or ""
        if code not in self.areas:
            raise AreaUnknown(area=code, field="area_code")
        return self.areas[code]


@dataclass(frozen=True, slots=True)
class PlotOfArea:
    """A plot to record in an area."""

    area_id: UUID
    plot: NewPlot


@dataclass(frozen=True, slots=True)
class Promise:
    """A plot for the household of an item; no day: the day of the import's document."""

    area_id: UUID
    number: str
    item_id: UUID
    day: date | None


def _survey(session: Session, at: Moment, places: Places) -> Homes:
    boards, inside = set(places.boards.values()), set(places.zones.values())
    own = {a.code: a.id for a in areas(session, at) if a.board_id in boards or a.zone_id in inside}
    known = session.execute(
        select(ResettlementPlot.resettlement_area_id, ResettlementPlot.number).where(
            ResettlementPlot.resettlement_area_id.in_(own.values())
        )
    )
    return Homes(own, frozenset((row[0], row[1]) for row in known), seen(session, places))


def _parse_plot(homes: Homes, line: Line) -> PlotOfArea:
    area, number = homes.area(line), line.text("number") or ""
    if (area, number) in homes.plots:
        raise PlotKnown(plot=number, field="number")
    legal = line.number_of("legal_area_m2")
    plot = NewPlot(
        number,
        None if legal is None else legal.quantize(Decimal("0.01")),
        line.day("ready_on"),
        line.text("status") or "planned",
    )
    return PlotOfArea(area, plot)


def _write_plots(session: Session, paper: Paper, rows: Sequence[PlotOfArea]) -> None:
    for area in dict.fromkeys(row.area_id for row in rows):
        mine = [row.plot for row in rows if row.area_id == area]
        add_plots(session, paper.change, area_id=area, plots=mine, valid_from=paper.day)


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


PLOTS: Final = ListKind(
    "resettlement-plots", _survey, _parse_plot, _write_plots,
    key=lambda row: (row.area_id, row.plot.number),
)  # fmt: skip
ASSIGNMENTS: Final = ListKind(
    "plot-assignments", _survey, _parse_promise, _write_promises,
    key=lambda row: (row.area_id, row.number),
)  # fmt: skip
