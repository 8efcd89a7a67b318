"""What the database refuses, said in words of land: a constraint's name becomes a typed error.

The database is the last judge, whatever path a write came by. `refusal` reads its answer alone;
`explained` adds what a person needs to find the place: sheet and number, codes, shared m².
"""

from planning.refusals.kinds import (
    AmountRefused,
    DemoMarkedTooLate,
    HandedOverAlready,
    HistoryIsKept,
    KnowledgeDatedBack,
    ParcelHeldAlready,
    ParcelOutsideZone,
    ParcelsOverlap,
    PlanTwoInForce,
    ShapeRefused,
    SubLeaseExceedsTerm,
    SubLeaseOutsideLand,
    SubLeaseOutsideParent,
    SubLeasesExceedArea,
    ValueRefused,
    WriteWithoutChange,
)
from planning.refusals.naming import explained
from planning.refusals.reading import RULES, refusal

__all__ = [
    "RULES",
    "AmountRefused",
    "DemoMarkedTooLate",
    "HandedOverAlready",
    "HistoryIsKept",
    "KnowledgeDatedBack",
    "ParcelHeldAlready",
    "ParcelOutsideZone",
    "ParcelsOverlap",
    "PlanTwoInForce",
    "ShapeRefused",
    "SubLeaseExceedsTerm",
    "SubLeaseOutsideLand",
    "SubLeaseOutsideParent",
    "SubLeasesExceedArea",
    "ValueRefused",
    "WriteWithoutChange",
    "explained",
    "refusal",
]
