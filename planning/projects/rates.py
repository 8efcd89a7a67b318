"""Money of several currencies: added up through dated rates, or not at all."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from planning.clocks import Moment, in_force
from planning.projects.facts_model import Currency, ExchangeRate
from planning.records.model import Document

DONG: Final = "VND"


@dataclass(frozen=True, slots=True)
class Rate:
    """What a unit of a currency is worth in đồng: since which day, by which document."""

    currency: str
    dong_per_unit: Decimal
    day: date
    document_id: UUID
    document: str
    issuer: str


@dataclass(frozen=True, slots=True)
class Total:
    """Money by currency, and all of it in đồng when every currency has a dated rate.

    ``rates`` are those used; ``missing`` the currencies that have none: then ``dong`` is None.
    """

    by_currency: Mapping[str, Decimal]
    dong: Decimal | None
    rates: tuple[Rate, ...]
    missing: tuple[str, ...]


def rates(session: Session, at: Moment) -> dict[str, Rate]:
    """Return the rate of each currency in force at the moment: the last one quoted by that day."""
    quoted = ExchangeRate
    rows = session.execute(
        select(
            quoted.currency,
            quoted.dong_per_unit,
            quoted.valid_from,
            quoted.document_id,
            Document.number,
            Document.issuer,
        )
        .join(Document, Document.id == quoted.document_id)
        .where(in_force(quoted, at))
    )
    return {row.currency: Rate(*row) for row in rows}


def currencies(session: Session) -> list[str]:
    """Return the codes of ISO 4217, the đồng and the dollar first."""
    first = {DONG: 0, "USD": 1}
    codes = session.scalars(select(Currency.code))
    return sorted(codes, key=lambda code: (first.get(code, 2), code))


def together(amounts: Iterable[tuple[str, Decimal | None]], known: Mapping[str, Rate]) -> Total:
    """Add up amounts (currency, sum) by currency, and in đồng where the rates allow it."""
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for currency, amount in amounts:
        if amount is not None:
            sums[currency] += amount
    foreign = sorted(code for code in sums if code != DONG)
    missing = tuple(code for code in foreign if code not in known)
    used = tuple(known[code] for code in foreign if code in known)
    if missing or not sums:
        return Total(dict(sums), None, used, missing)
    dong = sums.get(DONG, Decimal()) + sum(
        (sums[each.currency] * each.dong_per_unit for each in used), Decimal()
    )
    return Total(dict(sums), dong.quantize(Decimal(1)), used, missing)
