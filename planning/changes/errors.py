"""What can go wrong with a change: stale versions, refused merges, work built upon by others."""

from planning.errors import Conflict, NotFound, RuleViolated


class VersionMissing(RuleViolated):
    """The request does not say which version of a parcel it was made on. Context: ``parcel``."""

    code = "version-missing"


class VersionStale(Conflict):
    """Somebody changed the parcel meanwhile. Context: ``parcel``, ``name``, ``theirs``."""

    code = "version-stale"


class ParcelRetired(Conflict):
    """The parcel is not in force. Context: ``parcel``, ``name``, ``day``, ``successors``."""

    code = "parcel-retired"


class MergeRefused(RuleViolated):
    """Rights, holders, hand-over or zone differ. Context: ``differences``, ``what``."""

    code = "merge-refused"


class LandNotConserved(RuleViolated):
    """Pieces do not cover their parcels. Context: ``difference_m2``, ``tolerance_m2``."""

    code = "land-not-conserved"


class TwoPlanes(RuleViolated):
    """Parcels of different VN-2000 planes in one operation."""

    code = "two-planes"


class ChangeNotOpen(Conflict):
    """The change was committed or discarded. Context: ``status``."""

    code = "change-not-open"


class ChangeEmpty(RuleViolated):
    """Nothing is in the change."""

    code = "change-empty"


class NothingToTakeBack(RuleViolated):
    """There is no operation to take back or to bring back."""

    code = "nothing-to-take-back"


class ChangeConflicts(Conflict):
    """Parcels of the change were changed meanwhile. Context: ``conflicts``, ``names``."""

    code = "change-conflicts"


class ChangeBuiltUpon(Conflict):
    """Later changes build on it. Context: ``changes``."""

    code = "change-built-upon"


class AlreadyUndone(Conflict):
    """The change was undone before. Context: ``by``."""

    code = "change-already-undone"


class OperationUnknown(NotFound):
    """No operation of that name. Context: ``kind``, ``key``."""

    code = "operation-unknown"


class TooManyParcels(RuleViolated):
    """The operation reaches over more parcels than can be edited at once. Context: ``most``."""

    code = "too-many-parcels"


class PlanMissing(RuleViolated):
    """No plan in force that day has lots on the parcel."""

    code = "plan-missing"
