"""Reshape, draw, clean: parcels keep their identity, or begin on free ground."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import shapely

from layers import coverage
from layers.coordinate_table import CoordinateTable, rows_of, understand
from layers.coverage import CornerEdit, Edit, InsertCorner, MoveCorner, RemoveCorner
from layers.errors import GeometryEmpty
from planning.changes.effect import Born, Effect, Warned
from planning.changes.operations.naming import COLUMNS
from planning.changes.operations.pieces import effect_of, ids_of, shapes_of
from planning.changes.workspace import Workspace
from planning.clocks import Moment
from planning.parcels.holding import Held
from planning.zones.queries import ZoneRow, boundary, find_zone

_TENTH = Decimal("0.1")


def reshape(ground: Workspace, said: Mapping[str, Any]) -> Effect:
    """Move, insert or take away corners; every neighbour that shares them follows."""
    targets = ground.held(ids_of(said["parcels"]))
    edits = [_corner_edit(each) for each in said["edits"]]
    places = shapely.multipoints([_place(each) for each in edits])
    first = ground.around(targets, places)
    reach = [each.shape for each in first if _touches(each, targets)]
    near = ground.around(targets, places, *reach)
    edit = coverage.reshape(shapes_of(targets), shapes_of(near), edits)
    return effect_of(ground, "reshape", edit, targets, near, _area_warnings(edit, targets, near))


def _touches(each: Held, targets: list[Held]) -> bool:
    return any(shapely.dwithin(each.shape, target.shape, 0.002) for target in targets)


def _corner_edit(said: Mapping[str, Any]) -> CornerEdit:
    if said.get("insert") is not None:
        a, b = said["side"]
        return InsertCorner((_pair(a), _pair(b)), _pair(said["insert"]))
    if said.get("remove"):
        return RemoveCorner(_pair(said["corner"]))
    return MoveCorner(_pair(said["corner"]), _pair(said["to"]))


def _place(edit: CornerEdit) -> tuple[float, float]:
    if isinstance(edit, InsertCorner):
        return edit.at
    return edit.to if isinstance(edit, MoveCorner) else edit.corner


def _pair(said: Any) -> tuple[float, float]:
    return coverage.on_grid_corner((float(said[0]), float(said[1])))


def _area_warnings(edit: Edit, targets: list[Held], near: list[Held]) -> list[Warned]:
    here = [*targets, *near]
    return [
        Warned(
            "area-changes",
            {
                "parcel": str(here[each.index].parcel_id),
                "name": here[each.index].name,
                "difference_m2": float(each.polygon.area) - here[each.index].area_m2,
            },
        )
        for each in edit.reshaped
        if abs(float(each.polygon.area) - here[each.index].area_m2) > 0.05
        and here[each.index].legal_area_m2 is not None
    ]


def draw(ground: Workspace, said: Mapping[str, Any]) -> Effect:
    """Take free ground of a zone as a new parcel, by an outline or a coordinate table."""
    zone = find_zone(ground.session, said["zone"], Moment(ground.day))
    warnings: list[Warned] = []
    if said.get("table"):
        table = read_table(ground.session, zone, ground.day, said["table"])
        warnings += [Warned(each.code, dict(each.context)) for each in table.findings]
        drawn = table.polygon
    else:
        drawn = coverage.outline(said.get("outline") or [])
    near = ground.near(drawn.bounds, zone.srid)
    edit = coverage.draw(drawn, shapes_of(near))
    made = edit.added[0].polygon
    cut = drawn.area - made.area
    if abs(cut) > 0.1:
        warnings.append(Warned("draw-fitted", {"difference_m2": -cut}))
    given = {COLUMNS[name]: value for name, value in (said.get("attributes") or {}).items()}
    legal = given.pop("legal_area_m2", None)
    (name,) = ground.names_for([made])
    held = Held(
        parcel_id=name,
        version=-ground.step,
        zone_id=zone.id,
        srid=zone.srid,
        **{column: given.get(column) for column in _TEXTS},
        legal_area_m2=None if legal is None else Decimal(str(legal)),
        noded=False,
        shape=made,
    )
    rest = effect_of(ground, "draw", Edit(noded=edit.noded), near, [])
    return Effect("draw", (), (Born(held, (), taken=True),), (), rest.noded, warnings=(*warnings,))


_TEXTS = ("commune_code", "sheet_no", "parcel_no", "official_id", "land_use_code")


def read_table(session: Any, zone: ZoneRow, day: date, said: Mapping[str, Any]) -> CoordinateTable:
    """Understand a coordinate table for a zone.

    Raises:
        TableUnreadable, TableWrongMeridian, TableFarAway, OutlineInvalid
    """
    if said.get("text"):
        rows = rows_of(said["text"])
    else:
        rows = [
            (str(row.get("point") or number), float(row["x"]), float(row["y"]))
            for number, row in enumerate(said.get("rows") or [], 1)
        ]
    around = boundary(session, zone.id, Moment(day))
    if around is None:
        raise GeometryEmpty()
    return understand(
        rows,
        zone.srid,
        around.shape,
        order=said.get("order"),
        stated_area_m2=said.get("stated_area_m2"),
        stated_edges_m=said.get("stated_edges_m") or (),
    )


def clean(ground: Workspace, said: Mapping[str, Any]) -> Effect:
    """Close slivers and gaps under the tolerance in a block; reports before and after."""
    block = ground.held(ids_of(said["parcels"]))
    near = ground.around(block)
    touching = coverage.neighbours_of(
        np.concatenate([shapes_of(block), shapes_of(near)]), np.arange(len(block))
    )
    around = [near[position - len(block)] for position in touching]
    tolerance_m = float(said.get("tolerance_m") or 0.05)
    edit = coverage.clean(shapes_of(block), shapes_of(around), tolerance_m)
    return effect_of(ground, "clean", edit, block, around)
