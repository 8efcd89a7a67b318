"""Names people know, put beside the ids a refusal carries."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from planning.clearance.model import ClearanceCase, ClearanceItem
from planning.errors import PlanningError
from planning.parcels.model import ParcelVersion
from planning.plans.model import Plan, PlanVersion
from planning.refusals.kinds import (
    ParcelsOverlap,
    PlanTwoInForce,
    PlotsOverlap,
    SubLeaseOutsideParent,
)
from planning.resettlement.model import ResettlementArea, ResettlementPlot
from planning.tenure.model import LandRightVersion
from planning.zones.model import Zone


def explained(session: Session, refused: PlanningError) -> PlanningError:
    """Return the same refusal with names people know beside the ids; `session` is a fresh one.

    Parcels become sheet and number (`a_name`, `b_name`, `parcel_name`), plan versions code and
    number, rights their contract's number. What the refused write itself was to bring has no name.
    """
    context = dict(refused.context)
    names: dict[str, str] = {}
    if isinstance(refused, ParcelsOverlap):
        names = _parcel_names(session, context, "a", "b")
    elif isinstance(refused, PlanTwoInForce):
        names = _plan_names(session, context)
    elif isinstance(refused, SubLeaseOutsideParent) and "parent" in context:
        names = _right_names(session, context)
    elif isinstance(refused, PlotsOverlap):
        names = _plot_names(session, context, "a", "b")
    elif "parcel" in context:
        names = _parcel_names(session, context, "parcel")
    if "item" in context:
        names["item_name"] = _item_name(session, context["item"])
    if "plot" in context:
        names |= _plot_names(session, context, "plot")
    if "plan_version" in context:
        names |= _version_name(session, context)
    if "zone" in context:
        code = session.scalar(select(Zone.code).where(Zone.id == UUID(str(context["zone"]))))
        names["zone_name"] = code or ""
    return type(refused)(**context, **names)


def _parcel_names(session: Session, context: Mapping[str, object], *keys: str) -> dict[str, str]:
    ids = [UUID(str(context[key])) for key in keys]
    version = ParcelVersion
    rows = session.execute(
        select(version.parcel_id, version.sheet_no, version.parcel_no)
        .where(version.parcel_id.in_(ids), version.closed_by.is_(None))
        .order_by(version.valid_from)
    )
    found = {row.parcel_id: f"{row.sheet_no or '?'}/{row.parcel_no or '?'}" for row in rows}
    return {f"{key}_name": found.get(each, "") for key, each in zip(keys, ids, strict=True)}


def _item_name(session: Session, item: object) -> str:
    row = session.execute(
        select(ClearanceCase.code, ClearanceItem.number)
        .join(ClearanceCase, ClearanceCase.id == ClearanceItem.case_id)
        .where(ClearanceItem.id == UUID(str(item)))
    ).one_or_none()
    return f"{row.code} · {row.number}" if row else ""


def _plot_names(session: Session, context: Mapping[str, object], *keys: str) -> dict[str, str]:
    ids = {key: UUID(str(context[key])) for key in keys}
    rows = session.execute(
        select(ResettlementPlot.id, ResettlementArea.code, ResettlementPlot.number)
        .join(ResettlementArea, ResettlementArea.id == ResettlementPlot.resettlement_area_id)
        .where(ResettlementPlot.id.in_(ids.values()))
    )
    found = {row.id: f"{row.code} · {row.number}" for row in rows}
    return {f"{key}_name": found.get(each, "") for key, each in ids.items()}


def _plan_names(session: Session, context: Mapping[str, object]) -> dict[str, str]:
    ids = {key: UUID(str(context[key])) for key in ("a", "b")}
    rows = session.execute(
        select(PlanVersion.id, Plan.code, PlanVersion.number)
        .join(Plan, Plan.id == PlanVersion.plan_id)
        .where(PlanVersion.id.in_(ids.values()))
    )
    found = {row.id: f"{row.code} ({row.number})" for row in rows}
    return {f"{key}_name": found.get(each, "") for key, each in ids.items()}


def _version_name(session: Session, context: Mapping[str, object]) -> dict[str, str]:
    row = session.execute(
        select(Plan.code, PlanVersion.number)
        .join(PlanVersion, PlanVersion.plan_id == Plan.id)
        .where(PlanVersion.id == UUID(str(context["plan_version"])))
    ).one_or_none()
    code, number = (row.code, str(row.number)) if row else ("", "")
    return {"plan": code, "number": number, "plan_name": f"{code} ({number})"}


def _right_names(session: Session, context: Mapping[str, object]) -> dict[str, str]:
    number = session.scalar(
        select(LandRightVersion.number)
        .where(
            LandRightVersion.land_right_id == UUID(str(context["parent"])),
            LandRightVersion.closed_by.is_(None),
        )
        .order_by(LandRightVersion.valid_from.desc())
        .limit(1)
    )
    return {"parent_name": number or ""}
