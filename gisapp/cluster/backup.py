"""Save the database to one file and bring it back into an empty one.

The file is PostgreSQL's custom format. What an administrator prepares (extensions, planes, schema
``spatial``) is not in it: it has to be there before the tables, because constraints and generated
columns are computed while rows arrive. A restore is one transaction.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy.engine import URL, make_url

from gisapp import migrations
from gisapp.cluster import preparation, programs
from gisapp.cluster.errors import (
    BackupFromNewer,
    BackupRefused,
    FileExists,
    NotABackup,
    NotPrepared,
    RestoreFailed,
    TargetNotEmpty,
)
from gisapp.cluster.server import ENVIRONMENT

MAGIC = b"PGDMP"
# made by the preparation, or the administrator's: never from a dump
_NOT_OURS = re.compile(
    r"^\d+; \d+ \d+ (?:"
    r"EXTENSION - "
    r"|COMMENT - EXTENSION "
    r"|(?:SCHEMA|ACL|COMMENT) - (?:SCHEMA )?(?:public|spatial) "
    r"|TABLE DATA public spatial_ref_sys "
    r")"
)


@dataclass(frozen=True)
class Saved:
    """A written backup: its size in bytes and its checksum."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Restored:
    """What came back: the number of tables and the schema's revision."""

    tables: int
    revision: str


def backup(url: str, file: Path, *, snapshot: str | None = None) -> Saved:
    """Save the owner's database to a new file; the file appears whole or not at all.

    With a ``snapshot`` (of ``pg_export_snapshot``) it is saved as that transaction sees it.

    Raises:
        FileExists: the file is there already.
        BackupRefused: the database could not be read, or the folder not written.
    """
    if file.exists():
        raise FileExists(file=str(file))
    try:
        handle, name = tempfile.mkstemp(dir=file.absolute().parent, prefix=f".{file.name}.")
    except OSError as reason:
        raise BackupRefused(file=str(file), reason=reason.strerror) from None
    os.close(handle)
    partial = Path(name)
    try:
        dumped = _run(
            make_url(url),
            "pg_dump",
            "--format=custom",
            "--exclude-schema=spatial",
            "--exclude-table-data=public.spatial_ref_sys",
            f"--file={partial}",
            *([f"--snapshot={snapshot}"] if snapshot else []),
        )
        if dumped.returncode:
            raise BackupRefused(file=str(file), reason=dumped.stderr.strip())
        _sync(partial)
        saved = Saved(partial.stat().st_size, _sha256(partial))
        give_name(partial, file)
        _sync(file.absolute().parent)
    finally:
        partial.unlink(missing_ok=True)
    return saved


def restore(url: str, file: Path) -> Restored:
    """Bring a backup back into the owner's empty, prepared database.

    Raises:
        NotABackup: not a dump of this application in custom format.
        BackupFromNewer: made by a newer version of the application.
        NotPrepared: the administrator's preparation is missing or old.
        TargetNotEmpty: the database holds something.
        RestoreFailed: PostgreSQL refused; the database is as empty as before.
    """
    target = make_url(url)
    entries, revision = check(url, file)
    wanted = [line for line in entries if not _NOT_OURS.match(line)]
    with tempfile.NamedTemporaryFile("w", suffix=".list", encoding="utf-8") as listing:
        listing.write("\n".join(wanted) + "\n")
        listing.flush()
        restored = _run(
            target,
            "pg_restore",
            "--single-transaction",
            "--exit-on-error",
            "--no-owner",
            f"--use-list={listing.name}",
            f"--dbname={target.database}",
            str(file),
        )
    if restored.returncode:
        raise RestoreFailed(file=str(file), reason=restored.stderr.strip())
    return Restored(sum(1 for line in wanted if " TABLE DATA " in line), revision)


def check(url: str, file: Path, told: Path | None = None) -> tuple[list[str], str]:
    """Look whether a dump can be brought back: its table of contents and its schema's revision.

    ``told`` is the file people know it by. Raises what `restore` does before it writes.
    """
    entries = contents(file)
    revision = _revision(file)
    if revision not in migrations.known_revisions():
        raise BackupFromNewer(file=str(told or file), revision=revision)
    _refuse_unprepared_or_full(make_url(url))
    return entries, revision


def contents(file: Path) -> list[str]:
    """The dump's table of contents, one line an entry.

    Raises:
        NotABackup: not a dump in custom format.
    """
    with file.open("rb") as opened:
        if opened.read(len(MAGIC)) != MAGIC:
            raise NotABackup(file=str(file))
    listed = _run(None, "pg_restore", "--list", str(file))
    if listed.returncode:
        raise NotABackup(file=str(file), reason=listed.stderr.strip())
    return [line for line in listed.stdout.splitlines() if line and not line.startswith(";")]


def _revision(file: Path) -> str:
    """The schema's revision that the dump carries."""
    said = _run(
        None,
        "pg_restore",
        "--data-only",
        f"--schema={migrations.VERSION_SCHEMA}",
        "--table=alembic_version",
        "--file=-",
        str(file),
    )
    rows = re.search(r"^COPY [^\n]*\n(.*?)^\\\.$", said.stdout, re.DOTALL | re.MULTILINE)
    if said.returncode or rows is None or not rows.group(1).strip():
        raise NotABackup(file=str(file), reason=said.stderr.strip())
    return rows.group(1).strip()


def _refuse_unprepared_or_full(target: URL) -> None:
    plain = target.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        if not preparation.up_to_date(connection):
            raise NotPrepared(database=target.database)
        row = connection.execute(
            "SELECT nspname FROM pg_namespace"
            " WHERE nspname NOT IN ('public', 'spatial', 'information_schema')"
            " AND nspname NOT LIKE 'pg\\_%'"
            " UNION ALL "
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')"
            " AND relkind IN ('r', 'p', 'v', 'm', 'S', 'f')"
            " LIMIT 1"
        ).fetchone()
        if row is not None:
            raise TargetNotEmpty(database=target.database, found=str(row[0]))


def _run(target: URL | None, program: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Run a PostgreSQL program; the password goes by its environment, never on the command line."""
    environment = dict(ENVIRONMENT)
    if target is not None:
        named = {
            "PGHOST": target.host or target.query.get("host"),
            "PGPORT": target.port,
            "PGUSER": target.username,
            "PGPASSWORD": target.password,
            "PGDATABASE": target.database,
            "PGSSLMODE": target.query.get("sslmode"),
            "PGSSLROOTCERT": target.query.get("sslrootcert"),
        }
        environment |= {name: str(value) for name, value in named.items() if value is not None}
    return subprocess.run(
        [programs.find().path(program), *options],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def give_name(partial: Path, file: Path) -> None:
    """Put the finished file under its name without ever replacing another."""
    try:
        os.link(partial, file)
    except FileExistsError:
        raise FileExists(file=str(file)) from None
    except OSError:  # a file system without hard links, such as a memory stick's
        if file.exists():
            raise FileExists(file=str(file)) from None
        partial.rename(file)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
