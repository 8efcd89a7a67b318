"""A cluster made by an older version gets the login that came later, and keeps its passwords."""

from __future__ import annotations

from pathlib import Path

from gisapp.cluster.home import ClusterHome, Logins
from gisapp.cluster.server import ROLES, Cluster


def test_a_login_that_came_later_gets_a_password(open_folder: Path) -> None:
    home = ClusterHome(open_folder / "postgres")
    account = home.make()
    old = {"postgres": "a", "gisapp_owner": "b", "gisapp_read": "c", "gisapp_write": "d"}
    home.keep_logins(Logins(20001, old), account)
    cluster = Cluster(home)
    cluster.complete_logins()
    known = cluster.logins()
    assert known.port == 20001 and old.items() <= known.passwords.items()
    assert known.passwords.keys() >= set(ROLES) and len(known.passwords["gisapp_household"]) > 20
    cluster.complete_logins()
    assert cluster.logins() == known
