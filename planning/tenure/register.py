"""The register of land rights as people look at it: a page of rights, what ends soon, one right."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from planning.clocks import Moment, moment_parameters
from planning.days import later
from planning.errors import NotFound
from planning.search import ACCENTED, PLAIN, fold
from planning.statements import statement

SORTS: Final = (
    "number", "kind", "zone", "lessor", "lessee", "payment", "contract_area_m2", "measured_m2",
    "difference_m2", "ends_on",
)  # fmt: skip
BY_MEASURE: Final = ("measured_m2", "difference_m2")
HORIZONS: Final = (6, 12, 24, 60)
"""Months ahead for which is counted what ends."""


@dataclass(frozen=True, slots=True)
class RightLine:
    """A right at a moment; areas in m², `ends_on` its last day. A person's name is None."""

    id: UUID
    kind: str
    tier: int
    parent_id: UUID | None
    parent_number: str | None
    zone_id: UUID
    zone: str
    version_id: int
    number: str
    lessor_id: UUID
    lessor: str | None
    lessor_kind: str | None
    lessee_id: UUID
    lessee: str | None
    lessee_tax_code: str | None
    contract_area_m2: Decimal
    measured_m2: float | None
    tolerance_m2: float | None
    parcels: int
    payment_mode: str | None
    since: date
    valid_from: date
    valid_to: date | None
    term_ends: date | None
    ends_on: date | None
    investor_licensed: bool
    purpose: str | None
    document: str | None
    document_on: date | None
    document_by: str | None
    paper_id: UUID | None
    has_file: bool

    @property
    def difference_m2(self) -> float | None:
        """Contract less measured area; None while the register holds no parcel of the right."""
        if self.measured_m2 is None:
            return None
        return float(self.contract_area_m2) - self.measured_m2

    @property
    def apart(self) -> bool:
        """Whether contract and ground differ by more than the ground may be off."""
        off = self.difference_m2
        return off is not None and abs(off) > max(self.tolerance_m2 or 0.0, 0.05)


@dataclass(frozen=True, slots=True)
class RightsPage:
    """Some rights, and what all that fit add up to."""

    rows: list[RightLine]
    count: int
    contract_area_m2: Decimal


@dataclass(frozen=True, slots=True)
class Ending:
    """How many rights end within so many months, and their contract area (m²)."""

    months: int
    rights: int
    area_m2: Decimal


def rights_page(
    session: Session,
    at: Moment,
    zones: Collection[UUID],
    *,
    kind: str | None = None,
    lessee: str = "",
    wanted: str = "",
    months: int | None = None,
    party: UUID | None = None,
    rights: Collection[UUID] | None = None,
    sort: str = "number",
    descending: bool = False,
    most: int = 50,
    skip: int = 0,
) -> RightsPage:
    """Return rights in force registered in some zones, one page of them; names need no accents.

    `lessee` is found in names and tax codes, `wanted` in numbers and lessors; `months`: those that
    end within so many; `party`: those it grants or holds. `sort` is one of `SORTS`.
    """
    asked: dict[str, Any] = {
        **moment_parameters(at), "zones": list(zones), "kind": kind or None,
        "lessee": fold(lessee) or None, "wanted": fold(wanted) or None, "party": party,
        "rights": None if rights is None else list(rights),
        "ends_by": None if months is None else later(at.as_of, months),
        "sort": sort if sort in SORTS else "number", "descending": descending,
        "by_measure": sort in BY_MEASURE, "most": most, "skip": skip,
        "accented": ACCENTED, "plain": PLAIN,
    }  # fmt: skip
    # a plan that fits any question fits none of these: most filters are null
    session.execute(
        text(
            "SELECT set_config('plan_cache_mode', 'force_custom_plan', true),"
            " set_config('jit', 'off', true)"
        )
    )
    found = session.execute(statement("tenure/rights"), asked).mappings().all()
    if not found:
        return RightsPage([], 0, Decimal(0))
    rows = [_line(row) for row in found]
    return RightsPage(rows, int(found[0]["of_rows"]), found[0]["of_area_m2"])


def _line(row: Mapping[Any, Any]) -> RightLine:
    names = [name for name in RightLine.__dataclass_fields__ if name != "has_file"]
    return RightLine(**{name: row[name] for name in names}, has_file=bool(row["has_file"]))


def right_line(session: Session, at: Moment, zones: Collection[UUID], right_id: UUID) -> RightLine:
    """Return a right in force. Raises NotFound: not in force at the moment, or of another zone."""
    found = rights_page(session, at, zones, rights=[right_id], most=1).rows
    if not found:
        raise NotFound(kind="land_right", key=str(right_id))
    return found[0]


def endings(
    session: Session,
    at: Moment,
    zones: Collection[UUID],
    horizons: Sequence[int] = HORIZONS,
) -> list[Ending]:
    """Count the rights in force that end within so many months of the day, for each horizon."""
    asked = {**moment_parameters(at), "zones": list(zones), "months": list(horizons)}
    rows = session.execute(statement("tenure/expiring"), asked)
    told = {row.months: Ending(row.months, row.rights, row.area_m2) for row in rows}
    return [told.get(months, Ending(months, 0, Decimal(0))) for months in horizons]
