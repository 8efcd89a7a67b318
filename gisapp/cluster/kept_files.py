"""Files that rows of the register name: which there should be, and which there are.

They lie in folders of ``GISAPP_DATA_DIR`` under the name of their content (an upload under its
job's), are written once and never changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import psycopg
from psycopg import sql

Connection = psycopg.Connection[tuple[object, ...]]
State = Literal["there", "missing", "changed"]

_BY_CONTENT: Final = (
    ("sheets", "sheet", "land.sheet", "file_sha256", "file_size"),
    ("sheets", "raster", "app.sheet_raster", "sha256", "size"),
    ("documents", "document", "land.document", "file_sha256", "file_size"),
    ("photos", "photo", "land.photo", "sha256", "file_size"),
    ("photos", "photo", "land.photo", "thumbnail_sha256", None),
)
"""Folder, what the file is, and the table and columns that name it and say its bytes."""
BLOCK: Final = 1 << 20


@dataclass(frozen=True, order=True)
class Named:
    """A file some row names: where it lies, what it is, its content and, where told, its bytes.

    Of a raster the row can be made again from its sheet; of nothing else.
    """

    path: str
    kind: str
    sha256: str
    size: int | None


def named(connection: Connection) -> list[Named]:
    """Every file the rows of a database name, as its present snapshot has them, one a path."""
    found: dict[str, Named] = {}
    for folder, kind, table, column, size in _BY_CONTENT:
        if connection.execute("SELECT to_regclass(%s)", [table]).fetchone() == (None,):
            continue
        rows = connection.execute(
            sql.SQL("SELECT DISTINCT {}, {} FROM {} WHERE {} IS NOT NULL").format(
                sql.Identifier(column),
                sql.Identifier(size) if size else sql.SQL("NULL::bigint"),
                sql.Identifier(*table.split(".")),
                sql.Identifier(column),
            )
        )
        for content, size_told in rows:
            _add(found, f"{folder}/{str(content)[:2]}/{content}", kind, content, size_told)
    waiting = connection.execute(
        "SELECT id, file_sha256, file_size FROM app.import_job WHERE status <> 'done'"
    )
    for job, content, size_told in waiting:
        _add(found, f"uploads/{job}", "upload", content, size_told)
    return sorted(found.values())


def _add(found: dict[str, Named], path: str, kind: str, content: object, size: object) -> None:
    size_told = None if size is None else int(str(size))
    if path not in found or found[path].size is None:
        found[path] = Named(path, kind, str(content), size_told)


def state_of(data_dir: Path, file: Named, *, read: bool = False) -> State:
    """Whether a file is there with its size; with ``read`` also whether its content is its own."""
    path = data_dir / file.path
    try:
        size = path.stat().st_size
        if file.size is not None and size != file.size:
            return "changed"
        if read and sha256_of(path) != file.sha256:
            return "changed"
    except OSError:
        return "missing"
    return "there"


def faulty(
    data_dir: Path, files: Iterable[Named], *, read: bool = False
) -> Iterator[tuple[Named, State]]:
    """The files that are not there, or not what they were."""
    for file in files:
        state = state_of(data_dir, file, read=read)
        if state != "there":
            yield file, state


def sha256_of(path: Path) -> str:
    """The content's name."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
