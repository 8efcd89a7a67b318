"""Bringing a file's rows into the register: looked around, examined, written, reported row by
row.
"""

from planning.changes.imports.findings import FINDINGS, Place, RowFinding, Severity
from planning.changes.imports.report import Outcome, Report, RowResult
from planning.changes.imports.request import Certificate, Layer, Request
from planning.changes.imports.run import Examined, Surroundings, examine, survey, write

__all__ = [
    "FINDINGS",
    "Certificate",
    "Examined",
    "Layer",
    "Outcome",
    "Place",
    "Report",
    "Request",
    "RowFinding",
    "RowResult",
    "Severity",
    "Surroundings",
    "examine",
    "survey",
    "write",
]
