"""What the database refuses of projects, as types: one a rule."""

from planning.errors import Conflict, RuleViolated


class MilestoneOutsideProject(RuleViolated):
    """A step planned or reached before the project begins or after it ends. Context: ``project``,
    ``step``, ``day``, ``starts``, ``ends``.
    """

    code = "milestone-outside-project"


class MilestoneAfterProject(MilestoneOutsideProject):
    """A step planned or reached after the project ends."""

    code = "milestone-after-project"


class MilestonesOutOfOrder(RuleViolated):
    """A later step planned before an earlier one. Context: ``project``, ``before``, ``first``,
    ``step``, ``day``.
    """

    code = "milestones-out-of-order"


class AmendmentBeforeBase(RuleViolated):
    """An amendment without the certificate it amends, or dated before it or before an earlier
    amendment. Context: ``project``, ``certificate``, ``amendment``, ``day``.
    """

    code = "amendment-before-base"


class CertificateTaken(Conflict):
    """The project has that certificate, or that amendment of it, already."""

    code = "certificate-taken"


class PeriodsOverlap(Conflict):
    """Two periods of one currency would count the same money twice. Context: ``currency``."""

    code = "disbursement-periods-overlap"


class ParcelNotThen(RuleViolated):
    """A visit to a parcel dated on a day on which it was not in the register.

    Context: ``parcel``, ``parcel_name``, ``day``.
    """

    code = "parcel-not-then"
