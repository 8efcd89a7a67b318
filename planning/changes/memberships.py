"""Dated rows by which rights, hand-overs, cases and projects hold parcels, passed on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from planning.clearance.model import (
    ClearanceCase,
    ClearanceItem,
    ClearanceItemParcel,
    HandoverParcel,
    HandoverVersion,
)
from planning.clocks import close, record
from planning.parcels.holding import Held
from planning.projects.model import Project, ProjectParcel
from planning.tenure.model import LandRightParcel, LandRightVersion, PartyVersion

TABLES: Final[tuple[tuple[str, Any, tuple[str, ...]], ...]] = (
    ("right", LandRightParcel, ("land_right_id", "tier")),
    ("handover", HandoverParcel, ("handover_id",)),
    ("project", ProjectParcel, ("project_id",)),
    ("item", ClearanceItemParcel, ("item_id",)),
)


@dataclass(frozen=True, slots=True)
class Membership:
    """A right, hand-over or project holds a parcel on days [valid_from, valid_to)."""

    kind: str
    key: tuple[Any, ...]
    parcel_id: UUID
    version_id: int
    valid_from: date
    valid_to: date | None

    @property
    def holder(self) -> UUID:
        """The right, hand-over or project."""
        found: UUID = self.key[0]
        return found


@dataclass(frozen=True, slots=True)
class Named:
    """What a right, hand-over or project is called, and who holds it (companies only)."""

    number: str
    holder: str | None


def memberships(session: Session, parcels: Iterable[UUID], day: date) -> list[Membership]:
    """Return the rows that hold parcels on a day or later."""
    ids = list(parcels)
    found = []
    for kind, table, names in TABLES:
        rows = session.execute(
            select(table).where(
                table.parcel_id.in_(ids),
                table.closed_by.is_(None),
                or_(table.valid_to.is_(None), table.valid_to > day),
            )
        ).scalars()
        found += [
            Membership(
                kind,
                tuple(getattr(row, name) for name in names),
                row.parcel_id,
                row.version_id,
                row.valid_from,
                row.valid_to,
            )
            for row in rows
        ]
    return found


def signatures(
    held_by: Sequence[Membership], parcels: Iterable[UUID]
) -> dict[UUID, frozenset[tuple[str, Any, date | None]]]:
    """What must be alike for parcels to become one.

    Rights and projects with the day they end; of hand-overs only whether the land is handed over.
    """
    found: dict[UUID, set[tuple[str, Any, date | None]]] = {parcel: set() for parcel in parcels}
    for each in held_by:
        key = None if each.kind == "handover" else each.holder
        found[each.parcel_id].add((each.kind, key, each.valid_to))
    return {parcel: frozenset(marks) for parcel, marks in found.items()}


def names_of(session: Session, held_by: Iterable[Membership]) -> dict[UUID, Named]:
    """What rights, hand-overs and projects are called; persons are never named."""
    ids = {each.holder for each in held_by}
    found: dict[UUID, Named] = {}
    rights = session.execute(
        select(LandRightVersion.land_right_id, LandRightVersion.number, PartyVersion.name_vi)
        .outerjoin(
            PartyVersion,
            (PartyVersion.party_id == LandRightVersion.lessee_id)
            & PartyVersion.closed_by.is_(None),
        )
        .where(LandRightVersion.land_right_id.in_(ids), LandRightVersion.closed_by.is_(None))
    )
    found |= {row[0]: Named(row[1], row[2]) for row in rights}
    handovers = session.execute(
        select(HandoverVersion.handover_id, HandoverVersion.number).where(
            HandoverVersion.handover_id.in_(ids), HandoverVersion.closed_by.is_(None)
        )
    )
    found |= {row[0]: Named(row[1], None) for row in handovers}
    projects = session.execute(select(Project.id, Project.code).where(Project.id.in_(ids)))
    found |= {row[0]: Named(row[1], None) for row in projects}
    items = session.execute(
        select(ClearanceItem.id, ClearanceCase.code, ClearanceItem.number)
        .join(ClearanceCase, ClearanceCase.id == ClearanceItem.case_id)
        .where(ClearanceItem.id.in_(ids))
    )
    return found | {row[0]: Named(f"{row[1]} · {row[2]}", None) for row in items}


def differences(
    session: Session, held_by: Sequence[Membership], roots: Mapping[UUID, tuple[Held, list[UUID]]]
) -> list[dict[str, Any]]:
    """Say what parcels that should become one do not have in common, one line a right or project.

    `roots` gives each parcel with the parcels of the register it came from.
    """
    marks = signatures(held_by, [root for _, origins in roots.values() for root in origins])
    mine = {
        parcel: frozenset().union(*(marks[root] for root in origins))
        for parcel, (_, origins) in roots.items()
    }
    if len(set(mine.values())) <= 1:
        return []
    common = frozenset.intersection(*mine.values())
    names = names_of(session, held_by)
    lines = []
    for mark in sorted(frozenset().union(*mine.values()) - common, key=str):
        kind, holder, _until = mark
        named = names.get(holder) if holder else None
        lines.append(
            {
                "kind": kind,
                "id": str(holder) if holder else None,
                "number": named.number if named else None,
                "holder": named.holder if named else None,
                "parcels": [roots[each][0].name for each, has in mine.items() if mark in has],
                "others": [roots[each][0].name for each, has in mine.items() if mark not in has],
            }
        )
    return lines


def rewrite(
    session: Session,
    change: int,
    retired: Mapping[UUID, date],
    lines: Mapping[tuple[UUID, UUID], tuple[str, float]],
    *,
    keep_past: bool,
) -> None:
    """Hand the rows that held retired parcels on to their children.

    `retired` gives the day from which each parcel's children stand in its place; `lines` the
    children with their m². With `keep_past` (an act) the parent keeps the days before. A child of
    two hand-overs follows the one with more of its ground.
    """
    for kind, table, names in TABLES:
        rows: list[dict[str, Any]] = []
        closing: list[int] = []
        given: dict[tuple[Any, ...], tuple[float, dict[str, Any]]] = {}
        for each in _of_kind(memberships_after(session, retired), kind):
            day = retired[each.parcel_id]
            key = dict(zip(names, each.key, strict=True))
            closing.append(each.version_id)
            if each.valid_from < day or (keep_past and each.valid_from == day):
                rows.append(
                    {
                        **key,
                        "parcel_id": each.parcel_id,
                        "valid_from": each.valid_from,
                        "valid_to": day,
                    }
                )
            for (parent, child), (_, shared) in lines.items():
                if parent != each.parcel_id:
                    continue
                new = {
                    **key,
                    "parcel_id": child,
                    "valid_from": max(each.valid_from, day),
                    "valid_to": each.valid_to,
                }
                slot = (child, new["valid_to"], *(() if kind == "handover" else each.key))
                if slot not in given or given[slot][0] < shared:
                    given[slot] = (shared, new)
        if closing:
            close(session, table, change, closing)
            record(session, table, change, [*rows, *(row for _, row in given.values())])


def memberships_after(session: Session, retired: Mapping[UUID, date]) -> list[Membership]:
    """Rows that hold retired parcels on the day of their children or later."""
    if not retired:
        return []
    found = memberships(session, retired, min(retired.values()))
    return [
        each for each in found if each.valid_to is None or each.valid_to > retired[each.parcel_id]
    ]


def _of_kind(held_by: Iterable[Membership], kind: str) -> list[Membership]:
    return [each for each in held_by if each.kind == kind]
