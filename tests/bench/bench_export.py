"""GeoJSON of 100,000 parcels: memory, and speed beside ogr2ogr on the same question."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import psycopg

from gisapp.cluster import preparation
from layers.copying import driver_connection
from planning.clocks import moment
from planning.exported import export_source
from tests.bench.conftest import PARCELS
from tests.conftest import TestDatabase

GOAL_MEMORY_MB = 300
GOAL_RATIO = 4.0
ROUNDS = 3

_EXPORT = """
import resource, sys, time
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from layers.exporting import geojson_stream
from planning.clocks import moment
from planning.exported import export_source
engine = create_engine(sys.argv[1])
with Session(engine) as session:
    started = time.perf_counter()
    with open(sys.argv[2], "wb") as target:
        for part in geojson_stream(session, export_source("parcels", moment(session), None)):
            target.write(part)
    seconds = time.perf_counter() - started
print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def _ours(board: TestDatabase, target: Path) -> tuple[float, float]:
    url = board.server.url(preparation.READ, board.name)
    command = [sys.executable, "-c", _EXPORT, url, str(target)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, memory = done.stdout.split()
    return float(seconds), float(memory)


def _ogr2ogr(board: TestDatabase, question: Path, target: Path) -> float:
    url = board.server.url(preparation.READ, board.name).replace("+psycopg", "")
    target.unlink(missing_ok=True)
    command = [
        "ogr2ogr", "-f", "GeoJSON", "-lco", "RFC7946=YES", "-s_srs", "EPSG:5899", "-t_srs",
        "EPSG:4326", str(target), f"PG:{url}", "-sql", f"@{question}",
    ]  # fmt: skip
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - started


def test_geojson_beside_ogr2ogr(large_board: TestDatabase, tmp_path: Path) -> None:
    question = tmp_path / "question.sql"
    with large_board.database.reading(seconds=120) as session:
        rows, values = export_source("parcels", moment(session), None).rows()
        cursor = psycopg.ClientCursor(driver_connection(session))
        asked = cursor.mogrify(rows, values)
    question.write_text(asked.replace(", held.geom_wgs84", ""), encoding="utf-8")
    ours, theirs, memory = [], [], 0.0
    for _ in range(ROUNDS):
        seconds, peak = _ours(large_board, tmp_path / "ours.geojson")
        ours.append(seconds)
        memory = max(memory, peak)
        theirs.append(_ogr2ogr(large_board, question, tmp_path / "theirs.geojson"))
    ratio = median(theirs) / median(ours)
    print(
        f"\nGeoJSON of {PARCELS} parcels: {median(ours):.1f} s, peak {memory:.0f} MB; "
        f"ogr2ogr {median(theirs):.1f} s; ratio {ratio:.1f}"
    )
    for name in ("ours", "theirs"):
        read = json.loads((tmp_path / f"{name}.geojson").read_text(encoding="utf-8"))
        assert len(read["features"]) == PARCELS
    assert memory < GOAL_MEMORY_MB
    assert ratio >= GOAL_RATIO
