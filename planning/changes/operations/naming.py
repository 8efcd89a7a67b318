"""Retire, renumber, attributes: what is said of a parcel, without moving its boundary."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from planning.changes.effect import NAMES, Effect, Pair, Warned
from planning.changes.memberships import memberships, names_of
from planning.changes.operations.pieces import ids_of
from planning.changes.workspace import Workspace

COLUMNS = {outside: column for column, outside in NAMES.items()}


def retire(ground: Workspace, said: Mapping[str, Any]) -> Effect:
    """End parcels without successors; what held them stops holding them that day."""
    targets = ground.held(ids_of(said["parcels"]))
    origins = [root for each in targets for root in ground.ancestors(each.parcel_id)]
    held_by = memberships(ground.session, origins, ground.day)
    names = names_of(ground.session, held_by)
    warnings = [
        Warned(
            "retire-ends-holding",
            {
                "kind": each.kind,
                "number": names[each.holder].number if each.holder in names else "",
            },
        )
        for each in held_by
    ]
    return Effect("retire", removed=tuple(targets), warnings=tuple(warnings))


def renumber(ground: Workspace, said: Mapping[str, Any]) -> Effect:
    """Give parcels other numbers; the old ones stay findable."""
    numbers = {UUID(str(key)): value for key, value in said["numbers"].items()}
    pairs = []
    for held in ground.held(list(numbers)):
        given = {k: v for k, v in numbers[held.parcel_id].items() if v is not None}
        changes = {COLUMNS[name]: value for name, value in given.items()}
        pairs.append(Pair(held, ground.stepped(held, noded=False, **changes)))
    return Effect("renumber", renamed=tuple(pairs))


def attributes(ground: Workspace, said: Mapping[str, Any]) -> Effect:
    """Set land-use code, legal area, official id or numbers of a parcel."""
    (held,) = ground.held(ids_of([said["parcel"]]))
    changes = {COLUMNS[name]: value for name, value in said["set"].items()}
    if changes.get("legal_area_m2") is not None:
        changes["legal_area_m2"] = Decimal(str(changes["legal_area_m2"]))
    after = ground.stepped(held, noded=False, **changes)
    return Effect("attributes", renamed=(Pair(held, after),))
