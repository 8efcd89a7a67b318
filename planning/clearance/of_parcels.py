"""Which case, item and step parcels are in: nobody is named."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from planning.clearance.model import ClearanceCase, ClearanceItemParcel
from planning.clearance.sums import plan_for_these
from planning.clocks import Moment, in_force, moment_parameters
from planning.statements import statement_text


@dataclass(frozen=True, slots=True)
class ParcelItem:
    """The item a parcel is in: how far it is, since when, and what it waits for."""

    parcel_id: UUID
    case_code: str
    item_id: UUID
    number: str
    holder: str
    state: str
    last_on: date | None
    handover_planned_on: date | None
    complaint: bool
    suspension: bool


def items_of_parcels(
    session: Session, at: Moment, zones: Sequence[UUID], parcels: Sequence[UUID]
) -> dict[UUID, ParcelItem]:
    """Return the items that hold some parcels of zones at a moment, by parcel."""
    if not parcels:
        return {}
    cases = session.scalars(
        select(ClearanceCase.id).where(ClearanceCase.zone_id.in_(list(zones)))
    ).all()
    member = ClearanceItemParcel
    items = session.scalars(
        select(member.item_id)
        .distinct()
        .where(member.parcel_id == func.any(list(parcels)), in_force(member, at))
    ).all()
    asked = text(statement_text("clearance/items") + statement_text("clearance/of_parcels"))
    plan_for_these(session)
    rows: Any = session.execute(
        asked,
        {
            "cases": list(cases), "only": list(items), "parcels": list(parcels), "kinds": None,
            "flagged": True, "homes": False, "named": False, "state": None, "flag": None,
            "wanted": None, **moment_parameters(at),
        },
    ).mappings()  # fmt: skip
    return {row["parcel_id"]: ParcelItem(**row) for row in rows}
