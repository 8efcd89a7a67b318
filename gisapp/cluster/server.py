"""Make, start, look at and stop the private server."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from gisapp.cluster import process, programs
from gisapp.cluster.configuration import HBA, postgresql_conf
from gisapp.cluster.errors import (
    CredentialsLost,
    FolderForeign,
    NotRunning,
    StartFailed,
    StillInUse,
    StopFailed,
)
from gisapp.cluster.home import Account, ClusterHome, Logins
from gisapp.cluster.programs import Programs

ROLES = ("gisapp_owner", "gisapp_read", "gisapp_write", "gisapp_household")
SUPERUSER = "postgres"
FIRST_PORT, PORTS = 20000, 10000  # below the range the kernel lends to outgoing connections
START_SECONDS = 120
STOP_SECONDS = 60
ORPHAN_SECONDS = 30
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}


@dataclass(frozen=True)
class Status:
    """What is known of the cluster: ``pid`` is ``None`` when it is stopped."""

    path: Path
    made: bool
    pid: int | None
    port: int | None
    version: int | None
    accepts: bool


@dataclass(frozen=True)
class Cluster:
    """One private cluster. ``durable=False`` trades safety at power loss for speed, for tests."""

    home: ClusterHome
    durable: bool = True
    roots: Sequence[Path] | None = field(default=None, repr=False)

    def start(self) -> bool:
        """Make it if need be and start it; ``False`` when it was running already.

        Raises:
            ProgramsMissing: PostgreSQL or PostGIS is not installed.
            ClusterOfAnother, FolderForeign, CredentialsLost: the folder is not ours to use.
            StartFailed: the server did not come up; the log's last lines are in the refusal.
        """
        found = programs.find(self.version(), roots=self.roots)
        account = self.home.make()
        self.complete_logins()
        with self.home.locked():
            if process.postmaster(self.home.pgdata) is not None:
                self._wait_until_ready()
                return False
            self._clear_traces(account)
            logins = self._logins_or_new(account)
            if self.version() is None:
                self._make(found, account, logins)
            self._launch(found, account, logins)
        return True

    def stop(self) -> bool:
        """End the server and wait for it; ``False`` when it was not running.

        Raises:
            StopFailed: it still runs after a minute.
        """
        if not self.home.path.exists():
            return False
        self.home.account()
        with self.home.locked():
            pid = process.postmaster(self.home.pgdata)
            if pid is None:
                return False
            for request in (signal.SIGINT, signal.SIGQUIT):  # fast, then immediate
                process.send(pid, self.home.pgdata, request)
                if process.wait_until_gone(self.home.pgdata, STOP_SECONDS):
                    return True
            raise StopFailed(pid=pid, path=str(self.home.path))

    def status(self) -> Status:
        """How it stands now, without changing anything."""
        pid = process.postmaster(self.home.pgdata) if self.home.path.exists() else None
        logins = self.home.logins() if pid is not None else None
        return Status(
            path=self.home.path,
            made=self.version() is not None,
            pid=pid,
            port=logins.port if logins else None,
            version=self.version(),
            accepts=pid is not None and self._accepts(),
        )

    def version(self) -> int | None:
        """The PostgreSQL version that wrote the data; ``None`` before they are made."""
        try:
            return int((self.home.pgdata / "PG_VERSION").read_text(encoding="ascii"))
        except FileNotFoundError:
            return None

    def logins(self) -> Logins:
        """Port and passwords.

        Raises:
            NotRunning: the cluster has not been made.
        """
        logins = self.home.logins()
        if logins is None:
            raise NotRunning(path=str(self.home.path))
        return logins

    def connect(self, database: str = "postgres") -> psycopg.Connection[tuple[object, ...]]:
        """A superuser connection, each statement its own transaction.

        Raises:
            NotRunning: nobody answers, or not this cluster.
        """
        conninfo = self.logins().conninfo(SUPERUSER, database)
        try:
            connection = psycopg.connect(**conninfo, autocommit=True, connect_timeout=10)  # type: ignore[arg-type]
        except psycopg.OperationalError as reason:
            raise NotRunning(path=str(self.home.path), reason=str(reason)) from None
        row = connection.execute("SHOW data_directory").fetchone()
        if row is None or Path(str(row[0])).resolve() != self.home.pgdata.resolve():
            connection.close()
            raise NotRunning(path=str(self.home.path))
        return connection

    def complete_logins(self) -> None:
        """Give logins that came with a newer version of the application their passwords."""
        with self.home.locked():
            logins = self.home.logins()
            if logins is not None and not logins.passwords.keys() >= set(ROLES):
                fresh = {role: secrets.token_urlsafe(24) for role in ROLES}
                known = Logins(logins.port, fresh | logins.passwords)
                self.home.keep_logins(known, self.home.account())

    def _logins_or_new(self, account: Account) -> Logins:
        logins = self.home.logins()
        if logins is not None:
            return logins
        if self.version() is not None:
            raise CredentialsLost(path=str(self.home.logins_file))
        mark = hashlib.sha256(str(self.home.path).encode()).digest()
        logins = Logins(
            port=FIRST_PORT + int.from_bytes(mark[:4], "big") % PORTS,
            passwords={role: secrets.token_urlsafe(24) for role in (SUPERUSER, *ROLES)},
        )
        self.home.keep_logins(logins, account)
        return logins

    def _make(self, found: Programs, account: Account, logins: Logins) -> None:
        """``initdb`` beside the place, then move it there: a killed one leaves no half cluster."""
        if self.home.pgdata.exists():
            raise FolderForeign(path=str(self.home.pgdata))
        fresh = self.home.path / "pgdata.new"
        shutil.rmtree(fresh, ignore_errors=True)
        password = self.home.path / "password.new"
        self.home.write(password, logins.passwords[SUPERUSER], account)
        try:
            made = self._run(
                account,
                found.path("initdb"),
                f"--pgdata={fresh}",
                f"--username={SUPERUSER}",
                f"--pwfile={password}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--data-checksums",
                *([] if self.durable else ["--no-sync"]),
            )
        finally:
            password.unlink(missing_ok=True)
        if made.returncode:
            shutil.rmtree(fresh, ignore_errors=True)
            raise StartFailed(log="initdb", tail=made.stderr.strip())
        fresh.rename(self.home.pgdata)

    def _launch(self, found: Programs, account: Account, logins: Logins) -> None:
        said = ""
        for _attempt in range(5):
            port = _free_port(logins.port)
            if port != logins.port:
                logins = Logins(port, logins.passwords)
                self.home.keep_logins(logins, account)
            self._configure(account, port)
            started = self._run(
                account,
                found.path("pg_ctl"),
                "start",
                f"--pgdata={self.home.pgdata}",
                f"--log={self.home.log}",
                f"--timeout={START_SECONDS}",
                "--wait",
                "--silent",
            )
            if started.returncode == 0:
                self._wait_until_ready()
                return
            said = self._log_tail()
            if "Address already in use" not in said:
                break
        raise StartFailed(log=str(self.home.path / "log"), tail=said or started.stderr.strip())

    def _configure(self, account: Account, port: int) -> None:
        conf = postgresql_conf(
            port=port,
            socket_folder=self.home.socket_folder(account),
            log_folder=self.home.path / "log",
            durable=self.durable,
        )
        self.home.write(self.home.pgdata / "postgresql.conf", conf, account)
        self.home.write(self.home.pgdata / "pg_hba.conf", HBA, account)

    def _clear_traces(self, account: Account) -> None:
        """Take away what a killed server left, once nothing of it is alive.

        A ``postmaster.pid`` whose number now belongs to somebody else would keep the server from
        starting for ever; one whose number is free is PostgreSQL's own business.
        """
        pgdata = self.home.pgdata
        if not process.wait_until_gone(pgdata, 5):
            for left in list(process.workers(pgdata)):
                process.send(left, pgdata, signal.SIGQUIT)
            if not process.wait_until_gone(pgdata, ORPHAN_SECONDS):
                raise StillInUse(path=str(pgdata), pids=list(process.workers(pgdata)))
        pid = process.recorded_pid(pgdata)
        if pid is not None and process.taken(pid):
            (pgdata / "postmaster.pid").unlink()
        for trace in self.home.socket_folder(account).glob(".s.PGSQL.*"):
            trace.unlink()

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self._accepts():
            if process.postmaster(self.home.pgdata) is None or time.monotonic() > deadline:
                raise StartFailed(log=str(self.home.path / "log"), tail=self._log_tail())
            time.sleep(0.05)

    def _accepts(self) -> bool:
        try:
            self.connect().close()
        except NotRunning:
            return False
        return True

    def _log_tail(self) -> str:
        """The last lines of the newest log."""
        logs = [path for path in (self.home.path / "log").glob("*.log") if path.stat().st_size]
        if not logs:
            return ""
        newest = max(logs, key=lambda path: path.stat().st_mtime)
        lines = newest.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-8:])

    def _run(self, account: Account, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a PostgreSQL program as the account, in a folder it may enter."""
        hand_over = os.geteuid() == 0
        return subprocess.run(
            command,
            user=account.uid if hand_over else None,
            group=account.gid if hand_over else None,
            extra_groups=os.getgrouplist(account.name, account.gid) if hand_over else None,
            cwd=self.home.path,
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )


def _free_port(wanted: int) -> int:
    """The wanted loopback port, or the next one nobody listens on."""
    for step in range(PORTS):
        port = FIRST_PORT + (wanted - FIRST_PORT + step) % PORTS
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise StartFailed(log="-", tail="no free port")
