"""A project with land for tests of legal clocks: handed over in parts, promised, stopped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from planning.clearance.commands import hand_over
from planning.clocks import Moment
from planning.legal_clocks import commands
from planning.legal_clocks.queries import ClockRow, clocks
from planning.projects import commands as projects
from tests.db.ground import PLANE, START, Ground, change, lay

CODE = "DA-DH"


@dataclass(frozen=True)
class Site:
    """A project on some parcels of the ground."""

    ground: Ground
    project: UUID

    def change(self, session: Session, day: date = START, kind: str = "act") -> int:
        """A change on the document of the ground."""
        return change(session, self.ground.document_id, day=day, kind=kind)


def lay_site(
    session: Session,
    *,
    parcels: int = 2,
    since: date = START,
    land: date | None = None,
    code: str = CODE,
    column: int = 0,
    kind: str = "ddi",
) -> Site:
    """Lay ground, and a project on all of it; `land` is the day its land was promised for."""
    ground = lay(session, parcels, code=f"KCN-{code}", column=column)
    project = projects.create_project(
        session, ground.change, code=code, zone_id=ground.zone_id, srid=PLANE, kind=kind,
        name_vi=f"Nhà máy {code}", valid_from=START, status="land_secured",
    )  # fmt: skip
    projects.attach_parcels(
        session, ground.change, project_id=project, parcels=ground.parcels, day=since
    )
    site = Site(ground, project)
    if land is not None:
        plan(session, site, "land", land)
    return site


def plan(
    session: Session, site: Site, step: str, planned: date, reached: date | None = None
) -> None:
    """Plan a step of the schedule from the beginning on; perhaps it was reached."""
    projects.set_milestone(
        session, site.ground.change, project_id=site.project, step=step, planned_on=planned,
        day=START, actual_on=reached,
    )  # fmt: skip


def hand(session: Session, site: Site, day: date, *places: int) -> UUID:
    """Hand parcels of the site over on a day, all of them when none is named."""
    parcels = [site.ground.parcels[n] for n in places] or site.ground.parcels
    return hand_over(
        session, site.ground.change, zone_id=site.ground.zone_id, number=f"BB-{day}", day=day,
        parcels=parcels, document_id=site.ground.document_id,
    )  # fmt: skip


def stop(
    session: Session, site: Site, since: date, until: date | None, cause: str = "force_majeure"
) -> None:
    """Record a stop of the project, until a day or until further notice."""
    commands.suspend(
        session, site.ground.change, project_id=site.project, cause=cause, reason="Bão số 3",
        since=since, until=until, document_id=site.ground.document_id,
    )  # fmt: skip


def clock(
    session: Session, site: Site, day: date, which: str = "idle", known: int | None = None
) -> ClockRow:
    """A clock of the project at the end of a day."""
    found = clocks(session, Moment(day, known), project_id=site.project)
    return next(row for row in found if row.clock == which)
