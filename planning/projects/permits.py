"""Writing verbs: certificates and amendments, term, disbursement, workers, exchange rates."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planning import days
from planning.clocks import record, set_from
from planning.errors import RuleViolated
from planning.projects.facts_model import (
    Currency,
    ExchangeRate,
    ProjectCertificate,
    ProjectDisbursement,
    ProjectTerm,
    ProjectWorkers,
)
from planning.records.model import Document

CERTIFICATES: Final = ("policy_approval", "irc")
CHANGES: Final = ("name", "investor", "capital", "land", "schedule", "term", "scale", "other")


class CurrencyUnknown(RuleViolated):
    """No currency of ISO 4217. Context: ``currency``."""

    code = "currency-unknown"


class CertificateDatedOtherwise(RuleViolated):
    """A certificate would take effect before it was issued. Context: ``number``, ``day``,
    ``issued_on``.
    """

    code = "certificate-dated-otherwise"


def require_currency(session: Session, code: str) -> str:
    """Return the code of a currency as ISO 4217 writes it. Raises CurrencyUnknown."""
    found = code.strip().upper()
    if session.get(Currency, found) is None:
        raise CurrencyUnknown(currency=code.strip()[:12])
    return found


def issue_certificate(
    session: Session,
    change: int,
    *,
    project_id: UUID,
    certificate: str,
    document_id: UUID,
    day: date | None = None,
    amendment: int | None = 0,
    changes: Iterable[str] = (),
    summary: str | None = None,
) -> int:
    """Record a policy approval or registration certificate (amendment 0) or its n-th amendment.

    ``amendment`` None takes the next number there is. In force from the day it was issued unless
    ``day`` says later. The database refuses an amendment without its base, or dated before it.
    Returns the amendment's number. Raises CertificateDatedOtherwise.
    """
    paper = session.get_one(Document, document_id)
    if day is not None and day < paper.issued_on:
        raise CertificateDatedOtherwise(number=paper.number, day=day, issued_on=paper.issued_on)
    if amendment is None:
        held = ProjectCertificate
        highest = session.scalar(
            select(func.max(held.amendment)).where(
                held.project_id == project_id,
                held.certificate == certificate,
                held.closed_by.is_(None),
            )
        )
        amendment = 1 if highest is None else highest + 1
    row = {
        "project_id": project_id,
        "certificate": certificate,
        "amendment": amendment,
        "document_id": document_id,
        "changes": list(dict.fromkeys(changes)),
        "summary": summary,
        "valid_from": day or paper.issued_on,
    }
    record(session, ProjectCertificate, change, [row])
    return amendment


def set_term(
    session: Session, change: int, *, project_id: UUID, starts_on: date, ends_on: date, day: date
) -> None:
    """Set the days between which a project runs, from a day on. Raises LaterVersionsExist."""
    values = {"starts_on": starts_on, "ends_on": ends_on}
    set_from(session, ProjectTerm, change, {"project_id": project_id}, day, values)


def set_disbursement(
    session: Session,
    change: int,
    *,
    project_id: UUID,
    currency: str,
    period_from: date,
    period_to: date,
    day: date,
    planned: Decimal | None = None,
    actual: Decimal | None = None,
) -> None:
    """Say what is planned or was spent in a period (both days in it); what is not said stays.

    Periods of one currency lie beside each other: the database refuses others. Nothing is rounded.
    Raises CurrencyUnknown, LaterVersionsExist, EventAhead for money spent later than today.
    """
    if actual is not None:
        days.happened("disbursement", day)
    key: dict[str, Any] = {
        "project_id": project_id,
        "currency": require_currency(session, currency),
        "period_from": period_from,
        "period_to": period_to,
    }
    said = {"planned": planned, "actual": actual}
    values = {name: value for name, value in said.items() if value is not None}
    set_from(session, ProjectDisbursement, change, key, day, values)


def count_workers(
    session: Session, change: int, *, project_id: UUID, day: date, total: int, foreigners: int = 0
) -> None:
    """Record how many work there, and how many of them are foreigners, from a day on.

    Raises EventAhead, LaterVersionsExist.
    """
    days.happened("workers", day)
    values = {"total": total, "foreigners": foreigners}
    set_from(session, ProjectWorkers, change, {"project_id": project_id}, day, values)


def quote_rate(
    session: Session,
    change: int,
    *,
    currency: str,
    dong_per_unit: Decimal,
    day: date,
    document_id: UUID,
) -> None:
    """Record what one unit of a currency is worth in đồng, from a day until the next rate.

    Raises CurrencyUnknown, EventAhead, LaterVersionsExist.
    """
    days.happened("rate", day)
    key = {"currency": require_currency(session, currency)}
    values = {"dong_per_unit": dong_per_unit, "document_id": document_id}
    set_from(session, ExchangeRate, change, key, day, values)
