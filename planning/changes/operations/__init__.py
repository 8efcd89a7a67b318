"""The operations on parcels, by the names programs call them."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from planning.changes.effect import Effect
from planning.changes.errors import OperationUnknown
from planning.changes.operations.dividing import corridor, merge, split
from planning.changes.operations.naming import attributes, renumber, retire
from planning.changes.operations.shaping import clean, draw, reshape
from planning.changes.workspace import Workspace

Operation = Callable[[Workspace, Mapping[str, Any]], Effect]

OPERATIONS: Final[Mapping[str, Operation]] = MappingProxyType(
    {
        "split": split,
        "merge": merge,
        "reshape": reshape,
        "corridor": corridor,
        "draw": draw,
        "retire": retire,
        "renumber": renumber,
        "attributes": attributes,
        "clean": clean,
    }
)


def perform(ground: Workspace, operation: str, parameters: Mapping[str, Any]) -> Effect:
    """Work an operation out on the ground and lay it over it.

    Raises:
        OperationUnknown, and what the operation refuses.
    """
    if operation not in OPERATIONS:
        raise OperationUnknown(kind="operation", key=operation)
    effect = OPERATIONS[operation](ground, parameters)
    ground.apply(effect)
    return effect


__all__ = ["OPERATIONS", "perform"]
