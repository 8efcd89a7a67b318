"""Coverages: parcels that share boundaries exactly, and the operations that keep it so."""

from layers.coverage.cutting import Advance, split_by_area, split_into_parts
from layers.coverage.drawing import clean, draw, outline
from layers.coverage.edit import Edit
from layers.coverage.editing import (
    GainedCorners,
    Operation,
    Piece,
    corridor,
    neighbours_of,
    operate,
    split_by_line,
)
from layers.coverage.faces import NOBODY, classify, join, node_once, owners, sides_of
from layers.coverage.filling import Filling, filling
from layers.coverage.merging import merge, split_by_lines, why_it_misses
from layers.coverage.noding import node_coverage, source_precision_m
from layers.coverage.report import NodedCoverage, Outcome, Refusal, RefusalReason
from layers.coverage.reshaping import (
    CornerEdit,
    InsertCorner,
    MoveCorner,
    RemoveCorner,
    on_grid_corner,
    reshape,
)
from layers.coverage.slivers import (
    SLIVER_AREA_M2,
    SLIVER_WIDTH_M,
    Overlap,
    overlaps,
    sliver_tolerance_m2,
)

__all__ = [
    "NOBODY",
    "SLIVER_AREA_M2",
    "SLIVER_WIDTH_M",
    "Advance",
    "CornerEdit",
    "Edit",
    "Filling",
    "GainedCorners",
    "InsertCorner",
    "MoveCorner",
    "NodedCoverage",
    "Operation",
    "Outcome",
    "Overlap",
    "Piece",
    "Refusal",
    "RefusalReason",
    "RemoveCorner",
    "classify",
    "clean",
    "corridor",
    "draw",
    "filling",
    "join",
    "merge",
    "neighbours_of",
    "node_coverage",
    "node_once",
    "on_grid_corner",
    "operate",
    "outline",
    "overlaps",
    "owners",
    "reshape",
    "sides_of",
    "sliver_tolerance_m2",
    "source_precision_m",
    "split_by_area",
    "split_by_line",
    "split_by_lines",
    "split_into_parts",
    "why_it_misses",
]
