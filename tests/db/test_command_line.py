"""``gisapp db`` as a person calls it: words, exit codes, JSON, and no traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from gisapp.cluster import preparation
from tests.conftest import TestDatabase


class Gisapp:
    """The command line against one data folder."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", "/"),
            **environment,
        }

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "gisapp.cli", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )


@pytest.fixture
def private(open_folder: Path) -> Iterator[Gisapp]:
    """A machine of one's own with nothing on it."""
    command = Gisapp({"GISAPP_DATA_DIR": str(open_folder / "var")})
    yield command
    command("db", "stop")


@pytest.fixture
def named(fresh_database: TestDatabase, tmp_path: Path) -> Gisapp:
    """An existing server named by its four logins."""
    return Gisapp(
        {
            "GISAPP_DATA_DIR": str(tmp_path),
            "GISAPP_DATABASE_URL": fresh_database.url("gisapp_owner"),
            "GISAPP_DATABASE_URL_READ": fresh_database.url("gisapp_read"),
            "GISAPP_DATABASE_URL_WRITE": fresh_database.url("gisapp_write"),
            "GISAPP_DATABASE_URL_HOUSEHOLD": fresh_database.url("gisapp_household"),
        }
    )


def test_from_nothing_to_a_saved_and_restored_register(
    private: Gisapp, open_folder: Path, tmp_path: Path
) -> None:
    absent = private("db", "status", "--json")
    assert json.loads(absent.stdout)["made"] is False
    started = private("db", "start")
    assert (started.returncode, started.stderr) == (0, "")
    assert "Cơ sở dữ liệu đã chạy" in started.stdout
    assert "already" in private("--lang", "en", "db", "start").stdout
    now = json.loads(private("db", "status", "--json").stdout)
    assert now["accepts"] is True
    before = private("db", "check")
    assert before.returncode == 2
    assert "✗ lược đồ" in before.stdout
    assert private("db", "upgrade").returncode == 0
    checked = private("db", "check")
    assert (checked.returncode, "✗" in checked.stdout) == (0, False)

    file = str(tmp_path / "a.dump")
    assert private("db", "backup", file).returncode == 0
    again = private("db", "backup", file)
    assert again.returncode == 2
    assert "không bao giờ ghi đè" in again.stderr
    full = private("--lang", "en", "db", "restore", file)
    assert full.returncode == 2
    assert "never writes over data" in full.stderr

    other = Gisapp({**private.environment, "GISAPP_DATA_DIR": str(open_folder / "second")})
    try:
        assert other("db", "start").returncode == 0
        assert other("db", "restore", file).returncode == 0
        assert other("db", "check").returncode == 0
    finally:
        assert other("db", "stop").returncode == 0
    assert private("db", "stop").returncode == 0
    assert "không chạy" in private("db", "stop").stdout


def test_check_prints_the_administrators_sql_only_when_it_is_needed(
    named: Gisapp, fresh_database: TestDatabase
) -> None:
    good = named("db", "check")
    assert good.returncode == 0, good.stdout + good.stderr
    assert "CREATE" not in good.stdout
    with fresh_database.server.connect(database=fresh_database.name) as administrator:
        administrator.execute("DELETE FROM spatial_ref_sys WHERE srid = 989210")
        administrator.execute("COMMENT ON SCHEMA spatial IS 'prepared long ago'")
    bad = named("db", "check")
    assert bad.returncode == 2
    assert "✗ hệ toạ độ VN-2000 riêng: 19" in bad.stdout
    assert "980000 + epsg" in bad.stdout
    found = json.loads(named("db", "check", "--json").stdout)
    assert [f["name"] for f in found if not f["holds"]] == ["planes", "prepared"]


def test_the_administrators_sql_prepares_a_server(named: Gisapp, server_psql: Psql) -> None:
    """The printed script, run by psql as it stands, twice."""
    script = named("db", "check", "--sql").stdout.replace(server_psql.source, server_psql.target)
    for _time in range(2):
        ran = server_psql.run(script)
        assert ran.returncode == 0, ran.stderr
    with server_psql.database.server.connect(database=server_psql.target) as administrator:
        assert preparation.up_to_date(administrator)
    with server_psql.database.server.connect("gisapp_read", server_psql.target) as reader:
        assert reader.execute("SELECT current_user").fetchone() == ("gisapp_read",)


def test_without_a_superuser_the_register_stands_on_its_fall_back(
    named: Gisapp, server_psql: Psql
) -> None:
    """A managed server: its administrator installs extensions but may not make operators."""
    database = server_psql.database
    with database.server.connect() as superuser:
        superuser.execute(f"CREATE DATABASE {server_psql.target} OWNER gisapp_owner")
    with database.server.connect(database=server_psql.target) as superuser:
        superuser.execute("CREATE EXTENSION postgis; CREATE EXTENSION btree_gist")
        superuser.execute("GRANT ALL ON spatial_ref_sys TO gisapp_owner")
        superuser.execute("GRANT CREATE ON SCHEMA public TO gisapp_owner WITH GRANT OPTION")
        superuser.execute("GRANT USAGE ON SCHEMA public TO gisapp_read, gisapp_write")
    with database.server.connect("gisapp_owner", server_psql.target) as administrator:
        assert preparation.prepare(administrator)
    urls = {
        name: value.replace(server_psql.source, server_psql.target)
        for name, value in named.environment.items()
    }
    managed = Gisapp(urls)
    assert managed("db", "upgrade").returncode == 0
    checked = managed("db", "check")
    assert checked.returncode == 0, checked.stdout
    assert "✗ toán tử chống chồng lấn" in checked.stdout
    with database.server.connect(database=server_psql.target) as superuser:
        kept_by = superuser.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'land.parcel_version'::regclass"
            " AND tgname ~ 'overlap'"
        ).fetchone()
    assert kept_by is not None
    assert int(str(kept_by[0])) >= 1


def test_the_private_cluster_is_not_used_beside_a_named_server(named: Gisapp) -> None:
    for command in ("start", "stop", "status"):
        refused = named("db", command)
        assert refused.returncode == 2
        assert "GISAPP_DATABASE_URL" in refused.stderr


def test_a_refusal_is_json_for_machines(named: Gisapp) -> None:
    refused = named("db", "status", "--json")
    assert refused.returncode == 2
    assert json.loads(refused.stdout)["error"]["code"] == "cluster-not-used"


def test_the_doctor_looks_at_machine_and_database(named: Gisapp) -> None:
    found = {finding["name"]: finding for finding in json.loads(named("doctor", "--json").stdout)}
    assert {name for name, finding in found.items() if not finding["holds"]} == set()
    assert {"python", "programs", "sandbox", "disk", "vendor-files", "login-owner", "revision"} <= (
        set(found)
    )


def test_the_doctor_says_what_is_missing(private: Gisapp) -> None:
    ill = private("doctor")
    assert ill.returncode == 2
    assert "✗ đăng nhập chủ sở hữu" in ill.stdout
    assert "Traceback" not in ill.stderr


def test_a_typing_error_in_the_environment_stops_every_command(private: Gisapp) -> None:
    wrong = Gisapp({**private.environment, "GISAPP_DATADIR": "/x"})
    refused = wrong("db", "start")
    assert refused.returncode == 2
    assert "GISAPP_DATA_DIR" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_server_that_does_not_answer_is_said_in_words(named: Gisapp) -> None:
    url = named.environment["GISAPP_DATABASE_URL"].rsplit(":", 1)[0] + ":1/nowhere"
    away = Gisapp({**named.environment, "GISAPP_DATABASE_URL": url})
    checked = away("db", "check")
    assert checked.returncode == 2
    assert "✗ đăng nhập chủ sở hữu" in checked.stdout
    upgraded = away("db", "upgrade")
    assert upgraded.returncode == 2
    assert "Traceback" not in upgraded.stderr


def test_an_unknown_command_is_refused(private: Gisapp) -> None:
    assert private("db", "destroy").returncode == 2
    assert private("nonsense").returncode == 2
    assert private("--help").returncode == 0


class Psql:
    """PostgreSQL's own client, as an administrator uses it."""

    def __init__(self, database: TestDatabase, target: str) -> None:
        self.database = database
        self.source = database.name
        self.target = target

    def run(self, script: str) -> subprocess.CompletedProcess[str]:
        """Feed a script as the superuser."""
        server = self.database.server
        known = server.logins.conninfo(server.superuser, "postgres")
        environment = {
            "PATH": os.environ["PATH"],
            "PGHOST": server.host,
            "PGPORT": str(known["port"]),
            "PGUSER": str(known["user"]),
            "PGPASSWORD": str(known["password"]),
            "PGDATABASE": "postgres",
        }
        return subprocess.run(
            ["psql", "--no-psqlrc", "--quiet"],
            input=script,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def server_psql(fresh_database: TestDatabase) -> Iterator[Psql]:
    """psql on the tests' server, and the name of a database that does not exist yet."""
    target = fresh_database.name + "_by_hand"
    yield Psql(fresh_database, target)
    with fresh_database.server.connect() as connection:
        fresh_database.server.drop(connection, target)
