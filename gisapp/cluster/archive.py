"""The whole register in one file: the database's dump and every file its rows name.

An archive is a tar: ``register.dump``, the files under their paths in the data folder, and last of
all ``manifest.json``, without which it is not whole. Which files belong to it is asked in the very
snapshot that is dumped. A plain dump of former versions can still be brought back; what it lacks is
said.
"""

from __future__ import annotations

import io
import json
import os
import re
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, Final

import psycopg
from sqlalchemy.engine import make_url

from gisapp.cluster import backup
from gisapp.cluster.errors import BackupRefused, FileExists, NotABackup, RestoreFailed
from gisapp.cluster.kept_files import BLOCK, Named, State, faulty, named, sha256_of

DUMP: Final = "register.dump"
MANIFEST: Final = "manifest.json"
FORMAT: Final = 1
_PATH: Final = re.compile(
    r"(sheets|documents|photos)/([0-9a-f]{2})/\2[0-9a-f]{62}"
    r"|uploads/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)


@dataclass(frozen=True)
class Kept:
    """A written archive: bytes, checksum, files in it, and the files there were none of."""

    size: int
    sha256: str
    files: int
    faulty: tuple[tuple[Named, State], ...]


@dataclass(frozen=True)
class Back:
    """What came back: tables, the schema's revision, files, and the files still wanting."""

    tables: int
    revision: str
    files: int
    faulty: tuple[tuple[Named, State], ...]


def keep(url: str, data_dir: Path, file: Path) -> Kept:
    """Save the owner's database and its files to a new file, which appears whole or not at all.

    Raises:
        FileExists: the file is there already.
        BackupRefused: the database could not be read, or the folder not written.
    """
    if file.exists():
        raise FileExists(file=str(file))
    try:
        with (
            TemporaryDirectory(dir=file.absolute().parent, prefix=f".{file.name}.") as made,
            _snapshot(url, file) as (connection, snapshot),
        ):
            folder = Path(made)
            backup.backup(url, folder / DUMP, snapshot=snapshot)
            wanted = named(connection)
            lost = tuple(faulty(data_dir, wanted, read=True))
            there = [each for each in wanted if each not in {gone for gone, _ in lost}]
            _write(folder / "whole", folder / DUMP, data_dir, there, lost)
            size, content = (folder / "whole").stat().st_size, sha256_of(folder / "whole")
            backup.give_name(folder / "whole", file)
    except OSError as reason:
        raise BackupRefused(file=str(file), reason=reason.strerror or str(reason)) from None
    return Kept(size, content, len(there), lost)


@contextmanager
def _snapshot(url: str, file: Path) -> Iterator[tuple[psycopg.Connection[Any], str]]:
    """One moment of the database for the dump and for the list of files."""
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        connection = psycopg.connect(plain)
    except psycopg.OperationalError as reason:
        raise BackupRefused(file=str(file), reason=str(reason).strip()) from None
    with connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        yield connection, str(row[0] if row else "")


def _write(
    whole: Path,
    dump: Path,
    data_dir: Path,
    files: list[Named],
    lost: tuple[tuple[Named, State], ...],
) -> None:
    manifest = {
        "format": FORMAT,
        "dump": {"sha256": sha256_of(dump), "size": dump.stat().st_size},
        "files": [asdict(each) for each in files],
        "faulty": [{**asdict(each), "state": state} for each, state in lost],
    }
    with whole.open("xb") as opened:
        os.fchmod(opened.fileno(), 0o600)
        with tarfile.open(fileobj=opened, mode="w", format=tarfile.PAX_FORMAT) as tar:
            for name, path in [
                (DUMP, dump),
                *((each.path, data_dir / each.path) for each in files),
            ]:
                with path.open("rb") as content:
                    _put(tar, name, content, path.stat().st_size)
            told = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
            _put(tar, MANIFEST, io.BytesIO(told), len(told))
        opened.flush()
        os.fsync(opened.fileno())


def _put(tar: tarfile.TarFile, name: str, content: IO[bytes], size: int) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    tar.addfile(entry, content)


def bring_back(url: str, data_dir: Path, file: Path) -> Back:
    """Bring an archive, or a former plain dump, back into the owner's empty, prepared database.

    Files are put in place first and taken away again when the database refuses; none is ever
    written over.

    Raises:
        NotABackup: neither, or not whole.
        What `backup.restore` raises; RestoreFailed also when a file cannot be written.
    """
    if _is_dump(file):
        restored = backup.restore(url, file)
        return Back(restored.tables, restored.revision, 0, _wanting(url, data_dir))
    with _opened(file) as tar:
        manifest = _manifest(tar, file)
        put: list[Path] = []
        try:
            data_dir.mkdir(parents=True, exist_ok=True)
            with TemporaryDirectory(dir=data_dir, prefix="restoring-") as made:
                dump = Path(made) / DUMP
                _take(tar, file, DUMP, dump, manifest["dump"]["sha256"])
                backup.check(url, dump, file)
                for each in manifest["files"]:
                    _place(tar, file, Named(**each), data_dir, Path(made), put)
                restored = backup.restore(url, dump)
        except BaseException as error:
            for path in put:
                path.unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise RestoreFailed(file=str(file), reason=error.strerror or str(error)) from None
            raise
    return Back(restored.tables, restored.revision, len(manifest["files"]), _wanting(url, data_dir))


def _is_dump(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(len(backup.MAGIC)) == backup.MAGIC


@contextmanager
def _opened(file: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(file, mode="r:") as tar:
            yield tar
    except tarfile.TarError as reason:
        raise NotABackup(file=str(file), reason=str(reason)) from None


def _manifest(tar: tarfile.TarFile, file: Path) -> dict[str, Any]:
    """The last entry: what the archive holds. Every name in it is one of ours."""
    try:
        found = tar.extractfile(MANIFEST)
        manifest = json.loads(found.read()) if found else {}
        whole = manifest["format"] == FORMAT and all(
            _PATH.fullmatch(Named(**each).path) for each in manifest["files"]
        )
        whole = whole and isinstance(manifest["dump"]["sha256"], str)
    except (KeyError, TypeError, ValueError) as reason:
        raise NotABackup(file=str(file), reason=str(reason)) from None
    if not whole:
        raise NotABackup(file=str(file), reason=MANIFEST)
    return dict(manifest)


def _take(tar: tarfile.TarFile, file: Path, name: str, target: Path, sha256: str) -> None:
    """Write an entry to a new file and prove its content."""
    try:
        content = tar.extractfile(name)
    except KeyError:
        content = None
    if content is None:
        raise NotABackup(file=str(file), reason=name)
    with target.open("xb") as opened:
        os.fchmod(opened.fileno(), 0o600)
        while block := content.read(BLOCK):
            opened.write(block)
        opened.flush()
        os.fsync(opened.fileno())
    if sha256_of(target) != sha256:
        raise NotABackup(file=str(file), reason=name)


def _place(
    tar: tarfile.TarFile, file: Path, each: Named, data_dir: Path, made: Path, put: list[Path]
) -> None:
    target = data_dir / each.path
    if target.exists() and sha256_of(target) == each.sha256:
        return
    _take(tar, file, each.path, made / "file", each.sha256)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    backup.give_name(made / "file", target)
    put.append(target)
    (made / "file").unlink(missing_ok=True)


def _wanting(url: str, data_dir: Path) -> tuple[tuple[Named, State], ...]:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        return tuple(faulty(data_dir, named(connection)))
