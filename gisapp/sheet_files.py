"""Files of sheets under the data folder, named by their content; originals are never changed."""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO, Final

from layers.vector.errors import FileEmpty, FileTooLarge
from layers.vector.limits import MB

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gisapp.config import Settings

_BLOCK: Final = MB


def sheet_folder(settings: Settings) -> Path:
    """Where originals and what was made of them lie, readable by their owner alone."""
    folder = settings.data_dir / "sheets"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def path_of(settings: Settings, sha256: str) -> Path:
    """The file of that content."""
    return settings.data_dir / "sheets" / sha256[:2] / sha256


@contextmanager
def received(settings: Settings, stream: BinaryIO, name: str) -> Iterator[tuple[Path, str, int]]:
    """An upload on disk while it is looked at: path, sha256 and bytes; gone unless adopted.

    Raises:
        FileEmpty, FileTooLarge
    """
    digest, size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(dir=sheet_folder(settings), delete=False) as part:
        path = Path(part.name)
        try:
            while block := stream.read(_BLOCK):
                size += len(block)
                if size > settings.max_upload_bytes:
                    raise FileTooLarge(limit_mb=settings.max_upload_bytes // MB)
                digest.update(block)
                part.write(block)
            if size == 0:
                raise FileEmpty(name=name[:120])
            part.flush()
            os.fsync(part.fileno())
            yield path, digest.hexdigest(), size
        finally:
            path.unlink(missing_ok=True)


@contextmanager
def closing_on_error(stream: IO[bytes]) -> Iterator[None]:
    """Close an upload nobody is going to read: a large one is a file of the system's own."""
    try:
        yield
    except BaseException:
        stream.close()
        raise


def adopt(settings: Settings, path: Path, sha256: str) -> Path:
    """Give a finished file its lasting name; the same content is stored once."""
    target = path_of(settings, sha256)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.chmod(path, 0o600)  # noqa: PTH101
    os.replace(path, target)  # noqa: PTH105
    return target


def sha256_of(path: Path) -> str:
    """The content's name."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
