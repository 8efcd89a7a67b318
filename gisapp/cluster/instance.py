"""The private instance as a whole: server, logins, database and what is prepared in it."""

from __future__ import annotations

import psycopg

from gisapp.cluster import preparation
from gisapp.cluster.home import DATABASE
from gisapp.cluster.server import Cluster

PREPARES = 0x67697361_7070_0002  # "gisapp", 2: who holds it prepares


def start(cluster: Cluster, database: str = DATABASE) -> bool:
    """Start the server and see that logins, database and preparation are there.

    Returns ``False`` when the server was running already.
    """
    started = cluster.start()
    ensure(cluster, database)
    return started


def ensure(cluster: Cluster, database: str = DATABASE) -> None:
    """Make what is missing of logins, database and preparation on the running server."""
    cluster.complete_logins()
    with cluster.connect() as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [PREPARES])
        preparation.make_roles(connection, cluster.logins().passwords)
        preparation.make_database(connection, database)
        with cluster.connect(database) as inside:
            preparation.prepare(inside)


def connect_owner(
    cluster: Cluster, database: str = DATABASE
) -> psycopg.Connection[tuple[object, ...]]:
    """A connection of the owner to a database of the cluster."""
    conninfo = cluster.logins().conninfo(preparation.OWNER, database)
    return psycopg.connect(**conninfo)  # type: ignore[arg-type]
