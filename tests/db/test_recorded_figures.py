"""Two reports entered as they are printed: they come back so, with shares, sums and the register's
own figures beside them, on both clocks.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from gisapp.list_imports import Bringer, ListReport, bring_list
from gisapp.lists import LISTS
from gisapp.security.scope import Scope
from planning.changes.imports import Certificate
from planning.clocks import Moment, moment
from planning.indicators.queries import land
from planning.recorded import queries
from planning.recorded.commands import FigureKey, NewFigure, correct_figure, explain, record_figure
from planning.recorded.errors import FigureKnown, FigurePeriodRefused
from planning.recorded.printed import settled
from planning.recorded.queries import Recorded
from planning.recorded.rules import agrees
from planning.records.commands import open_change, register_document
from planning.zones.commands import create_board
from planning.zones.queries import find_board, find_zone
from tests.conftest import TestDatabase
from tests.db.ground import lay

DATA = Path(__file__).parents[1] / "data" / "recorded_figures"
QUARTER, HALF = date(2025, 4, 10), date(2024, 7, 10)
REPORTS = {"quang_ninh_q1_2025.csv": QUARTER, "hoa_binh_h1_2024.csv": HALF}


def bring(target: TestDatabase, path: Path, issued: date, *, dry_run: bool = False) -> ListReport:
    paper = Certificate(f"BC/{path.stem}", issued, "Ban Quản lý", kind="other")
    who = Bringer("tester", Scope(), paper)
    return bring_list(
        target.database, target.settings, LISTS["recorded-figures"], path, path.name, who,
        dry_run=dry_run,
    )  # fmt: skip


@pytest.fixture(scope="module")
def entered(module_database: TestDatabase) -> Iterator[TestDatabase]:
    with module_database.database.transaction() as session:
        ground = lay(session, 2, code="KCN-1")
        for code in ("BQL-QN", "BQL-HB"):
            create_board(
                session, ground.change, code=code, name_vi="Ban", province_name="x",
                valid_from=date(2020, 1, 1),
            )  # fmt: skip
    for name, issued in REPORTS.items():
        report = bring(module_database, DATA / name, issued)
        assert report.good, [(found.row, found.code, found.context) for found in report.refused]
    yield module_database


@pytest.fixture
def reading(entered: TestDatabase) -> Iterator[Session]:
    with entered.database.reading() as session:
        yield session


def told(session: Session, at: Moment | None = None) -> list[Recorded]:
    return queries.recorded_figures(session, at or moment(session), ["BQL-QN", "BQL-HB"], [])


def one(figures: list[Recorded], board: str, indicator: str, kind: str | None = None) -> Recorded:
    (found,) = [
        each
        for each in figures
        if (each.board, each.indicator) == (board, indicator) and kind in (None, each.kind)
    ]
    return found


@pytest.mark.parametrize("name", REPORTS)
def test_every_figure_comes_back_as_printed(reading: Session, name: str) -> None:
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    kinds = {"luỹ kế": "stock", "trong kỳ": "flow", "tỷ lệ": "ratio", "kế hoạch": "target"}
    figures = told(reading)
    for row in rows:
        found = one(figures, row["Ban"], row["Mã chỉ tiêu"], kinds[row["Loại số"]])
        assert (found.printed, found.name_vi) == (row["Số như in"], row["Tên chỉ tiêu"])
        assert found.period_to.strftime("%d/%m/%Y") == row["Kỳ đến ngày"]
        assert found.document == f"BC/{name.removesuffix('.csv')}"
    board = rows[0]["Ban"]
    assert len([each for each in figures if each.board == board]) == len(rows)


@pytest.mark.parametrize(
    ("indicator", "completion"),
    [
        ("area_cleared_in_period", "57.24"),
        ("revenue_total", "63.98"),
        ("export_value", "63.24"),
        ("state_budget_paid", "65.27"),
        ("new_jobs", "62.14"),
        ("projects_attracted", "12.50"),
    ],
)
def test_completion_of_the_target_recorded_beside(
    reading: Session, indicator: str, completion: str
) -> None:
    found = one(told(reading), "BQL-HB", indicator, "flow")
    share = found.computed.completion
    assert share is not None and agrees(share, Decimal(completion))
    if indicator != "projects_attracted":
        assert found.printed_completion == Decimal(completion), "the report prints the same"


def test_the_misprint_stands_and_the_unit_is_right(reading: Session) -> None:
    found = one(told(reading), "BQL-HB", "state_budget_paid", "target")
    assert (found.printed, found.unit.code) == ("220 triệu động", "billion_vnd")
    assert one(told(reading), "BQL-QN", "tthc_overdue").printed == "không có"
    workers = one(told(reading), "BQL-QN", "employees")
    assert (workers.value, workers.qualifier) == (Decimal(42_500), "about")


def test_sums_hold(reading: Session) -> None:
    found = queries.checked(queries.identities(reading), told(reading))
    held = {(figure.board, check.identity.code): check for figure, check in found}
    assert {key: check.holds for key, check in held.items()} == {
        ("BQL-QN", "projects_by_origin"): True,
        ("BQL-QN", "dossiers_by_outcome"): True,
        ("BQL-HB", "projects_by_origin"): True,
        ("BQL-HB", "dossiers_carried_over"): True,
    }
    carried = held["BQL-HB", "dossiers_carried_over"]
    assert [int(value) for value in (*carried.left, *carried.right)] == [15, 4, 17, 2]
    assert [int(value) for value in held["BQL-QN", "projects_by_origin"].left] == [147, 204]


def test_both_clocks(entered: TestDatabase, reading: Session) -> None:
    assert told(reading, Moment(date(2024, 7, 9))) == []
    assert {each.board for each in told(reading, Moment(HALF))} == {"BQL-HB"}
    assert told(reading, moment(reading, known_at=datetime(2020, 1, 1, tzinfo=UTC))) == []


def record(
    session: Session,
    board: UUID,
    text: str,
    *,
    day: date,
    indicator: str = "revenue_total",
    period: tuple[date | None, date] = (date(2023, 1, 1), date(2023, 6, 30)),
    kind: str = "flow",
    zone: UUID | None = None,
) -> UUID:
    """Enter a figure by a document of a day."""
    document = register_document(
        session, number=f"1/{day}", issued_on=day, issuer="Ban", actor="tester"
    )
    change = open_change(
        session, kind="act", reason="x", actor="tester", effective_on=day, document_id=document
    )
    figure, printed = settled(text)
    key = FigureKey(board, zone, "parks", indicator, kind, *period)
    new = NewFigure(key, "Số", figure, printed)
    return record_figure(session, change, new, day=day, document_id=document)


class _Back(Exception):
    """Leaves a transaction."""


def test_growth_against_the_same_period_a_year_ago(entered: TestDatabase) -> None:
    """Recorded figures of a year ago stand beside, in the unit of the later one."""
    with pytest.raises(_Back), entered.database.transaction() as session:
        board = board_of(session, "BQL-HB")
        record(session, board, "11.021.000 triệu đồng", day=date(2023, 7, 5))
        figures = [each for each in told(session) if each.indicator == "revenue_total"]
        (found,) = [each for each in figures if each.period_to == date(2024, 6, 30)]
        assert found.compared == Decimal("11021")
        growth = found.computed.yoy_growth
        assert growth is not None and agrees(growth, Decimal("16.1"))
        assert found.printed_growth == Decimal("16.1")
        raise _Back


def board_of(session: Session, code: str) -> UUID:
    return find_board(session, code)


def test_a_later_document_follows_and_a_correction_replaces(entered: TestDatabase) -> None:
    with pytest.raises(_Back), entered.database.transaction() as session:
        board = board_of(session, "BQL-QN")
        figure = record(session, board, "5 ha", day=date(2023, 7, 5), indicator="area_x")
        with pytest.raises(FigureKnown):
            record(session, board, "6 ha", day=date(2023, 7, 5), indicator="area_x")
        assert record(session, board, "7 ha", day=date(2023, 8, 5), indicator="area_x") == figure
        before = one(told(session, Moment(date(2023, 7, 31))), "BQL-QN", "area_x")
        after = one(told(session), "BQL-QN", "area_x")
        assert (before.printed, after.printed) == ("5 ha", "7 ha")
        document = queries.document_of(session, after.version_id)
        change = open_change(
            session, kind="correction", reason="x", actor="tester", effective_on=date(2023, 8, 5),
            document_id=document,
        )  # fmt: skip
        read, printed = settled("7,5 ha")
        key = FigureKey(board, None, "parks", "area_x", "flow", date(2023, 1, 1), date(2023, 6, 30))
        new = NewFigure(key, "Số", read, printed)
        correct_figure(session, change, after.version_id, new, document_id=document)
        assert one(told(session), "BQL-QN", "area_x").printed == "7,5 ha"
        still = one(told(session, Moment(date(2023, 7, 31))), "BQL-QN", "area_x")
        assert still.printed == "5 ha", "only that version was read wrongly"
        now = one(told(session), "BQL-QN", "area_x")
        explain(session, change, now.version_id, "vì khác phạm vi")
        assert one(told(session), "BQL-QN", "area_x").explanation == "vì khác phạm vi"
        assert len(queries.history(session, figure)) >= 4
        raise _Back


def test_days_that_do_not_suit_the_kind_are_refused(entered: TestDatabase) -> None:
    day = date(2023, 7, 5)
    for kind, period in (
        ("flow", (None, date(2023, 6, 30))),
        ("target", (None, date(2023, 6, 30))),
        ("stock", (date(2023, 1, 1), date(2023, 6, 30))),
        ("flow", (date(2023, 7, 1), date(2023, 6, 30))),
    ):
        with pytest.raises(FigurePeriodRefused), entered.database.transaction() as session:
            record(session, board_of(session, "BQL-QN"), "5 ha", day=day, kind=kind, period=period)


def test_the_registers_own_figure_stands_beside(entered: TestDatabase) -> None:
    """Nothing is cleared in the register: a report that says so differs by all it says."""
    with pytest.raises(_Back), entered.database.transaction() as session:
        board, zone = board_of(session, "B-KCN-1"), zone_of(session)
        last = date(2023, 6, 30)
        for indicator, kind, first, text in (
            ("area_cleared", "stock", None, "12,5 ha"),
            ("area_cleared_in_period", "flow", date(2023, 1, 1), "2 ha"),
            ("natural_area", "stock", None, "10.000 ha"),
            ("employees", "stock", None, "khoảng 900 người"),
        ):
            record(
                session, board, text, day=date(2023, 7, 5), indicator=indicator, kind=kind,
                period=(first, last), zone=zone,
            )  # fmt: skip
        at = moment(session)
        found = queries.recorded_figures(session, at, [], [zone])
        assert len(found) == 4
        own = {
            each.indicator: queries.own_figure(
                session, each, lambda day: land(session, Moment(day), flows=False)
            )
            for each in found
        }
        assert own["employees"] is None, "the register does not count that"
        for indicator, value, gap in (
            ("area_cleared", "0", "12.5"),
            ("area_cleared_in_period", "0", "2"),
            ("natural_area", "10000", "0"),
        ):
            mine = own[indicator]
            assert mine is not None
            assert (mine.value, mine.difference) == (Decimal(value), Decimal(gap)), indicator
        raise _Back


def zone_of(session: Session) -> UUID:
    return find_zone(session, "KCN-1").id


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        (["BQL-XX", "1 ha", "", "trong kỳ", "01/01/2024", "30/06/2024"], "list-row-board"),
        (["BQL-QN", "85 triệu", "", "trong kỳ", "01/01/2024", "30/06/2024"],
         "figure-currency-missing"),
        (["BQL-QN", "85", "", "trong kỳ", "01/01/2024", "30/06/2024"], "figure-unit-missing"),
        (["BQL-QN", "", "", "trong kỳ", "01/01/2024", "30/06/2024"], "figure-unreadable"),
        (["BQL-QN", "2.717ha", "2,72", "trong kỳ", "01/01/2024", "30/06/2024"],
         "figure-differs-from-print"),
        (["BQL-QN", "-3 ha", "", "trong kỳ", "01/01/2024", "30/06/2024"], "value-refused"),
        (["BQL-QN", "2,5 dự án", "", "trong kỳ", "01/01/2024", "30/06/2024"], "value-refused"),
        (["BQL-QN", "3-2 ha", "", "trong kỳ", "01/01/2024", "30/06/2024"], "value-refused"),
        (["BQL-QN", "60%", "", "luỹ kế", "", "30/06/2024"], "value-refused"),
        (["BQL-QN", "1 ha", "", "trong kỳ", "", "30/06/2024"], "figure-period-refused"),
        (["BQL-QN", "1 ha", "", "trong kỳ", "01/07/2024", "30/06/2024"], "figure-period-refused"),
        (["BQL-QN", "1 ha", "", "ngày nào", "01/01/2024", "30/06/2024"], "field-value-unknown"),
        (["BQL-QN", "1 ha", "", "trong kỳ", "31/02/2024", "30/06/2024"], "field-date-unreadable"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)  # fmt: skip
def test_a_wrong_row_is_named(
    entered: TestDatabase, tmp_path: Path, cells: list[str], code: str
) -> None:
    board, printed, value, kind, first, last = cells
    path = tmp_path / "x.csv"
    head = "Ban;Mã chỉ tiêu;Tên chỉ tiêu;Số như in;Giá trị;Loại số;Kỳ từ ngày;Kỳ đến ngày"
    good = "BQL-QN;area_good;Đúng;1 ha;;trong kỳ;01/01/2024;30/06/2024"
    wrong = f"{board};area_wrong;Sai;{printed};{value};{kind};{first};{last}"
    path.write_text(f"{head}\n{good}\n{wrong}\n", encoding="utf-8-sig")
    report = bring(entered, path, date(2024, 8, 1))
    assert [(found.row, found.code) for found in report.refused] == [(3, code)]
    assert report.change is None and report.written == 0
