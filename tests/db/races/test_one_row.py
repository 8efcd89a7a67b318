"""One open row of each: two editors who close the same row and record two successors."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from tests.db.races.arena import LEVELS, OWNER, PLANE, Arena, Hand, Plot
from tests.db.races.disarming import without
from tests.db.races.plans import WHOLE, change_by, draw

Work = Callable[[Hand], object]
Deed = tuple[Work, Work, Callable[[], bool]]
REFUSALS = {"23505", "40001", "25001", "40P01"}


def lots(arena: Arena) -> Deed:
    """A lot is drawn anew by two people at once."""
    drawn = draw(arena)
    lot = arena.ask(
        "SELECT lot_id FROM land.plan_lot WHERE plan_version_id = %(version)s",
        version=drawn.version,
    )

    def redraw(actor: str) -> Work:
        def work(hand: Hand) -> None:
            number = change_by(hand, drawn.plot, actor)
            hand.all(
                "UPDATE land.plan_lot SET closed_by = %(number)s"
                " WHERE lot_id = %(lot)s AND closed_by IS NULL",
                number=number,
                lot=lot,
            )
            hand.all(
                "INSERT INTO land.plan_lot (lot_id, plan_version_id, plan_id, srid, level, symbol,"
                " category, leasable, geom, opened_by) VALUES (%(lot)s, %(version)s, %(plan)s,"
                " %(plane)s, 'subdivision', 'CN-01', 'CN', 'industrial', %(shape)s::geometry,"
                " %(number)s)",
                lot=lot,
                version=drawn.version,
                plan=drawn.plan,
                plane=PLANE,
                shape=drawn.plot.square(*WHOLE),
                number=number,
            )

        return work

    return redraw("an"), redraw("binh"), lambda: open_rows(arena, "plan_lot", "lot_id", lot) > 1


def open_rows(arena: Arena, table: str, column: str, key: UUID) -> int:
    """How many rows of something are believed."""
    return int(
        arena.ask(
            f"SELECT count(*) FROM land.{table} WHERE {column} = %(key)s AND closed_by IS NULL",
            key=key,
        )
    )


def scanned(arena: Arena) -> tuple[Plot, UUID]:
    """A sheet with its title and its place."""
    plot = arena.plot()

    def bring(hand: Hand) -> UUID:
        number = change_by(hand, plot, "an")
        sheet: UUID = hand.one(
            "INSERT INTO land.sheet (zone_id, srid, kind, file_sha256, file_name, file_size, facts,"
            " page, width, height, opened_by) VALUES (%(zone)s, %(plane)s, 'sheet',"
            " repeat('0', 64), 'to-1.png', 1, '{}', 1, 500, 400, %(number)s) RETURNING id",
            zone=plot.zone,
            plane=PLANE,
            number=number,
        )
        title(hand, sheet, "Tờ 1", number)
        place(hand, sheet, number)
        return sheet

    return plot, arena.write(bring)


def title(hand: Hand, sheet: UUID, words: str, number: int) -> None:
    hand.all(
        "INSERT INTO land.sheet_version (sheet_id, title, scale_denominator, opened_by)"
        " VALUES (%(sheet)s, %(words)s, 2000, %(number)s)",
        sheet=sheet,
        words=words,
        number=number,
    )


def place(hand: Hand, sheet: UUID, number: int) -> None:
    hand.all(
        "INSERT INTO land.sheet_reference (sheet_id, origin, kind, points, placement, opened_by)"
        " VALUES (%(sheet)s, 'points', 'affine', '[1, 2]', '{}', %(number)s)",
        sheet=sheet,
        number=number,
    )


def closing(hand: Hand, table: str, sheet: UUID, plot: Plot, actor: str) -> int:
    """Close what stands of a sheet; return the change."""
    number = change_by(hand, plot, actor)
    hand.all(
        f"UPDATE land.{table} SET closed_by = %(number)s"
        " WHERE sheet_id = %(sheet)s AND closed_by IS NULL",
        number=number,
        sheet=sheet,
    )
    return number


def titles(arena: Arena) -> Deed:
    plot, sheet = scanned(arena)

    def rename(actor: str) -> Work:
        return lambda hand: title(
            hand, sheet, actor, closing(hand, "sheet_version", sheet, plot, actor)
        )

    return (
        rename("an"),
        rename("binh"),
        lambda: open_rows(arena, "sheet_version", "sheet_id", sheet) > 1,
    )


def places(arena: Arena) -> Deed:
    plot, sheet = scanned(arena)

    def move(actor: str) -> Work:
        return lambda hand: place(hand, sheet, closing(hand, "sheet_reference", sheet, plot, actor))

    return (
        move("an"),
        move("binh"),
        lambda: open_rows(arena, "sheet_reference", "sheet_id", sheet) > 1,
    )


def jobs(arena: Arena) -> Deed:
    """One sheet is read by one worker at a time."""
    _, sheet = scanned(arena)
    queue: Work = lambda hand: hand.all(  # noqa: E731
        "INSERT INTO app.sheet_job (sheet_id, task, actor) VALUES (%(sheet)s, 'read', 'an')",
        sheet=sheet,
    )
    return (
        queue,
        queue,
        lambda: arena.ask(
            "SELECT count(*) > 1 FROM app.sheet_job WHERE sheet_id = %(sheet)s", sheet=sheet
        ),
    )


RACES: dict[str, tuple[Callable[[Arena], Deed], str]] = {
    "plan_lot_one_row": (lots, "DROP INDEX land.plan_lot_one_row"),
    "sheet_version_one_row": (titles, "DROP INDEX land.sheet_version_one_row"),
    "sheet_reference_one_row": (places, "DROP INDEX land.sheet_reference_one_row"),
    "sheet_job_one_at_a_time": (jobs, "DROP INDEX app.sheet_job_one_at_a_time"),
}


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("rule", RACES)
def test_of_two_editors_one_is_told(arena: Arena, rule: str, level: str) -> None:
    first, second, broken = RACES[rule][0](arena)
    one, two = arena.race(first, second, level=level)
    assert not broken(), (one.refused_by, two.refused_by)
    assert one.error is None or one.error.sqlstate in REFUSALS, one.error
    assert two.error is not None and two.error.sqlstate in REFUSALS, two.error


@pytest.mark.parametrize("rule", RACES)
def test_the_owner_is_held_to_it_too(arena: Arena, rule: str) -> None:
    first, second, broken = RACES[rule][0](arena)
    arena.race(first, second, login=OWNER)
    assert not broken()


@pytest.mark.parametrize("rule", RACES)
def test_without_its_index_both_stand(quarry: Arena, rule: str) -> None:
    prepare, disarm = RACES[rule]
    with without(quarry, disarm):
        first, second, broken = prepare(quarry)
        one, two = quarry.race(first, second)
        assert broken(), (one.error, two.error)
