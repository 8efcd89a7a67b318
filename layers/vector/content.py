"""What a format module finds in a file, as plain values that go through the sandbox's door.

Geometry travels as WKB with (E, N) or (longitude, latitude) order as stored; attributes as Arrow
columns of six types.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

from layers.encodings import Decision, Encoding
from layers.vector.findings import Finding
from layers.vector.formats import Format
from layers.vector.limits import Limits

ROW: Final = "row"
SHAPE: Final = "shape"


def column_key(index: int) -> str:
    """Name of the n-th attribute inside the Arrow file: the file's own names stay outside it."""
    return f"a{index}"


@dataclass(frozen=True)
class FieldFacts:
    """An attribute: its name in the file, and text, integer, decimal, date, instant or boolean."""

    name: str
    kind: str


@dataclass(frozen=True)
class CrsFacts:
    """What the file itself says of its coordinate system.

    `text` is the file's own words (`.prj`, GeoPackage definition, "EPSG:n"), `epsg` the code it
    states or GDAL recognises, `stated` whether the file says anything at all (GeoJSON without a
    `crs` member does not: by RFC 7946 it is WGS 84), `origin` where it was said.
    """

    text: str = ""
    epsg: int | None = None
    name: str = ""
    stated: bool = False
    origin: str = "none"


@dataclass(frozen=True)
class LayerFacts:
    """One layer as the file describes it; counts may be unknown before reading."""

    name: str
    features: int | None
    geometry_type: str | None
    fields: tuple[FieldFacts, ...]
    crs: CrsFacts
    encoding: Decision | None = None


@dataclass(frozen=True)
class Job:
    """What the worker is to do: a folder of files with fixed names, and the caps."""

    format: Format
    path: Path
    layer: str | None
    encoding: Encoding | None
    limits: Limits
    original_layers: tuple[str, ...] = ()
    on_progress: Callable[[int, int | None], None] = lambda done, of: None


@dataclass(frozen=True)
class Reading:
    """A layer that was read: Arrow batches of (row, shape, a0, a1, ...), facts, findings."""

    facts: LayerFacts
    batches: Iterator[Any]
    findings: list[Finding] = field(default_factory=list)


class FormatModule(Protocol):
    """What every format module offers the worker."""

    def inspect(self, job: Job) -> list[LayerFacts]:
        """The layers of the file, without their features."""

    def read(self, job: Job) -> Reading:
        """One layer with its features."""
