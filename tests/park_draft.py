"""A draft of the small park's plan, as it was proposed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from shapely import MultiPolygon

from planning.plans.commands import NewLot, add_lots, create_version, set_status
from planning.plans.pipeline import plan_facts
from planning.records.commands import open_change, register_document
from tests.small_park import cell

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session

DRAFTED = date(2026, 3, 2)


def add_draft(session: Session) -> UUID:
    """Propose a third version: one lot CN-09, denser than the norm lets it be, on the ground of
    two parcels and a half.
    """
    paper = register_document(
        session, number="3/TTr-BQL", issued_on=DRAFTED, issuer="BQL", actor="an", kind="other"
    )
    change = open_change(
        session, kind="act", reason="Theo 3/TTr-BQL", actor="an", effective_on=DRAFTED,
        document_id=paper,
    )  # fmt: skip
    plan = plan_facts(session, "QHPK-TEST")
    draft, _ = create_version(session, change, plan_id=plan.id)
    set_status(
        session, change, plan_version_id=draft, status="proposed", valid_from=DRAFTED,
        scope=MultiPolygon([cell(0, 0, 10, 6)]), decision_id=paper,
    )  # fmt: skip
    lot = NewLot(
        "CN-09", "CN", "industrial", cell(0, 0, 2.5, 1), Decimal("24990.5"), Decimal("72.5"), 4,
        Decimal("2.1"),
    )  # fmt: skip
    add_lots(session, change, plan_version_id=draft, lots=[lot])
    return draft
