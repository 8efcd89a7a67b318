"""Zips that must not be unpacked, and the ones that must."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from layers.sandbox import Limits
from layers.sandbox.archive import check_workbook, choose, shapefile_sets, unpack
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
    FileRefused,
    ShapefileIncomplete,
)
from tests.land_files import shapefile, workbook, written, zipped
from tests.old_letters import to_tcvn3

MEMBERS = shapefile({"TEN": [b"a", b"b"]})
LIMITS = Limits()


def refused(tmp_path: Path, raw: bytes, limits: Limits = LIMITS) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        shapefile_sets(written(tmp_path / "a.zip", raw), limits)
    return caught.value


def with_entry(info: zipfile.ZipInfo, data: bytes = b"x") -> bytes:
    sink = io.BytesIO(zipped(MEMBERS))
    with zipfile.ZipFile(sink, "a") as archive:
        archive.writestr(info, data)
    return sink.getvalue()


def test_members_come_out_under_fixed_names(tmp_path: Path) -> None:
    path = written(tmp_path / "a.zip", zipped({f"Khu A/{n}": d for n, d in MEMBERS.items()}))
    out = tmp_path / "out"
    out.mkdir()
    (found,) = shapefile_sets(path, LIMITS)
    unpack(path, choose([found], None), out, LIMITS)
    assert found.name == "thua"
    assert sorted(p.name for p in out.iterdir()) == ["in.dbf", "in.prj", "in.shp", "in.shx"]
    assert (out / "in.dbf").read_bytes() == MEMBERS["thua.dbf"]


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/cron.d/x.shp",
        "/etc/x.shp",
        "..\\..\\x.shp",
        "C:\\x.shp",
        "a/../../b.dbf",
        "C:x.shp",
    ],
)
def test_a_path_that_climbs_is_refused(tmp_path: Path, name: str) -> None:
    error = refused(tmp_path, zipped({**MEMBERS, name: b"x"}))
    assert isinstance(error, ArchiveUnsafeMember)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_links_pipes_and_devices_are_refused(tmp_path: Path, kind: int) -> None:
    info = zipfile.ZipInfo("link.prj")
    info.external_attr = (kind | 0o777) << 16
    assert isinstance(refused(tmp_path, with_entry(info, b"/etc/passwd")), ArchiveUnsafeMember)


@pytest.mark.parametrize("name", ["more.zip", "x.7z", "x.kmz", "x.tar"])
def test_an_archive_inside_is_refused(tmp_path: Path, name: str) -> None:
    assert isinstance(refused(tmp_path, zipped({**MEMBERS, name: b"PK"})), ArchiveNested)


@pytest.mark.parametrize("name", ["run.exe", "thua.dxf", "thua.vrt", "readme.txt", "thua"])
def test_what_is_no_part_of_a_shapefile_is_refused(tmp_path: Path, name: str) -> None:
    assert isinstance(refused(tmp_path, zipped({**MEMBERS, name: b"x"})), ArchiveUnexpectedMember)


def test_side_files_of_other_programs_are_passed_over(tmp_path: Path) -> None:
    beside = dict.fromkeys(("thua.sbn", "thua.shp.xml", "thua.qix", "__MACOSX/._thua.shp"), b"x")
    (found,) = shapefile_sets(written(tmp_path / "a.zip", zipped(MEMBERS | beside)), LIMITS)
    assert sorted(found.members) == [".dbf", ".prj", ".shp", ".shx"]


def test_too_many_members(tmp_path: Path) -> None:
    many = {f"a{i}.xml": b"x" for i in range(17)}
    error = refused(tmp_path, zipped(MEMBERS | many))
    assert isinstance(error, ArchiveTooManyMembers)
    assert error.context == {"count": 21, "limit": 20}


def test_a_stated_bomb_is_refused_before_unpacking(tmp_path: Path) -> None:
    error = refused(tmp_path, zipped({**MEMBERS, "thua.dbf": bytes(50_000_000)}))
    assert isinstance(error, ArchiveRatio)
    stored = zipped({**MEMBERS, "b.shp": bytes(3_000_000)}, zipfile.ZIP_STORED)
    error = refused(tmp_path, stored, replace(LIMITS, unpacked_bytes=2_000_000))
    assert isinstance(error, ArchiveTooLarge)


def lying(raw: bytes, name: bytes, stated: int) -> bytes:
    """The zip with another unpacked size written for a member, in both places."""
    data = bytearray(raw)
    place = data.find(b"PK\x03\x04")
    while place >= 0:
        length = struct.unpack_from("<H", data, place + 26)[0]
        if data[place + 30 : place + 30 + length] == name:
            struct.pack_into("<I", data, place + 22, stated)
        place = data.find(b"PK\x03\x04", place + 4)
    place = data.find(b"PK\x01\x02")
    while place >= 0:
        length = struct.unpack_from("<H", data, place + 28)[0]
        if data[place + 46 : place + 46 + length] == name:
            struct.pack_into("<I", data, place + 24, stated)
        place = data.find(b"PK\x01\x02", place + 4)
    return bytes(data)


def test_a_bomb_that_lies_about_its_size_never_fills_the_disk(tmp_path: Path) -> None:
    raw = lying(zipped({**MEMBERS, "thua.dbf": bytes(50_000_000)}), b"thua.dbf", 1_000)
    path = written(tmp_path / "a.zip", raw)
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(FileRefused) as caught:
        unpack(path, choose(shapefile_sets(path, LIMITS), None), out, LIMITS)
    assert isinstance(caught.value, ArchiveUnreadable | ArchiveRatio)
    assert sum(p.stat().st_size for p in out.iterdir()) < 2_000_000


def test_bytes_are_counted_while_they_come_out(tmp_path: Path) -> None:
    path = written(tmp_path / "a.zip", zipped(MEMBERS))
    chosen = choose(shapefile_sets(path, LIMITS), None)
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(ArchiveTooLarge):
        unpack(path, chosen, out, replace(LIMITS, unpacked_bytes=100))


def test_an_encrypted_member_is_refused(tmp_path: Path) -> None:
    raw = bytearray(zipped(MEMBERS))
    central = raw.find(b"PK\x01\x02")
    raw[central + 8] |= 1
    assert isinstance(refused(tmp_path, bytes(raw)), ArchiveEncrypted)


def test_a_member_twice_is_refused(tmp_path: Path) -> None:
    raw = zipped({**MEMBERS, "THUA.SHP": b"x"})
    assert isinstance(refused(tmp_path, raw), ArchiveRepeatedMember)


def test_a_rare_compression_is_refused(tmp_path: Path) -> None:
    error = refused(tmp_path, zipped(MEMBERS, zipfile.ZIP_LZMA))
    assert isinstance(error, ArchiveUnreadable)


@pytest.mark.parametrize("missing", [".shx", ".dbf"])
def test_an_incomplete_set_says_what_is_missing(tmp_path: Path, missing: str) -> None:
    raw = zipped(shapefile({"TEN": [b"a"]}, without=[missing]))
    sets = shapefile_sets(written(tmp_path / "a.zip", raw), LIMITS)
    with pytest.raises(ShapefileIncomplete) as caught:
        choose(sets, None)
    assert caught.value.context == {"layer": "thua", "missing": [missing]}


def test_zips_of_something_else(tmp_path: Path) -> None:
    assert isinstance(refused(tmp_path, zipped({})), FileEmpty)
    assert isinstance(refused(tmp_path, zipped({"a.prj": b"x"})), ArchiveWithoutShapefile)
    assert isinstance(refused(tmp_path, zipped(MEMBERS)[:-30]), ArchiveUnreadable)
    assert isinstance(refused(tmp_path, b"PK\x03\x04" + b"x" * 100), ArchiveUnreadable)


def test_a_member_named_in_an_old_encoding_is_shown_readably(tmp_path: Path) -> None:
    raw = zipped({n.replace("thua", "KHUCONGNGHIEP-HAIHA12"): d for n, d in MEMBERS.items()})
    vietnamese = to_tcvn3("Khu công nghiệp Hải H")
    assert len(vietnamese) == len("KHUCONGNGHIEP-HAIHA12")
    raw = raw.replace(b"KHUCONGNGHIEP-HAIHA12", vietnamese)
    (found,) = shapefile_sets(written(tmp_path / "a.zip", raw), LIMITS)
    assert found.name == "Khu công nghiệp Hải H"


def test_a_workbook_is_judged_as_the_zip_it_is(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"S": [["a"], [1]]})
    check_workbook(path, LIMITS)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/bomb.png", bytes(60_000_000))
    with pytest.raises(ArchiveRatio):
        check_workbook(path, LIMITS)
    with pytest.raises(ArchiveUnexpectedMember):
        check_workbook(written(tmp_path / "b.xlsx", zipped(MEMBERS)), LIMITS)
