"""Bulk rows into PostGIS by COPY: the fast door, inside the caller's transaction."""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import psycopg
import shapely
from psycopg import Connection, sql
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session


def driver_connection(session: Session) -> Connection[object]:
    """Return the psycopg connection of this session's transaction."""
    connection = session.connection().connection.driver_connection
    if not isinstance(connection, Connection):
        raise TypeError("COPY needs psycopg 3")
    return connection


def ewkb_hex(shapes: Sequence[object] | npt.NDArray[np.object_], srid: int) -> list[str]:
    """Return geometries (E, N of plane `srid`) as hexadecimal EWKB, two dimensions."""
    flat = shapely.force_2d(np.asarray(shapes, dtype=object))
    coded = shapely.to_wkb(shapely.set_srid(flat, srid), hex=True, include_srid=True)
    return [str(code) for code in coded]


def copy_rows(
    session: Session, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> int:
    """COPY rows into `table` (schema-qualified or temporary); return how many.

    Geometry columns take hexadecimal EWKB, see `ewkb_hex`. Names are quoted as identifiers.

    Raises:
        DBAPIError: what PostgreSQL refused, in the same form as any other statement of the session.
    """
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(*table.split(".")), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    count = 0
    try:
        with driver_connection(session).cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
                count += 1
    except psycopg.Error as error:
        said = f"COPY {table}"
        raise DBAPIError.instance(said, None, error, psycopg.Error) from error
    return count
