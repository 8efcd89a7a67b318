"""The declarative base of every mapped table, and geometry columns that state their kind."""

from datetime import datetime
from typing import Any, ClassVar

from geoalchemy2 import Geometry
from sqlalchemy import DateTime, MetaData
from sqlalchemy.orm import DeclarativeBase, MappedColumn, mapped_column

NAMING = {
    "pk": "%(table_name)s_pkey",
    "fk": "%(table_name)s_%(column_0_name)s_fkey",
    "uq": "%(table_name)s_%(column_0_name)s_key",
}


class Base(DeclarativeBase):
    """Base of all mapped classes; the tables themselves are made by migrations alone."""

    metadata = MetaData(schema="land", naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: DateTime(timezone=True)}


def geometry_column(kind: str, *, nullable: bool = False) -> MappedColumn[Any]:
    """Return a geometry column without SRID typmod: `CHECK (ST_SRID(geom) = srid)` fixes the plane
    row by row.

    Coordinates are (E, N) in metres of the row's own VN-2000 plane. `spatial_index=False` because
    migrations make
    the indexes.
    """
    return mapped_column(
        Geometry(kind, srid=-1, spatial_index=False, from_text="ST_GeomFromEWKT"), nullable=nullable
    )
