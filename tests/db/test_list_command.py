"""``gisapp list``: a report's figures from the command line, as printed, all rows or none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gisapp.security import accounts
from gisapp.security.model import UserScope
from gisapp.security.permissions import Role
from planning.clocks import moment
from planning.recorded.queries import recorded_figures
from tests.conftest import TestDatabase
from tests.db.ground import lay
from tests.db.test_command_line import Gisapp, named

__all__ = ["named"]

REPORT = Path(__file__).parents[1] / "data" / "recorded_figures" / "quang_ninh_q1_2025.csv"
PAPER = ("--document", "12/BC", "--issued", "2025-04-10", "--issuer", "Ban Quản lý")


@pytest.fixture
def command(named: Gisapp, fresh_database: TestDatabase) -> Gisapp:
    """The command line on a board with a planner, one of another board, and a leader."""
    with fresh_database.database.transaction() as session:
        lay(session, 1, code="QN")
        lay(session, 1, code="PT", column=400)
        accounts.create_user(session, "an", Role.PLANNER, "mật khẩu rất dài số một")
        other = accounts.create_user(session, "binh", Role.PLANNER, "mật khẩu rất dài số hai")
        other.scopes.append(UserScope(board_code="B-PT"))
        accounts.create_user(session, "chi", Role.LEADER, "mật khẩu rất dài số ba")
    return named


def report(tmp_path: Path, *, spoil: bool = False) -> str:
    """The report with the board's code of this test; one row spoilt when asked."""
    text = REPORT.read_text(encoding="utf-8-sig").replace("BQL-QN", "B-QN")
    if spoil:
        text = text.replace("10,367 tỷ USD", "10,367 tỷ")
    path = tmp_path / "bao-cao.csv"
    path.write_text(text, encoding="utf-8-sig")
    return str(path)


def test_a_report_goes_in_whole(
    command: Gisapp, fresh_database: TestDatabase, tmp_path: Path
) -> None:
    asked = ("list", "import", "recorded-figures", report(tmp_path), *PAPER, "--actor", "an")
    tried = command(*asked, "--dry-run")
    assert tried.returncode == 0 and "Chưa ghi gì" in tried.stdout, tried.stderr
    done = command(*asked, "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["rows"], told["written"], told["refused"]) == (0, 22, 22, 0)
    with fresh_database.database.reading() as session:
        figures = recorded_figures(session, moment(session), ["B-QN"], [])
    assert len(figures) == 22
    again = command(*asked)
    assert again.returncode == 2 and "đã ghi theo văn bản" in again.stdout, "nothing twice"


def test_one_wrong_row_keeps_the_report_out(
    command: Gisapp, fresh_database: TestDatabase, tmp_path: Path
) -> None:
    asked = ("list", "import", "recorded-figures", report(tmp_path, spoil=True), *PAPER)
    refused = command(*asked, "--actor", "an", "--json")
    told = json.loads(refused.stdout)
    assert (refused.returncode, told["refused"], told["change"]) == (2, 1, None)
    assert told["findings"][0]["code"] == "figure-currency-missing"
    for actor in ("chi", "binh"):
        assert command(*asked, "--actor", actor).returncode == 2
    with fresh_database.database.reading() as session:
        assert recorded_figures(session, moment(session), ["B-QN"], []) == []


def test_the_columns_of_a_list_are_told(command: Gisapp) -> None:
    told = command("list", "columns", "recorded-figures")
    assert told.returncode == 0 and "* Ban · Board" in told.stdout
    fields = json.loads(command("list", "columns", "zone-phases", "--json").stdout)
    assert [field["field"] for field in fields if field["required"]] == [
        "zone_code", "number", "name_vi", "area_m2",
    ]  # fmt: skip


def test_a_list_leaves_and_comes_back(
    command: Gisapp, fresh_database: TestDatabase, tmp_path: Path
) -> None:
    file = tmp_path / "khu.xlsx"
    done = command("list", "export", "zones", str(file), "--actor", "binh")
    assert done.returncode == 0 and "1 dòng" in done.stdout, "binh sees the zone of one board"
    again = command("list", "import", "zones", str(file), *PAPER, "--actor", "binh", "--json")
    told = json.loads(again.stdout)
    assert (again.returncode, told["unchanged"], told["written"], told["change"]) == (0, 1, 0, None)
    refused = command("list", "export", "households", str(tmp_path / "ho.csv"), "--actor", "an")
    assert refused.returncode == 2 and not (tmp_path / "ho.csv").exists()
    assert command("list", "export", "zones", str(tmp_path / "khu.pdf")).returncode == 2
