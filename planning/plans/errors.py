"""What can go wrong with a plan version's steps, lots and figures."""

from planning.errors import Conflict, NotPermitted, RuleViolated


class ApprovalNeedsLeader(NotPermitted):
    """The step is recorded by who may approve. Context: ``status``."""

    code = "plan-approval-needs-leader"


class PlanWithoutLots(RuleViolated):
    """Nothing to approve. Context: ``plan``, ``number``."""

    code = "plan-without-lots"


class FaultsOpen(RuleViolated):
    """Gaps, overlaps or sums nobody signed for. Context: ``plan``, ``number``, ``faults``."""

    code = "plan-faults-open"


class BeforeDecision(RuleViolated):
    """A step would take effect before its document was issued. Context: ``day``, ``issued``."""

    code = "plan-before-decision"


class MovedMeanwhile(Conflict):
    """The version is not as it was previewed. Context: ``plan``, ``number``."""

    code = "plan-moved-meanwhile"


class AnnulBeforeApproval(RuleViolated):
    """The day lies before the version was in force. Context: ``plan``, ``number``, ``since``."""

    code = "plan-annul-before-approval"


class NotAnnullable(RuleViolated):
    """The version is at no step that can be annulled. Context: ``plan``, ``number``."""

    code = "plan-not-annullable"


class NothingToRevive(RuleViolated):
    """No version was replaced by the annulled one. Context: ``plan``, ``number``."""

    code = "plan-nothing-to-revive"


class NothingToAdjust(RuleViolated):
    """A version that was never approved is edited, not adjusted. Context: ``plan``, ``number``."""

    code = "plan-nothing-to-adjust"


class ScopeMissesPlan(RuleViolated):
    """The scope of an adjustment shares no ground with the plan. Context: ``plan``, ``number``."""

    code = "plan-scope-misses-plan"


class DraftOnly(RuleViolated):
    """Only a version not yet approved is edited. Context: ``plan``, ``number``, ``status``."""

    code = "plan-draft-only"


class TableRefused(RuleViolated):
    """A row of the decision's own table is not one. Context: ``row``."""

    code = "plan-table-refused"


class CategoryUnknown(RuleViolated):
    """No lot category of that code. Context: ``category``."""

    code = "lot-category-unknown"
