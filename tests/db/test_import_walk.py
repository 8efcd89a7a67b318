"""The whole way by the command line: found, import, count. Every figure is known by formula."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gisapp.cli import run
from gisapp.security import accounts
from gisapp.security.permissions import Role
from planning.clocks import Moment
from planning.indicators.queries import land
from tests.brick_park import BLOCK_M2, BrickPark
from tests.conftest import TestDatabase

PARK = BrickPark(5, 2)
PAPER = ["--document", "01/QĐ-UBND", "--issued", "2020-01-01", "--issuer", "UBND tỉnh Quảng Ninh"]
DAYS = (date(2021, 12, 31), date(2022, 12, 31), date(2023, 12, 31))

Gisapp = Callable[..., Any]


@pytest.fixture
def gisapp(
    fresh_database: TestDatabase,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Gisapp:
    """Run a command as on the command line; its JSON, or its exit code and what it said."""
    for name, value in settings_as_environment(fresh_database).items():
        monkeypatch.setenv(name, value)
    with fresh_database.database.transaction() as session:
        accounts.create_user(session, "planner", Role.PLANNER, "thửa đất số chín mươi")
        accounts.create_user(session, "leader", Role.LEADER, "thửa đất số chín mươi")
        accounts.create_user(session, "viewer", Role.VIEWER, "thửa đất số chín mươi")

    def call(*arguments: str, code: int = 0) -> Any:
        capsys.readouterr()
        assert run(list(arguments)) == code, capsys.readouterr()
        told = capsys.readouterr()
        return json.loads(told.out) if "--json" in arguments else told.out + told.err

    return call


def settings_as_environment(database: TestDatabase) -> dict[str, str]:
    """The settings of a test database as variables."""
    known = database.settings
    return {
        "GISAPP_DATABASE_URL": known.database_url or "",
        "GISAPP_DATABASE_URL_READ": known.database_url_read or "",
        "GISAPP_DATABASE_URL_WRITE": known.database_url_write or "",
        "GISAPP_DATA_DIR": str(known.data_dir),
    }


def found_everything(gisapp: Gisapp, folder: Path) -> None:
    """Board, zone, boundary, plan with its version under appraisal."""
    me = ["--actor", "planner"]
    gisapp("board", "create", "BQL", "--name", "Ban quản lý", "--province", "Quảng Ninh",
           "--since", "2015-01-01", *me)  # fmt: skip
    gisapp("zone", "create", "KCN", "--board", "BQL", "--kind", "industrial_park", "--srid", "5899",
           "--name", "KCN Gạch", "--since", "2015-01-01", *me)  # fmt: skip
    gisapp("import", str(folder / "ranh.gpkg"), "--zone", "KCN", "--as", "boundary", *PAPER, *me)
    gisapp("plan", "create", "QH-KCN", "--zone", "KCN", "--level", "subdivision", "--scale", "2000",
           "--name", "Quy hoạch phân khu", *me)  # fmt: skip
    gisapp("plan", "version", "QH-KCN", "--status", "appraisal", *PAPER, *me)


def approve_plan(gisapp: Gisapp) -> None:
    """The leader puts the version in force, once it has its lots."""
    gisapp("plan", "version", "QH-KCN", "--version", "1", "--status", "approved", "--in-force",
           "2020-02-01", *PAPER, "--actor", "leader")  # fmt: skip


def test_found_import_and_count(
    gisapp: Gisapp, fresh_database: TestDatabase, tmp_path: Path
) -> None:
    PARK.write(tmp_path)
    found_everything(gisapp, tmp_path)
    me = ["--actor", "planner", "--zone", "KCN", *PAPER, "--json"]
    plan = ["--plan", "QH-KCN"]
    lots = gisapp("import", str(tmp_path / "lo.gpkg"), "--as", "plan-lots", *plan, *me)
    assert lots["written"]["plan_lots"] == PARK.blocks
    approve_plan(gisapp)
    told = tmp_path / "report.json"
    kept = ["--report", str(told)]
    parcels = gisapp("import", str(tmp_path / "thua.gpkg"), "--as", "parcels", *kept, *me)
    assert parcels["written"]["parcels"] == PARK.parcels and parcels["counts"]["refused"] == 0
    assert json.loads(told.read_text(encoding="utf-8")) == parcels
    rights = gisapp("import", str(tmp_path / "quyen.csv"), "--as", "land-rights", *me)
    sub_leases = 8 * sum(PARK.category(block) == "CN" for block in range(PARK.blocks))
    assert rights["written"]["land_rights"] == PARK.blocks + sub_leases
    handed = gisapp("import", str(tmp_path / "bangiao.csv"), "--as", "handovers", *me)
    assert handed["written"] == {"handovers": PARK.blocks, "parcels": PARK.parcels}
    check_figures(fresh_database)
    with fresh_database.connect("gisapp_read") as reader:  # the planner was told at once
        known = reader.execute(
            "SELECT reltuples FROM pg_class WHERE oid = 'land.parcel_version'::regclass"
        ).fetchone()
    assert known == (PARK.parcels,)


def check_figures(database: TestDatabase, park: BrickPark = PARK, zone: str = "KCN") -> None:
    """Leasable, leased, cleared, allocated and the ratio at three dates, by formula."""
    with database.database.reading() as session:
        for day in DAYS:
            figures = land(session, Moment(day), zone=zone).figures()
            value = {code: float(figure.answer.value or 0) for code, figure in figures.items()}
            assert value["leasable_area"] == park.leasable_m2()
            assert value["leased_area"] == pytest.approx(park.leased_m2(day), abs=0.01)
            assert value["cleared_area"] == pytest.approx(park.cleared_m2(day), abs=0.01)
            assert value["state_allocated_area"] == pytest.approx(park.allocated_m2(day), abs=0.01)
            assert value["occupancy_rate_d82"] == pytest.approx(
                100 * park.leased_m2(day) / park.leasable_m2(), abs=1e-6
            )


def test_the_same_call_again_refuses_and_says_why(gisapp: Gisapp, tmp_path: Path) -> None:
    small = BrickPark(1, 1)
    small.write(tmp_path)
    found_everything(gisapp, tmp_path)
    call = ["import", str(tmp_path / "thua.gpkg"), "--zone", "KCN", "--as", "parcels", *PAPER,
            "--actor", "planner"]  # fmt: skip
    assert "Đã ghi vào khu KCN" in gisapp(*call)
    again = gisapp(*call, code=2)
    assert "đã có trong sổ" in again and "Không ghi gì" in again
    english = gisapp("--lang", "en", *call, code=2)
    assert "is in the register" in english


def test_partial_is_exit_code_one(gisapp: Gisapp, tmp_path: Path) -> None:
    small = BrickPark(1, 1)
    small.write(tmp_path)
    found_everything(gisapp, tmp_path)
    path = tmp_path / "bangiao.csv"
    call = ["import", str(tmp_path / "thua.gpkg"), "--zone", "KCN", "--as", "parcels", *PAPER,
            "--actor", "planner"]  # fmt: skip
    gisapp(*call)
    path.write_text(
        "Số biên bản,Ngày bàn giao,Số tờ,Số thửa\nBB1,2021-03-01,1,1\nBB2,2021-03-01,1,999\n",
        encoding="utf-8",
    )
    rest = ["--zone", "KCN", "--as", "handovers", *PAPER, "--actor", "planner"]
    gisapp("import", str(path), *rest, code=2)
    said = gisapp("import", str(path), *rest, "--partial", code=1)
    assert "Không có thửa 1/999" in said and "Đã ghi một phần" in said


def test_who_may_not_import_is_refused(gisapp: Gisapp, tmp_path: Path) -> None:
    small = BrickPark(1, 1)
    small.write(tmp_path)
    found_everything(gisapp, tmp_path)
    call = ["import", str(tmp_path / "thua.gpkg"), "--zone", "KCN", "--as", "parcels", *PAPER]
    assert "không có quyền" in gisapp(*call, "--actor", "viewer", code=2)
    gisapp(*call, "--actor", "nobody-there", code=2)
    gisapp("board", "create", "X", "--name", "X", "--province", "X", "--actor", "viewer", code=2)


def test_rights_are_held_against_parent_and_neighbours(gisapp: Gisapp, tmp_path: Path) -> None:
    small = BrickPark(1, 1)
    small.write(tmp_path)
    found_everything(gisapp, tmp_path)
    me = ["--zone", "KCN", *PAPER, "--actor", "planner", "--json"]
    gisapp("import", str(tmp_path / "thua.gpkg"), "--as", "parcels", *me)
    path = tmp_path / "q.csv"
    head = (
        "Hình thức,Số hợp đồng,Bên thuê,Diện tích (m2),Hiệu lực từ,Hết hạn,Số hợp đồng gốc,"
        "Số tờ,Số thửa"
    )

    def codes(*rows: str, code: int = 2) -> dict[int, list[str]]:
        path.write_text("\n".join([head, *rows]), encoding="utf-8")
        told = gisapp("import", str(path), "--as", "land-rights", *me, code=code)
        return {row["row"]: [f["code"] for f in row["findings"]] for row in told["rows"]}

    state = "Thuê đất,NN-1,Công ty A,3000,2021-01-01,2070-12-31,,1,1; 2; 3"
    assert codes(state, "Cho thuê lại,TL-1,B,4000,2022-01-01,,NN-1,1,1") == {
        3: ["row-outside-parent"]
    }
    assert codes(state, "Cho thuê lại,TL-1,B,1000,2020-06-01,,NN-1,1,1") == {
        3: ["row-parent-not-found"]
    }
    assert codes(state, "Cho thuê lại,TL-1,B,1000,2022-01-01,2080-01-01,NN-1,1,1") == {
        3: ["row-outside-parent"]
    }
    assert codes(state, "Cho thuê lại,TL-1,B,1000,2022-01-01,,NN-1,1,9") == {
        3: ["row-outside-parent"]
    }
    assert codes(state, "Thuê đất,NN-2,Công ty C,1000,2022-01-01,,,1,3") == {
        3: ["row-parcel-taken"]
    }
    assert codes(state, "Thuê đất,NN-1,Công ty khác,3000,2021-01-01,2070-12-31,,1,4") == {
        2: ["row-with-refused"],
        3: ["row-disagrees"],
    }
    assert codes(state, "Cho thuê lại,TL-1,B,1000,2022-01-01,,,1,1", code=0) == {}
    assert codes(state) == {2: ["row-code-in-register"]}
    other = state.replace("NN-1", "NN-9")
    assert codes(other) == {2: ["row-parcel-taken"] * 3}


def test_a_state_lease_of_a_block_is_its_area() -> None:
    assert PARK.allocated_m2(date(2030, 1, 1)) == BLOCK_M2 * PARK.blocks
