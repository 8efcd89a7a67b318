"""The private cluster: made, killed, found again, and never mistaken for another."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from gisapp.cluster import instance, process, programs
from gisapp.cluster.errors import (
    ClusterOfAnother,
    CredentialsLost,
    FolderForeign,
    NotRunning,
    ProgramsMissing,
    SocketFolderUnsafe,
    VersionMissing,
)
from gisapp.cluster.home import ROOT_FALLBACK, Account, ClusterHome
from gisapp.cluster.server import Cluster

ASLEEP = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"


@pytest.fixture
def place(open_folder: Path) -> Path:
    """A folder for clusters."""
    return open_folder


@pytest.fixture
def cluster(place: Path) -> Iterator[Cluster]:
    made = Cluster(ClusterHome.under(place / "var"))
    yield made
    made.stop()


def test_a_new_cluster_is_closed_durable_and_prepared(cluster: Cluster) -> None:
    assert instance.start(cluster) is True
    with cluster.connect("gisapp") as connection:
        shown = {
            name: connection.execute(f"SHOW {name}").fetchone()
            for name in (
                "data_checksums",
                "listen_addresses",
                "password_encryption",
                "fsync",
                "full_page_writes",
                "server_encoding",
                "lc_collate",
                "jit",
                "log_error_verbosity",
                "max_connections",
            )
        }
        assert {name: row[0] for name, row in shown.items() if row} == {
            "data_checksums": "on",
            "listen_addresses": "127.0.0.1",
            "password_encryption": "scram-sha-256",
            "fsync": "on",
            "full_page_writes": "on",
            "server_encoding": "UTF8",
            "lc_collate": "C.UTF-8",
            "jit": "off",
            "log_error_verbosity": "terse",
            "max_connections": "100",
        }
        rows = connection.execute("SELECT DISTINCT auth_method FROM pg_hba_file_rules").fetchall()
        assert rows == [("scram-sha-256",)]
        kinds = connection.execute(
            "SELECT DISTINCT left(rolpassword, 13) FROM pg_authid WHERE rolcanlogin"
        ).fetchall()
        assert kinds == [("SCRAM-SHA-256",)]
        supers = connection.execute("SELECT rolname FROM pg_roles WHERE rolsuper").fetchall()
        assert supers == [("postgres",)]


def test_passwords_and_data_are_the_owners_alone(cluster: Cluster) -> None:
    cluster.start()
    assert cluster.home.logins_file.stat().st_mode & 0o777 == 0o600
    for folder in (cluster.home.path, cluster.home.pgdata, cluster.home.socket_folder()):
        assert folder.stat().st_mode & 0o077 == 0
    conninfo = cluster.logins().conninfo("gisapp_owner")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(**{**conninfo, "password": "x", "dbname": "postgres", "user": "postgres"})  # type: ignore[arg-type]


def test_the_server_never_runs_as_root(cluster: Cluster) -> None:
    cluster.start()
    pid = process.postmaster(cluster.home.pgdata)
    assert pid is not None
    owner = Path(f"/proc/{pid}").stat().st_uid
    assert owner != 0
    assert owner == (Account.of(os.geteuid()).uid or cluster.home.account().uid)


def test_a_second_start_changes_nothing(cluster: Cluster) -> None:
    assert cluster.start() is True
    before = cluster.status()
    assert cluster.start() is False
    assert cluster.status() == before
    assert before.accepts


def test_many_starts_at_once_make_one_server(place: Path, cluster: Cluster) -> None:
    call = (
        "from pathlib import Path; from gisapp.cluster import instance;"
        "from gisapp.cluster.home import ClusterHome; from gisapp.cluster.server import Cluster;"
        f"print(instance.start(Cluster(ClusterHome.under(Path({str(place / 'var')!r})))))"
    )
    calls = [
        subprocess.Popen([sys.executable, "-c", call], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    said = sorted(running.communicate(timeout=60)[0].strip() for running in calls)
    assert said == ["False", "False", "False", "True"]
    assert cluster.status().accepts


def test_a_killed_server_comes_back_with_what_was_committed(cluster: Cluster) -> None:
    instance.start(cluster)
    with instance.connect_owner(cluster) as owner:
        owner.execute("CREATE SCHEMA kept")
        owner.execute("CREATE TABLE kept.t AS SELECT generate_series(1, 1000) AS a")
    first = process.postmaster(cluster.home.pgdata)
    assert first is not None
    assert process.send(first, cluster.home.pgdata, signal.SIGKILL)
    assert instance.start(cluster) is True
    assert process.postmaster(cluster.home.pgdata) != first
    with instance.connect_owner(cluster) as owner:
        assert owner.execute("SELECT count(*) FROM kept.t").fetchone() == (1000,)


def test_a_killed_server_with_a_session_at_work_comes_back(cluster: Cluster) -> None:
    instance.start(cluster)
    asleep = instance.connect_owner(cluster)

    def sleep() -> None:
        with pytest.raises(psycopg.OperationalError):
            asleep.execute("SELECT pg_sleep(60)")

    sleeper = threading.Thread(target=sleep)
    sleeper.start()
    with cluster.connect() as watch:
        _until(lambda: watch.execute(ASLEEP).fetchone() == (1,))
    pid = process.postmaster(cluster.home.pgdata)
    assert pid is not None
    process.send(pid, cluster.home.pgdata, signal.SIGKILL)
    assert instance.start(cluster) is True
    sleeper.join(30)
    asleep.close()
    assert not sleeper.is_alive()


def test_a_stale_file_naming_a_living_stranger_does_not_matter(cluster: Cluster) -> None:
    """The number in postmaster.pid is somebody else's now, of the same user even."""
    cluster.start()
    pid_file = cluster.home.pgdata / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    lock_lines = next(cluster.home.socket_folder().glob("*.lock")).read_text().splitlines()
    lock = next(cluster.home.socket_folder().glob("*.lock"))
    cluster.stop()
    account = cluster.home.account()
    changes = {"user": account.uid, "group": account.gid} if os.geteuid() == 0 else {}
    stranger = subprocess.Popen(["/bin/sleep", "300"], cwd="/", **changes)  # type: ignore[call-overload]
    try:
        pid_file.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        lock.write_text("\n".join([str(stranger.pid), *lock_lines[1:]]) + "\n")
        for path in (pid_file, lock):
            if os.geteuid() == 0:
                os.chown(path, account.uid, account.gid)
        assert cluster.status().pid is None
        assert cluster.stop() is False
        assert stranger.poll() is None
        assert cluster.start() is True
        assert stranger.poll() is None
        cluster.stop()
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_two_clusters_do_not_know_each_other(place: Path, cluster: Cluster) -> None:
    other = Cluster(ClusterHome.under(place / "other"))
    cluster.start()
    other.start()
    try:
        before = other.status()
        assert before.port != cluster.status().port
        # the worst case: the first one's file names the second one's server
        mine, theirs = (c.home.pgdata / "postmaster.pid" for c in (cluster, other))
        cluster.stop()
        mine.write_bytes(theirs.read_bytes())
        assert cluster.status().pid is None
        assert cluster.stop() is False
        assert cluster.start() is True
        assert cluster.stop() is True
        assert other.status() == before
        assert before.accepts
    finally:
        other.stop()


def test_a_taken_port_is_left_to_whoever_has_it(cluster: Cluster) -> None:
    import socket

    cluster.start()
    port = cluster.status().port
    assert port is not None
    cluster.stop()
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", port))
        taken.listen()
        cluster.start()
        assert cluster.status().port != port
        assert cluster.status().accepts
    moved = cluster.status().port
    cluster.stop()
    cluster.start()
    assert cluster.status().port == moved


def test_stop_ends_its_server_and_says_when_there_was_none(cluster: Cluster) -> None:
    assert cluster.stop() is False
    cluster.start()
    assert cluster.stop() is True
    assert cluster.stop() is False
    assert list(process.workers(cluster.home.pgdata)) == []
    with pytest.raises(NotRunning):
        cluster.connect()


def test_a_killed_initdb_leaves_no_half_cluster(cluster: Cluster) -> None:
    account = cluster.home.make()
    half = cluster.home.path / "pgdata.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("15\n")
    if os.geteuid() == 0:
        os.chown(half, account.uid, account.gid)
    assert cluster.start() is True
    assert not half.exists()


def test_a_long_path_gets_a_short_socket(place: Path) -> None:
    deep = Cluster(ClusterHome.under(place / ("x" * 60) / ("y" * 60)))
    folder = deep.home.make() and deep.home.socket_folder()
    try:
        deep.start()
        assert len(os.fsencode(folder / ".s.PGSQL.65535.lock")) <= 107
        assert list(folder.glob(".s.PGSQL.*"))
        assert deep.status().accepts
    finally:
        deep.stop()
        folder.rmdir()


def test_a_strangers_socket_folder_is_refused(place: Path) -> None:
    home = ClusterHome.under(place / ("x" * 60) / ("y" * 60))
    home.make()
    folder = home.socket_folder()
    folder.chmod(0o777)
    try:
        with pytest.raises(SocketFolderUnsafe):
            Cluster(home).start()
    finally:
        folder.rmdir()


def test_missing_programs_are_named_with_the_command(place: Path) -> None:
    home = ClusterHome.under(place / "var")
    with pytest.raises(ProgramsMissing) as refused:
        Cluster(home, roots=[]).start()
    command = str(refused.value.context["command"])
    assert command.endswith(
        "apt-get install --no-install-recommends postgresql-15 postgresql-15-postgis-3"
    )
    assert not home.path.exists()


def test_postgresql_without_postgis_names_the_extension(place: Path, cluster: Cluster) -> None:
    """A PostgreSQL of which only the programs are installed."""
    found = programs.find()
    bare = place / "bare" / "bin"
    bare.mkdir(parents=True)
    for name in programs.NEEDED:
        (bare / name).symlink_to(found.path(name))
    with pytest.raises(ProgramsMissing) as refused:
        Cluster(ClusterHome.under(place / "var"), roots=[bare]).start()
    assert refused.value.context["missing"] == "PostGIS"
    assert str(refused.value.context["command"]).endswith(f"postgresql-{found.version}-postgis-3")


def test_data_of_another_version_ask_for_that_version(cluster: Cluster) -> None:
    cluster.start()
    cluster.stop()
    (cluster.home.pgdata / "PG_VERSION").write_text("14\n")
    with pytest.raises(VersionMissing) as refused:
        cluster.start()
    assert "postgresql-14 postgresql-14-postgis-3" in str(refused.value.context["command"])


def test_a_folder_with_other_things_is_left_alone(cluster: Cluster) -> None:
    cluster.home.make()
    cluster.home.pgdata.mkdir()
    (cluster.home.pgdata / "letter.txt").write_text("mine")
    with pytest.raises(FolderForeign):
        cluster.start()
    assert (cluster.home.pgdata / "letter.txt").read_text() == "mine"


def test_lost_passwords_are_said_and_nothing_is_overwritten(cluster: Cluster) -> None:
    cluster.start()
    cluster.stop()
    kept = cluster.home.logins_file.read_text()
    cluster.home.logins_file.unlink()
    with pytest.raises(CredentialsLost):
        cluster.start()
    cluster.home.write(cluster.home.logins_file, kept, cluster.home.account())
    assert cluster.start() is True


def test_a_data_folder_nobody_may_walk_to_moves_the_cluster(place: Path) -> None:
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    home = ClusterHome.under(closed / "var")
    if os.geteuid() == 0:
        assert home.path.parent == ROOT_FALLBACK
        assert home == ClusterHome.under(closed / "var")
    else:
        assert home.path == closed / "var" / "postgres"


def test_another_users_cluster_is_refused(cluster: Cluster) -> None:
    """Run as the account ``nobody``: the passwords are not readable, and the refusal says whose."""
    cluster.start()
    if os.geteuid() != 0:
        with pytest.raises(ClusterOfAnother):
            ClusterHome(Path("/")).account()
        return
    call = (
        f"import sys; sys.path[:0] = {sys.path!r}\n"
        "from pathlib import Path\n"
        "from gisapp.cluster.home import ClusterHome\n"
        "from gisapp.cluster.errors import ClusterOfAnother\n"
        "import os; os.setgid(65534); os.setuid(65534)\n"
        f"try: ClusterHome(Path({str(cluster.home.path)!r})).logins()\n"
        "except ClusterOfAnother as refused: print(refused.context['owner'])\n"
    )
    said = subprocess.run([sys.executable, "-c", call], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "postgres"


def _until(condition: object, seconds: float = 10) -> None:
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def test_a_home_is_made_by_many_at_once(place: Path) -> None:
    make = (
        "import sys, pathlib; from gisapp.cluster.home import ClusterHome;"
        "ClusterHome.under(pathlib.Path(sys.argv[1])).make()"
    )
    for number in range(3):
        folder = place / f"new{number}" / "var"
        makers = [
            subprocess.Popen([sys.executable, "-c", make, str(folder)], stderr=subprocess.PIPE)
            for _ in range(5)
        ]
        told = [maker.communicate()[1].decode() for maker in makers]
        assert [maker.returncode for maker in makers] == [0] * 5, told
