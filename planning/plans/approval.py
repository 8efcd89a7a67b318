"""Approving a version: what is wrong with it, who signed for that, and what was looked at."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shapely import MultiPolygon
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from planning.clocks import close, record
from planning.plans.balance import Balance, balance
from planning.plans.errors import FaultsOpen, MovedMeanwhile, PlanWithoutLots
from planning.plans.model import PlanLot, PlanStatus, PlanWaiver
from planning.plans.steps import advance, annul, standing
from planning.records.model import Change


@dataclass(frozen=True, slots=True)
class Fault:
    """What keeps a draft from approval, m² of it, and the signature for it that still holds."""

    fault: str
    area_m2: float
    reason: str | None = None
    signed_by: str | None = None

    @property
    def open(self) -> bool:
        """Nobody signed for it."""
        return self.signed_by is None


def mark(session: Session, plan_version_id: UUID) -> str:
    """Return what a preview was made on: the changes that last touched its steps and its lots."""
    steps = session.scalar(
        select(func.max(func.greatest(PlanStatus.opened_by, PlanStatus.closed_by))).where(
            PlanStatus.plan_version_id == plan_version_id
        )
    )
    return f"{steps or 0}.{lots_known(session, plan_version_id)}"


def lots_known(session: Session, plan_version_id: UUID) -> int:
    """Return the number of the change that last brought or took a lot of the version."""
    last = session.scalar(
        select(func.max(func.greatest(PlanLot.opened_by, PlanLot.closed_by))).where(
            PlanLot.plan_version_id == plan_version_id
        )
    )
    return int(last or 0)


def faults(session: Session, plan_version_id: UUID, found: Balance | None = None) -> list[Fault]:
    """Return what is wrong with a version's lots and table, with the signatures that still hold.

    A signature falls with the first change of the lots, and when the fault has grown since.
    """
    measured = (found or balance(session, plan_version_id)).faults()
    known = lots_known(session, plan_version_id)
    signed = {
        waiver.fault: (waiver, actor)
        for waiver, actor in session.execute(
            select(PlanWaiver, Change.actor)
            .join(Change, Change.number == PlanWaiver.opened_by)
            .where(PlanWaiver.plan_version_id == plan_version_id, PlanWaiver.closed_by.is_(None))
        )
        if waiver.lots_known == known
    }
    answer = []
    for fault, area in sorted(measured.items()):
        waiver, actor = signed.get(fault, (None, None))
        if waiver is None or area > waiver.area_m2 * 1.000001 + 0.01:
            answer.append(Fault(fault, area))
        else:
            answer.append(Fault(fault, area, waiver.reason, actor))
    return answer


def waive(
    session: Session, change: int, *, plan_version_id: UUID, fault: str, reason: str
) -> float:
    """Sign for a fault as it is now; return its m². Falls when the lots change.

    The database refuses the signature of who drew the version. Raises FaultsOpen (with nothing
    listed) when there is no such fault.
    """
    stands = standing(session, plan_version_id)
    area = balance(session, plan_version_id).faults().get(fault)
    if area is None:
        raise FaultsOpen(**stands.names, faults=[])
    former = session.scalars(
        select(PlanWaiver.version_id).where(
            PlanWaiver.plan_version_id == plan_version_id,
            PlanWaiver.fault == fault,
            PlanWaiver.closed_by.is_(None),
        )
    ).all()
    if former:
        close(session, PlanWaiver, change, list(former))
    row = {
        "plan_version_id": plan_version_id,
        "fault": fault,
        "area_m2": area,
        "reason": reason.strip(),
        "lots_known": lots_known(session, plan_version_id),
    }
    record(session, PlanWaiver, change, [row])
    return area


def approve(
    session: Session,
    change: int,
    *,
    plan_version_id: UUID,
    day: date,
    document_id: UUID,
    seen: str | None = None,
    waits_for: str = "",
) -> None:
    """Bring a version into force from a day, in place of its plan's version in force until then.

    `seen` is the `mark` of the preview it was decided on. Who drew the version is refused by the
    database, and so is a version of another plan of the level in force on the same ground.

    Raises:
        MovedMeanwhile: lots or steps changed after the preview.
        PlanWithoutLots, FaultsOpen: nothing to approve, or faults nobody signed for.
        BeforeDecision: the day lies before the decision was issued.
    """
    session.execute(select(func.land.hold_plan_version(plan_version_id)))
    stands = standing(session, plan_version_id)
    if seen is not None and seen != mark(session, plan_version_id):
        raise MovedMeanwhile(**stands.names)
    found = balance(session, plan_version_id)
    if not found.lots:
        raise PlanWithoutLots(**stands.names)
    unsigned = [each.fault for each in faults(session, plan_version_id, found) if each.open]
    if unsigned:
        raise FaultsOpen(**stands.names, faults=unsigned)
    advance(
        session,
        change,
        plan_version_id=plan_version_id,
        status="approved",
        day=day,
        document_id=document_id,
        waits_for=waits_for,
    )


def take_step(
    session: Session,
    change: int,
    *,
    plan_version_id: UUID,
    status: str,
    day: date,
    document_id: UUID,
    scope: MultiPolygon | None = None,
    waits_for: str = "",
) -> None:
    """Take whichever step: approval and annulment by their own verbs, any other as it is said."""
    where = {"plan_version_id": plan_version_id, "day": day}
    if status == "approved":
        approve(session, change, **where, document_id=document_id, waits_for=waits_for)  # type: ignore[arg-type]
    elif status == "annulled":
        annul(session, change, **where, decision_id=document_id)  # type: ignore[arg-type]
    else:
        advance(
            session,
            change,
            plan_version_id=plan_version_id,
            status=status,
            day=day,
            document_id=document_id,
            scope=scope,
            waits_for=waits_for,
        )
