"""Why a rule is not entered or confirmed, or a waiver not signed."""

from planning.errors import Conflict, NotPermitted, RuleViolated


class NormRuleMoved(Conflict):
    """Somebody entered another version of the norm meanwhile."""

    code = "norm-rule-moved"


class NormRuleRefused(RuleViolated):
    """A field of a rule does not hold what it must. Context: ``field``."""

    code = "norm-rule-refused"


class NormConfirmedBySelf(NotPermitted):
    """Who entered a rule does not confirm it."""

    code = "norm-confirmed-by-self"


class NormWithoutValue(RuleViolated):
    """A rule whose value nobody knows cannot be confirmed."""

    code = "norm-without-value"


class NormConfirmedAlready(Conflict):
    """Somebody confirmed the rule before."""

    code = "norm-confirmed-already"


class NormWaiverByAuthor(NotPermitted):
    """Who drew the version does not sign that it may fail a rule."""

    code = "norm-waiver-own-work"


class NormLotsMoved(Conflict):
    """The lots are no longer those that were looked at."""

    code = "norm-lots-moved"


class NormNotFailed(RuleViolated):
    """The version does not fail that rule: there is nothing to sign for."""

    code = "norm-not-failed"


class NormWaiverDays(RuleViolated):
    """A waiver would end before it begins, or it has ended. Context: ``day``."""

    code = "norm-waiver-days"
