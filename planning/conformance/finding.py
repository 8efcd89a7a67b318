"""What a finding is made of: the two sides, the ground in question, and how grave it is."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

KINDS: Final = ("overlap", "gap", "outside", "across_uses", "lease_on_green", "outside_plan")
SEVERITIES: Final = ("high", "medium", "low")
"""Cao, vừa, thấp."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel in force: the version looked at, its number, shape (E, N in its plane) and m²."""

    version_id: int
    parcel_id: UUID
    zone_id: UUID
    zone: str
    srid: int
    commune: str | None
    sheet: str | None
    number: str | None
    area_m2: float
    opened_by: int
    shape: Any

    @property
    def name(self) -> str:
        """Sheet and number as people write them."""
        return f"{self.sheet or '?'}/{self.number or '?'}"


@dataclass(frozen=True, slots=True)
class Boundary:
    """A zone's boundary; `ground` is it widened by its certainty, `tolerance_m`."""

    version_id: int
    zone_id: UUID
    zone: str
    parent_id: UUID | None
    srid: int
    tolerance_m: float
    opened_by: int
    shape: Any
    ground: Any


@dataclass(frozen=True, slots=True)
class Lot:
    """A lot of a plan version in force."""

    version_id: int
    plan: str
    plan_version: int
    level: str
    scale: int
    symbol: str
    category: str
    leasable: str
    decision: str | None
    decided_on: date | None
    opened_by: int
    shape: Any


@dataclass(frozen=True, slots=True)
class Share:
    """m² a parcel version shares with a lot, as stored."""

    parcel_version_id: int
    lot: Lot
    area_m2: float


@dataclass(frozen=True, slots=True)
class Scope:
    """The ground on which a plan version is in force."""

    version_id: int
    plan: str
    plan_version: int
    level: str
    scale: int
    zone_id: UUID
    srid: int
    decision: str | None
    decided_on: date | None
    opened_by: int
    shape: Any


@dataclass(frozen=True, slots=True)
class Held:
    """A right in force on a parcel: sub-lease or reservation. Lessees are never persons."""

    version_id: int
    parcel_id: UUID
    kind: str
    number: str
    lessee: str | None
    contract_area_m2: Decimal
    opened_by: int


Side = Parcel | Boundary | Lot | Scope


@dataclass(frozen=True, slots=True)
class Waived:
    """A waiver that speaks of a finding: who let it stand, why, until when (the last day)."""

    id: UUID
    granted_by: str
    reason: str
    granted_on: date
    expires_on: date | None
    document: str | None
    lapsed: str | None = None
    """Why it no longer holds: parcel-changed, plan-changed, boundary-changed, right-changed,
    expired, withdrawn; None while it holds."""
    lapsed_by: int | None = None
    """The change that made it lapse."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not fit at a moment. `shape` is the ground in question (E, N)."""

    kind: str
    severity: str
    parcel: Parcel
    other: Side
    area_m2: float
    share: float
    """Of the parcel's area; 0 to 1."""
    shape: Any
    right: Held | None = None
    place: tuple[int, int] | None = None
    """Of a gap: E, N in mm, for two gaps may lie between the same two parcels."""
    number: int = 0
    """Its pin: counted from the gravest, the largest first."""
    waiver: Waived | None = None

    @property
    def key(self) -> str:
        """The finding's name: kind, versions of both sides; the database spells it the same."""
        letter = {"Parcel": "p", "Lot": "l", "Boundary": "b", "Scope": "s"}
        parts = [
            self.kind,
            str(self.parcel.version_id),
            f"{letter[type(self.other).__name__]}{self.other.version_id}",
        ]
        if self.right is not None:
            parts.append(f"r{self.right.version_id}")
        if self.place is not None:
            parts += [str(each) for each in self.place]
        return "-".join(parts)

    @property
    def is_open(self) -> bool:
        """True unless a waiver holds."""
        return self.waiver is None or self.waiver.lapsed is not None

    def waived(self, waiver: Waived | None) -> "Finding":
        """The same finding with what is said of it."""
        return replace(self, waiver=waiver)

    def numbered(self, number: int) -> "Finding":
        """The same finding with its pin."""
        return replace(self, number=number)
