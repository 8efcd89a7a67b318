"""What noding did to each row, as findings: corners added, slivers moved, overlaps refused with
both sides named.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

import numpy as np
from numpy.typing import NDArray

from layers.coverage import NodedCoverage, Outcome, Refusal, RefusalReason
from planning.changes.imports.draft import Batch
from planning.changes.imports.findings import Place, RowFinding

AREA_SHARE: Final = 0.002
"""Legal and measured area may differ by 1 m² or 0.2 % before it is worth a look."""
_CODES: Final = {
    RefusalReason.COLLAPSES: "row-geometry-collapses",
    RefusalReason.UNSTABLE: "row-coverage-unstable",
    RefusalReason.INVALID: "row-geometry-invalid",
}


def take_over(
    batch: Batch, alive: NDArray[np.int64], noded: NodedCoverage, held: Sequence[str] = ()
) -> None:
    """Take the noded shapes over and note what became of each row.

    `noded` holds the rows at `alive` first, then registered polygons called `held`.
    """
    count = len(alive)
    for refusal in noded.refusals:
        if refusal.index < count:
            _refuse(batch, alive, refusal, held)
    rounded = 0
    for index in range(count):
        outcome = noded.outcomes[index]
        if outcome is Outcome.REFUSED:
            continue
        position = int(alive[index])
        batch.shapes[position] = noded.polygons[index]
        rounded += outcome is Outcome.ROUNDED
        if outcome in (Outcome.NODED, Outcome.RESHAPED):
            context = {
                "vertices": int(noded.vertices_added[index]),
                "area_before_m2": float(noded.area_before_m2[index]),
                "area_after_m2": float(noded.area_after_m2[index]),
            }
            code = "row-noded" if outcome is Outcome.NODED else "row-reshaped"
            batch.find(position, code, context, where=noded.polygons[index])
    if rounded:
        batch.findings.append(RowFinding(0, "import-rounded", {"count": rounded}))


def _refuse(batch: Batch, alive: NDArray[np.int64], refusal: Refusal, held: Sequence[str]) -> None:
    position = int(alive[refusal.index])
    place = None if refusal.place is None else Place.at(refusal.place.x, refusal.place.y)
    if refusal.reason is not RefusalReason.OVERLAP or refusal.partner is None:
        context: dict[str, object] = {"reason": refusal.detail} if refusal.detail else {}
        batch.find(position, _CODES[refusal.reason], context, place=place)
    elif refusal.partner >= len(alive):
        name = held[refusal.partner - len(alive)]
        context = {"parcel": name, "area_m2": refusal.area_m2}
        batch.find(position, "row-overlaps-parcel", context, place=place)
    else:
        other = int(alive[refusal.partner])
        context = {
            "other_row": batch.rows[other],
            "other": batch.labels[other],
            "area_m2": refusal.area_m2,
        }
        batch.find(position, "row-overlaps-row", context, place=place)


def note_area(batch: Batch, position: int, legal_m2: Decimal | None, measured_m2: float) -> None:
    """Note a legal area that the drawing does not give."""
    if legal_m2 is None:
        return
    difference = measured_m2 - float(legal_m2)
    if abs(difference) > max(1.0, AREA_SHARE * float(legal_m2)):
        context = {
            "legal_m2": float(legal_m2),
            "measured_m2": measured_m2,
            "difference_m2": difference,
        }
        batch.find(position, "row-area-differs", context, where=batch.shapes[position])
