"""Why no site is looked for, or no hold-out ranked."""

from planning.errors import RuleViolated


class NoPlanInForce(RuleViolated):
    """No subdivision plan is in force on the day: nothing says which land can be let. Context:
    ``zone_name``, ``day``.
    """

    code = "sites-without-plan"


class BeforeFirstRecord(RuleViolated):
    """Nothing is known of the day. Context: ``zone_name``, ``day``, ``since``."""

    code = "sites-before-first-record"


class NoParcelsYet(RuleViolated):
    """The register holds no parcel of the zone. Context: ``zone_name``."""

    code = "sites-without-parcels"


class SizeRefused(RuleViolated):
    """The size asked for is no size of a site. Context: ``most_ha``."""

    code = "sites-size-refused"


class LimitRefused(RuleViolated):
    """A limit replaced for a look makes no sense. Context: ``limit``, ``least``, ``most``."""

    code = "sites-limit-refused"
