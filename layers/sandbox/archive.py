"""Zips taken apart before anything reads them: directory judged, members copied out while counting.

Members come out under fixed names (``in.shp``, ``in.dbf`` ...): no name from the file touches the
disk.
"""

from __future__ import annotations

import errno
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final

from layers.encodings import detect
from layers.vector.errors import (
    ArchiveEncrypted,
    ArchiveNested,
    ArchiveRatio,
    ArchiveRepeatedMember,
    ArchiveTooLarge,
    ArchiveTooManyMembers,
    ArchiveUnexpectedMember,
    ArchiveUnreadable,
    ArchiveUnsafeMember,
    ArchiveWithoutShapefile,
    FileEmpty,
    LayerNotInFile,
    LayerToChoose,
    ShapefileIncomplete,
)
from layers.vector.limits import MB, Limits

TAKEN: Final = (".shp", ".shx", ".dbf", ".prj", ".cpg")
NEEDED: Final = (".shp", ".shx", ".dbf")
_BESIDE = (
    ".sbn .sbx .qix .xml .qpj .qmd .qml .sld .cst .ain .aih .atx .ixs .mxs .fbn .fbx .ind .idm"
)
IGNORED: Final = frozenset(_BESIDE.split())
_PACKED = ".zip .7z .rar .gz .tgz .tar .bz2 .xz .zst .kmz .xlsx .jar"
_ARCHIVES: Final = frozenset(_PACKED.split())
_WORKBOOK_MEMBERS: Final = 500
_WORKBOOK_RATIO: Final = 300
_COPY: Final = 262_144
_RATIO_FROM: Final = MB  # a few blank records may shrink as far as they like
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@dataclass(frozen=True)
class ShapefileSet:
    """The members of one shapefile inside a zip, by ending."""

    name: str
    members: dict[str, zipfile.ZipInfo] = field(default_factory=dict)


_DAMAGED: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OverflowError,
    RuntimeError,  # zipfile's word for "is encrypted"
    ValueError,
)


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except _DAMAGED as error:
        raise ArchiveUnreadable(reason=" ".join(str(error).split())[:120]) from error
    except OSError as error:
        if error.errno != errno.EINVAL:  # a full disk is not the zip's fault
            raise
        raise ArchiveUnreadable(reason="offset") from error


def shapefile_sets(path: Path, limits: Limits) -> list[ShapefileSet]:
    """The shapefiles of a zip by name, after the whole directory was found harmless.

    Raises:
        ArchiveUnreadable, ArchiveTooManyMembers, ArchiveTooLarge, ArchiveRatio,
        ArchiveUnsafeMember, ArchiveEncrypted, ArchiveNested, ArchiveUnexpectedMember,
        ArchiveRepeatedMember, ArchiveWithoutShapefile, FileEmpty
    """
    with _opened(path) as archive:
        infos = archive.infolist()
    if not infos:
        raise FileEmpty(name=".zip")
    if len(infos) > limits.members:
        raise ArchiveTooManyMembers(count=len(infos), limit=limits.members)
    _check_sizes(infos, limits.unpacked_bytes, limits.ratio)
    sets: dict[str, ShapefileSet] = {}
    for info in infos:
        place = _checked_place(info)
        if place is None:
            continue
        key = str(place.with_suffix("")).casefold()
        entry = sets.setdefault(key, ShapefileSet(place.stem))
        ending = place.suffix.lower()
        if ending in entry.members:
            raise ArchiveRepeatedMember(member=place.name[:80])
        entry.members[ending] = info
    found = sorted((s for s in sets.values() if ".shp" in s.members), key=lambda s: s.name)
    if not found:
        raise ArchiveWithoutShapefile()
    return found


def choose(sets: list[ShapefileSet], layer: str | None) -> ShapefileSet:
    """The set a person named, or the only one.

    Raises:
        LayerNotInFile, LayerToChoose, ShapefileIncomplete
    """
    names = [entry.name for entry in sets]
    if layer is None and len(sets) > 1:
        raise LayerToChoose(layers=names)
    chosen = next((entry for entry in sets if layer in (None, entry.name)), None)
    if chosen is None:
        raise LayerNotInFile(layer=layer, layers=names)
    missing = [ending for ending in NEEDED if ending not in chosen.members]
    if missing:
        raise ShapefileIncomplete(layer=chosen.name, missing=missing)
    return chosen


def unpack(path: Path, chosen: ShapefileSet, folder: Path, limits: Limits) -> None:
    """Copy the members of one set to ``in.*`` in a folder, counting the bytes that really come out.

    Raises:
        ArchiveTooLarge, ArchiveRatio, ArchiveUnreadable
    """
    left = limits.unpacked_bytes
    packed = max(sum(info.compress_size for info in chosen.members.values()), 1)
    written = 0
    with _opened(path) as archive:
        for ending in TAKEN:
            info = chosen.members.get(ending)
            if info is None:
                continue
            with archive.open(info) as source, (folder / f"in{ending}").open("xb") as target:
                while block := source.read(_COPY):
                    left -= len(block)
                    written += len(block)
                    if left < 0:
                        raise ArchiveTooLarge(limit_mb=limits.unpacked_bytes // MB)
                    if written > _RATIO_FROM and written > packed * limits.ratio:
                        raise ArchiveRatio(member=ending, limit=limits.ratio)
                    target.write(block)


def check_workbook(path: Path, limits: Limits) -> None:
    """An XLSX is a zip too: its directory is judged before the worker gets it.

    Python's own reader never hands out more bytes of a member than its directory states, so the
    stated sizes are a true cap.

    Raises:
        ArchiveUnreadable, ArchiveTooManyMembers, ArchiveTooLarge, ArchiveRatio, ArchiveEncrypted,
        ArchiveUnexpectedMember, ArchiveRepeatedMember
    """
    with _opened(path) as archive:
        infos = archive.infolist()
    if len(infos) > _WORKBOOK_MEMBERS:
        raise ArchiveTooManyMembers(count=len(infos), limit=_WORKBOOK_MEMBERS)
    _check_sizes(infos, limits.unpacked_bytes, _WORKBOOK_RATIO)
    names = [info.filename for info in infos]
    for info in infos:
        if info.flag_bits & 0x1:
            raise ArchiveEncrypted(member=info.filename[:80])
        if names.count(info.filename) > 1:
            raise ArchiveRepeatedMember(member=info.filename[:80])
    if not {"[Content_Types].xml", "xl/workbook.xml"} <= set(names):
        raise ArchiveUnexpectedMember(member=names[0][:80] if names else "")


def _check_sizes(infos: list[zipfile.ZipInfo], unpacked_bytes: int, ratio: int) -> None:
    out = sum(info.file_size for info in infos)
    packed = max(sum(info.compress_size for info in infos), 1)
    if out > unpacked_bytes:
        raise ArchiveTooLarge(limit_mb=unpacked_bytes // MB)
    if out > _RATIO_FROM and out > packed * ratio:
        largest = max(infos, key=lambda info: info.file_size)
        raise ArchiveRatio(member=largest.filename[:80], limit=ratio)
    for info in infos:
        if info.compress_type not in _METHODS:
            raise ArchiveUnreadable(reason=f"compression method {info.compress_type}")


def _checked_place(info: zipfile.ZipInfo) -> PurePosixPath | None:
    """Where a member says it lies, or None for folders and members without interest."""
    name = _decoded_name(info)
    shown = name[:80]
    place = PurePosixPath(name.replace("\\", "/"))
    mode = info.external_attr >> 16
    odd = mode and not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)) and stat.S_IFMT(mode)
    if odd or place.is_absolute() or ".." in place.parts or ":" in name or "\0" in name:
        raise ArchiveUnsafeMember(member=shown)
    if info.is_dir():
        return None
    if info.flag_bits & 0x1:
        raise ArchiveEncrypted(member=shown)
    if place.parts[0] == "__MACOSX" or place.name == ".DS_Store":
        return None
    ending = place.suffix.lower()
    if ending in _ARCHIVES:
        raise ArchiveNested(member=shown)
    if ending in IGNORED:
        return None
    if ending not in TAKEN:
        raise ArchiveUnexpectedMember(member=shown)
    return place


def _decoded_name(info: zipfile.ZipInfo) -> str:
    """The member's name; without the UTF-8 flag the bytes are guessed, for display only."""
    if info.flag_bits & 0x800 or info.filename.isascii():
        return info.filename
    raw = info.filename.encode("cp437", "replace")
    found = detect([raw])
    if found is None:
        return raw.decode("ascii", "replace")
    return found.after if "/" not in info.filename else raw.decode("utf-8", "replace")
