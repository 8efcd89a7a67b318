"""The plan versions a reader may choose to look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from planning.clocks import Moment, moment_parameters
from planning.statements import statement


@dataclass(frozen=True, slots=True)
class PlanChoice:
    """A plan version and whether it is in force on the day looked at.

    `draft`: no approval of it is known, it never was in force; `status` is its step on the day, or
    the first one to come.
    """

    plan_version_id: UUID
    plan: str
    name_vi: str
    name_en: str | None
    level: str
    number: int
    in_force_from: date | None
    in_force_to: date | None
    in_force: bool
    draft: bool
    status: str
    decision_number: str | None
    decision_issued_on: date | None


def plan_choices(session: Session, at: Moment, zone_ids: Sequence[UUID]) -> list[PlanChoice]:
    """Return the versions of the zones' plans, drafts among them, as known at the moment."""
    values = {**moment_parameters(at), "zone_ids": list(zone_ids)}
    rows = session.execute(statement("plan_choices"), values)
    return [PlanChoice(**row._mapping) for row in rows]
