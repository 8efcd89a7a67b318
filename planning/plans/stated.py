"""The decision's own land balance table, row by row as it is printed."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from planning.clocks import close, record
from planning.plans.errors import CategoryUnknown, TableRefused
from planning.plans.model import PlanStatedArea
from planning.vocabulary import lot_categories

ROWS_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class StatedRow:
    """One row: its words, the category it is counted in (None: the table's total), m²."""

    label: str
    category: str | None
    area_m2: Decimal


def read_table(text: str) -> list[StatedRow]:
    """Read lines “words; category; ha”; hectares with a comma or a point, no thousands.

    Raises TableRefused naming the line, CategoryUnknown.
    """
    rows: list[StatedRow] = []
    lines = [line.strip() for line in text.splitlines()]
    for number, line in enumerate(lines, start=1):
        if not line:
            continue
        parts = [part.strip() for part in line.split("\t" if "\t" in line else ";")]
        if len(parts) != 3 or not parts[0] or len(rows) >= ROWS_AT_MOST:
            raise TableRefused(row=number)
        category = parts[1].upper() or None
        if category is not None and category not in lot_categories():
            raise CategoryUnknown(category=parts[1])
        rows.append(StatedRow(parts[0], category, _square_metres(parts[2], number)))
    if sum(row.category is None for row in rows) > 1:
        raise TableRefused(row=len(lines))
    return rows


def _square_metres(text: str, row: int) -> Decimal:
    try:
        hectares = Decimal(text.replace(" ", "").replace(",", "."))
        area = (hectares * 10_000).quantize(Decimal("0.01"))
    except InvalidOperation:
        raise TableRefused(row=row) from None
    if not (hectares.is_finite() and 0 < area < 10**11):
        raise TableRefused(row=row)
    return area


def state_table(
    session: Session, change: int, *, plan_version_id: UUID, rows: Sequence[StatedRow]
) -> None:
    """Record the table of a version's decision in place of what was recorded of it before."""
    former = session.scalars(
        select(PlanStatedArea.version_id).where(
            PlanStatedArea.plan_version_id == plan_version_id, PlanStatedArea.closed_by.is_(None)
        )
    ).all()
    if former:
        close(session, PlanStatedArea, change, list(former))
    new = [
        {
            "plan_version_id": plan_version_id,
            "position": position,
            "label": row.label,
            "category": row.category,
            "area_m2": row.area_m2,
        }
        for position, row in enumerate(rows, start=1)
    ]
    record(session, PlanStatedArea, change, new)


def stated_table(session: Session, plan_version_id: UUID) -> list[StatedRow]:
    """Return the table as it is known now."""
    found = session.execute(
        select(PlanStatedArea.label, PlanStatedArea.category, PlanStatedArea.area_m2)
        .where(
            PlanStatedArea.plan_version_id == plan_version_id, PlanStatedArea.closed_by.is_(None)
        )
        .order_by(PlanStatedArea.position)
    )
    return [StatedRow(*row) for row in found]
