"""How much a file may ask of the machine."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

MB: Final = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Caps on one upload and on the process that reads it.

    Bytes, seconds and counts as named. `cpu_seconds` grows with the size of the file (see
    `cpu_for`), because a province's worth of parcels is honest work. `vertices_per_feature` is
    20,000 for parcels and lots; boundaries of communes and zones have more.
    """

    file_bytes: int = 200 * MB
    members: int = 20
    unpacked_bytes: int = 1024 * MB
    ratio: int = 100
    features: int = 200_000
    columns: int = 256
    text_characters: int = 10_000
    vertices_per_feature: int = 20_000
    vertices: int = 20_000_000
    findings: int = 10_000
    memory_bytes: int = 3 * 1024 * MB
    output_bytes: int = 512 * MB
    cpu_seconds: int = 20
    cpu_seconds_at_most: int = 120
    wall_seconds_per_cpu_second: int = 3
    geometry_kinds: frozenset[str] = frozenset({"Polygon", "MultiPolygon"})
    geometry_required: bool = True

    @classmethod
    def for_layer(cls, kind: str) -> Limits:
        """The caps for one kind of import (`boundary`, `admin-units`, `parcels`, `plan-lots`, ...).

        Raises:
            KeyError: no such kind.
        """
        return _BY_KIND[kind]

    def cpu_for(self, file_bytes: int) -> int:
        """Processor seconds for a file of that size: the base, and one more for each 2 MB."""
        return min(self.cpu_seconds + file_bytes // (2 * MB), self.cpu_seconds_at_most)

    def wall_for(self, file_bytes: int) -> int:
        """Seconds on the clock before the reader is killed."""
        return self.cpu_for(file_bytes) * self.wall_seconds_per_cpu_second


_LAND = Limits()
_AREAS = replace(_LAND, vertices_per_feature=500_000, features=20_000)
_TABLE = replace(_LAND, geometry_required=False)
_BY_KIND: Final = {
    "parcels": _LAND,
    "plan-lots": _LAND,
    "boundary": _AREAS,
    "admin-units": _AREAS,
    "resettlement": _AREAS,
    "projects": replace(
        _AREAS,
        geometry_required=False,
        geometry_kinds=_AREAS.geometry_kinds | {"Point", "MultiPoint"},
    ),
    "land-rights": _TABLE,
    "handovers": _TABLE,
    "list": replace(_TABLE, features=20_000, columns=64, file_bytes=20 * MB),
}
