"""What presses at a moment, rule by rule: clocks, notices, homes, plans, rights."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from planning.clocks import Moment, moment_parameters
from planning.digest.lines import Line, by_days, order
from planning.legal_clocks.queries import clocks
from planning.plans.pipeline import pipeline
from planning.statements import statement
from planning.zones.queries import ZoneRow, zones

Places = Mapping[UUID, ZoneRow]
Rule = Callable[[Session, Moment, Places, int | None], list[Line]]
PLAN_LEAD_DAYS: Final = 14


def lines(session: Session, at: Moment, rules: Mapping[str, int | None]) -> list[Line]:
    """Return what presses at a moment by the rules given (code → days ahead), worst first.

    Import failures are not the register's: who runs imports adds them.
    """
    places = {zone.id: zone for zone in zones(session, at)}
    found = [
        line
        for code, lead in rules.items()
        if code in BY_CODE
        for line in BY_CODE[code](session, at, places, lead)
    ]
    return sorted(found, key=order)


def _place(places: Places, zone_id: UUID) -> dict[str, Any] | None:
    zone = places.get(zone_id)
    if zone is None:
        return None
    return {"zone": zone.code, "parent": zone.parent_code, "board": zone.board_code}


def _clocks(session: Session, at: Moment, places: Places, _lead: int | None) -> list[Line]:
    """Clocks in breach, and those within their dated lead times."""
    found = []
    for row in clocks(session, at):
        here = _place(places, row.zone_id)
        if row.severity < 2 or here is None:
            continue
        what = f"{row.clock}_{'breached' if row.state == 'breached' else 'warning'}"
        severity = "high" if row.severity >= 3 else "medium"
        found.append(Line("clocks", severity, what, row.code, day=row.breach_on, **here))
    return found


def _asked(session: Session, at: Moment, name: str, lead: int | None) -> Sequence[Any]:
    until = at.as_of + timedelta(days=lead or 0)
    return session.execute(
        statement(f"digest/{name}"), {**moment_parameters(at), "until": until}
    ).all()


def _notices(session: Session, at: Moment, places: Places, lead: int | None) -> list[Line]:
    """Notices of recovery about to lose their force, by case."""
    found = []
    for row in _asked(session, at, "notices", lead):
        here = _place(places, row.zone_id)
        if here is not None:
            over = row.day <= at.as_of
            severity = by_days((row.day - at.as_of).days)
            what = "notice_over" if over else "notice_ends"
            found.append(
                Line("notices", severity, what, row.code, day=row.day, count=row.items, **here)
            )
    return found


def _plots(session: Session, at: Moment, places: Places, lead: int | None) -> list[Line]:
    """Land that goes before the new home is there, by case."""
    found = []
    for row in _asked(session, at, "plots", lead):
        here = _place(places, row.zone_id)
        if here is not None:
            severity = "high" if (row.day - at.as_of).days <= 30 else "medium"
            found.append(
                Line(
                    "plots",
                    severity,
                    "homes_missing",
                    row.code,
                    day=row.day,
                    count=row.plots,
                    **here,
                )
            )
    return found


def _rights(session: Session, at: Moment, places: Places, lead: int | None) -> list[Line]:
    """Rights and reservations that run out."""
    found = []
    for row in _asked(session, at, "rights", lead):
        here = _place(places, row.zone_id)
        if here is not None:
            kind = "reservation" if row.kind == "reservation" else "right"
            what = f"{kind}_{'over' if row.day < at.as_of else 'ends'}"
            severity = by_days((row.day - at.as_of).days)
            found.append(Line("rights", severity, what, row.number, day=row.day, **here))
    return found


def _plan_steps(session: Session, at: Moment, places: Places, lead: int | None) -> list[Line]:
    """Steps of plans past their limit, or near it."""
    found = []
    for stand in pipeline(session, at, list(places)):
        if stand.due is None:
            continue
        left = (stand.due - at.as_of).days
        if left > (lead or PLAN_LEAD_DAYS):
            continue
        zone = next(each for each in places.values() if each.code == stand.zone)
        what, subject = ("step_over" if left < 0 else "step_due"), f"{stand.plan} ({stand.number})"
        found.append(
            Line(
                "plan_steps", "medium" if left < 0 else "low", what, subject, zone.code,
                zone.parent_code, zone.board_code, stand.due, detail=stand.status,
            )
        )  # fmt: skip
    return found


BY_CODE: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        "clocks": _clocks,
        "notices": _notices,
        "plots": _plots,
        "plan_steps": _plan_steps,
        "rights": _rights,
    }
)


def seen(found: Collection[Line], covers: Callable[[Line], bool]) -> list[Line]:
    """The lines that lie on a reader's ground, in their order."""
    return [line for line in found if covers(line)]
