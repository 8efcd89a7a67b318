"""What is wrong with, or was done to, one row of a file."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Severity(StrEnum):
    """What a finding means for its row."""

    REFUSED = "refused"
    REPAIRED = "repaired"
    NOTICE = "notice"


# every code a Finding can carry, with what it means for the row
FINDING_CODES: Final[Mapping[str, Severity]] = {
    # geometry
    "row-geometry-missing": Severity.REFUSED,
    "row-geometry-unreadable": Severity.REFUSED,
    "row-geometry-not-finite": Severity.REFUSED,
    "row-geometry-kind": Severity.REFUSED,
    "row-geometry-curved": Severity.REFUSED,
    "row-geometry-too-many-vertices": Severity.REFUSED,
    "row-geometry-ring-closed": Severity.REPAIRED,
    "row-geometry-height-dropped": Severity.NOTICE,
    # attributes as they stand in the file
    "row-text-cut": Severity.NOTICE,
    "row-text-too-long": Severity.REFUSED,
    "row-formula-without-value": Severity.REFUSED,
    "row-cell-error": Severity.REFUSED,
    "row-too-many-cells": Severity.REFUSED,
    "row-numbers-columns": Severity.NOTICE,
    # attributes as the register wants them
    "field-required": Severity.REFUSED,
    "field-text-too-long": Severity.REFUSED,
    "field-number-unreadable": Severity.REFUSED,
    "field-number-ambiguous": Severity.REFUSED,
    "field-number-not-finite": Severity.REFUSED,
    "field-number-out-of-range": Severity.REFUSED,
    "field-integer-expected": Severity.REFUSED,
    "field-date-unreadable": Severity.REFUSED,
    "field-date-ambiguous": Severity.REFUSED,
    "field-value-unknown": Severity.REFUSED,
    "field-identifier-unreadable": Severity.REFUSED,
    "field-text-hidden-sign": Severity.REFUSED,
    "field-code-digits": Severity.REFUSED,
    # the file as a whole (row 0)
    "file-encoding-detected": Severity.NOTICE,
    "file-encoding-converted": Severity.NOTICE,
    "file-encoding-contradicts-cpg": Severity.NOTICE,
    "file-column-dropped": Severity.NOTICE,
    "file-open-elsewhere": Severity.NOTICE,
}


@dataclass(frozen=True)
class Finding:
    """One fact about one row: `row` is the number a person sees (from 1), 0 the whole file.

    `code` is one of `FINDING_CODES`; `context` holds the facts its text names.
    """

    row: int
    code: str
    field: str | None = None
    context: Mapping[str, object] = dataclasses.field(default_factory=dict)

    @property
    def severity(self) -> Severity:
        """Whether the row is refused, was repaired, or only deserves a look."""
        return FINDING_CODES[self.code]
