"""Which meridian each province's cadastral and planning data were made on.

Source: Circular 26/2024/TT-BTNMT, annex 01, beside the EPSG area-of-use texts; ``status`` says
how well each row is attested (``verified``: two sources or more; ``verified-single``: one).
The coordinate system belongs to the data set, so the 63 provinces before 1 July 2025 are the
key: a merged province holds data on several meridians. The meridians of Circular 24/2025 are for
provincial administrative maps only; they are kept beside as ``admin_map_meridian_2025``.
"""

from __future__ import annotations

import csv
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from layers.crs.registry import PLANES, Plane
from layers.errors import ProvinceUnknown


@dataclass(frozen=True)
class Province:
    """A province as of 2024, the plane of its data, and the province it is in since July 2025."""

    code: str
    name: str
    meridian: str
    srid: int
    status: str
    sources: str
    code_2025: str
    name_2025: str
    admin_map_meridian_2025: str
    admin_map_status: str

    @property
    def plane(self) -> Plane:
        """The legal 3° plane of the province's cadastral and planning data."""
        return PLANES[self.srid]


@lru_cache(maxsize=1)
def provinces() -> tuple[Province, ...]:
    """Return the 63 provinces of 2024, in the order of their statistical codes."""
    table = resources.files("layers.crs").joinpath("provinces.csv").read_text(encoding="utf-8")
    return tuple(
        Province(
            code=row["code_2024"],
            name=row["name_2024"],
            meridian=row["meridian"],
            srid=int(row["srid"]),
            status=row["status"],
            sources=row["sources"],
            code_2025=row["code_2025"],
            name_2025=row["name_2025"],
            admin_map_meridian_2025=row["admin_map_meridian_2025"],
            admin_map_status=row["admin_map_status"],
        )
        for row in csv.DictReader(table.splitlines())
    )


def province(name_or_code: str) -> Province:
    """Find a province of 2024 by its name (diacritics and case do not matter) or its code.

    Raises:
        ProvinceUnknown: nothing of that name or code.
    """
    wanted = _plain(name_or_code)
    for candidate in provinces():
        if wanted in (candidate.code, _plain(candidate.name)):
            return candidate
    raise ProvinceUnknown(province=name_or_code)


def planes_since_2025(name_or_code_2025: str) -> tuple[Plane, ...]:
    """Return every plane met in the data of a province as it has been since July 2025.

    Raises:
        ProvinceUnknown: nothing of that name or code.
    """
    wanted = _plain(name_or_code_2025)
    srids = {old.srid for old in provinces() if wanted in (old.code_2025, _plain(old.name_2025))}
    if not srids:
        raise ProvinceUnknown(province=name_or_code_2025)
    return tuple(PLANES[srid] for srid in sorted(srids))


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.strip().lower().replace("đ", "d"))
    return "".join(mark for mark in decomposed if not unicodedata.combining(mark))
