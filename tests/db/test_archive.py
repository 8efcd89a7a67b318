"""One file brings everything back, files too; or says by name what is missing."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from gisapp.cluster import archive, backup
from gisapp.cluster.errors import FileExists, NotABackup, RestoreFailed, TargetNotEmpty
from gisapp.cluster.inspection import files_of, inspect
from gisapp.cluster.kept_files import named
from gisapp.jobs import queue
from gisapp.jobs.sheets import SheetWorker
from gisapp.sheet_files import path_of
from gisapp.sheets import Upload, bring_sheet
from layers.raster.georeference import ControlPoint, Kind
from layers.raster.png import png
from planning.changes.imports import Layer
from planning.clocks import today
from planning.plans.sheets.commands import Description, place_sheet, queue_laying
from planning.records.commands import open_change
from tests.conftest import TestDatabase
from tests.import_files import request
from tests.raster_files import drawing
from tests.small_park import SRID, SmallPark, build, cell

LETTER = b"%PDF-1.7 a decision"


@pytest.fixture
def filled(fresh_database: TestDatabase) -> TestDatabase:
    """A register with a sheet laid on its plane, a document's file and an import that waits."""
    made = fresh_database
    with made.database.transaction() as session:
        park = build(session)
    _sheet(made, park)
    _letter(made)
    with made.database.transaction() as session:
        asked = request(Layer.PARCELS, "KCN-TEST", file_name="t.csv")
        queue.submit(session, made.settings, BytesIO(b"a;b\n1;2\n"), asked)
    return made


def _sheet(made: TestDatabase, park: SmallPark) -> None:
    asked = Upload(
        zone_id=park.zone, srid=SRID, kind="sheet", file_name="to-1.png", page=None, actor="an",
        said=Description("Tờ 1", 2_000, park.plan_versions[1]),
    )  # fmt: skip
    content = BytesIO(png(drawing(400, 300)))
    sheet_id = bring_sheet(made.database, made.settings, content, asked).sheet_id
    worker = SheetWorker(made.database, made.settings)
    assert worker.step()
    west, _, _, north = cell(0, 0, 10, 6).bounds
    corners = [(5, 5), (395, 8), (390, 295), (7, 290)]
    points = [ControlPoint(c, r, west + 2 * c, north - 2 * r) for c, r in corners]
    with made.database.transaction() as session:
        change = open_change(session, kind="setup", reason="thử", actor="an", effective_on=today())
        place_sheet(session, change, sheet_id, points, Kind.AFFINE)
        queue_laying(session, sheet_id, "an")
    assert worker.step()


def _letter(made: TestDatabase) -> None:
    content = hashlib.sha256(LETTER).hexdigest()
    path = made.settings.data_dir / "documents" / content[:2] / content
    path.parent.mkdir(parents=True)
    path.write_bytes(LETTER)
    with made.connect() as writer:
        writer.execute(
            "INSERT INTO land.document (number, issued_on, issuer, created_by, file_sha256,"
            " file_name, media_type, file_size) VALUES ('7/QD', '2020-01-01', 'UBND', 'an', %s,"
            " 'qd.pdf', 'application/pdf', %s)",
            [content, len(LETTER)],
        )


@pytest.fixture
def empty(fresh_database: TestDatabase) -> Iterator[str]:
    """The owner's URL of a prepared database without a schema."""
    server = fresh_database.server
    name = server.empty()
    yield server.url("gisapp_owner", name)
    with server.connect() as connection:
        server.drop(connection, name)


def kept(made: TestDatabase, file: Path) -> archive.Kept:
    return archive.keep(made.url("gisapp_owner"), made.settings.data_dir, file)


def contents(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def names(made: TestDatabase) -> dict[str, str]:
    with made.connect("gisapp_owner") as owner:
        return {each.path: each.kind for each in named(owner)}


def test_every_file_comes_back_on_another_machine(
    filled: TestDatabase, empty: str, tmp_path: Path
) -> None:
    saved = kept(filled, tmp_path / "all.tar")
    assert (saved.files, saved.faulty) == (5, ())
    assert (tmp_path / "all.tar").stat().st_mode & 0o777 == 0o600
    back = archive.bring_back(empty, tmp_path / "there", tmp_path / "all.tar")
    assert (back.files, back.faulty) == (5, ())
    assert sorted(names(filled).values()) == ["document", "raster", "raster", "sheet", "upload"]
    before, after = contents(filled.settings.data_dir), contents(tmp_path / "there")
    assert after == {path: before[path] for path in names(filled)}
    assert all((tmp_path / "there" / path).stat().st_mode & 0o777 == 0o600 for path in after)


def test_what_is_missing_or_damaged_is_said_by_name(
    filled: TestDatabase, empty: str, tmp_path: Path
) -> None:
    paths = {kind: path for path, kind in names(filled).items()}
    folder = filled.settings.data_dir
    (folder / paths["sheet"]).unlink()
    damaged = bytearray((folder / paths["document"]).read_bytes())
    damaged[-1] ^= 1
    (folder / paths["document"]).write_bytes(damaged)
    assert {(each.kind, state) for each, state in files_of(filled.settings)} == {
        ("sheet", "missing")
    }
    saved = kept(filled, tmp_path / "all.tar")
    told = {("sheet", "missing"), ("document", "changed")}
    assert {(each.kind, state) for each, state in saved.faulty} == told and saved.files == 3
    assert {(each.kind, state) for each, state in files_of(filled.settings, read=True)} == told
    back = archive.bring_back(empty, tmp_path / "there", tmp_path / "all.tar")
    assert {(each.kind, state) for each, state in back.faulty} == {
        ("sheet", "missing"), ("document", "missing"),
    }  # fmt: skip
    finding = next(each for each in inspect(filled.settings) if each.name == "files")
    assert not finding.holds and paths["sheet"] in finding.found


def test_a_plain_dump_of_before_comes_back_and_says_what_it_lacks(
    filled: TestDatabase, empty: str, tmp_path: Path
) -> None:
    backup.backup(filled.url("gisapp_owner"), tmp_path / "old.dump")
    back = archive.bring_back(empty, tmp_path / "there", tmp_path / "old.dump")
    assert back.files == 0 and len(back.faulty) == 5


def test_files_that_are_there_already_are_not_written_over(
    filled: TestDatabase, empty: str, tmp_path: Path
) -> None:
    kept(filled, tmp_path / "all.tar")
    folder = filled.settings.data_dir
    before = {path: (folder / path).stat().st_mtime_ns for path in names(filled)}
    assert archive.bring_back(empty, folder, tmp_path / "all.tar").faulty == ()
    assert {path: (folder / path).stat().st_mtime_ns for path in before} == before


def test_a_full_database_takes_nothing_and_no_file_is_left(
    filled: TestDatabase, tmp_path: Path
) -> None:
    kept(filled, tmp_path / "all.tar")
    with pytest.raises(TargetNotEmpty):
        archive.bring_back(filled.url("gisapp_owner"), tmp_path / "there", tmp_path / "all.tar")
    assert contents(tmp_path / "there") == {}


def test_a_folder_that_cannot_be_written_leaves_the_database_empty(
    filled: TestDatabase, empty: str, tmp_path: Path
) -> None:
    kept(filled, tmp_path / "all.tar")
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "sheets").write_text("in the way")
    with pytest.raises(RestoreFailed):
        archive.bring_back(empty, tmp_path / "there", tmp_path / "all.tar")
    assert contents(tmp_path / "there") == {"sheets": b"in the way"}
    assert archive.bring_back(empty, tmp_path / "else", tmp_path / "all.tar").faulty == ()


def test_an_archive_never_overwrites(filled: TestDatabase, tmp_path: Path) -> None:
    (tmp_path / "all.tar").write_bytes(b"older")
    with pytest.raises(FileExists):
        kept(filled, tmp_path / "all.tar")
    assert contents(tmp_path)["all.tar"] == b"older"


def _cut(file: Path) -> None:
    os.truncate(file, file.stat().st_size * 9 // 10)


def _spoil(file: Path) -> None:
    """One byte in the middle of a kept file."""
    with tarfile.open(file) as tar:
        member = next(each for each in tar.getmembers() if each.name.startswith("sheets/"))
        place = member.offset_data + member.size // 2
    with file.open("r+b") as opened:
        opened.seek(place)
        byte = opened.read(1)[0]
        opened.seek(place)
        opened.write(bytes([byte ^ 255]))


def _lead_elsewhere(file: Path) -> None:
    """A manifest that names a place outside the folder."""
    with tarfile.open(file) as tar:
        entries = [(each, tar.extractfile(each)) for each in tar.getmembers()]
        held = [(each, content.read() if content else b"") for each, content in entries]
    manifest = json.loads(held[-1][1])
    manifest["files"][0]["path"] = "sheets/../../outside"
    with tarfile.open(file, "w") as tar:
        for each, content in [*held[:-1], (held[-1][0], json.dumps(manifest).encode())]:
            each.size = len(content)
            tar.addfile(each, BytesIO(content))


@pytest.mark.parametrize("harm", [_cut, _spoil, _lead_elsewhere], ids=lambda harm: harm.__name__)
def test_a_damaged_archive_brings_nothing(
    filled: TestDatabase, empty: str, tmp_path: Path, harm: object
) -> None:
    kept(filled, tmp_path / "all.tar")
    assert callable(harm)
    harm(tmp_path / "all.tar")
    with pytest.raises(NotABackup):
        archive.bring_back(empty, tmp_path / "there", tmp_path / "all.tar")
    assert contents(tmp_path / "there") == {} and not (tmp_path / "outside").exists()
    with filled.server.connect(database=empty.rpartition("/")[2]) as connection:
        assert connection.execute("SELECT to_regclass('land.parcel')").fetchone() == (None,)


@pytest.mark.parametrize("content", [b"", b"ustar", b"\0" * 10_240, b"-- SQL\n" * 99])
def test_what_is_no_archive_is_refused(empty: str, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.tar").write_bytes(content)
    with pytest.raises(NotABackup):
        archive.bring_back(empty, tmp_path / "there", tmp_path / "x.tar")


def test_the_command_line_tells_what_is_missing(filled: TestDatabase, tmp_path: Path) -> None:
    settings = filled.settings
    environment = {
        "PATH": os.environ["PATH"],
        "GISAPP_DATA_DIR": str(settings.data_dir),
        "GISAPP_DATABASE_URL": settings.database_url or "",
        "GISAPP_DATABASE_URL_READ": settings.database_url_read or "",
        "GISAPP_DATABASE_URL_WRITE": settings.database_url_write or "",
    }

    def said(*arguments: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "gisapp.cli", "db", *arguments],
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    assert said("check", "--files") == (0, "")
    code, text = said("backup", str(tmp_path / "one.tar"))
    assert code == 0 and "5 tệp" in text
    with filled.connect("gisapp_owner") as owner:
        row = owner.execute("SELECT file_sha256 FROM land.sheet").fetchone()
    assert row is not None
    path_of(settings, str(row[0])).unlink()
    code, text = said("backup", str(tmp_path / "two.tar"))
    assert code == 1 and f"Thiếu tệp sheets/{str(row[0])[:2]}/{row[0]}" in text
    assert "bản gốc của tờ bản vẽ" in text
    code, text = said("check", "--files")
    assert code == 1 and str(row[0]) in text
    code, text = said("check")
    assert code == 2 and "thiếu hoặc sai cỡ: 1" in text
