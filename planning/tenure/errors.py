"""What can go wrong when land rights are granted, prolonged, handed on or ended."""

from planning.errors import Conflict, NotFound, RuleViolated


class RightDaysRefused(RuleViolated):
    """Days of a right out of order. Context: ``first``, ``last``."""

    code = "right-days-refused"


class RightNeedsLand(RuleViolated):
    """A right on no parcel at all. Context: ``number``."""

    code = "right-needs-land"


class RightNeedsArea(RuleViolated):
    """A contract area that is nought, negative or beyond all measure. Context: ``number``."""

    code = "right-needs-area"


class ParcelNotHere(NotFound):
    """A parcel that does not exist in the zone on the first day. Context: ``count``, ``day``."""

    code = "parcel-not-here"


class LandTaken(Conflict):
    """A parcel that a sub-lease or another reservation holds on one of the days.

    Context: ``parcel_name``, ``number``, ``since``, ``until`` (last day, None: open).
    """

    code = "land-taken"


class RightNumberTaken(Conflict):
    """The zone has another right of that kind and number. Context: ``number``."""

    code = "right-number-taken"
