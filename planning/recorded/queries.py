"""Questions to recorded figures: as printed, what is computed beside them, what adds up."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from planning.clearance.periods import Period, same_a_year_ago
from planning.clocks import Moment, in_force
from planning.errors import NotFound
from planning.indicators.queries import Land
from planning.recorded.model import (
    FigureCounterpart,
    FigureIdentity,
    FigureUnit,
    RecordedFigure,
    RecordedFigureVersion,
)
from planning.recorded.rules import Check, Computed, Identity, checks, computed
from planning.records.model import Change, Document
from planning.zones.model import Board, Zone

LAND_SCOPES: Final = {"parks": "industrial_parks", "economic_zones": "economic_zones"}
"""Scope of a report by the scope of the register's figures; anything else is all land."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit figures are printed in."""

    code: str
    dimension: str
    factor: Decimal
    currency: str | None
    name_vi: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """A figure as printed, in its own unit, with the document and page it stands on."""

    id: UUID
    version_id: int
    board: str
    zone: str | None
    scope: str
    indicator: str
    kind: str
    period_from: date | None
    period_to: date
    name_vi: str
    value: Decimal
    value_to: Decimal | None
    qualifier: str
    unit: Unit
    printed: str
    target: Decimal | None
    target_printed: str | None
    compared: Decimal | None
    printed_completion: Decimal | None
    printed_growth: Decimal | None
    page: int | None
    explanation: str | None
    valid_from: date
    valid_to: date | None
    document: str
    issued_on: date
    issuer: str

    @property
    def place(self) -> tuple[str, str | None, str]:
        """Whose figures it may be held against."""
        return self.board, self.zone, self.scope

    @property
    def computed(self) -> Computed:
        """Completion and growth of the (lower) value."""
        return computed(self.value, self.target, self.compared)

    @property
    def computed_to(self) -> Computed | None:
        """The same of the upper end of a range."""
        if self.value_to is None:
            return None
        return computed(self.value_to, self.target, self.compared)


def units(session: Session) -> list[Unit]:
    """Return the units there are, in their order."""
    rows = session.scalars(select(FigureUnit).order_by(FigureUnit.position))
    return [
        Unit(row.code, row.dimension, row.factor, row.currency, row.name_vi, row.name_en)
        for row in rows
    ]


def _question() -> Any:
    figure, version = RecordedFigure, RecordedFigureVersion
    return (
        select(figure, version, Board.code, Zone.code, Document)
        .join(version, version.figure_id == figure.id)
        .join(Board, Board.id == figure.board_id)
        .outerjoin(Zone, Zone.id == figure.zone_id)
        .join(Document, Document.id == version.document_id)
    )


def _recorded(row: Any, known_units: dict[str, Unit]) -> Recorded:
    figure, version, board, zone, document = row
    return Recorded(
        figure.id, version.version_id, board, zone, figure.scope, figure.indicator, figure.kind,
        figure.period_from, figure.period_to, version.name_vi, version.value, version.value_to,
        version.qualifier, known_units[version.unit], version.printed, version.target,
        version.target_printed, version.compared, version.printed_completion,
        version.printed_growth, version.page, version.explanation, version.valid_from,
        version.valid_to, document.number, document.issued_on, document.issuer,
    )  # fmt: skip


def recorded_figures(
    session: Session, at: Moment, boards: Collection[str], zones: Collection[UUID]
) -> list[Recorded]:
    """Return the figures in force at a moment of whole boards and of zones, the latest first.

    A target or a figure of a year ago that stands in the register by itself is put beside the
    figure it belongs to, unless the passage named its own.
    """
    known_units = {unit.code: unit for unit in units(session)}
    rows = session.execute(
        _question()
        .where(
            in_force(RecordedFigureVersion, at),
            or_(
                RecordedFigure.zone_id.is_(None) & Board.code.in_(list(boards)),
                RecordedFigure.zone_id.in_(list(zones)),
            ),
        )
        .order_by(
            RecordedFigure.period_to.desc(), Board.code, Zone.code, RecordedFigure.indicator,
            RecordedFigure.kind,
        )
    )  # fmt: skip
    return beside_each_other([_recorded(row, known_units) for row in rows])


def beside_each_other(figures: Sequence[Recorded]) -> list[Recorded]:
    """Put targets and figures of a year ago beside what they belong to."""
    targets: dict[tuple[Any, ...], list[Recorded]] = {}
    same: dict[tuple[Any, ...], Recorded] = {}
    for each in figures:
        if each.kind == "target":
            targets.setdefault((*each.place, each.indicator), []).append(each)
        same[*each.place, each.indicator, each.kind, each.period_from, each.period_to] = each
    return [_with_context(each, targets, same) for each in figures]


def _with_context(
    figure: Recorded, targets: dict[tuple[Any, ...], list[Recorded]], same: dict[Any, Recorded]
) -> Recorded:
    if figure.kind == "target":
        return figure
    found = figure
    if figure.target is None and figure.kind == "flow":
        aims = [
            (aim, value)
            for aim in targets.get((*figure.place, figure.indicator), ())
            if aim.period_from is not None and figure.period_from is not None
            and aim.period_from <= figure.period_from and figure.period_to <= aim.period_to
            and (value := in_unit(aim.value, aim.unit, figure.unit)) is not None
        ]  # fmt: skip
        if aims:
            aim, value = min(aims, key=lambda pair: pair[0].period_to - _first(pair[0]))
            found = replace(found, target=value, target_printed=aim.printed)
    if figure.compared is None:
        ago = _year_ago(figure)
        before = same.get((*figure.place, figure.indicator, figure.kind, *ago))
        if before is not None:
            found = replace(found, compared=in_unit(before.value, before.unit, figure.unit))
    return found


def _first(figure: Recorded) -> date:
    return figure.period_from or figure.period_to


def _year_ago(figure: Recorded) -> tuple[date | None, date]:
    whole = same_a_year_ago(Period(_first(figure), figure.period_to))
    last = whole.last
    if figure.period_to.month == 2 and figure.period_to.day == 28 and last.year % 4 == 0:
        last = date(last.year, 2, 29)
    return (None if figure.period_from is None else whole.first), last


def in_unit(value: Decimal, unit: Unit, other: Unit) -> Decimal | None:
    """A value in another unit of its kind; None when they do not measure the same.

    Two currencies never measure the same.
    """
    if (unit.dimension, unit.currency) != (other.dimension, other.currency):
        return None
    if unit.code != other.code and unit.dimension == "count":
        return None
    return value * unit.factor / other.factor


def history(session: Session, figure_id: UUID) -> list[tuple[Recorded, int, int | None]]:
    """Return every version ever recorded of a figure, oldest knowledge first, with its changes.

    Raises NotFound.
    """
    known_units = {unit.code: unit for unit in units(session)}
    version = RecordedFigureVersion
    rows = session.execute(
        _question()
        .where(RecordedFigure.id == figure_id)
        .order_by(version.opened_by, version.valid_from)
    ).all()
    if not rows:
        raise NotFound(kind="recorded_figure", key=str(figure_id))
    return [(_recorded(row, known_units), row[1].opened_by, row[1].closed_by) for row in rows]


def identities(session: Session) -> list[Identity]:
    """Return what adds up in every report, in its order."""
    rows = session.scalars(select(FigureIdentity).order_by(FigureIdentity.position))
    return [
        Identity(row.code, tuple(row.left_side), tuple(row.right_side), row.name_vi, row.name_en)
        for row in rows
    ]


def checked(
    rules: Sequence[Identity], figures: Sequence[Recorded], figure: Recorded | None = None
) -> list[tuple[Recorded, Check]]:
    """Hold what adds up against figures of one place and last day, a figure of each beside it.

    Only identities that name `figure`, when one is given; ranges add up to nothing.
    """
    groups: dict[tuple[Any, ...], list[Recorded]] = {}
    for each in figures:
        if each.kind in ("stock", "flow") and each.value_to is None:
            key = (*each.place, each.kind, each.unit.code, each.period_from, each.period_to)
            groups.setdefault(key, []).append(each)
    found = []
    for group in groups.values():
        if figure is not None and figure.id not in {each.id for each in group}:
            continue
        values = {each.indicator: each.value for each in group}
        found += [
            (next(each for each in group if each.indicator in check.identity.members), check)
            for check in checks(rules, values)
            if figure is None or figure.indicator in check.identity.members
        ]
    return found


@dataclass(frozen=True, slots=True)
class OwnFigure:
    """What the register itself counts, in the unit of the printed figure; None when undefined."""

    definition: str
    name_vi: str
    name_en: str
    value: Decimal | None
    difference: Decimal | None


def own_figure(
    session: Session, figure: Recorded, read: Callable[[date], Land]
) -> OwnFigure | None:
    """Return the register's own figure of the same day and scope, None when nothing counts it.

    `read` gives the land of a day. A flow is the rise between the day before its period and its
    last day. Neither is put in place of the other.
    """
    rule = session.get(FigureCounterpart, (figure.indicator, figure.kind))
    if rule is None or rule.dimension != figure.unit.dimension or figure.scope == "province":
        return None
    name, value = _counted(rule.definition, figure, read, figure.period_to)
    if figure.kind == "flow":
        start = Period(_first(figure), figure.period_to).before
        _name, before = _counted(rule.definition, figure, read, start)
        value = None if value is None or before is None else value - before
    shown = None if value is None else value / figure.unit.factor
    gap = None if shown is None else figure.value - shown
    return OwnFigure(rule.definition, *name, shown, gap)


def _counted(
    code: str, figure: Recorded, read: Callable[[date], Land], day: date
) -> tuple[tuple[str, str], Decimal | None]:
    land = read(day)
    inside = [zone.code for zone in land.zones if zone.board_code == figure.board]
    if figure.zone is not None:
        inside = [code for code in inside if code == figure.zone]
    scope = None if figure.zone is not None else LAND_SCOPES.get(figure.scope, "all")
    found = land.within(*inside).figures([code], scope or "all")[code].answer
    return (found.definition.name_vi, found.definition.name_en), found.value if inside else None


def changes_told(session: Session, numbers: Collection[int]) -> dict[int, Change]:
    """Return changes by number."""
    rows = session.scalars(select(Change).where(Change.number.in_(list(numbers))))
    return {row.number: row for row in rows}


def document_of(session: Session, version_id: int) -> UUID:
    """Return the document a version stands on. Raises NotFound."""
    found = session.scalar(
        select(RecordedFigureVersion.document_id).where(
            RecordedFigureVersion.version_id == version_id
        )
    )
    if found is None:
        raise NotFound(kind="recorded_figure", key=str(version_id))
    return found
