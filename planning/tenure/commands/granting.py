"""Grant land rights, one or thousands."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from layers.copying import copy_rows
from planning.errors import RuleViolated
from planning.tenure.model import LandRightVersion
from planning.tenure.rules import TIERS, first_day_after

TERMS = (
    "number", "lessor_id", "lessee_id", "contract_area_m2", "payment_mode", "term_ends",
    "investor_licensed", "purpose", "document_id", "valid_from", "valid_to",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewRight:
    """A right as its decision or contract grants it; areas in m².

    kind: state_allocation, state_lease, sub_lease (with `parent_id`) or reservation. `valid_to` is
    exclusive; left out, the right runs to the end of its term. `id` may be chosen, so that a parent
    and its sub-leases are granted in one list.
    """

    kind: str
    zone_id: UUID
    number: str
    lessor_id: UUID
    lessee_id: UUID
    contract_area_m2: Decimal
    valid_from: date
    valid_to: date | None = None
    term_ends: date | None = None
    payment_mode: str | None = None
    parcels: Sequence[UUID] = ()
    parent_id: UUID | None = None
    investor_licensed: bool = True
    purpose: str | None = None
    document_id: UUID | None = None
    id: UUID = field(default_factory=uuid4)


def grant_right(session: Session, change: int, right: NewRight | None = None, **facts: Any) -> UUID:
    """Grant one right, given whole or by its facts (see `NewRight`); return its id.

    The database refuses a second right of a tier on a parcel and day, and a sub-lease outside its
    parent in area, term or land.
    """
    return grant_rights(session, change, [right or NewRight(**facts)])[0]


def grant_rights(session: Session, change: int, rights: Sequence[NewRight]) -> list[UUID]:
    """Grant many rights by COPY; return their ids in the order given. See `grant_right`.

    Raises:
        RuleViolated: an unknown kind, a sub-lease without a parent, a parent without a sub-lease.
    """
    for right in rights:
        if right.kind not in TIERS:
            raise RuleViolated(rule="right-kind-unknown", kind=right.kind, number=right.number)
        if (right.kind == "sub_lease") != (right.parent_id is not None):
            raise RuleViolated(rule="only-sub-leases-have-parents", number=right.number)
    told = _with_terms(session, rights)
    copy_rows(
        session,
        "land.land_right",
        ("id", "kind", "parent_id", "zone_id", "opened_by"),
        ((right.id, right.kind, right.parent_id, right.zone_id, change) for right in told),
    )
    copy_rows(
        session,
        "land.land_right_version",
        ("land_right_id", *TERMS, "opened_by"),
        ((right.id, *(getattr(right, name) for name in TERMS), change) for right in told),
    )
    copy_rows(
        session,
        "land.land_right_parcel",
        ("land_right_id", "tier", "parcel_id", "valid_from", "valid_to", "opened_by"),
        (
            (right.id, TIERS[right.kind], parcel, right.valid_from, right.valid_to, change)
            for right in told
            for parcel in dict.fromkeys(right.parcels)
        ),
    )
    return [right.id for right in told]


def _with_terms(session: Session, rights: Sequence[NewRight]) -> list[NewRight]:
    """A sub-lease whose paper names no term has its parent's; a right ends with its term."""
    terms = {right.id: right.term_ends for right in rights}
    untold = {right.parent_id for right in rights if right.parent_id and right.term_ends is None}
    rows = session.execute(
        select(LandRightVersion.land_right_id, LandRightVersion.term_ends)
        .where(
            LandRightVersion.land_right_id.in_(untold - terms.keys()),
            LandRightVersion.closed_by.is_(None),
        )
        .order_by(LandRightVersion.valid_from)
    )
    terms.update({row.land_right_id: row.term_ends for row in rows})
    told = []
    for right in rights:
        term = right.term_ends or (terms.get(right.parent_id) if right.parent_id else None)
        until = right.valid_to or first_day_after(term)
        told.append(replace(right, term_ends=term, valid_to=until))
    return told
