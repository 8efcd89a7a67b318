"""What happened in the demo parks, day by day.

Hand-overs, State leases, sub-leases, a reservation. Every fact has a legal day and a later day on
which the register learned it. Nothing is drawn at random.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

from gisapp.demo.layout import INDUSTRIAL, PARK_A, PARK_B, PARK_C, Park, Piece

LATE_ENTRY_DAYS = 140


@dataclass(frozen=True, slots=True)
class Wave:
    """Blocks `first ≤ order < beyond`, handed over on one day and maybe leased by the State."""

    first: int
    beyond: int
    handed_over: date
    state_lease: date | None


@dataclass(frozen=True, slots=True)
class Course:
    """How one park went: its waves and the rhythm of its sub-leases (days between two)."""

    park: Park
    waves: tuple[Wave, ...]
    first_sub_lease: date
    every_days: int
    developer: str
    developer_tax_code: str


COURSES = (
    Course(
        PARK_A,
        (
            Wave(-1, 8, date(2021, 5, 14), date(2021, 8, 2)),
            Wave(8, 12, date(2022, 1, 20), date(2022, 5, 16)),
            Wave(12, 16, date(2023, 4, 11), date(2023, 9, 5)),
            Wave(16, 18, date(2025, 6, 30), None),
        ),
        date(2021, 11, 10),
        42,
        "Công ty CP Hạ tầng Minh Hoạ A",
        "9900000011",
    ),
    Course(
        PARK_B,
        (
            Wave(-1, 6, date(2021, 10, 8), date(2022, 3, 1)),
            Wave(6, 11, date(2023, 2, 17), date(2023, 8, 15)),
            Wave(11, 13, date(2025, 11, 21), None),
        ),
        date(2022, 5, 4),
        61,
        "Công ty TNHH Phát triển KCN Minh Hoạ B",
        "9900000012",
    ),
    Course(
        PARK_C,
        (
            Wave(-1, 10, date(2021, 12, 3), date(2022, 4, 20)),
            Wave(10, 15, date(2024, 3, 8), date(2024, 8, 1)),
        ),
        date(2022, 7, 12),
        53,
        "Công ty CP Đầu tư KCN Minh Hoạ C",
        "9900000013",
    ),
)
LAST_DAY = date(2026, 10, 31)
KNOWN_UNTIL = date(2026, 11, 15)
"""Nothing is learned later, so that the demo is the same on whatever day it is loaded."""
GROUPS = (2, 1, 3, 1, 2)
TRACT_ENDS = date(2071, 12, 31)


@dataclass(frozen=True, slots=True)
class SubLease:
    """A sub-lease of neighbouring parcels of one block; `ended`: the day it stopped, if it did."""

    course: Course
    order: int
    wave: int
    parcels: tuple[Piece, ...]
    signed: date
    ended: date | None
    recorded_after_days: int

    @property
    def term_ends(self) -> date:
        """The last day of its term: that of the tract, but for the few short ones."""
        return SHORT_TERMS.get((self.course.park.code, self.order), TRACT_ENDS)

    @property
    def number(self) -> str:
        """Number of the contract."""
        return f"{self.order + 1:02d}/HĐTLĐ-{self.course.park.code[-1]}"

    @property
    def area_m2(self) -> Decimal:
        """Ground let by the contract, m²."""
        return sum((parcel.area_m2 for parcel in self.parcels), Decimal(0))


def wave_of(course: Course, block: int) -> int | None:
    """Return the number of the wave that cleared a block, None while it is not cleared."""
    for number, wave in enumerate(course.waves):
        if wave.first <= block < wave.beyond:
            return number
    return None


def _groups(course: Course) -> list[tuple[int, tuple[Piece, ...]]]:
    parcels = course.park.parcels()
    letting = [piece for piece in parcels if piece.category in INDUSTRIAL]
    groups: list[tuple[int, tuple[Piece, ...]]] = []
    for block, members in groupby(letting, key=lambda piece: piece.block):
        wave = wave_of(course, block)
        if wave is None or course.waves[wave].state_lease is None:
            continue
        left = list(members)
        while left:
            size = GROUPS[len(groups) % len(GROUPS)]
            groups.append((wave, tuple(left[:size])))
            left = left[size:]
    return groups


def sub_leases(course: Course) -> list[SubLease]:
    """Return the sub-leases of a park in the order of signing, up to the demo's last day."""
    found = []
    for order, (wave, parcels) in enumerate(_groups(course)):
        leased = course.waves[wave].state_lease
        signed = course.first_sub_lease + timedelta(days=order * course.every_days)
        if leased is None or signed > LAST_DAY:
            break
        signed = max(signed, leased + timedelta(days=30))
        ended = signed + timedelta(days=400) if order % 9 == 5 else None
        late = LATE_ENTRY_DAYS if order % 11 == 3 else 3 + 7 * order % 25
        ended = ended if ended and ended <= LAST_DAY else None
        if signed + timedelta(days=late) > KNOWN_UNTIL:
            continue
        found.append(SubLease(course, order, wave, parcels, signed, ended, late))
    return found


def reserved(course: Course) -> tuple[Piece, ...]:
    """Return the parcels reserved since 01/09/2026: the group after the last sub-lease."""
    groups = _groups(course)
    taken = 2 + max(lease.order for lease in sub_leases(course))
    return groups[taken][1] if taken < len(groups) else ()


SHORT_TERMS = {
    (PARK_A.code, 1): date(2026, 12, 31),
    (PARK_C.code, 1): date(2027, 3, 31),
    (PARK_B.code, 2): date(2027, 9, 30),
}
"""Warehouses let for some years only, by park and order: the last day of the term."""


@dataclass(frozen=True, slots=True)
class DirectLease:
    """Land the State leases to an investor itself, on the day it is handed over."""

    park: Park
    names: tuple[str, ...]
    day: date
    number: str
    investor: str
    tax_code: str

    def pieces(self) -> list[Piece]:
        """Its parcels."""
        return [piece for piece in self.park.parcels() if piece.name in self.names]


DIRECT = DirectLease(
    PARK_A,
    ("114", "115"),
    date(2025, 6, 30),
    "88/QĐ-MH-A",
    "Công ty TNHH Pin lưu trữ Minh Hoạ (Hàn Quốc)",
    "9900000091",
)
RESERVED_FROM, RESERVED_TO = date(2026, 9, 1), date(2027, 3, 1)
CORRECTED = (PARK_A.code, 4)
CORRECTION_DAY, CORRECTION_M2 = date(2024, 2, 5), Decimal(500)
PLAN_DAYS = {
    PARK_A.code: (date(2021, 3, 15), date(2024, 5, 20)),
    PARK_B.code: (date(2021, 6, 10), date(2024, 5, 20)),
    PARK_C.code: (date(2021, 9, 1), None),
}
