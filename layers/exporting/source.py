"""A layer to export, as a plain value: its question, and the names of what may leave."""

from dataclasses import dataclass
from typing import NamedTuple

from psycopg import sql
from sqlalchemy import TextClause
from sqlalchemy.dialects import registry
from sqlalchemy.engine.interfaces import Dialect

Parameters = dict[str, object]
_DRIVER: Dialect = registry.load("postgresql.psycopg")()


class Feature(NamedTuple):
    """Names of the columns every question answers besides its properties."""

    srid: str = "srid"
    plane: str = "geom"
    wgs84: str = "geom_wgs84"


FEATURE = Feature()


@dataclass(frozen=True, slots=True)
class ExportSource:
    """`question` answers `properties` plus `srid`, `geom` (E, N of that plane) and `geom_wgs84`
    (lon, lat).

    The first property is the feature's id; `numbers` are the properties that are numbers, `shape`
    the one kind of geometry of the layer ("Unknown" when it has several).
    """

    name: str
    question: TextClause
    properties: tuple[str, ...]
    numbers: frozenset[str]
    shape: str = "Unknown"

    def rows(self) -> tuple[sql.SQL, Parameters]:
        """Return the question in the driver's own notation with its bound values."""
        compiled = self.question.compile(dialect=_DRIVER)
        return sql.SQL(str(compiled)), dict(compiled.params)
