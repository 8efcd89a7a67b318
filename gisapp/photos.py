"""Photos of inspections: taken in from an upload, kept by content under the data folder."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from gisapp.importing import scratch_of
from gisapp.sheet_files import sha256_of
from layers.raster.photos import LIMITS, take_photo
from layers.vector.errors import FileTooLarge
from layers.vector.limits import MB
from planning.clocks import HANOI
from planning.projects.inspections import Picture

if TYPE_CHECKING:
    from gisapp.config import Settings

MEDIA_TYPE: Final = "image/jpeg"
_VIETNAM: Final = (101.0, 6.0, 118.0, 24.5)


def photo_path(settings: Settings, sha256: str) -> Path:
    """The file of that content."""
    return settings.data_dir / "photos" / sha256[:2] / sha256


def bring_photo(
    settings: Settings, stream: BinaryIO, name: str, caption: str | None = None
) -> Picture:
    """Take a photo in: read in the sandbox, encoded anew, kept by content with its thumbnail.

    The upload itself is not kept, for it carries whatever the camera wrote. A place outside
    Vietnam is a wrong clock or satellite: it is left out.

    Raises:
        FileRefused: not a picture, too large, damaged: one of its kinds says why.
    """
    with tempfile.TemporaryDirectory(prefix="job-", dir=scratch_of(settings)) as room:
        given = Path(room) / "given"
        with given.open("wb") as file:
            while block := stream.read(MB):
                if file.tell() + len(block) > LIMITS.file_bytes:
                    raise FileTooLarge(limit_mb=LIMITS.file_bytes // MB)
                file.write(block)
        original = sha256_of(given)
        taken = take_photo(given, name=name[-120:], scratch=scratch_of(settings), clock=HANOI)
    west, south, east, north = _VIETNAM
    place = taken.place
    if place is not None and not (west <= place[0] <= east and south <= place[1] <= north):
        place = None
    return Picture(
        sha256=keep(settings, taken.jpeg),
        thumbnail_sha256=keep(settings, taken.thumbnail),
        original_sha256=original,
        file_size=len(taken.jpeg),
        width=taken.width,
        height=taken.height,
        caption=caption,
        taken_at=taken.taken_at,
        place=place,
    )


def keep(settings: Settings, content: bytes) -> str:
    """Write a file under the name of its content, and return it; the same is kept once."""
    name = hashlib.sha256(content).hexdigest()
    target = photo_path(settings, name)
    if target.is_file():
        return name
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=target.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(part).replace(target)
    return name
