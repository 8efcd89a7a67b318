"""What one session may not put on the ground, whoever it is, and what it may."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import psycopg
import pytest
import shapely

from tests.db.races.arena import (
    OWNER,
    PLANE,
    WRITE,
    Arena,
    Hand,
    Plot,
    add_parcel,
    close_rows,
    set_boundary,
)

Work = Callable[[Hand, Plot], object]


def refused(arena: Arena, work: Work, login: str = WRITE, disarm: str = "") -> str:
    """The constraint that refuses a piece of work at its commit; empty when it may be done."""
    plot = arena.plot()
    with arena.hand(login) as hand:
        if disarm:
            hand.all(disarm)
        hand.do(lambda hand: work(hand, plot))
        if hand.error is None:
            hand.do(lambda hand: hand.all("SET CONSTRAINTS ALL IMMEDIATE"))
        return hand.refused_by


def shape(ewkt: str) -> Work:
    """Record a parcel of a shape written for the plot's south-west corner, in whole metres."""

    def work(hand: Hand, plot: Plot) -> None:
        east, north = int(plot.east), int(plot.north)
        placed = ewkt.format(e=east, n=north, e1=east + 100, n1=north + 100, plane=PLANE)
        add_parcel(hand, plot, placed)

    return work


RING = "{e} {n}, {e1} {n}, {e1} {n1}, {e} {n1}, {e} {n}"
POLYGON = "SRID={plane};POLYGON"
# the shape, and which rule refuses it (XX000: not even its own plane can be found)
SHAPES = {
    "crossing itself": (POLYGON + "(({e} {n}, {e1} {n1}, {e1} {n}, {e} {n}.6, {e} {n}))",
                        "parcel_valid"),
    "empty": (POLYGON + " EMPTY", "parcel_has_area"),
    "off the millimetre grid": (POLYGON + "(({e} {n}, {e1}.0004 {n}, {e1} {n1}, {e} {n}))",
                                "parcel_on_grid"),
    "another plane than it says": ("SRID=5897;POLYGON((" + RING + "))", "parcel_srid"),
    "no plane": ("POLYGON((" + RING + "))", "XX000"),
    "a plane nobody measures in": ("SRID=3857;POLYGON((" + RING + "))", "XX000"),
    "with heights": (POLYGON + " Z(({e} {n} 1, {e1} {n} 1, {e1} {n1} 1, {e} {n} 1))", "22023"),
    "of two parts": ("SRID={plane};MULTIPOLYGON(((" + RING + ")))", "22023"),
    "a line": ("SRID={plane};LINESTRING({e} {n}, {e1} {n1})", "22023"),
    "a crumb": (POLYGON + "(({e} {n}, {e}.09 {n}, {e}.09 {n}.09, {e} {n}))", "parcel_has_area"),
}  # fmt: skip
DROP = "ALTER TABLE land.parcel_version DROP CONSTRAINT {}"
NO_BOUNDARY = "DROP TRIGGER e_inside_boundary ON land.parcel_version"


@pytest.mark.parametrize("login", [WRITE, OWNER])
@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_is_refused(arena: Arena, name: str, login: str) -> None:
    ewkt, rule = SHAPES[name]
    assert refused(arena, shape(ewkt), login) == rule


@pytest.mark.parametrize(
    "name",
    ["crossing itself", "off the millimetre grid", "another plane than it says", "a crumb"],
)
def test_without_its_rule_the_shape_is_taken(arena: Arena, name: str) -> None:
    ewkt, rule = SHAPES[name]
    disarm = f"{DROP.format(rule)}; {NO_BOUNDARY}"
    assert refused(arena, shape(ewkt), OWNER, disarm) == ""


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_corner_is_a_number(arena: Arena, value: float) -> None:
    def work(hand: Hand, plot: Plot) -> None:
        ring = [(plot.east, plot.north), (value, plot.north), (plot.east, plot.north + 100)]
        with np.errstate(invalid="ignore"):
            made = shapely.set_srid(shapely.polygons([*ring, ring[0]]), PLANE)
        add_parcel(hand, plot, shapely.to_wkb(made, hex=True, include_srid=True))

    # not even its place on the globe can be computed
    assert refused(arena, work) in {"parcel_on_grid", "parcel_valid", "XX000"}


def test_too_many_corners_are_refused(arena: Arena) -> None:
    def ragged(hand: Hand, plot: Plot) -> None:
        teeth = [(n * 0.01, 1.0 + (n % 2) * 0.5) for n in range(20_001)]
        add_parcel(hand, plot, plot.ring([(0, 0), *teeth, (200.01, 0)]))

    assert refused(arena, ragged) == "parcel_vertices"
    assert refused(arena, ragged, OWNER, DROP.format("parcel_vertices")) == ""


def test_a_plane_nobody_knows_is_refused(arena: Arena) -> None:
    def web_mercator(hand: Hand, plot: Plot) -> None:
        shape = plot.square(0, 0).replace(str(PLANE), "3857")
        add_parcel(hand, plot, shape, plane=3857)

    def of_another_zone(hand: Hand, plot: Plot) -> None:
        add_parcel(hand, plot, plot.square(0, 0).replace(str(PLANE), "5897"), plane=5897)

    assert refused(arena, web_mercator) == "plane_check"
    assert refused(arena, of_another_zone) in {"parcel_plane", "parcel_inside_boundary", "XX000"}


def _pair(first: str, second: str, **days: str) -> Work:
    def work(hand: Hand, plot: Plot) -> None:
        ask = {"one": first, "two": second}
        placed = {key: plot.square(*map(float, value.split())) for key, value in ask.items()}
        add_parcel(hand, plot, placed["one"], until=days.get("until"))
        add_parcel(hand, plot, placed["two"], since=days.get("since", "2020-01-01"))

    return work


ACCEPTED = {
    "neighbours": _pair("0 0", "1 0"),
    # 1 mm over 100 m: 0.1 m2, within 0.01 m2 + 1 mm x half of 200 m of shared outline
    "neighbours with a sliver of 1 mm": _pair("0 0", "0.99999 0"),
    "neighbours at a corner": _pair("0 0", "1 1"),
    "one after the other in law": _pair("0 0", "0 0", until="2021-01-01", since="2021-01-01"),
    "a parcel that lived less than a day": _pair("0 0", "0 0", until="2020-01-01"),
}
REFUSED = {
    "the same ground": _pair("0 0", "0 0"),
    "2 mm over 100 m": _pair("0 0", "0.99998 0"),
    "one day too long": _pair("0 0", "0 0", until="2021-01-02", since="2021-01-01"),
    "inside another": _pair("0 0 300 300", "1 1"),
}


@pytest.mark.parametrize("login", [WRITE, OWNER])
@pytest.mark.parametrize("name", ACCEPTED)
def test_ground_may_be_shared_so(arena: Arena, name: str, login: str) -> None:
    assert refused(arena, ACCEPTED[name], login) == ""


@pytest.mark.parametrize("login", [WRITE, OWNER])
@pytest.mark.parametrize("name", REFUSED)
def test_ground_may_not_be_shared_so(arena: Arena, name: str, login: str) -> None:
    assert refused(arena, REFUSED[name], login) == "parcel_no_overlap"


def test_copy_is_no_way_around(arena: Arena) -> None:
    plot = arena.plot()
    with arena.hand() as hand:
        number = hand.change(plot.document)
        ids = hand.all(
            "INSERT INTO land.parcel (opened_by) VALUES (%(n)s), (%(n)s) RETURNING id", n=number
        )
        with (
            pytest.raises(psycopg.errors.ExclusionViolation),
            hand.connection.cursor() as cursor,
            cursor.copy(
                "COPY land.parcel_version (parcel_id, zone_id, srid, geom, valid_from, opened_by)"
                " FROM STDIN"
            ) as copy,
        ):
            for (parcel,) in ids:
                copy.write_row((parcel, plot.zone, PLANE, plot.square(0, 0), "2020-01-01", number))


def test_ground_given_up_in_knowledge_is_free(arena: Arena) -> None:
    def replaced(hand: Hand, plot: Plot) -> None:
        number = hand.change(plot.document)
        parcel = add_parcel(hand, plot, plot.square(0, 0), number=number)
        close_rows(hand, "parcel_version", number, "parcel_id = %(parcel)s", parcel=parcel)
        add_parcel(hand, plot, plot.square(0.5, 0), number=number)

    assert refused(arena, replaced) == ""


def _outside(hand: Hand, plot: Plot) -> None:
    add_parcel(hand, plot, plot.square(9.5, 0))


def _before(hand: Hand, plot: Plot) -> None:
    add_parcel(hand, plot, plot.square(0, 0), since="2019-12-31")


def _after(hand: Hand, plot: Plot) -> None:
    number = hand.change(plot.document)
    close_rows(hand, "zone_boundary", number, "zone_id = %(zone)s", zone=plot.zone)
    set_boundary(hand, plot, number, plot.square(0, 0, 1000, 1000), until="2022-01-01")
    add_parcel(hand, plot, plot.square(0, 0), number=number, until="2022-01-02")


def _gap(hand: Hand, plot: Plot) -> None:
    """Two boundaries with a day between them."""
    number = hand.change(plot.document)
    close_rows(hand, "zone_boundary", number, "zone_id = %(zone)s", zone=plot.zone)
    set_boundary(hand, plot, number, plot.square(0, 0, 1000, 1000), until="2022-01-01")
    set_boundary(hand, plot, number, plot.square(0, 0, 1000, 1000), since="2022-01-02")
    add_parcel(hand, plot, plot.square(0, 0), number=number)


@pytest.mark.parametrize("login", [WRITE, OWNER])
@pytest.mark.parametrize("work", [_outside, _before, _after, _gap], ids=lambda work: work.__name__)
def test_a_parcel_lies_in_its_zone_all_its_days(arena: Arena, work: Work, login: str) -> None:
    assert refused(arena, work, login) == "parcel_inside_boundary"
    free = "DROP TRIGGER e_inside_boundary ON land.parcel_version"
    assert refused(arena, work, OWNER, free) in {"", "parcel_inside_boundary"}


def test_without_its_guard_a_parcel_lies_outside(arena: Arena) -> None:
    free = "DROP TRIGGER e_inside_boundary ON land.parcel_version"
    assert refused(arena, _outside, OWNER, free) == ""
    assert refused(arena, _before, OWNER, free) == ""


def test_a_parcel_may_reach_over_within_the_tolerance(arena: Arena) -> None:
    def reach(millimetres: int) -> Work:
        return lambda hand, plot: add_parcel(
            hand, plot, plot.square(9, 0, 100 + millimetres / 1000, 100)
        )

    assert refused(arena, reach(100)) == ""
    assert refused(arena, reach(101)) == "parcel_inside_boundary"


def test_a_boundary_shrinks_with_its_parcels(arena: Arena) -> None:
    def shrink(hand: Hand, plot: Plot, *, move: bool) -> None:
        number = hand.change(plot.document)
        parcel = add_parcel(hand, plot, plot.square(7, 0), number=number)
        close_rows(hand, "zone_boundary", number, "zone_id = %(zone)s", zone=plot.zone)
        set_boundary(hand, plot, number, plot.square(0, 0, 500, 1000))
        if move:
            close_rows(hand, "parcel_version", number, "parcel_id = %(parcel)s", parcel=parcel)
            add_parcel(hand, plot, plot.square(2, 0), number=number, parcel=parcel)

    assert refused(arena, lambda hand, plot: shrink(hand, plot, move=True)) == ""
    alone = refused(arena, lambda hand, plot: shrink(hand, plot, move=False))
    assert alone == "parcel_inside_boundary"


def test_neighbours_are_recorded_at_once_by_two_sessions(arena: Arena) -> None:
    plot = arena.plot()
    one, two = arena.race(
        lambda hand: add_parcel(hand, plot, plot.square(0, 0)),
        lambda hand: add_parcel(hand, plot, plot.square(1, 0)),
    )
    assert one.committed and two.committed
