"""Where a private cluster lives, who owns it, and how it is reached."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import pwd
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gisapp.cluster.errors import (
    AccountMissing,
    ClusterOfAnother,
    FolderUnreachable,
    SocketFolderUnsafe,
)

SOCKET_PATH_LIMIT = 107  # bytes of sun_path without the closing zero
DEBIAN_ACCOUNT = "postgres"
ROOT_FALLBACK = Path("/var/lib/gisapp")
DATABASE = "gisapp"


@dataclass(frozen=True)
class Account:
    """A system user."""

    name: str
    uid: int
    gid: int

    @classmethod
    def of(cls, uid: int) -> Account:
        """The account with that number."""
        entry = pwd.getpwuid(uid)
        return cls(entry.pw_name, entry.pw_uid, entry.pw_gid)

    def may_pass(self, folder: Path) -> bool:
        """Whether this user can walk down to ``folder`` (folders that do not exist yet count)."""
        groups = set(os.getgrouplist(self.name, self.gid))
        for step in (folder, *folder.parents):
            try:
                facts = step.stat()
            except FileNotFoundError:
                continue
            if facts.st_uid == self.uid:
                bit = stat.S_IXUSR
            elif facts.st_gid in groups:
                bit = stat.S_IXGRP
            else:
                bit = stat.S_IXOTH
            if not facts.st_mode & bit:
                return False
        return True


@dataclass(frozen=True)
class Logins:
    """The port and the generated passwords of a private cluster, by role."""

    port: int
    passwords: dict[str, str]

    def url(self, role: str, database: str = DATABASE) -> str:
        """The SQLAlchemy URL of a role on the loopback address."""
        password = self.passwords[role]
        return f"postgresql+psycopg://{role}:{password}@127.0.0.1:{self.port}/{database}"

    def conninfo(self, role: str, database: str = DATABASE) -> dict[str, str | int]:
        """The same login as libpq keywords."""
        return {
            "host": "127.0.0.1",
            "port": self.port,
            "user": role,
            "password": self.passwords[role],
            "dbname": database,
        }


@dataclass(frozen=True)
class ClusterHome:
    """The folder of one private cluster: data, socket, logs, passwords, lock."""

    path: Path

    @classmethod
    def under(cls, data_dir: Path) -> ClusterHome:
        """The cluster of a data directory.

        Root hands the server to the user ``postgres``; where that user cannot walk to the data
        directory (a checkout in ``/root``), the cluster lives in ``/var/lib/gisapp`` under a name
        made from the directory's.
        """
        inside = data_dir.absolute() / "postgres"
        if os.geteuid() == 0 and not inside.exists():
            try:
                account = _debian_account()
            except AccountMissing:
                return cls(inside)
            if not account.may_pass(data_dir.absolute()):
                mark = hashlib.sha256(str(data_dir.absolute()).encode()).hexdigest()[:12]
                return cls(ROOT_FALLBACK / mark)
        return cls(inside)

    @property
    def pgdata(self) -> Path:
        """The cluster's own files."""
        return self.path / "pgdata"

    @property
    def log(self) -> Path:
        """What the server says while it starts; its daily logs lie beside it."""
        return self.path / "log" / "start.log"

    @property
    def logins_file(self) -> Path:
        """Port and passwords, readable by the owner alone."""
        return self.path / "server.json"

    def account(self) -> Account:
        """Who runs the server: the caller, or an ordinary user when the caller is root.

        Raises:
            AccountMissing: root calls and there is no user ``postgres``.
            ClusterOfAnother: the folder belongs to somebody else.
        """
        me = os.geteuid()
        owner = self.path.stat().st_uid if self.path.exists() else None
        if me == 0:
            return Account.of(owner) if owner else _debian_account()
        if owner is not None and owner != me:
            raise ClusterOfAnother(path=str(self.path), owner=_name(owner), caller=_name(me))
        return Account.of(me)

    def make(self) -> Account:
        """Create the folders, owned by the account that will run the server."""
        with _alone_in(self.path.parent):
            account = self.account()
            for folder in (self.path, self.path / "log"):
                if not folder.exists():
                    folder.mkdir(mode=0o700)
                    self._give(folder, account)
            if not account.may_pass(self.path):
                raise FolderUnreachable(path=str(self.path), account=account.name)
            self.socket_folder(account)
        return account

    def socket_folder(self, account: Account | None = None) -> Path:
        """The folder of the Unix socket; a short temporary one where the path is too long.

        Raises:
            SocketFolderUnsafe: the short folder is not a folder of this user alone.
        """
        account = account or self.account()
        folder = self.path / "socket"
        if len(os.fsencode(folder / ".s.PGSQL.65535.lock")) > SOCKET_PATH_LIMIT:
            mark = hashlib.sha256(os.fsencode(self.path)).hexdigest()[:12]
            folder = Path(tempfile.gettempdir()) / f"gisapp-{account.uid}-{mark}"
            if len(os.fsencode(folder / ".s.PGSQL.65535.lock")) > SOCKET_PATH_LIMIT:
                folder = Path("/tmp") / folder.name  # noqa: S108 - owner and mode are checked below
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            pass
        else:
            self._give(folder, account)
        facts = folder.lstat()
        if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != account.uid or facts.st_mode & 0o077:
            raise SocketFolderUnsafe(path=str(folder), account=account.name)
        return folder

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One start or stop at a time; the second waits for the first."""
        handle = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def logins(self) -> Logins | None:
        """Port and passwords; ``None`` when the cluster has not been made.

        Raises:
            ClusterOfAnother: only another user may read them.
        """
        try:
            stored = json.loads(self.logins_file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except PermissionError:
            owner = _name(self.path.stat().st_uid)
            raise ClusterOfAnother(
                path=str(self.path), owner=owner, caller=_name(os.geteuid())
            ) from None
        return Logins(port=stored["port"], passwords=stored["passwords"])

    def keep_logins(self, logins: Logins, account: Account) -> None:
        """Write port and passwords; a crash leaves the old file or the new one, never half."""
        text = json.dumps({"port": logins.port, "passwords": logins.passwords}, indent=1)
        self.write(self.logins_file, text, account)

    def write(self, path: Path, text: str, account: Account) -> None:
        """Write a file for the account alone, whole or not at all."""
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        fresh = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            self._give(fresh, account)
            fresh.replace(path)
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise

    @staticmethod
    def _give(path: Path, account: Account) -> None:
        if os.geteuid() == 0:
            os.chown(path, account.uid, account.gid)


@contextmanager
def _alone_in(parent: Path) -> Iterator[None]:
    """Make ``parent`` where it is missing; one process at a time makes folders in it."""
    try:
        parent.mkdir(parents=True)
    except FileExistsError:
        pass
    else:
        parent.chmod(0o755)  # whatever the umask: the account must walk through
    try:
        handle = os.open(parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except PermissionError:  # nothing can be made there either
        yield
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _debian_account() -> Account:
    try:
        entry = pwd.getpwnam(DEBIAN_ACCOUNT)
    except KeyError:
        raise AccountMissing(account=DEBIAN_ACCOUNT) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
