"""Coverages: parcels that share boundaries exactly, and the operations that keep it so."""

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
from layers.coverage.noding import node_coverage, source_precision_m
from layers.coverage.report import NodedCoverage, Outcome, Refusal, RefusalReason
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
    "GainedCorners",
    "NodedCoverage",
    "Operation",
    "Outcome",
    "Overlap",
    "Piece",
    "Refusal",
    "RefusalReason",
    "classify",
    "corridor",
    "join",
    "neighbours_of",
    "node_coverage",
    "node_once",
    "operate",
    "overlaps",
    "owners",
    "sides_of",
    "sliver_tolerance_m2",
    "source_precision_m",
    "split_by_line",
]
