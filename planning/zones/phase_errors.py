"""What the database refuses of a zone's phases, as types: one a rule."""

from planning.errors import Conflict, RuleViolated


class PhasesOverlap(Conflict):
    """Two phases of a zone would cover the same ground. Context: ``phases``."""

    code = "phases-overlap"


class PhaseOutsideBoundary(RuleViolated):
    """A phase reaches over its zone's boundary, or lasts longer than there is one. Context:
    ``phases``, ``outside_m2``.
    """

    code = "phase-outside-boundary"


class PhasesExceedZone(RuleViolated):
    """The phases of a zone come to more than the zone. Context: ``phases_m2``, ``zone_m2``,
    ``day``.
    """

    code = "phases-exceed-zone"
