"""What can go wrong with indicators."""

from planning.errors import NotFound, PlanningError


class DefinitionNotFound(NotFound):
    """No indicator goes by that code (and version)."""

    code = "definition-not-found"


class QuantityUnknown(PlanningError):
    """A definition adds up a base quantity this version of the program does not count."""

    code = "quantity-unknown"
