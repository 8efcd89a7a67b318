"""Parties as people look at them: who they are, what they are called when, what they hold where."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from planning.clocks import Moment, moment_parameters
from planning.errors import NotFound
from planning.records.model import Change
from planning.search import ACCENTED, PLAIN, fold
from planning.statements import statement
from planning.tenure.model import PartyVersion
from planning.tenure.rules import tax_code_fits

KINDS = ("authority", "board", "company", "cooperative", "person")


@dataclass(frozen=True, slots=True)
class PartyLine:
    """A party and what it holds in force; contract areas in m². A person's name is None."""

    id: UUID
    kind: str
    tax_code: str | None
    name: str | None
    name_en: str | None
    rights: int
    zones: int
    state_m2: Decimal
    leased_m2: Decimal
    reserved_m2: Decimal
    granted: int

    @property
    def tax_code_fits(self) -> bool | None:
        """Whether the tax code's check digit agrees; None without a tax code."""
        return None if self.tax_code is None else tax_code_fits(self.tax_code)


@dataclass(frozen=True, slots=True)
class Called:
    """A name on days `[valid_from, valid_to)`, and when the register knew it."""

    version_id: int
    name_vi: str
    name_en: str | None
    valid_from: date
    valid_to: date | None
    actor: str
    known_from: datetime
    known_until: datetime | None


def parties(
    session: Session,
    at: Moment,
    zones: Collection[UUID],
    *,
    wanted: str = "",
    kind: str | None = None,
    everybody: bool = False,
    party: UUID | None = None,
) -> list[PartyLine]:
    """Return parties with rights in some zones (or `everybody`), by name; accents are not needed.

    Sums are of the zones given: a reader of one zone learns nothing of another.
    """
    asked = {
        **moment_parameters(at), "zones": list(zones), "wanted": fold(wanted) or None,
        "kind": kind or None, "everybody": everybody, "party": party,
        "accented": ACCENTED, "plain": PLAIN,
    }  # fmt: skip
    return [PartyLine(*tuple(row)) for row in session.execute(statement("tenure/parties"), asked)]


def party(session: Session, at: Moment, zones: Collection[UUID], party_id: UUID) -> PartyLine:
    """Return one party. Raises NotFound."""
    found = parties(session, at, zones, everybody=True, party=party_id)
    if not found:
        raise NotFound(kind="party", key=str(party_id))
    return found[0]


def names(session: Session, at: Moment, party_id: UUID) -> list[Called]:
    """Return every name of a party the register ever held, in the order of their days."""
    opened, closed = aliased(Change), aliased(Change)
    known = moment_parameters(at)["known"]
    rows: Any = session.execute(
        select(
            PartyVersion.version_id, PartyVersion.name_vi, PartyVersion.name_en,
            PartyVersion.valid_from, PartyVersion.valid_to, opened.actor, opened.committed_at,
            closed.committed_at,
        )
        .join(opened, opened.number == PartyVersion.opened_by)
        .outerjoin(closed, (closed.number == PartyVersion.closed_by) & (closed.number <= known))
        .where(PartyVersion.party_id == party_id, PartyVersion.opened_by <= known)
        .order_by(PartyVersion.valid_from, PartyVersion.version_id)
    )  # fmt: skip
    return [Called(*tuple(row)) for row in rows]
