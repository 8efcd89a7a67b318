"""Coverages: parcels that share boundaries exactly, and the operations that keep it so."""

from layers.coverage.faces import classify, join, node_once, sides_of
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
    "SLIVER_AREA_M2",
    "SLIVER_WIDTH_M",
    "NodedCoverage",
    "Outcome",
    "Overlap",
    "Refusal",
    "RefusalReason",
    "classify",
    "join",
    "node_coverage",
    "node_once",
    "overlaps",
    "sides_of",
    "sliver_tolerance_m2",
    "source_precision_m",
]
