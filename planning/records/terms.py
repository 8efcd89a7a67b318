"""Terms of law as dated rows: what is refused when one is entered or confirmed.

Whoever enters a row does not confirm it; until somebody did, every screen says "chưa kiểm chứng".
"""

from planning.errors import Conflict, NotPermitted, RuleViolated


class TermMoved(Conflict):
    """Somebody entered another row of the same first day meanwhile."""

    code = "term-moved"


class TermRefused(RuleViolated):
    """A field of a term does not hold what it must. Context: ``field``."""

    code = "term-refused"


class TermConfirmedBySelf(NotPermitted):
    """Who entered a term does not confirm it, and no row confirms itself."""

    code = "term-confirmed-by-self"


class TermConfirmedAlready(Conflict):
    """Somebody confirmed the term before."""

    code = "term-confirmed-already"
