"""What the rules of legal clocks refuse, as types."""

from planning.errors import Conflict, RuleViolated


class ClockNeedsLand(RuleViolated):
    """A clock would stop, or a term be extended, before any land was handed over.

    Context: ``project``, ``fact`` (suspension or extension), ``day``.
    """

    code = "clock-needs-land"


class ExtensionTooLong(RuleViolated):
    """An extension longer than the law of its day allows, or on a day without such a law.

    Context: ``project``, ``day``, ``months``, ``most`` (0: no rule on that day).
    """

    code = "extension-too-long"


class ExtendedAlready(Conflict):
    """The project had its one extension. Context: ``project``."""

    code = "extended-already"


class SuspensionsOverlap(Conflict):
    """Two suspensions of a project would share days. Context: ``project``."""

    code = "suspensions-overlap"


class LetterBeforeDraft(RuleViolated):
    """A letter issued before the day of the facts it was drafted from."""

    code = "letter-before-draft"


class LetterIssuedAlready(Conflict):
    """The draft was issued before, on another day or paper."""

    code = "letter-issued-already"


class NothingToRemind(RuleViolated):
    """The clock does not run: there is nothing to remind of. Context: ``project``, ``clock``."""

    code = "nothing-to-remind"
