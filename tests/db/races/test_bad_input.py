"""Bad input as raw SQL of the writing login: money, currencies, shares and photos of no picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest

from planning.refusals import refusal
from tests.conftest import TestDatabase
from tests.db.races.arena import Arena, Hand, Plot
from tests.db.races.clearance import lay_case
from tests.db.races.test_projects import a_project, refused, row

SHA = "a" * 64
CAPITAL: dict[str, tuple[dict[str, object], str]] = {
    "negative": ({"registered": -1}, "money_check"),
    "a third of a cent": ({"registered": "1.005"}, "money_check"),
    "half a dong": ({"currency": "VND", "registered": "1.5"}, "vnd_is_whole"),
    "half a dong spent": ({"currency": "VND", "implemented": "1.5"}, "vnd_is_whole"),
    "not a number": ({"registered": "NaN"}, "money_check"),
    "no currency": ({"currency": None}, "23502"),
    "a currency of nobody": ({"currency": "USX"}, "project_capital_currency_fkey"),
    "no amount": ({"registered": None}, "23502"),
}
PHOTO: dict[str, tuple[dict[str, object], str]] = {
    "no pixel wide": ({"width": 0}, "photo_width_check"),
    "no pixel high": ({"height": -3}, "photo_height_check"),
    "nobody measured it": ({"width": None}, "23502"),
    "an empty file": ({"file_size": 0}, "photo_file_size_check"),
    "named by no content": ({"sha256": "anh.jpg"}, "photo_sha256_check"),
    "a thumbnail elsewhere": ({"thumbnail_sha256": f"../{SHA[3:]}"},
                              "photo_thumbnail_sha256_check"),
    "no original": ({"original_sha256": None}, "23502"),
    "taken at sea": ({"place_wgs84": "SRID=4326;POINT(0 0)"}, "photo_place_check"),
    "taken tomorrow's century": ({"taken_at": "2200-01-01 00:00+07"}, "photo_taken_at_check"),
}  # fmt: skip
LAND: dict[str, tuple[str, dict[str, object], str]] = {
    "a target of nothing": ("clearance_target", {"area_m2": 0}, "area_m2_check"),
    "a target below nothing": (
        "clearance_target", {"area_m2": -5}, "area_m2_check",
    ),
    "a follow-up of nothing": (
        "clearance_followup", {"area_m2": -1}, "area_m2_check",
    ),
    "a flag of no kind": ("clearance_flag", {"kind": "bored"}, "clearance_flag_kind_check"),
}  # fmt: skip


@pytest.fixture(scope="module")
def held(arena_of_module: Arena) -> tuple[Arena, Plot, UUID, UUID]:
    """A project and an inspection of it."""
    arena = arena_of_module
    plot = arena.plot()
    project = a_project(arena, plot)

    def visit(hand: Hand) -> UUID:
        made: UUID = hand.one(
            "INSERT INTO land.inspection (project_id, opened_by) VALUES (%(p)s, %(n)s)"
            " RETURNING id",
            p=project,
            n=hand.change(plot.document, "setup"),
        )
        return made

    return arena, plot, project, arena.write(visit)


@pytest.fixture(scope="module")
def arena_of_module(module_database: TestDatabase) -> Iterator[Arena]:
    """Sessions on the module's database."""
    arena = Arena(module_database)
    yield arena
    arena.close()


@pytest.mark.parametrize("fault", CAPITAL)
def test_capital(held: tuple[Arena, Plot, UUID, UUID], fault: str) -> None:
    arena, plot, project, _visit = held
    values, rule = CAPITAL[fault]
    whole = {"currency": "USD", "registered": 5}
    assert refused(arena, row(plot, "project_capital", project, **whole)) == ""
    wrong = row(plot, "project_capital", project, **{**whole, **values})
    assert refused(arena, wrong) == rule


@pytest.mark.parametrize("fault", PHOTO)
def test_a_photo_of_no_picture(held: tuple[Arena, Plot, UUID, UUID], fault: str) -> None:
    arena, plot, _project, visit = held
    values, rule = PHOTO[fault]
    whole: dict[str, object] = {
        "inspection_id": visit, "sha256": SHA, "thumbnail_sha256": SHA, "original_sha256": SHA,
        "file_size": 1, "width": 1, "height": 1,
    }  # fmt: skip

    def of(said: dict[str, object]) -> Callable[[Hand], object]:
        return lambda hand: hand.all(
            f"INSERT INTO land.photo ({', '.join(said)}, opened_by)"
            f" VALUES ({', '.join(f'%({name})s' for name in said)}, %(number)s)",
            **said,
            number=hand.change(plot.document, "setup"),
        )

    assert refused(arena, of(whole)) == ""
    assert refused(arena, of({**whole, **values})) == rule


@pytest.mark.parametrize("fault", LAND)
def test_shares_of_land(arena_of_module: Arena, fault: str) -> None:
    arena = arena_of_module
    case = lay_case(arena)
    table, values, rule = LAND[fault]
    board = arena.ask("SELECT id FROM land.board ORDER BY id LIMIT 1")
    whole: dict[str, dict[str, object]] = {
        "clearance_target": {"board_id": board, "year": 2021, "area_m2": 5},
        "clearance_followup": {"case_id": case.case, "step": "confirmed", "area_m2": 5},
        "clearance_flag": {"item_id": case.item, "kind": "complaint"},
    }
    said = {**whole[table], "document_id": case.plot.document}
    assert refused(arena, row(case.plot, table, None, **said)) == ""
    assert refused(arena, row(case.plot, table, None, **{**said, **values})) == rule


def test_what_is_refused_has_words(held: tuple[Arena, Plot, UUID, UUID]) -> None:
    arena, plot, project, _visit = held
    with arena.hand() as hand:
        hand.do(row(plot, "project_capital", project, currency="USD", registered=-1))
        assert hand.error is not None
        assert refusal(hand.error) is not None
