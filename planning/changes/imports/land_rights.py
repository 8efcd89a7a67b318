"""Land rights from a table keyed by parcel: State allocations and leases, sub-leases,
reservations.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID, uuid4

import psycopg
from sqlalchemy.orm import Session

from planning.changes.imports.draft import Draft, Table, Tick
from planning.changes.imports.findings import RowFinding
from planning.changes.imports.grouped import (
    Paper,
    called,
    disagreements,
    name_parcels,
    paper_facts,
    refused_rows,
    whole_papers,
)
from planning.changes.imports.ledger import FOREVER, Holding, Ledger, ParentRight
from planning.changes.imports.parties import kind_by_name, party_of
from planning.changes.imports.request import Request
from planning.changes.imports.surroundings import Surroundings
from planning.tenure.commands import NewParty, NewRight, grant_rights, register_parties
from planning.tenure.rules import TIERS, first_day_after

SAME_ON_ALL_ROWS: Final = (
    "signed_on", "lessor", "lessor_tax_code", "lessee", "lessee_tax_code", "contract_area_m2",
    "valid_from", "term_ends", "term_years", "payment_mode", "purpose", "parent_number",
    "investor_licensed",
)  # fmt: skip
LESSORS: Final = {
    "state_allocation": "authority",
    "state_lease": "authority",
    "reservation": "board",
}


@dataclass(slots=True)
class Right:
    """A right to grant, its parties still to be registered; a sub-lease's lessor may be its
    parent's lessee.
    """

    id: UUID
    kind: str
    number: str
    zone_id: UUID
    lessee: NewParty
    lessor: NewParty | None
    area_m2: Decimal
    valid_from: date
    valid_to: date | None
    term_ends: date | None
    parcels: list[UUID]
    parent: ParentRight | None
    payment_mode: str | None
    purpose: str | None
    licensed: bool


def examine(table: Table, request: Request, around: Surroundings, tick: Tick) -> Draft:
    """Gather the rows of each right, find parcels and parent, hold them against the register."""
    findings = list(table.findings)
    ledger = around.ledger
    papers = _papers(table, request)
    rights: list[Right | None] = []
    # State rights first: sub-leases of the same file stand under them.
    papers.sort(key=lambda paper: (TIERS[paper.key[0]], paper.day, paper.positions[0]))
    for done, paper in enumerate(papers):
        if done % 500 == 0:
            tick("check", done, len(papers))
        right, found = _right(table, request, around, ledger, paper)
        findings += found
        rights.append(None if any(f.severity.value == "refused" for f in found) else right)
        if rights[-1] is not None:
            _take_in(ledger, rights[-1], paper, table)
    tick("check", len(papers), len(papers))
    sources = [tuple((int(table.rows[i]), 0) for i in paper.positions) for paper in papers]
    findings += whole_papers(sources, findings)
    return Draft(list(rights), sources, paper_facts(table), findings)


def write(
    session: Session, change: int, request: Request, around: Surroundings, draft: Draft, tick: Tick
) -> dict[str, int]:
    """Register the parties that are new, then grant the rights by COPY."""
    rights: list[Right] = draft.kept
    named = [right.lessee for right in rights] + [r.lessor for r in rights if r.lessor is not None]
    ids = register_parties(session, change, named)
    lessees = ids[: len(rights)]
    by_right = {right.id: lessee for right, lessee in zip(rights, lessees, strict=True)}
    lessors = iter(ids[len(rights) :])
    news = []
    for right, lessee in zip(rights, lessees, strict=True):
        lessor = next(lessors) if right.lessor is not None else _parents_lessee(right, by_right)
        news.append(
            NewRight(
                kind=right.kind,
                zone_id=right.zone_id,
                number=right.number,
                lessor_id=lessor,
                lessee_id=lessee,
                contract_area_m2=right.area_m2,
                valid_from=right.valid_from,
                valid_to=right.valid_to,
                term_ends=right.term_ends,
                payment_mode=right.payment_mode,
                parcels=right.parcels,
                parent_id=right.parent.id if right.parent else None,
                investor_licensed=right.licensed,
                purpose=right.purpose,
                document_id=draft.extra["document_id"],
                id=right.id,
            )
        )
    tick("write", 0, len(news))
    grant_rights(session, change, news)
    tick("write", len(news), len(news))
    return {"land_rights": len(news), "parcels": sum(len(right.parcels) for right in rights)}


def diagnose(
    session: Session, request: Request, around: Surroundings, draft: Draft, refusal: psycopg.Error
) -> list[RowFinding]:
    """The database names the right it could not keep inside its parent: say it of the right's
    rows.
    """
    fault = json.loads(refusal.diag.message_detail or "{}") if refusal.diag.constraint_name in (
        "sub_lease_inside_parent", "lessor_has_power",
    ) else {}  # fmt: skip
    if not fault:
        return []
    code, context = "row-outside-parent", {"parent": fault.get("number"), "part": fault.get("part")}
    if refusal.diag.constraint_name == "lessor_has_power":
        code = "row-lessor-power"
        context = {name: fault[name] for name in ("lessor_kind", "kind", "clause")}
        context["day"] = date.fromisoformat(fault["day"])
    return [
        RowFinding(row, code, context)
        for item, sources in zip(draft.items, draft.sources, strict=True)
        if item is not None and str(item.id) == fault.get("right")
        for row, _part in sources
    ]


def _papers(table: Table, request: Request) -> list[Paper]:
    refused = refused_rows(table)
    papers: dict[tuple[str, str], Paper] = {}
    for position, row in enumerate(table.rows):
        kind, number = table.value("kind", position), table.text("number", position)
        if int(row) in refused or kind is None or number is None:
            continue
        paper = papers.get((kind, number))
        if paper is None:
            day = (
                table.value("valid_from", position)
                or table.value("signed_on", position)
                or request.day
            )
            papers[kind, number] = Paper((kind, number), [position], day)
        else:
            paper.positions.append(position)
    return list(papers.values())


def _right(
    table: Table, request: Request, around: Surroundings, ledger: Ledger, paper: Paper
) -> tuple[Right | None, list[RowFinding]]:
    first, (kind, number) = paper.positions[0], paper.key
    row = int(table.rows[first])
    found = list(disagreements(table, paper.positions, SAME_ON_ALL_ROWS))
    found += name_parcels(table, paper, around.book)
    if paper.day < around.founded_on:
        context = {"day": paper.day, "zone": around.zone.code}
        found.append(RowFinding(row, "row-before-zone", context))
    if paper.key in ledger.numbers:
        found.append(RowFinding(row, "row-code-in-register", {"code": number}))
    lessee, wrong = party_of(table, first, "lessee", "lessee_tax_code", "company")
    lessor, also_wrong = party_of(
        table, first, "lessor", "lessor_tax_code", LESSORS.get(kind, "company")
    )
    if lessor is not None:
        lessor = replace(lessor, kind=kind_by_name(lessor.name_vi, lessor.kind))
    found += [each for each in (wrong, also_wrong) if each is not None]
    parent = None
    if kind == "sub_lease":
        parent, problem = _parent(table, ledger, paper)
        found += [problem] if problem else []
    elif lessor is None and also_wrong is None:
        issuer = request.document.issuer
        lessor = NewParty(issuer, None, kind_by_name(issuer, LESSORS[kind]))
    if lessee is None or any(each.severity.value == "refused" for each in found):
        return None, found
    term = _term(table, first, paper.day) or (parent.term_ends if parent else None)
    if kind == "reservation" and term is None:
        return None, [*found, RowFinding(row, "row-reservation-forever", {"number": number})]
    licensed = table.value("investor_licensed", first)
    right = Right(
        id=uuid4(),
        kind=kind,
        number=number,
        zone_id=next(iter(paper.zones)) if len(paper.zones) == 1 else around.zone.zone_id,
        lessee=lessee,
        lessor=lessor,
        area_m2=table.value("contract_area_m2", first),
        valid_from=paper.day,
        valid_to=first_day_after(term),
        term_ends=term,
        parcels=list(paper.parcels),
        parent=parent,
        payment_mode=table.value("payment_mode", first),
        purpose=table.text("purpose", first),
        licensed=True if licensed is None else bool(licensed),
    )
    found += _taken(table, paper, right, ledger)
    found += _beyond_parent(row, right)
    return right, found


def _parent(
    table: Table, ledger: Ledger, paper: Paper
) -> tuple[ParentRight | None, RowFinding | None]:
    """The State right a sub-lease stands under: by its number, else the one that holds its land."""
    row = int(table.rows[paper.positions[0]])
    number = table.text("parent_number", paper.positions[0])
    if number is None:
        parent = ledger.parent_holding(paper.parcels, paper.day)
        return parent, None if parent else RowFinding(row, "row-parent-missing")
    parent = ledger.parent_of(number, paper.day)
    context = {"number": number, "day": paper.day}
    return parent, None if parent else RowFinding(row, "row-parent-not-found", context)


def _term(table: Table, position: int, day: date) -> date | None:
    ends: date | None = table.value("term_ends", position)
    years: int | None = table.value("term_years", position)
    if ends is not None or years is None:
        return ends
    try:
        return day.replace(year=day.year + years) - timedelta(days=1)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def _taken(table: Table, paper: Paper, right: Right, ledger: Ledger) -> Iterator[RowFinding]:
    """One right of the State on a parcel and day; and one user: it is let, or reserved."""
    tiers = (1,) if TIERS[right.kind] == 1 else (2, 3)
    for parcel, position in paper.parcels.items():
        for holding in (each for tier in tiers for each in ledger.held.get((tier, parcel), [])):
            if holding.meets(right.valid_from, right.valid_to):
                context = {
                    "parcel": called(table, position),
                    "number": holding.number,
                    "since": holding.valid_from,
                }
                yield RowFinding(int(table.rows[position]), "row-parcel-taken", context)
                break


def _beyond_parent(row: int, right: Right) -> Iterator[RowFinding]:
    """A sub-lease stays inside its parent in term, land and area."""
    parent = right.parent
    if parent is None:
        return
    parts = []
    if right.valid_from < parent.valid_from or (right.valid_to or FOREVER) > (
        parent.valid_to or FOREVER
    ):
        parts.append("term")
    if not parent.parcels.issuperset(right.parcels):
        parts.append("land")
    if parent.leased_on(right.valid_from) + right.area_m2 > parent.contract_area_m2:
        parts.append("area")
    for part in parts:
        yield RowFinding(row, "row-outside-parent", {"parent": parent.number, "part": part})


def _take_in(ledger: Ledger, right: Right, paper: Paper, table: Table) -> None:
    """Let later rows of the file stand under this right, or collide with it."""
    holding = Holding(right.id, right.number, right.valid_from, right.valid_to)
    for parcel in right.parcels:
        ledger.held.setdefault((TIERS[right.kind], parcel), []).append(holding)
    if TIERS[right.kind] == 1:
        parent = ParentRight(
            right.id, right.number, None, right.area_m2, right.valid_from, right.valid_to,
            right.term_ends, set(right.parcels), int(table.rows[paper.positions[0]]),
        )  # fmt: skip
        ledger.parents.setdefault(right.number, []).append(parent)
    if right.parent is not None:
        right.parent.children.append((right.valid_from, right.valid_to, right.area_m2))


def _parents_lessee(right: Right, by_right: dict[UUID, UUID]) -> UUID:
    """The developer: who holds the parent right lets the land."""
    parent = right.parent
    if parent is None:
        raise ValueError(right.number)
    lessee = parent.lessee_id or by_right.get(parent.id)
    if lessee is None:
        raise ValueError(right.number)
    return lessee
