"""Steps of a plan version: which may follow, taking one, and annulling what was approved.

The database judges every path by the same table of transitions (`land.plan_transition`); these
verbs say first, in words, what it would refuse.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import shapely
from shapely import MultiPolygon
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from layers.geometry import multipolygon
from planning.clocks import close, record, set_from
from planning.errors import NotFound
from planning.plans.commands import set_status
from planning.plans.errors import (
    AnnulBeforeApproval,
    BeforeDecision,
    NotAnnullable,
    NothingToRevive,
)
from planning.plans.model import Plan, PlanStatus, PlanTransition, PlanVersion, PlanWait
from planning.records.model import Document
from planning.vocabulary import IN_FORCE_STATUSES

LEADERS_STEPS = ("approved", "superseded", "annulled")
"""Steps recorded by who may approve; publication is the board's own work."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A version as it stands: plan and number, its last step, since when, and its ground (E, N)."""

    plan_version_id: UUID
    plan: str
    number: int
    status: str | None
    since: date | None
    scope: MultiPolygon | None

    @property
    def names(self) -> dict[str, object]:
        """What refusals call it."""
        return {"plan": self.plan, "number": self.number}


def standing(session: Session, plan_version_id: UUID) -> Standing:
    """Return a version with its last step, whatever the day. Raises NotFound."""
    row = session.execute(
        select(
            Plan.code,
            PlanVersion.number,
            PlanStatus.status,
            PlanStatus.valid_from,
            func.ST_AsBinary(PlanStatus.geom),
        )
        .join(PlanVersion, PlanVersion.plan_id == Plan.id)
        .outerjoin(
            PlanStatus,
            (PlanStatus.plan_version_id == PlanVersion.id) & PlanStatus.closed_by.is_(None),
        )
        .where(PlanVersion.id == plan_version_id)
        .order_by(
            PlanStatus.valid_from.desc(),
            PlanStatus.valid_to.desc().nulls_first(),
            PlanStatus.version_id.desc(),
        )
        .limit(1)
    ).one_or_none()
    if row is None:
        raise NotFound(kind="plan_version", key=str(plan_version_id))
    code, number, status, since, wkb = row
    scope = None if wkb is None else multipolygon(shapely.from_wkb(bytes(wkb)))
    return Standing(plan_version_id, code, number, status, since, scope)


def next_steps(session: Session, status: str | None) -> list[str]:
    """Return the steps that may follow one, in the order of the pipeline."""
    found = session.scalars(
        select(PlanTransition.to_status).where(PlanTransition.from_status == (status or ""))
    )
    order = ("proposed", "task", "drafting", "consultation", "appraisal", *IN_FORCE_STATUSES)
    return sorted(found, key=lambda step: order.index(step) if step in order else len(order))


def leaders_step(session: Session, change: int) -> str | None:
    """Return the leader's step a change recorded or took away, None when there is none.

    A version registered whole was not approved here: taking its registration back is not either.
    """
    touched = (PlanStatus.opened_by == change) | (PlanStatus.closed_by == change)
    return session.scalar(
        select(PlanStatus.status)
        .join(PlanVersion, PlanVersion.id == PlanStatus.plan_version_id)
        .where(
            touched,
            PlanStatus.status.in_(LEADERS_STEPS),
            PlanVersion.opened_by != change,
            func.land.plan_registered_whole(PlanVersion.id).is_(False),
        )
        .limit(1)
    )


def require_document_before(session: Session, document_id: UUID, day: date) -> None:
    """Refuse a step before its document. Raises BeforeDecision."""
    issued = session.scalar(select(Document.issued_on).where(Document.id == document_id))
    if issued is not None and day < issued:
        raise BeforeDecision(day=day, issued=issued)


def advance(
    session: Session,
    change: int,
    *,
    plan_version_id: UUID,
    status: str,
    day: date,
    document_id: UUID,
    scope: MultiPolygon | None = None,
    waits_for: str = "",
    note: str = "",
) -> None:
    """Take a step on a day, on its document; `waits_for` names who acts next, if not the usual one.

    The ground stays what it was unless another is given. Approval and annulment have verbs of
    their own; the database judges the order. Raises BeforeDecision, LaterVersionsExist, NotFound.
    """
    require_document_before(session, document_id, day)
    if status == "published":  # its document is the change's; the plan rests on its decision
        document_id = _decision(session, plan_version_id) or document_id
    ground = scope if scope is not None else standing(session, plan_version_id).scope
    if ground is None:
        raise NotFound(kind="plan_status", key=str(plan_version_id))
    set_status(
        session,
        change,
        plan_version_id=plan_version_id,
        status=status,
        valid_from=day,
        scope=ground,
        decision_id=document_id,
    )
    if waits_for.strip():
        wait_for(
            session, change, plan_version_id=plan_version_id, day=day, who=waits_for, note=note
        )
    else:
        _stop_waiting(session, change, plan_version_id, day)


def _decision(session: Session, plan_version_id: UUID) -> UUID | None:
    """The decision a version was approved by."""
    return session.scalar(
        select(PlanStatus.decision_id).where(
            PlanStatus.plan_version_id == plan_version_id,
            PlanStatus.status == "approved",
            PlanStatus.closed_by.is_(None),
        )
    )


def wait_for(
    session: Session, change: int, *, plan_version_id: UUID, day: date, who: str, note: str = ""
) -> None:
    """Name who a version waits for from a day on."""
    values = {"waits_for": who.strip(), "note": note.strip()}
    set_from(session, PlanWait, change, {"plan_version_id": plan_version_id}, day, values)


def _stop_waiting(session: Session, change: int, plan_version_id: UUID, day: date) -> None:
    """A new step waits for whom its deadline names, not for whom the step before waited."""
    mine = (PlanWait.plan_version_id == plan_version_id, PlanWait.closed_by.is_(None))
    for wait in session.scalars(select(PlanWait).where(*mine)).all():
        if wait.valid_to is not None and wait.valid_to <= day:
            continue
        close(session, PlanWait, change, [wait.version_id])
        kept = {
            "plan_version_id": plan_version_id,
            "waits_for": wait.waits_for,
            "note": wait.note,
            "valid_from": wait.valid_from,
            "valid_to": max(day, wait.valid_from),
        }
        record(session, PlanWait, change, [kept])


def annul(
    session: Session,
    change: int,
    *,
    plan_version_id: UUID,
    day: date,
    decision_id: UUID,
    revive: bool = False,
) -> None:
    """Annul a version from a day on, which may be its first: what was known stays known.

    Steps after the day are no longer believed. `revive` brings the version that this one replaced
    back into force from that day. Raises NotAnnullable, AnnulBeforeApproval, NothingToRevive.
    """
    stands = standing(session, plan_version_id)
    if stands.status in (None, "annulled"):
        raise NotAnnullable(**stands.names)
    rows = _rows(session, PlanStatus.plan_version_id == plan_version_id)
    force = [row for row in rows if row["status"] in IN_FORCE_STATUSES]
    first = min((row["valid_from"] for row in force), default=None)
    if first is not None and day < first:
        raise AnnulBeforeApproval(**stands.names, since=first, day=day)
    before = _replaced_by(session, plan_version_id, first) if revive else None
    if revive and (before is None or stands.status not in IN_FORCE_STATUSES):
        raise NothingToRevive(**stands.names)
    last = {"valid_from": day, "valid_to": None, "status": "annulled", "decision_id": decision_id}
    for row in rows:
        ends_later = row["valid_to"] is None or row["valid_to"] > day
        if not ends_later or (row["valid_from"] == row["valid_to"] and row["valid_from"] <= day):
            continue
        close(session, PlanStatus, change, [row["version_id"]])
        if row["valid_from"] <= day:
            record(session, PlanStatus, change, [{**_facts(row), "valid_to": day}])
    record(session, PlanStatus, change, [{**_facts(rows[0]), **last}])
    _stop_waiting(session, change, plan_version_id, day)
    if before is not None:
        _revive(session, change, before, day)


def _revive(session: Session, change: int, version: UUID, day: date) -> None:
    """Back into force under the decision it was approved by."""
    rows = _rows(session, PlanStatus.plan_version_id == version)
    resting = next(row for row in rows if row["status"] == "superseded" and row["valid_to"] is None)
    held = [row for row in rows if row["status"] in IN_FORCE_STATUSES][-1]
    close(session, PlanStatus, change, [resting["version_id"]])
    start = max(day, resting["valid_from"])
    record(session, PlanStatus, change, [{**_facts(resting), "valid_to": start}])
    record(session, PlanStatus, change, [{**_facts(held), "valid_from": start, "valid_to": None}])


def _replaced_by(session: Session, plan_version_id: UUID, since: date | None) -> UUID | None:
    """The version of the same plan that rests since the day this one came into force."""
    plan = select(PlanVersion.plan_id).where(PlanVersion.id == plan_version_id).scalar_subquery()
    return session.scalar(
        select(PlanStatus.plan_version_id).where(
            PlanStatus.plan_id == plan,
            PlanStatus.plan_version_id != plan_version_id,
            PlanStatus.status == "superseded",
            PlanStatus.valid_from == since,
            PlanStatus.valid_to.is_(None),
            PlanStatus.closed_by.is_(None),
        )
    )


def _rows(session: Session, where: Any) -> list[dict[str, Any]]:
    columns = [column for column in PlanStatus.__table__.columns if column.computed is None]
    found = session.execute(
        select(*columns)
        .where(where, PlanStatus.closed_by.is_(None))
        .order_by(
            PlanStatus.valid_from, PlanStatus.valid_to.asc().nulls_last(), PlanStatus.version_id
        )
        .with_for_update()
    )
    return [dict(row) for row in found.mappings()]


def _facts(row: dict[str, Any]) -> dict[str, Any]:
    outside = ("version_id", "opened_by", "closed_by")
    return {name: value for name, value in row.items() if name not in outside}
