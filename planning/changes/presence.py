"""Who else is editing near: a soft notice, never a lock."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from planning.statements import statement


@dataclass(frozen=True, slots=True)
class Editor:
    """Somebody with parcels in an open change, and when they last touched one."""

    actor: str
    last_at: datetime
    parcels: list[str]


def editors_near(
    session: Session, actor: str, srid: int, envelope: tuple[float, float, float, float]
) -> list[Editor]:
    """Return who else has parcels of a box (E, N of a plane) in an open change since yesterday.

    Who and which parcels, never what they are doing with them.
    """
    names = ("west", "south", "east", "north")
    bound = {"actor": actor, "srid": srid, **dict(zip(names, envelope, strict=True))}
    rows = session.execute(statement("presence"), bound)
    return [Editor(**row._mapping) for row in rows]
