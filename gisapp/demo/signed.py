"""What a leader signed on the demo: a finding waived until a day, by name and for a reason.

In a transaction of its own: nobody waives what is written in the same breath.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from gisapp.demo.founding import ZONE
from planning.clocks import Moment
from planning.conformance.commands import waive
from planning.conformance.queries import findings
from planning.zones.queries import find_zone

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session

WAIVED: Final = "gap"
SIGNED_BY, SIGNED_ON, EXPIRES_ON = "leader", date(2026, 11, 2), date(2027, 4, 30)
WHY = "Khe hở 30 cm do đo lệch, ngoài thực địa bờ ruộng liền nhau; đã giao đo lại trước 30/4/2027."


def sign(session: Session) -> UUID:
    """Waive the gap between two fields."""
    zone = find_zone(session, ZONE)
    found = findings(session, Moment(SIGNED_ON), (zone.id,))
    (gap,) = (each for each in found if each.kind == WAIVED)
    return waive(
        session, gap, reason=WHY, actor=SIGNED_BY, granted_on=SIGNED_ON, expires_on=EXPIRES_ON
    )
