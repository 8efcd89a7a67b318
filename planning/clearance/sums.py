"""What the items of cases add up to: counts and land for everybody, money exact and of nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from planning.clocks import Moment, moment_parameters
from planning.households.commands import Money
from planning.statements import statement_text

NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class CaseSums:
    """What the items of a case add up to at a moment: counts, m², dong."""

    items: int = 0
    households: int = 0
    handed_over: int = 0
    area_m2: Decimal = NOTHING
    cleared_m2: Decimal = NOTHING
    complaints: int = 0
    suspensions: int = 0
    plots_needed: int = 0
    plots_assigned: int = 0
    homeless: int = 0
    granted: Money = field(default_factory=Money)
    paid: Money = field(default_factory=Money)

    @property
    def cleared_share(self) -> Decimal | None:
        """Handed over ÷ all land of the case; None without land."""
        return self.cleared_m2 / self.area_m2 if self.area_m2 else None

    @property
    def paid_share(self) -> Decimal | None:
        """Paid ÷ granted by the plans in force; None before any plan."""
        return self.paid.total / self.granted.total if self.granted.total else None


def summed(row: Mapping[str, Any]) -> CaseSums:
    """Sums as a question over `clearance/sums` tells them; money is not among them."""
    return CaseSums(
        items=row["items"], households=row["households"], handed_over=row["handed_over"],
        area_m2=row["whole_area_m2"], cleared_m2=row["cleared_m2"],
        complaints=row["complaints"], suspensions=row["suspensions"],
        plots_needed=row["whole_plots_needed"], plots_assigned=row["whole_plots_assigned"],
        homeless=row["whole_homeless"],
    )  # fmt: skip


def plan_for_these(session: Session) -> None:
    """Let this transaction plan for the cases and items asked about.

    A plan for any of them reads whole tables for fifty items, and joins ten thousand one by one.
    """
    session.execute(text("SELECT set_config('plan_cache_mode', 'force_custom_plan', true)"))


def sums_of(session: Session, at: Moment, cases: Sequence[UUID]) -> dict[UUID, CaseSums]:
    """Return the sums of cases, money left out; a case without items is not among them."""
    if not cases:
        return {}
    parts = ("clearance/items", "clearance/sums", "clearance/by_case")
    question = text("".join(statement_text(part) for part in parts))
    asked = {
        "cases": list(cases), "only": None, "state": None, "flag": None, "wanted": None,
        "kinds": ["handed_over"], "named": False, "flagged": True, "homes": True,
        **moment_parameters(at),
    }  # fmt: skip
    plan_for_these(session)
    rows: Any = session.execute(question, asked).mappings()
    return {row["whole_case"]: summed(row) for row in rows}


def with_money(session: Session, at: Moment, sums: Mapping[UUID, CaseSums]) -> dict[UUID, CaseSums]:
    """The same sums of cases with what their plans grant and what was paid."""
    when = moment_parameters(at)
    told = func.land.clearance_money(list(sums), when["as_of"], when["known"]).table_valued(
        "case_id", "kind", "compensation", "support", "resettlement"
    )
    rows: Any = session.execute(select(told)) if sums else ()
    money = {(row[0], row[1]): Money(*row[2:]) for row in rows}
    return {
        case: replace(
            each,
            granted=money.get((case, "plan_approved"), Money()),
            paid=money.get((case, "paid"), Money()),
        )
        for case, each in sums.items()
    }
