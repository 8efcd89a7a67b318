"""Writing verbs of recorded figures: record what a document prints, or say why it differs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from planning.clocks import correct, set_from
from planning.errors import NotFound
from planning.recorded.errors import FigureKnown, FigurePeriodRefused, FigureUnitMissing
from planning.recorded.model import FigureUnit, RecordedFigure, RecordedFigureVersion
from planning.recorded.printed import Printed

KINDS = ("stock", "flow", "ratio", "target")
SCOPES = ("parks", "economic_zones", "both", "province")


@dataclass(frozen=True, slots=True)
class FigureKey:
    """What a figure is about. A stock has a last day alone; flows and targets have both days."""

    board_id: UUID
    zone_id: UUID | None
    scope: str
    indicator: str
    kind: str
    period_from: date | None
    period_to: date

    def checked(self) -> FigureKey:
        """This key. Raises FigurePeriodRefused for days that do not suit its kind."""
        needs_both = self.kind in ("flow", "target")
        fits = self.period_from is not None if needs_both else True
        fits = fits and not (self.kind == "stock" and self.period_from is not None)
        if not fits or (self.period_from is not None and self.period_from > self.period_to):
            raise FigurePeriodRefused(kind=self.kind, field="period_from")
        return self


@dataclass(frozen=True, slots=True)
class NewFigure:
    """A figure as printed, with what the same passage says of its target and a year ago.

    `printed` is the text as it stands. `target` and `compared` are in the figure's unit;
    `printed_completion` and `printed_growth` are percentages as printed.
    """

    key: FigureKey
    name_vi: str
    figure: Printed
    printed: str
    target: Decimal | None = None
    target_printed: str | None = None
    compared: Decimal | None = None
    printed_completion: Decimal | None = None
    printed_growth: Decimal | None = None
    page: int | None = None
    explanation: str | None = None
    id: UUID = field(default_factory=uuid4)


def record_figure(
    session: Session, change: int, new: NewFigure, *, day: date, document_id: UUID
) -> UUID:
    """Record what a document prints; a later document that prints another value follows it.

    Raises:
        FigurePeriodRefused, FigureUnitMissing
        FigureKnown: a document of that very day was recorded already: that is a correction.
        LaterVersionsExist: a later document was recorded before this one.
    """
    key = new.key.checked()
    named = {name: getattr(key, name) for name in FigureKey.__dataclass_fields__}
    found = session.scalar(
        select(RecordedFigure.id).where(
            *(
                getattr(RecordedFigure, name).is_not_distinct_from(value)
                for name, value in named.items()
            )
        )
    )
    if found is None:
        found = new.id
        session.execute(insert(RecordedFigure).values(id=found, opened_by=change, **named))
    elif session.scalar(
        select(RecordedFigureVersion.version_id).where(
            RecordedFigureVersion.figure_id == found,
            RecordedFigureVersion.valid_from == day,
            RecordedFigureVersion.closed_by.is_(None),
        )
    ):
        raise FigureKnown(indicator=key.indicator, day=day)
    set_from(
        session, RecordedFigureVersion, change, {"figure_id": found, "kind": key.kind}, day,
        _facts(session, new, document_id),
    )  # fmt: skip
    return found


def correct_figure(
    session: Session, change: int, version_id: int, new: NewFigure, *, document_id: UUID
) -> None:
    """Replace what was read wrongly out of the document. Raises NotFound, FigureUnitMissing."""
    mine = RecordedFigureVersion.version_id == version_id
    correct(session, RecordedFigureVersion, change, mine, _facts(session, new, document_id))


def explain(session: Session, change: int, version_id: int, words: str | None) -> None:
    """Say why a printed figure differs from the register's own; neither is changed.

    Raises NotFound: it was recorded anew meanwhile.
    """
    mine = RecordedFigureVersion.version_id == version_id
    correct(session, RecordedFigureVersion, change, mine, {"explanation": words})


def _facts(session: Session, new: NewFigure, document_id: UUID) -> dict[str, Any]:
    unit = session.get(FigureUnit, new.figure.unit) if new.figure.unit else None
    if unit is None:
        raise FigureUnitMissing(printed=new.printed, field="unit")
    return {
        "name_vi": new.name_vi,
        "value": new.figure.value,
        "value_to": new.figure.value_to,
        "qualifier": new.figure.qualifier,
        "unit": unit.code,
        "dimension": unit.dimension,
        "printed": new.printed,
        "target": new.target,
        "target_printed": new.target_printed,
        "compared": new.compared,
        "printed_completion": new.printed_completion,
        "printed_growth": new.printed_growth,
        "document_id": document_id,
        "page": new.page,
        "explanation": new.explanation,
    }


def find_figure(session: Session, figure_id: UUID) -> RecordedFigure:
    """Return what a figure is about. Raises NotFound."""
    found = session.get(RecordedFigure, figure_id)
    if found is None:
        raise NotFound(kind="recorded_figure", key=str(figure_id))
    return found
