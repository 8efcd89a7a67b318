"""From an edit of shapes to parcels: their ids, numbers, legal areas."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

import numpy as np
import shapely
from shapely import LineString

from layers.coverage import Edit
from layers.errors import CutterInvalid
from layers.geometry import Polygons
from planning.changes.effect import Born, Effect, Pair, Warned
from planning.changes.workspace import Workspace
from planning.parcels.holding import Held

SMALL_M2 = 1.0
_TENTH = Decimal("0.1")


def ids_of(said: Any) -> list[UUID]:
    """Parcel ids as they came."""
    return [UUID(str(each)) for each in said]


def shapes_of(held: Sequence[Held]) -> Polygons:
    """The shapes of parcels as an array."""
    found = np.empty(len(held), dtype=object)
    found[:] = [each.shape for each in held]
    return found


def line_of(said: Any) -> LineString:
    """A line of corners (E, N).

    Raises:
        CutterInvalid: fewer than two corners.
    """
    if not said or len(said) < 2:
        raise CutterInvalid(reason="too-short")
    return LineString([(float(each[0]), float(each[1])) for each in said])


def effect_of(
    ground: Workspace,
    kind: str,
    edit: Edit,
    targets: Sequence[Held],
    neighbours: Sequence[Held],
    warnings: Sequence[Warned] = (),
) -> Effect:
    """Name the pieces of an edit: new parcels with parents, the same parcels with other shapes."""
    here = [*targets, *neighbours]
    reshaped = tuple(
        Pair(here[each.index], ground.stepped(here[each.index], shape=each.polygon, noded=False))
        for each in edit.reshaped
    )
    noded = tuple(
        Pair(
            here[each.index],
            ground.stepped(
                here[each.index],
                shape=each.polygon,
                noded=here[each.index].version > 0 or here[each.index].noded,
            ),
        )
        for each in edit.noded
    )
    removed = tuple(here[position] for position in edit.removed)
    born = _born(ground, edit, here)
    small = [
        Warned("piece-small", {"parcel": str(b.held.parcel_id), "area_m2": b.held.area_m2})
        for b in born
        if b.held.area_m2 < SMALL_M2
    ]
    if any(b.held.legal_area_m2 is not None for b in born):
        small.append(Warned("legal-area-apportioned"))
    return Effect(
        kind, removed, born, reshaped, noded, warnings=(*warnings, *small), report=edit.report
    )


def _born(ground: Workspace, edit: Edit, here: Sequence[Held]) -> tuple[Born, ...]:
    ids = ground.names_for([piece.polygon for piece in edit.added])
    found = []
    for each, piece in zip(ids, edit.added, strict=True):
        parents = [here[position] for position in piece.parents]
        if len(parents) == 1:
            shares = [float(piece.polygon.area)]
        else:
            shares = [float(shapely.intersection(piece.polygon, p.shape).area) for p in parents]
        like = parents[int(np.argmax(shares))]
        held = ground.stepped(
            like,
            parcel_id=each,
            parcel_no=ground.next_number(like),
            official_id=None,
            legal_area_m2=_legal(parents, shares),
            noded=False,
            shape=piece.polygon,
            valid_from=None,
            valid_to=None,
        )
        pairs = zip(parents, shares, strict=True)
        found.append(Born(held, tuple((p.parcel_id, m2) for p, m2 in pairs), piece.taken))
    return _legally_whole(found, [here[position] for position in edit.removed])


def _legal(parents: Sequence[Held], shares: Sequence[float]) -> Decimal | None:
    """The legal areas of the parents by the ground that came from each, to 0.1 m²."""
    total = Decimal(0)
    for parent, share in zip(parents, shares, strict=True):
        if parent.legal_area_m2 is None:
            return None
        total += parent.legal_area_m2 * Decimal(share / parent.area_m2)
    return max(total.quantize(_TENTH, ROUND_HALF_UP), _TENTH)


def _legally_whole(born: list[Born], removed: Sequence[Held]) -> tuple[Born, ...]:
    """Give what rounding left over to the largest piece: legal land is conserved to the digit."""
    whole = [held.legal_area_m2 for held in removed]
    given = [each.held.legal_area_m2 for each in born]
    if not born or None in whole or None in given:
        return tuple(born)
    left = sum(filter(None, whole), Decimal(0)) - sum(filter(None, given), Decimal(0))
    place = max(range(len(born)), key=lambda n: born[n].held.area_m2)
    host = born[place]
    if left and host.held.legal_area_m2 is not None and host.held.legal_area_m2 + left > 0:
        legal = host.held.legal_area_m2 + left
        born[place] = Born(replace(host.held, legal_area_m2=legal), host.parents, host.taken)
    return tuple(born)
