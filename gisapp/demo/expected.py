"""What the demo must add up to on any day, from the closed formulas of its own layout and story.

No geometry, no database.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from gisapp.demo.layout import BLOCK_HEIGHT, BLOCK_WIDTH, INDUSTRIAL
from gisapp.demo.story import (
    DIRECT,
    PLAN_DAYS,
    RESERVED_FROM,
    RESERVED_TO,
    Course,
    reserved,
    sub_leases,
    wave_of,
)


@dataclass(frozen=True, slots=True)
class Totals:
    """Areas of one park on one day, m²."""

    natural_m2: Decimal
    leasable_m2: Decimal
    cleared_m2: Decimal
    state_allocated_m2: Decimal
    leased_m2: Decimal
    reserved_m2: Decimal


def totals(course: Course, day: date) -> Totals:
    """Return a park's totals at the end of a day, as finally known."""
    park = course.park
    first, adjusted = PLAN_DAYS[park.code]
    planned = day >= first
    is_adjusted = adjusted is not None and day >= adjusted
    uses = [park.use(block, is_adjusted) for block in park.blocks()]
    leasable = Decimal(sum(use in INDUSTRIAL for use in uses) * BLOCK_WIDTH * BLOCK_HEIGHT)
    cleared = allocated = Decimal(0)
    for parcel in park.parcels():
        wave = wave_of(course, parcel.block)
        if wave is None:
            continue
        cleared += parcel.area_m2 if day >= course.waves[wave].handed_over else 0
        leased_on = course.waves[wave].state_lease
        allocated += parcel.area_m2 if leased_on is not None and day >= leased_on else 0
    if park is DIRECT.park and day >= DIRECT.day:
        allocated += sum((piece.area_m2 for piece in DIRECT.pieces()), Decimal(0))
    leased = Decimal(0)
    for lease in sub_leases(course):
        in_force = lease.signed <= day <= lease.term_ends
        in_force &= lease.ended is None or day < lease.ended
        if in_force and planned:
            leased += sum(
                (piece.area_m2 for piece in lease.parcels if uses[piece.block] in INDUSTRIAL),
                Decimal(0),
            )
    held = sum((piece.area_m2 for piece in reserved(course)), Decimal(0))
    return Totals(
        natural_m2=park.area_m2,
        leasable_m2=leasable if planned else Decimal(0),
        cleared_m2=cleared,
        state_allocated_m2=allocated,
        leased_m2=leased,
        reserved_m2=held if RESERVED_FROM <= day < RESERVED_TO else Decimal(0),
    )
