"""What is a finding: rules on plain values, without a database."""

from planning.conformance.rules.ground import fit_together, gaps, outside, overlapping
from planning.conformance.rules.uses import across_uses, let_on_unlettable, outside_plan
from planning.conformance.rules.waivers import WaiverRow, with_waivers

__all__ = [
    "WaiverRow",
    "across_uses",
    "fit_together",
    "gaps",
    "let_on_unlettable",
    "outside",
    "outside_plan",
    "overlapping",
    "with_waivers",
]
