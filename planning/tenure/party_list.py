"""Parties brought in as a table: new ones are registered, others take the name of the row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from planning.clocks import Moment, in_force
from planning.incoming import Line, ListKind, Paper, Places, RowRefused
from planning.tenure import listed
from planning.tenure.commands import NewParty, register_parties, rename_party
from planning.tenure.model import Party, PartyVersion
from planning.tenure.rules import read_tax_code


class PartyKnown(RowRefused):
    """The register knows the party by that name already. Context: ``name``, ``field``."""

    code = "list-row-party-known"


@dataclass(frozen=True, slots=True)
class Around:
    """Parties by tax code with their present names; names of those without one."""

    by_code: Mapping[str, tuple[UUID, str, str | None]]
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class PartyRow:
    """A party to register, or the one `known` to take another name."""

    party: NewParty
    known: UUID | None


def _survey(session: Session, at: Moment, places: Places) -> Around:
    called = PartyVersion
    rows = session.execute(
        select(Party.id, Party.tax_code, called.name_vi, called.name_en).join(
            called, (called.party_id == Party.id) & in_force(called, at)
        )
    ).all()
    return Around(
        {row.tax_code: (row.id, row.name_vi, row.name_en) for row in rows if row.tax_code},
        frozenset(_bare(row.name_vi) for row in rows if not row.tax_code),
    )


def _bare(name: str) -> str:
    return " ".join(name.split()).casefold()


def _parse(around: Around, line: Line) -> PartyRow:
    name, name_en = line.text("name_vi") or "", line.text("name_en")
    code = read_tax_code(line.text("tax_code"))
    known = around.by_code.get(code) if code else None
    if (known and known[1:] == (name, name_en)) or (not code and _bare(name) in around.names):
        raise PartyKnown(name=name, field="name_vi")
    party = NewParty(name, code, line.text("kind") or "company", name_en)
    return PartyRow(party, known[0] if known else None)


def _write(session: Session, paper: Paper, rows: Sequence[PartyRow]) -> None:
    register_parties(session, paper.change, [row.party for row in rows if row.known is None])
    for row in rows:
        if row.known is not None:
            rename_party(
                session, paper.change, party_id=row.known, day=paper.day,
                name_vi=row.party.name_vi, name_en=row.party.name_en,
            )  # fmt: skip


PARTIES: Final = ListKind(
    "parties", _survey, _parse, _write,
    key=lambda row: row.party.tax_code or _bare(row.party.name_vi),
    listed=listed.parties, named=("name_vi", "tax_code"),
)  # fmt: skip
