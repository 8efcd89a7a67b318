"""Damaged files by the dozen: the parent never breaks, nothing hangs, what passes is well formed.

`GISAPP_TEST_FUZZ` sets the number of damaged files a format (60 here, 20,000 for a long night).
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
import shapely

from layers.sandbox import Limits, archive, reception
from layers.sandbox.confinement import command
from layers.sandbox.protocol import believed
from layers.vector.errors import FileRefused, ReadingNotBelieved
from layers.vector.formats import Format, recognise
from tests.land_files import feature_collection, geopackage, shapefile, squares, workbook, zipped
from tests.old_letters import to_tcvn3

COUNT = int(os.environ.get("GISAPP_TEST_FUZZ", "60"))
SEED = int(os.environ.get("GISAPP_TEST_FUZZ_SEED", "2026"))
LIMITS = Limits()
INMATE = (Path(__file__).resolve().parents[1] / "fuzz_inmate.py").read_text(encoding="utf-8")
SPICES = [
    b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff",
    b"\0\0\0\0",
    b"NaN",
    b"1e999",
    b'"',
    b"[" * 40,
    b"\x80",
]
_KILLED_BY_LIMIT = (-24, -9, -6)  # processor time, memory: the walls doing their work


def damaged(raw: bytes, dice: random.Random) -> bytes:
    """The bytes after one to four accidents."""
    data = bytearray(raw)
    for _ in range(dice.randint(1, 4)):
        place = dice.randrange(len(data)) if data else 0
        match dice.randrange(6):
            case 0:
                data[place : place + 1] = bytes([dice.randrange(256)])
            case 1:
                data[place : place + 1] = (
                    bytes([data[place] ^ (1 << dice.randrange(8))]) if data else b""
                )
            case 2:
                del data[place : place + dice.randint(1, 64)]
            case 3:
                spice = dice.choice(SPICES)
                data[place : place + len(spice)] = spice
            case 4:
                data[place:place] = data[place : place + dice.randint(1, 200)]
            case _:
                if dice.random() < 0.3:
                    del data[place:]
    return bytes(data)


Case = tuple[Path, str]  # the folder a worker sees, the file in it


def shapefile_cases(folder: Path, dice: random.Random) -> list[Case]:
    """Members damaged one by one, and whole zips that the parent takes apart."""
    members = shapefile({"TEN": [to_tcvn3("Hải Hà"), b"b", b"c"]}, name="in", cpg=b"UTF-8")
    names = sorted(members)
    cases = []
    for number in range(COUNT):
        place = folder / str(number)
        place.mkdir()
        if number % 4 == 3:
            packed = place / "a.zip"
            packed.write_bytes(damaged(zipped(members), dice))
            try:
                recognise(packed, "a.zip")
                chosen = archive.choose(archive.shapefile_sets(packed, LIMITS), None)
                archive.unpack(packed, chosen, place, LIMITS)
            except FileRefused:
                continue
            finally:
                packed.unlink()
        else:
            hurt = names[number % len(names)]
            for name, raw in members.items():
                (place / name).write_bytes(damaged(raw, dice) if name == hurt else raw)
        cases.append((place, "in.shp"))
    return cases


def single_file_cases(raw: bytes, ending: str) -> Callable[[Path, random.Random], list[Case]]:
    """One file damaged again and again."""

    def make(folder: Path, dice: random.Random) -> list[Case]:
        cases = []
        for number in range(COUNT):
            place = folder / str(number)
            place.mkdir()
            file = place / f"in.{ending}"
            file.write_bytes(damaged(raw, dice))
            try:
                found = recognise(file, file.name)
                if found is Format.XLSX:
                    archive.check_workbook(file, LIMITS)
            except FileRefused:
                continue
            cases.append((place, file.name))
        return cases

    return make


def damaged_workbooks(folder: Path, dice: random.Random) -> list[Case]:
    """XML parts damaged inside a sound zip: a damaged zip seldom gets past its checksums."""
    source = workbook(
        folder / "sound.xlsx", {"S": [["Số", "Bên thuê"], [1, "Công ty A"], [2, "=A2"]]}
    )
    with zipfile.ZipFile(source) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    cases = []
    for number in range(COUNT):
        place = folder / str(number)
        place.mkdir()
        hurt = dice.choice(sorted(parts))
        book_parts = parts | {hurt: damaged(parts[hurt], dice)}
        (place / "in.xlsx").write_bytes(zipped(book_parts))
        try:
            archive.check_workbook(place / "in.xlsx", LIMITS)
        except FileRefused:
            continue
        cases.append((place, "in.xlsx"))
    return cases


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A small sound GeoPackage."""
    return geopackage(tmp_path_factory.mktemp("sound") / "a.gpkg", 5).read_bytes()


def answers(folder: Path, out: Path, format_: Format, cases: list[Case]) -> list[tuple[int, int]]:
    """Read all cases in one sandbox; (case, exit status) each."""
    requests = [
        {
            "task": "read",
            "format": format_.value,
            "path": f"/job/{place.relative_to(folder)}/{name}",
            "layer": None,
            "encoding": None,
            "original_layers": ["in"],
            "limits": {**asdict(LIMITS), "geometry_kinds": []},
            "memory_bytes": LIMITS.memory_bytes,
            "output_bytes": 16 * 2**20,
            "cpu_seconds": 10,
            "case": number,
        }
        for number, (place, name) in enumerate(cases)
    ]
    (folder / "requests").write_text("\n".join(map(json.dumps, requests)))
    line = command(
        folder, [sys.executable, "-I", "-B", "-c", INMATE], extra=["--bind", str(out), "/out"]
    )
    ended = subprocess.run(
        line, capture_output=True, text=True, timeout=60 + COUNT, env={}, check=True
    )
    said = [json.loads(line) for line in ended.stdout.splitlines()]
    return [(entry["case"], entry["status"]) for entry in said]


@pytest.mark.timeout(120 + COUNT)
@pytest.mark.parametrize("format_", list(Format))
def test_damaged_files(tmp_path: Path, package: bytes, format_: Format) -> None:
    makers: dict[Format, Callable[[Path, random.Random], list[Case]]] = {
        Format.SHAPEFILE: shapefile_cases,
        Format.GEOPACKAGE: single_file_cases(package, "gpkg"),
        Format.GEOJSON: single_file_cases(feature_collection(squares(3)).encode(), "geojson"),
        Format.CSV: single_file_cases("Số;Bên thuê\n1;Công ty A\n2;B\n".encode(), "csv"),
        Format.XLSX: damaged_workbooks,
    }
    folder, out = tmp_path / "corpus", tmp_path / "out"
    folder.mkdir()
    out.mkdir()
    cases = makers[format_](folder, random.Random(f"{SEED} {format_}"))
    ended = answers(folder, out, format_, cases)
    assert len(ended) == len(cases) > COUNT // 5
    for number, status in ended:
        assert status in (0, *_KILLED_BY_LIMIT), f"case {number} of seed {SEED} ended with {status}"
        if status == 0:
            _receive(out / f"{number}.json", out / f"{number}.arrow")


def _receive(answer: Path, output: Path) -> None:
    """What the parent does with an answer; a refusal is fine, a disbelief of honest work is not."""
    try:
        said = believed(answer.read_bytes())
        facts = said.the_layer()
        table = reception.load(output, facts, said.rows, LIMITS)
        shapes, findings, _, _ = reception.geometries(table, LIMITS)
        columns, _ = reception.columns(table, facts, LIMITS)
    except ReadingNotBelieved:
        raise
    except FileRefused:
        return
    coordinates = shapely.get_coordinates(shapes)
    assert np.isfinite(coordinates).all()
    assert all(len(values) == len(shapes) for values in columns.values())
    refused = {finding.row for finding in findings}
    rows = table.column(0).to_pylist()
    missing = {row for row, shape in zip(rows, shapes, strict=True) if shape is None}
    assert missing <= refused
