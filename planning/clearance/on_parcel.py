"""What clearance says of one parcel: its item, last step, how long it has waited, what is due."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from planning.clearance import register
from planning.clearance.steps import next_steps
from planning.clearance.terms import terms
from planning.clocks import Moment, moment_parameters
from planning.statements import statement


@dataclass(frozen=True, slots=True)
class OnParcel:
    """A parcel's item at a moment; the land user is a kind, never a name.

    `waited_days` counts from the last step to the day looked at, None once the land is handed
    over; `due` is what the law waits for first, `due_on` its last day.
    """

    case_code: str
    item_id: UUID
    number: str
    holder: str
    named: bool
    state: str
    last_step: str | None
    last_on: date | None
    waited_days: int | None
    due: str | None
    due_on: date | None
    due_severity: str | None
    handover_planned_on: date | None
    complaint: bool
    suspension: bool


def on_parcel(session: Session, at: Moment, parcel_id: UUID) -> list[OnParcel]:
    """Return the item that holds a parcel at the moment, if any."""
    asked = {"parcel_id": parcel_id, **moment_parameters(at)}
    rows: Any = session.execute(statement("clearance/on_parcel"), asked).all()
    return [_told(session, at, row.case_id, row.case_code, row.item_id) for row in rows]


def _told(session: Session, at: Moment, case_id: UUID, code: str, item_id: UUID) -> OnParcel:
    item = register.item_of(session, at, case_id, item_id)
    steps, flags = register.steps(session, at, item_id), register.flags(session, at, item_id)
    todo = next_steps(
        register.taken(steps), item.land_class, terms(session), at.as_of,
        register.pauses(flags),
    )  # fmt: skip
    last, due = (steps[-1] if steps else None), (todo[0] if todo else None)
    waits = last is not None and item.state != "handed_over"
    return OnParcel(
        case_code=code,
        item_id=item_id,
        number=item.number,
        holder=item.holder,
        named=item.household_id is not None,
        state=item.state,
        last_step=last.kind if last else None,
        last_on=last.day if last else None,
        waited_days=(at.as_of - last.day).days if last and waits else None,
        due=due.kind if due else None,
        due_on=due.latest if due else None,
        due_severity=due.severity if due else None,
        handover_planned_on=item.handover_planned_on,
        complaint=item.complaint,
        suspension=item.suspension,
    )
