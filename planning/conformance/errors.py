"""Why a finding is not waived, or a waiver not withdrawn."""

from planning.errors import Conflict, NotFound, NotPermitted, RuleViolated


class FindingGone(NotFound):
    """No such finding at the moment: a side has changed, or it was put right."""

    code = "finding-gone"


class WaivedAlready(Conflict):
    """A waiver of this finding holds on those days."""

    code = "waived-already"


class WaiverSideMoved(Conflict):
    """A side of the finding has changed since, or comes with this very change."""

    code = "waiver-side-moved"


class WaiverOfOwnWork(NotPermitted):
    """Who drew the parcel, the lot or the boundary, or granted the right, does not waive it."""

    code = "waiver-own-work"


class WaiverOfAnother(NotPermitted):
    """A waiver carries the name of who gives it, no other."""

    code = "waiver-of-another"


class WaiverNotUndone(NotPermitted):
    """A waiver is withdrawn for a reason; undoing a change does not take it back."""

    code = "waiver-not-undone"


class WaiverDaysRefused(RuleViolated):
    """The last day lies before the first."""

    code = "waiver-days-refused"


class WaiverEnded(Conflict):
    """The waiver no longer holds: there is nothing to withdraw."""

    code = "waiver-ended"
