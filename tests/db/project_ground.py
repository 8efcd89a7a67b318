"""A project on ground of its own: parcels, capital, schedule; what tests of projects begin with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Session

from planning.clearance.commands import hand_over
from planning.projects import commands, permits
from planning.records.commands import register_document
from tests.db.ground import PLANE, Ground, change, lay

GRANTED = date(2024, 1, 15)


@dataclass(frozen=True)
class Built:
    """A project with its ground; every fact hangs on the ground's document."""

    id: UUID
    code: str
    ground: Ground


def lay_project(session: Session, code: str, column: int = 0, *, kind: str = "fdi") -> Built:
    """A project of two parcels, 12 m USD, a schedule to the end of 2026, seen once at 30 %."""
    ground = lay(session, 4, code=f"KCN-{code}", column=column)
    number = change(session, ground.document_id, day=GRANTED)
    made = commands.create_project(
        session, number, code=code, zone_id=ground.zone_id, srid=PLANE, kind=kind,
        name_vi=f"Nhà máy {code}", name_en=f"Factory {code}", valid_from=GRANTED,
        status="under_construction",
    )  # fmt: skip
    commands.attach_parcels(
        session, number, project_id=made, parcels=ground.parcels[:2], day=GRANTED
    )
    commands.set_capital(
        session, number, project_id=made, currency="USD" if kind == "fdi" else "VND",
        registered=Decimal(12_000_000), implemented=Decimal(3_000_000), day=GRANTED,
    )  # fmt: skip
    for step, planned in (
        ("land", date(2024, 3, 1)),
        ("construction", date(2024, 9, 1)),
        ("operation", date(2026, 12, 31)),
    ):
        commands.set_milestone(
            session, number, project_id=made, step=step, planned_on=planned, day=GRANTED
        )
    hand_over(
        session, number, zone_id=ground.zone_id, number=f"BB {code}", day=date(2024, 3, 1),
        parcels=ground.parcels[:2], document_id=ground.document_id,
    )  # fmt: skip
    commands.note_progress(
        session, number, project_id=made, day=date(2024, 6, 1), actual_pct=Decimal(30),
        planned_pct=Decimal(40),
    )  # fmt: skip
    return Built(made, code, ground)


def paper(session: Session, number: str, day: date, kind: str = "certificate") -> UUID:
    """A document of a day."""
    return register_document(
        session, number=number, issued_on=day, issuer="Ban Quản lý", actor="tester", kind=kind
    )


def permitted(session: Session, built: Built) -> None:
    """Its certificate and first amendment, a term of 50 years."""
    base = paper(session, f"GCN {built.code}", date(2024, 1, 10))
    number = change(session, base, day=GRANTED)
    permits.issue_certificate(
        session, number, project_id=built.id, certificate="irc", document_id=base
    )
    permits.set_term(
        session, number, project_id=built.id, starts_on=date(2024, 1, 10),
        ends_on=date(2074, 1, 10), day=GRANTED,
    )  # fmt: skip
    more = paper(session, f"GCN {built.code}/1", date(2025, 2, 1))
    number = change(session, more, day=date(2025, 2, 1))
    permits.issue_certificate(
        session, number, project_id=built.id, certificate="irc", document_id=more,
        amendment=None, changes=["capital", "schedule"], summary="Tăng vốn",
    )  # fmt: skip
