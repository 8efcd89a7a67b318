"""Recorded figures brought in as a table: one report, one document, a row a figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from sqlalchemy.orm import Session

from layers.fields import target
from planning.clocks import Moment
from planning.incoming import Line, ListKind, Paper, Places
from planning.recorded.commands import FigureKey, NewFigure, record_figure
from planning.recorded.errors import FigureUnreadable, FigureZoneOfOther
from planning.recorded.printed import read_printed, settled, unit_of
from planning.recorded.queries import recorded_figures


@dataclass(frozen=True, slots=True)
class Around:
    """What rows are held against."""

    places: Places


def _survey(session: Session, at: Moment, places: Places) -> Around:
    return Around(places)


def _parse(around: Around, line: Line) -> NewFigure:
    board = around.places.board(line)
    zone = around.places.zone(line) if line.text("zone_code") else None
    if zone is not None and around.places.board_of.get(zone) != board:
        raise FigureZoneOfOther(zone=line.text("zone_code"), board=line.text("board_code"))
    unit = line.text("unit")
    printed = line.text("printed")
    figure, text = settled(
        printed,
        value=line.number_of("value"),
        value_to=line.number_of("value_to"),
        qualifier=line.text("qualifier"),
        unit=unit_of(unit) if unit else None,
    )
    kind = line.text("kind") or "stock"
    key = FigureKey(
        board, zone, line.text("scope") or "both", line.text("indicator") or "", kind,
        None if kind == "stock" else line.day("period_from"), line.day("period_to") or date.min,
    )  # fmt: skip
    target_printed = line.text("target_printed")
    return NewFigure(
        key.checked(),
        line.text("name_vi") or "",
        figure,
        text,
        target=_target(line.number_of("target"), target_printed),
        target_printed=target_printed,
        compared=line.number_of("compared"),
        printed_completion=line.number_of("printed_completion"),
        printed_growth=line.number_of("printed_growth"),
        page=int(page) if (page := line.number_of("page")) is not None else None,
        explanation=line.text("explanation"),
    )


def _target(given: Decimal | None, printed: str | None) -> Decimal | None:
    """The target said, or the number its printed text says."""
    if given is not None or printed is None:
        return given
    try:
        return read_printed(printed).value
    except FigureUnreadable:
        return None


def _write(session: Session, paper: Paper, figures: Sequence[NewFigure]) -> None:
    for figure in figures:
        record_figure(session, paper.change, figure, day=paper.day, document_id=paper.document_id)


def _listed(session: Session, at: Moment, places: Places) -> Sequence[Mapping[str, object]]:
    """Every figure in sight as its document prints it."""
    figures = recorded_figures(session, at, list(places.boards), list(places.zones.values()))
    names = tuple(target("recorded-figures").fields)
    return [
        {
            **{name: getattr(one, name, None) for name in names},
            "board_code": one.board, "zone_code": one.zone, "unit": one.unit.name_vi,
        }
        for one in figures
    ]  # fmt: skip


RECORDED_FIGURES: Final = ListKind(
    "recorded-figures", _survey, _parse, _write, key=lambda figure: figure.key,
    listed=_listed, dated="never",
)  # fmt: skip
