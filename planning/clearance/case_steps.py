"""All steps of a case, latest first, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from planning.clocks import Moment, moment_parameters
from planning.statements import statement


@dataclass(frozen=True, slots=True)
class CaseStep:
    """A step of some item of a case: its day and the minutes it hangs on."""

    id: UUID
    item_id: UUID
    number: str
    kind: str
    day: date
    agreed_early: bool
    document: str
    issued_on: date
    issuer: str


@dataclass(frozen=True, slots=True)
class StepPage:
    """A page of steps, and how many there are in all."""

    rows: Sequence[CaseStep]
    count: int


def case_steps(
    session: Session,
    at: Moment,
    case_id: UUID,
    *,
    kinds: Sequence[str] | None = None,
    number: str | None = None,
    most: int = 50,
    skip: int = 0,
) -> StepPage:
    """Return steps taken up to the moment, of kinds or of one item when they are named."""
    asked = {
        "case_id": case_id, "kinds": list(kinds) if kinds else None, "wanted": number or None,
        "most": most, "skip": skip, **moment_parameters(at),
    }  # fmt: skip
    rows: Any = session.execute(statement("clearance/steps_page"), asked).mappings().all()
    if not rows and skip:
        return case_steps(session, at, case_id, kinds=kinds, number=number, most=most)
    names = CaseStep.__dataclass_fields__
    found = [CaseStep(**{name: row[name] for name in names}) for row in rows]
    return StepPage(found, int(rows[0]["of_rows"]) if rows else 0)
