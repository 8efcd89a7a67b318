"""What the database refuses, as types: one a rule of the register."""

from planning.errors import Conflict, NotPermitted, RuleViolated


class ParcelsOverlap(Conflict):
    """Two parcels would cover the same ground on the same day."""

    code = "parcels-overlap"


class ParcelOutsideZone(RuleViolated):
    """A parcel reaches over its zone's boundary by more than the boundary's tolerance."""

    code = "parcel-outside-zone"


class PlanTwoInForce(Conflict):
    """Two plan versions of one level would be in force on the same ground and day."""

    code = "plan-two-in-force"


class SubLeaseOutsideParent(RuleViolated):
    """A sub-lease reaches beyond the right it is granted from."""

    code = "sub-lease-outside-parent"


class SubLeasesExceedArea(SubLeaseOutsideParent):
    """The sub-leases of a tract together exceed its contract area on some day."""

    code = "sub-leases-exceed-area"


class SubLeaseExceedsTerm(SubLeaseOutsideParent):
    """A sub-lease begins before its parent, or outlasts it."""

    code = "sub-lease-exceeds-term"


class SubLeaseOutsideLand(SubLeaseOutsideParent):
    """A sub-lease holds a parcel its parent does not hold on those days."""

    code = "sub-lease-outside-land"


class ParcelHeldAlready(Conflict):
    """Another right of the same tier holds the parcel on those days."""

    code = "parcel-held-already"


class HandedOverAlready(Conflict):
    """The parcel was handed over by other minutes."""

    code = "handed-over-already"


class HistoryIsKept(NotPermitted):
    """Nothing but the end of knowledge ever moves; nothing is deleted."""

    code = "history-is-kept"


class WriteWithoutChange(NotPermitted):
    """A write that no open change of this transaction carries, or one that needs a document."""

    code = "write-without-change"


class KnowledgeDatedBack(NotPermitted):
    """Only a demo accepts knowledge dated back, and only in order."""

    code = "knowledge-dated-back"


class DemoMarkedTooLate(NotPermitted):
    """A database is marked demo before its first change, or never."""

    code = "demo-marked-too-late"


class ShapeRefused(RuleViolated):
    """A shape that is invalid, empty, off the grid, with heights, too large, of another plane."""

    code = "shape-refused"


class AmountRefused(RuleViolated):
    """An amount or area that is negative, too large, or finer than its unit allows."""

    code = "amount-refused"


class ValueRefused(RuleViolated):
    """A value the register does not know, or a day out of order."""

    code = "value-refused"
