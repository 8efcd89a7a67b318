"""What can go wrong when land rights are granted, prolonged, handed on or ended."""

from planning.errors import Conflict, NotFound, RuleViolated


class RightDaysRefused(RuleViolated):
    """Days of a right out of order. Context: ``first``, ``last``."""

    code = "right-days-refused"


class TaxCodeUnread(RuleViolated):
    """Not ten digits, nor thirteen of a branch. Context: ``value``, ``field``."""

    code = "tax-code-unread"


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


class RightNotInForce(NotFound):
    """The right is not in force on the day of the act. Context: ``number``, ``day``."""

    code = "right-not-in-force"


class TermNotLonger(RuleViolated):
    """An extension that does not end later than the term it prolongs. Context: ``number``,
    ``ends``, ``asked``.
    """

    code = "term-not-longer"


class SameLessee(RuleViolated):
    """A right handed on to who holds it already. Context: ``number``."""

    code = "same-lessee"


class LessorLacksPower(RuleViolated):
    """Who grants a right may not any more on that day. Context: ``lessor_kind``, ``kind``, ``day``,
    ``clause``.
    """

    code = "lessor-lacks-power"


class ParentMissing(NotFound):
    """No State right holds all the parcels of a sub-lease on its first day. Context: ``number``,
    ``day``.
    """

    code = "parent-missing"


class SubLeasesStand(Conflict):
    """A State right would end, or give up land, while sub-leases of it go on. Context: ``number``,
    ``count``, ``numbers``.
    """

    code = "sub-leases-stand"


class NothingLeft(RuleViolated):
    """A part is given up that is all there is, or more. Context: ``number``."""

    code = "nothing-left"


class LaterTerms(Conflict):
    """The right has terms recorded for later days; they would collide. Context: ``number``,
    ``day``.
    """

    code = "later-terms"


class NotAReservation(RuleViolated):
    """Only reservations are cancelled; other rights end. Context: ``number``."""

    code = "not-a-reservation"
