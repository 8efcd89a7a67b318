"""Hand-overs from a file on land of a clearance case: its last step, or refused with what to do."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from gisapp.import_texts import sentence
from gisapp.importing import Source, bring_in
from planning import refusals
from planning.changes.imports import Certificate, Layer, Report, Request
from planning.changes.imports.report import finding_json
from planning.clearance import register
from planning.clearance.commands import hand_over
from planning.clocks import Moment
from tests.conftest import TestDatabase
from tests.db.clearing import HANDED, Case, lay_case, lead
from tests.db.ground import change

TO_RECOVERY = (
    "notice", "inventory", "plan_drafted", "plan_posted", "plan_approved", "recovered",
)  # fmt: skip
NOW = Moment(date(2026, 1, 1))


def laid(made: TestDatabase, *kinds: str) -> Case:
    with made.database.households() as session:
        case = lay_case(session, parcels=4)
        if kinds:
            lead(session, case, *kinds)
    return case


def brought(made: TestDatabase, folder: Path, *parcels: str, day: str = "01/02/2025") -> Report:
    """Bring minutes that hand parcels over (sheet 12)."""
    file = folder / "bangiao.csv"
    with file.open("w", encoding="utf-8", newline="") as sheet:
        out = csv.writer(sheet)
        out.writerow(["so_bien_ban", "ngay_ban_giao", "so_to", "so_thua"])
        out.writerows(["7/BB", day, "12", parcel] for parcel in parcels)
    paper = Certificate("7/BB", HANDED, "UBND phường", kind="minutes")
    asked = Request(Layer.HANDOVERS, "KCN-1", paper, "tester", file.name)
    return bring_in(made.database, made.settings, asked, Source(file, file.name))


def told(report: Report) -> list[str]:
    return [
        sentence(finding_json(finding), "vi") for row in report.rows for finding in row.findings
    ]


def state(made: TestDatabase, case: Case, number: str) -> Any:
    with made.database.reading() as session:
        return register.item(session, NOW, case.id, number)


def test_minutes_become_the_last_step(fresh_database: TestDatabase, tmp_path: Path) -> None:
    case = laid(fresh_database, *TO_RECOVERY)
    report = brought(fresh_database, tmp_path, "1", "4")
    assert report.change is not None, told(report)
    assert report.written == {"handovers": 1, "parcels": 2, "clearance_steps": 1}
    item = state(fresh_database, case, "1")
    assert (item.state, item.handed_over_on) == ("handed_over", HANDED)
    with fresh_database.database.reading() as session:
        (last,) = [s for s in register.steps(session, NOW, item.id) if s.kind == "handed_over"]
    assert (last.document, last.day) == ("7/BB", HANDED)


@pytest.mark.parametrize(
    ("kinds", "day"),
    [(TO_RECOVERY[:5], "01/02/2025"), (TO_RECOVERY, "14/01/2025")],
    ids=["never", "later"],
)
def test_land_that_is_not_recovered_stays(
    fresh_database: TestDatabase, tmp_path: Path, kinds: tuple[str, ...], day: str
) -> None:
    case = laid(fresh_database, *kinds)
    report = brought(fresh_database, tmp_path, "1", "4", day=day)
    assert report.change is None
    assert any("Ghi quyết định thu hồi ở mục ấy trước" in each for each in told(report))
    assert state(fresh_database, case, "1").handed_over_on is None


def test_an_item_goes_as_a_whole(fresh_database: TestDatabase, tmp_path: Path) -> None:
    case = laid(fresh_database, *TO_RECOVERY)
    with fresh_database.database.transaction() as session:
        number = change(session, case.document, day=date(2024, 9, 2))
        session.execute(
            text(
                "INSERT INTO land.clearance_item_parcel (item_id, parcel_id, valid_from, opened_by)"
                " VALUES (:item, :parcel, '2024-09-02', :number)"
            ),
            {"item": case.items[0], "parcel": case.ground.parcels[2], "number": number},
        )
    report = brought(fresh_database, tmp_path, "1")
    assert report.change is None
    assert any("còn 1 thửa khác chưa có trong biên bản" in each for each in told(report))
    assert brought(fresh_database, tmp_path, "1", "3").change is not None
    assert state(fresh_database, case, "1").state == "handed_over"


def test_the_database_judges_whoever_comes_another_way(fresh_database: TestDatabase) -> None:
    """Raw SQL, past every form and import: the two never say different things."""
    case = laid(fresh_database, *TO_RECOVERY)
    with pytest.raises(DBAPIError) as raised, fresh_database.database.transaction() as session:
        number = change(session, case.document, day=HANDED)
        hand_over(
            session, number, zone_id=case.ground.zone_id, number="X", day=HANDED,
            parcels=[case.ground.parcels[0]], document_id=case.document,
        )  # fmt: skip
    assert isinstance(refusals.refusal(raised.value), refusals.HandoverOutsideCase)
    with pytest.raises(DBAPIError) as raised, fresh_database.database.transaction() as session:
        number = change(session, case.document, day=HANDED)
        session.execute(
            text(
                "INSERT INTO land.clearance_step (item_id, kind, document_id, valid_from,"
                " opened_by)"
                " VALUES (:item, 'handed_over', :paper, :day, :number)"
            ),
            {"item": case.items[0], "paper": case.document, "day": HANDED, "number": number},
        )
    assert isinstance(refusals.refusal(raised.value), refusals.HandoverOutsideCase)


@pytest.mark.parametrize(
    ("percent", "constraint"),
    [
        ("-1", "resettlement_progress_percent_check"),
        ("100.01", "resettlement_progress_percent_check"),
        ("12.345", "resettlement_progress_percent_check"),
    ],
)
def test_progress_is_a_share(fresh_database: TestDatabase, percent: str, constraint: str) -> None:
    case = laid(fresh_database)
    with pytest.raises(DBAPIError) as raised, fresh_database.database.transaction() as session:
        number = change(session, case.document, day=HANDED)
        session.execute(
            text(
                "WITH area AS (INSERT INTO land.resettlement_area (code, board_id, opened_by)"
                " VALUES ('T', :board, :number) RETURNING id)"
                " INSERT INTO land.resettlement_progress"
                " (resettlement_area_id, percent, document_id, valid_from, opened_by)"
                " SELECT id, CAST(:percent AS numeric), :paper, :day, :number FROM area"
            ),
            {
                "board": case.ground.board_id, "number": number, "paper": case.document,
                "percent": percent, "day": HANDED,
            },
        )  # fmt: skip
    assert constraint in str(raised.value)
