"""RFC 7946 from PostGIS: every feature is written by the database and passes through in constant
memory.
"""

from collections.abc import Iterator

from psycopg import sql
from sqlalchemy.orm import Session

from layers.copying import driver_connection
from layers.exporting.source import FEATURE, ExportSource

DECIMALS = 7
"""Degrees at 7 decimals are about 1 cm; RFC 7946 asks for no more precision than is there."""

# Raw JSON through COPY: the quote and delimiter are control characters, which JSON always escapes.
_RAW = sql.SQL("(FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')")


def geojson_stream(session: Session, source: ExportSource) -> Iterator[bytes]:
    """Yield one FeatureCollection: WGS 84 (lon, lat), ≤ 7 decimals, exterior rings counter-
    clockwise.

    No `crs` member, as RFC 7946 demands; areas travel as attributes, because re-measuring rounded
    degrees would change them.
    Holds the session's transaction until it is read to the end.
    """
    rows, values = source.rows()
    # row_to_json looks its columns' output functions up once; json_build_object does so every row.
    named = sql.SQL(", ").join(sql.Identifier("item", name) for name in source.properties)
    statement = sql.SQL(
        'COPY (SELECT \'{{"type":"Feature","id":\' || to_json({id}) || \',"geometry":\' '
        "|| public.ST_AsGeoJSON(public.ST_ForcePolygonCCW({shape}), {decimals}) "
        "|| ',\"properties\":' || (SELECT row_to_json(p) FROM (SELECT {named}) AS p)::text || '}}' "
        "FROM ({rows}) AS item) TO STDOUT {raw}"
    ).format(
        id=sql.Identifier("item", source.properties[0]),
        shape=sql.Identifier("item", FEATURE.wgs84),
        decimals=sql.Literal(DECIMALS),
        named=named,
        rows=rows,
        raw=_RAW,
    )
    first = True
    yield b'{"type": "FeatureCollection", "features": [\n'
    with driver_connection(session).cursor() as cursor, cursor.copy(statement, values) as copy:
        for line in _lines(copy):
            yield line if first else b",\n" + line
            first = False
    yield b"\n]}\n"


def _lines(copy: object) -> Iterator[bytes]:
    for block in copy:  # type: ignore[attr-defined]
        yield from bytes(block).splitlines()
