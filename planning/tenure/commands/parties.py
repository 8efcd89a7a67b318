"""Parties: registered once, found again by tax code or by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from layers.copying import copy_rows
from planning.clocks import amend, correct, valid_on
from planning.tenure.model import Party, PartyVersion

SINCE_EVER: Final = date(1945, 9, 2)
"""First day of a first name: the register does not ask since when a party bears it."""


@dataclass(frozen=True, slots=True)
class NewParty:
    """A party as a contract names it; `kind` authority, board, company, cooperative or person.

    `tax_code` (mã số thuế) is ten digits, or thirteen written 0123456789-001 for a branch.
    """

    name_vi: str
    tax_code: str | None = None
    kind: str = "company"
    name_en: str | None = None


def _name_key(name: str) -> str:
    return " ".join(name.split()).casefold()


def register_party(
    session: Session,
    change: int,
    *,
    name_vi: str,
    tax_code: str | None = None,
    kind: str = "company",
    name_en: str | None = None,
) -> UUID:
    """Return the party of that tax code or, without one, of that name; register it when new."""
    return register_parties(session, change, [NewParty(name_vi, tax_code, kind, name_en)])[0]


def register_parties(session: Session, change: int, parties: Sequence[NewParty]) -> list[UUID]:
    """Return the parties in the order given, registering those that are new.

    A party with a tax code is found by it alone: names differ from paper to paper. A party without
    one is found by its present name, letter case and spaces aside; among namesakes the one without
    a tax code, else the first registered.
    """
    codes = {party.tax_code for party in parties if party.tax_code}
    by_code: dict[str | None, UUID] = {
        row.tax_code: row.id
        for row in session.execute(
            select(Party.id, Party.tax_code).where(Party.tax_code.in_(codes))
        )
    }
    by_name = _named(session, {_name_key(party.name_vi) for party in parties if not party.tax_code})
    found: list[UUID] = []
    fresh: dict[UUID, NewParty] = {}
    for party in parties:
        book: dict[str | None, UUID] = by_code if party.tax_code else by_name
        key = party.tax_code or _name_key(party.name_vi)
        if key not in book:
            book[key] = uuid4()
            fresh[book[key]] = party
        found.append(book[key])
    copy_rows(
        session,
        "land.party",
        ("id", "kind", "tax_code", "opened_by"),
        ((made, party.kind, party.tax_code, change) for made, party in fresh.items()),
    )
    copy_rows(
        session,
        "land.party_version",
        ("party_id", "name_vi", "name_en", "valid_from", "opened_by"),
        (
            (made, " ".join(party.name_vi.split()), party.name_en, SINCE_EVER, change)
            for made, party in fresh.items()
        ),
    )
    return found


def _named(session: Session, keys: set[str]) -> dict[str | None, UUID]:
    if not keys:
        return {}
    rows = session.execute(
        select(Party.id, PartyVersion.name_vi)
        .join(PartyVersion, PartyVersion.party_id == Party.id)
        .where(
            PartyVersion.closed_by.is_(None),
            PartyVersion.valid_to.is_(None),
            func.lower(PartyVersion.name_vi).in_(keys),
        )
        .order_by(Party.tax_code.is_not(None).desc(), Party.opened_by.desc())
    )
    return {_name_key(row.name_vi): row.id for row in rows}


def rename_party(
    session: Session,
    change: int,
    *,
    party_id: UUID,
    day: date,
    name_vi: str,
    name_en: str | None = None,
) -> None:
    """Give a party another name from a day on. Raises LaterVersionsExist, NotFound."""
    values = {"name_vi": " ".join(name_vi.split()), "name_en": name_en}
    amend(session, PartyVersion, change, PartyVersion.party_id == party_id, day, values)


def correct_name(
    session: Session,
    change: int,
    *,
    party_id: UUID,
    on: date,
    name_vi: str,
    name_en: str | None = None,
) -> None:
    """Correct the name a party bore on a day, for all the days of that name. Raises NotFound."""
    values = {"name_vi": " ".join(name_vi.split()), "name_en": name_en}
    mine = (PartyVersion.party_id == party_id) & valid_on(PartyVersion, on)
    correct(session, PartyVersion, change, mine, values)
