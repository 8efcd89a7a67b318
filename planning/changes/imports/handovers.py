"""Hand-overs of cleared land from a table keyed by parcel."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import psycopg
from sqlalchemy.orm import Session

from planning.changes.imports.cases import items_cleared
from planning.changes.imports.draft import Draft, Table, Tick
from planning.changes.imports.findings import RowFinding
from planning.changes.imports.grouped import (
    Paper,
    called,
    name_parcels,
    paper_facts,
    refused_rows,
    whole_papers,
)
from planning.changes.imports.ledger import Holding
from planning.changes.imports.request import Request
from planning.changes.imports.surroundings import Surroundings
from planning.clearance.cases import NewStep, take_steps
from planning.clearance.commands import NewHandover, hand_over_all
from planning.clocks import today


def examine(table: Table, request: Request, around: Surroundings, tick: Tick) -> Draft:
    """Gather the rows of each minutes, find the parcels, hold them against earlier hand-overs."""
    findings = list(table.findings)
    papers = _papers(table)
    made: list[NewHandover | None] = []
    steps: dict[UUID, list[UUID]] = {}
    for done, paper in enumerate(papers):
        if done % 500 == 0:
            tick("check", done, len(papers))
        found = list(name_parcels(table, paper, around.book))
        if paper.day < around.founded_on:
            context = {"day": paper.day, "zone": around.zone.code}
            row = int(table.rows[paper.positions[0]])
            found.append(RowFinding(row, "row-before-zone", context))
        if paper.day > today():
            row = int(table.rows[paper.positions[0]])
            found.append(RowFinding(row, "row-day-ahead", {"day": paper.day}, "handed_over_on"))
        found += _taken(table, paper, around)
        items: list[UUID] = []
        found += items_cleared(table, paper, around.ledger.items, items)
        findings += found
        if any(each.severity.value == "refused" for each in found):
            made.append(None)
            continue
        minutes = NewHandover(
            zone_id=next(iter(paper.zones)) if len(paper.zones) == 1 else around.zone.zone_id,
            number=paper.key[0],
            day=paper.day,
            parcels=list(paper.parcels),
            stated_area_m2=_stated(table, paper, findings),
        )
        made.append(minutes)
        steps[minutes.id] = items
        holding = Holding(minutes.id, minutes.number, minutes.day, None)
        for parcel in minutes.parcels:
            around.ledger.handed_over.setdefault(parcel, []).append(holding)
    tick("check", len(papers), len(papers))
    sources = [tuple((int(table.rows[i]), 0) for i in paper.positions) for paper in papers]
    findings += whole_papers(sources, findings)
    return Draft(list(made), sources, paper_facts(table), findings, {"steps": steps})


def write(
    session: Session, change: int, request: Request, around: Surroundings, draft: Draft, tick: Tick
) -> dict[str, int]:
    """Record the hand-overs by COPY under the document of the import, and the items' last steps."""
    document = draft.extra["document_id"]
    minutes = [
        NewHandover(
            each.zone_id,
            each.number,
            each.day,
            each.parcels,
            each.stated_area_m2,
            document,
            each.id,
        )
        for each in draft.kept
    ]
    tick("write", 0, len(minutes))
    hand_over_all(session, change, minutes)
    cleared: dict[UUID, list[UUID]] = draft.extra["steps"]
    steps = [
        NewStep(item, "handed_over", each.day, document)
        for each in minutes
        for item in cleared.get(each.id, ())
    ]
    take_steps(session, change, steps)
    tick("write", len(minutes), len(minutes))
    return {
        "handovers": len(minutes),
        "parcels": sum(len(each.parcels) for each in minutes),
        **({"clearance_steps": len(steps)} if steps else {}),
    }


def diagnose(
    session: Session, request: Request, around: Surroundings, draft: Draft, refusal: psycopg.Error
) -> list[RowFinding]:
    """Nothing more is known than what the database said."""
    return []


def _papers(table: Table) -> list[Paper]:
    refused = refused_rows(table)
    papers: dict[tuple[object, ...], Paper] = {}
    for position, row in enumerate(table.rows):
        number, day = table.text("number", position), table.value("handed_over_on", position)
        if int(row) in refused or number is None or day is None:
            continue
        paper = papers.setdefault((number, day), Paper((number, day), [], day))
        paper.positions.append(position)
    return list(papers.values())


def _taken(table: Table, paper: Paper, around: Surroundings) -> list[RowFinding]:
    """A parcel is handed over once."""
    found = []
    for parcel, position in paper.parcels.items():
        for holding in around.ledger.handed_over.get(parcel, []):
            if holding.meets(paper.day, None):
                context = {
                    "parcel": called(table, position),
                    "number": holding.number,
                    "since": holding.valid_from,
                }
                found.append(RowFinding(int(table.rows[position]), "row-parcel-taken", context))
                break
    return found


def _stated(table: Table, paper: Paper, findings: list[RowFinding]) -> Decimal | None:
    """The area of the minutes: told once on every row, or parcel by parcel and then added up."""
    told = [table.value("stated_area_m2", i) for i in paper.positions]
    given: list[Decimal] = [each for each in told if each is not None]
    if len(set(given)) <= 1:
        return given[0] if given else None
    total = sum(given, Decimal(0))
    context = {"count": len(given), "area_m2": float(total)}
    findings.append(RowFinding(int(table.rows[paper.positions[0]]), "row-areas-added", context))
    return total
