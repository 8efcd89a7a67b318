"""Before anything is saved: what the register would refuse, and what would follow."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from planning.changes.drafts.model import Draft
from planning.changes.effect import Effect
from planning.changes.memberships import memberships, names_of
from planning.changes.plan_lines import shared_with_lots
from planning.changes.workspace import Workspace
from planning.changes.writing import lock, write
from planning.clocks import Moment
from planning.indicators.queries import land
from planning.records.commands import open_change
from planning.zones.model import Zone


@dataclass(frozen=True)
class Rehearsal:
    """What the change as a whole would do to the figures of the zones it touches."""

    indicators: tuple[dict[str, Any], ...] = ()


class _Rehearsed(Exception):
    """Leaves the savepoint so that nothing of the rehearsal is kept."""


def rehearse(
    session: Session, draft: Draft, ground: Workspace, effect: Effect, *, with_figures: bool
) -> Rehearsal:
    """Write the change as it would be, let the register judge it, and undo it.

    Raises:
        LaterVersionsExist, and what the database refuses (overlap, boundary, rights).
    """
    at = Moment(draft.effective_on)
    ids = {each.zone_id for each in (*effect.before, *effect.after)}
    codes = list(session.scalars(select(Zone.code).where(Zone.id.in_(ids)).order_by(Zone.code)))
    before = _figures(session, at, codes) if with_figures else {}
    after: dict[tuple[str, str], tuple[Decimal | None, str]] = {}
    try:
        with session.begin_nested():
            lock(session, ground)  # in the order of parcels, as a commit does: no deadlocks
            number = open_change(
                session,
                kind=draft.kind,
                reason=draft.reason,
                actor=draft.actor,
                effective_on=draft.effective_on,
                document_id=draft.document_id,
            )
            write(session, number, draft.kind, ground)
            if with_figures:
                after = _figures(session, at, codes)
            session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
            raise _Rehearsed
    except _Rehearsed:
        pass
    moved = [
        {
            "zone": zone,
            "code": code,
            "before": _number(before[zone, code][0]),
            "after": _number(value),
            "unit": unit,
        }
        for (zone, code), (value, unit) in after.items()
        if value != before[zone, code][0]
    ]
    return Rehearsal(tuple(moved))


def _figures(
    session: Session, at: Moment, codes: list[str]
) -> dict[tuple[str, str], tuple[Decimal | None, str]]:
    found: dict[tuple[str, str], tuple[Decimal | None, str]] = {}
    for zone in codes:
        figures = land(session, at, zone=zone, flows=False).figures()
        for code, figure in figures.items():
            value = figure.answer.value
            rounded = None if value is None else round(value, 2)
            found[zone, code] = rounded, figure.answer.definition.unit
    return found


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def consequences(session: Session, ground: Workspace, effect: Effect) -> dict[str, Any]:
    """Who holds the parcels and what holds their pieces; ground shared with the plans in force."""
    shaped = [*(born.held for born in effect.added), *(pair.after for pair in effect.reshaped)]
    return {
        "rights": _held_by(session, ground, effect),
        "plan": shared_with_lots(session, ground.day, shaped),
    }


def _held_by(session: Session, ground: Workspace, effect: Effect) -> list[dict[str, Any]]:
    touched = [*effect.removed, *(pair.before for pair in effect.reshaped)]
    roots: Mapping[UUID, list[UUID]] = {
        each.parcel_id: ground.ancestors(each.parcel_id) for each in touched
    }
    held_by = memberships(session, [root for found in roots.values() for root in found], ground.day)
    names = names_of(session, held_by)
    children = {each.parcel_id: ground.children(each.parcel_id) for each in effect.removed}
    return [
        {
            "parcel": str(parcel.parcel_id),
            "name": parcel.name,
            "kind": each.kind,
            "id": str(each.holder),
            "number": names[each.holder].number if each.holder in names else None,
            "holder": names[each.holder].holder if each.holder in names else None,
            "cut": parcel in effect.removed,
            "children": [str(child) for child in children.get(parcel.parcel_id, ())],
        }
        for parcel in touched
        for each in held_by
        if each.parcel_id in roots[parcel.parcel_id]
    ]
