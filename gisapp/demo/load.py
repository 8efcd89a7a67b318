"""Load the demo board into an empty database and mark the database as demo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from gisapp.db import owner_engine
from gisapp.demo.clearing import clearing_events
from gisapp.demo.drafts import draft_events
from gisapp.demo.fairness import fairness_events
from gisapp.demo.founding import ZONE_FOUNDED, Cast, found, ground_events
from gisapp.demo.ledger import ACTOR, instant, replay
from gisapp.demo.permitted import permit_events
from gisapp.demo.phases import phase_events
from gisapp.demo.pictures import keep_site_picture
from gisapp.demo.rights import Deeds, tenure_events
from gisapp.demo.scanned import lay_sheet
from gisapp.demo.signed import sign
from gisapp.demo.works import works_events
from planning.errors import RuleViolated
from planning.records.commands import open_change
from planning.records.model import Instance
from planning.zones.model import Board

if TYPE_CHECKING:
    from gisapp.config import Settings

NOTICE = (
    "mọi khu, thửa, quyền, dự án và số liệu đều là hư cấu; địa giới 2025 đã giản lược"
    " · every zone, parcel, right, project and figure is invented"
)


class RegisterNotEmpty(RuleViolated):
    """The demo is loaded into an empty register only."""

    code = "register-not-empty"


def is_empty(session: Session) -> bool:
    """True while no board is registered."""
    return session.scalar(select(func.count()).select_from(Board)) == 0


def load_demo(session: Session, on_progress: Callable[[int], None] = lambda _done: None) -> int:
    """Load the demo (as the owner: nobody else may mark a database demo); return how many changes.

    Raises RegisterNotEmpty when anything is registered.
    """
    if not is_empty(session):
        raise RegisterNotEmpty()
    session.execute(update(Instance).values(is_demo=True, data_notice=NOTICE))
    cast, deeds = Cast(), Deeds()
    change = open_change(
        session,
        kind="setup",
        reason="Lập sổ đăng ký minh hoạ",
        actor=ACTOR,
        effective_on=ZONE_FOUNDED,
        dated_back_to=instant(date(2018, 1, 2), 0),
    )
    found(session, change, cast)
    events = [
        *ground_events(cast),
        *draft_events(cast),
        *tenure_events(cast, deeds),
        *works_events(cast),
        *permit_events(),
        *fairness_events(cast),
        *clearing_events(cast),
        *phase_events(cast),
    ]
    return 1 + replay(session, events, on_progress)


def load_whole_demo(
    settings: Settings, on_progress: Callable[[int], None] = lambda _done: None
) -> int:
    """Load the demo with its files, and what was signed on it; return how many changes.

    Raises RegisterNotEmpty when anything is registered.
    """
    engine = owner_engine(settings)
    try:
        with Session(engine) as session, session.begin():
            changes = load_demo(session, on_progress)
        keep_site_picture(settings)
        with Session(engine) as session, session.begin():
            lay_sheet(session, settings)
            sign(session)
    finally:
        engine.dispose()
    return changes + 2
