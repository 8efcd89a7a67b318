"""Split, merge, corridor: parcels cease and others stand on their ground."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal
from uuid import UUID

import numpy as np
import shapely
from shapely import Polygon

from layers import coverage
from layers.coverage import Advance, Edit, Piece
from layers.errors import CutterMisses, NotNeighbours
from planning.changes.effect import Effect, Warned
from planning.changes.errors import MergeRefused
from planning.changes.memberships import differences, memberships, signatures
from planning.changes.operations.pieces import effect_of, ids_of, line_of, shapes_of
from planning.changes.plan_lines import lot_lines
from planning.changes.workspace import Workspace
from planning.parcels.holding import Held

SIDES: Final[Mapping[str, float]] = {
    "south": 0.0, "southwest": 45.0, "west": 90.0, "northwest": 135.0,
    "north": 180.0, "northeast": 225.0, "east": 270.0, "southeast": 315.0,
}  # fmt: skip
"""The side a part is cut off from, and the azimuth in which the cut then advances."""


def split(ground: Workspace, said: Mapping[str, Any]) -> Effect:
    """Divide one parcel: by a line, by area, into equal parts, or along the plan's lots."""
    (target,) = ground.held(ids_of([said["parcel"]]))
    near = ground.around([target])
    shapes = shapes_of(near)
    method = said["method"]
    warnings: list[Warned] = []
    if method == "line":
        line = line_of(said.get("line"))
        snap_m = float(said.get("snap_m") or 0.0)
        one = np.array([target.shape], dtype=object)
        try:
            edit = Edit.of(coverage.split_by_line(one, shapes, line, snap_m=snap_m), 1)
        except CutterMisses as missed:
            raise coverage.why_it_misses(one, line) from missed
    elif method == "area":
        edit = coverage.split_by_area(
            target.shape, shapes, float(said["area_m2"]), _advance(target.shape, said)
        )
        taken = [piece for piece in edit.added if piece.taken]
        if len(edit.added) > 2 or len(taken) > 1:
            warnings.append(Warned("split-in-pieces", {"pieces": len(edit.added)}))
    elif method == "parts":
        edit = coverage.split_into_parts(
            target.shape, shapes, int(said["parts"]), _advance(target.shape, said)
        )
    else:
        lines, thin_m = lot_lines(ground.session, ground.day, target, said)
        one = np.array([target.shape], dtype=object)
        edit = coverage.split_by_lines(one, shapes, lines, thin_m=thin_m)
    return effect_of(ground, "split", edit, [target], near, warnings)


def _advance(target: Polygon, said: Mapping[str, Any]) -> Advance:
    where = said.get("direction") or {}
    if where.get("edge"):
        return Advance.from_edge(target, line_of(where["edge"]))
    if where.get("side"):
        return Advance(SIDES[where["side"]])
    return Advance(float(where.get("bearing_deg") or 0.0))


def merge(ground: Workspace, said: Mapping[str, Any]) -> Effect:
    """Make neighbours one parcel; refused when rights, hand-over, projects or zone differ."""
    targets = ground.held(ids_of(said["parcels"]))
    if len(targets) < 2:
        raise NotNeighbours(parts=len(targets))
    roots = {each.parcel_id: (each, ground.ancestors(each.parcel_id)) for each in targets}
    origins = [root for _, found in roots.values() for root in found]
    held_by = memberships(ground.session, origins, ground.day)
    apart = differences(ground.session, held_by, roots)
    if len({each.zone_id for each in targets}) > 1:
        apart.append({"kind": "zone", "parcels": [each.name for each in targets]})
    if apart:
        what = sorted({str(each.get("number") or each["kind"]) for each in apart})
        raise MergeRefused(differences=apart, what=what)
    uses = sorted({each.land_use_code or "–" for each in targets})
    warnings = [Warned("land-use-differs", {"codes": uses})] if len(uses) > 1 else []
    return effect_of(ground, "merge", coverage.merge(shapes_of(targets)), targets, [], warnings)


def corridor(ground: Workspace, said: Mapping[str, Any]) -> Effect:
    """Cut a road or utility strip through parcels; one parcel for each way land is held.

    Without `parcels`, every parcel the strip meets is cut.
    """
    line, width_m = line_of(said["centreline"]), float(said["width_m"])
    ends: Literal["flat", "round"] = "round" if said.get("ends") == "round" else "flat"
    strip = shapely.buffer(line, max(width_m, 0.01) / 2, cap_style=ends)
    if said.get("parcels"):
        targets = ground.held(ids_of(said["parcels"]))
        near = ground.around(targets, strip)
    else:
        everyone = ground.near(strip.bounds, int(said["srid"]))
        shares = shapely.area(shapely.intersection(shapes_of(everyone), strip))
        targets = [each for each, share in zip(everyone, shares, strict=True) if share > 0.01]
        if not targets:
            raise CutterMisses()
        near = ground.around(targets)
    done = coverage.corridor(
        shapes_of(targets), shapes_of(near), line, width_m, merge=False, ends=ends
    )
    edit = _joined_by_holding(ground, Edit.of(done, len(targets)), targets)
    strips = [piece for piece in edit.added if piece.taken]
    warnings = [Warned("corridor-in-parts", {"parts": len(strips)})] if len(strips) > 1 else []
    return effect_of(ground, "corridor", edit, targets, near, warnings)


def _joined_by_holding(ground: Workspace, edit: Edit, targets: Sequence[Held]) -> Edit:
    """Join strips of parcels that the same rights, projects and zone hold."""
    origins = {each.parcel_id: ground.ancestors(each.parcel_id) for each in targets}
    every = [root for found in origins.values() for root in found]
    marks = signatures(memberships(ground.session, every, ground.day), every)
    groups: dict[tuple[UUID, Any], list[Piece]] = {}
    for piece in edit.added:
        if piece.taken:
            parent = targets[piece.parents[0]]
            holding = frozenset().union(*(marks[root] for root in origins[parent.parcel_id]))
            groups.setdefault((parent.zone_id, holding), []).append(piece)
    added = [piece for piece in edit.added if not piece.taken]
    for strips in groups.values():
        shapes = np.array([piece.polygon for piece in strips], dtype=object)
        inside = shapely.point_on_surface(shapes)
        for whole in coverage.join(shapes):
            mine = shapely.contains(whole, inside)
            parents = {piece.parents[0] for piece, here in zip(strips, mine, strict=True) if here}
            added.append(Piece(whole, tuple(sorted(parents)), taken=True))
    return Edit(edit.removed, tuple(added), edit.reshaped, edit.noded)
