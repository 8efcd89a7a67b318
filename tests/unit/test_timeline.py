"""The timeline of a parcel: news alone, whatever had to be recorded again beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from planning.parcels.timeline import Fact, fold
from planning.records.queries import ChangeSummary

A, D, E = date(2020, 1, 1), date(2022, 5, 1), date(2024, 5, 1)


def _change(number: int, day: date, kind: str = "act") -> ChangeSummary:
    known = datetime(day.year, day.month, 20, tzinfo=UTC)
    return ChangeSummary(
        number, kind, "theo văn bản", "an", day, known, f"{number}/QĐ", day, "UBND"
    )


def _fact(opened_by: int, payload: str = "p", kind: str = "parcel", **facts: object) -> Fact:
    plain = Fact(kind, "x", "1/1", None, payload, None, None, False, A, None, opened_by, None)
    return replace(plain, **facts)  # type: ignore[arg-type]


def _news(facts: list[Fact], *changes: ChangeSummary) -> list[tuple[int, str, str, date]]:
    entries = fold(facts, {change.number: change for change in changes})
    return [
        (entry.change, event.kind, event.what, event.on)
        for entry in entries
        for event in entry.events
    ]


def test_an_act_shows_what_follows_it_and_not_the_row_it_shortened() -> None:
    facts = [
        _fact(1, closed_by=2),
        _fact(2, valid_to=D),
        _fact(2, payload="reshaped", valid_from=D),
    ]
    assert _news(facts, _change(1, A), _change(2, D)) == [
        (2, "parcel", "changed", D),
        (1, "parcel", "began", A),
    ]


def test_an_end_is_news() -> None:
    facts = [_fact(1, closed_by=2), _fact(2, valid_to=D)]
    assert _news(facts, _change(1, A), _change(2, D))[0] == (2, "parcel", "ended", D)


def test_a_correction_says_so_and_keeps_its_day() -> None:
    facts = [_fact(1, closed_by=2), _fact(2, payload="right")]
    found = _news(facts, _change(1, A), _change(2, E, "correction"))
    assert found[0] == (2, "parcel", "corrected", A)


def test_an_end_that_was_taken_back_is_said_and_the_rights_that_came_back_are_not() -> None:
    facts = [
        _fact(1, closed_by=2),
        _fact(2, valid_to=D, closed_by=3),
        _fact(3),
        _fact(1, kind="sub_lease", closed_by=2),
        _fact(2, kind="sub_lease", valid_to=D, closed_by=3),
        _fact(3, kind="sub_lease"),
    ]
    undo = replace(_change(3, D, "correction"), undoes=2)
    entries = fold(facts, {1: _change(1, A), 2: _change(2, D), 3: undo})
    assert [(entry.change, entry.undoes, entry.undone_by) for entry in entries] == [
        (3, 2, None), (2, None, 3), (1, None, None),
    ]  # fmt: skip
    assert [(event.kind, event.what, event.on) for event in entries[0].events] == [
        ("parcel", "restored", D), ("sub_lease", "carried", D),
    ]  # fmt: skip


def test_an_undo_that_was_undone_took_nothing_back() -> None:
    facts = [_fact(1, closed_by=2), _fact(2, payload="q", closed_by=3), _fact(3, closed_by=4)]
    changes = [_change(n, D, "correction" if n > 2 else "act") for n in (1, 2, 3, 4)]
    changes[2], changes[3] = replace(changes[2], undoes=2), replace(changes[3], undoes=3)
    found = {
        entry.change: entry.undone_by
        for entry in fold([*facts, _fact(4, payload="q")], {each.number: each for each in changes})
    }
    assert found == {1: None, 2: None, 3: 4, 4: None}


def test_a_change_says_what_it_was_before() -> None:
    facts = [
        _fact(1, closed_by=2, area_m2=10.0, land_use=None, shape="a"),
        _fact(2, valid_to=D, area_m2=10.0, shape="a"),
        _fact(2, payload="q", valid_from=D, area_m2=9.0, land_use="SKK", shape="a"),
    ]
    [event] = fold(facts, {1: _change(1, A), 2: _change(2, D)})[0].events
    assert event.changed == ("area_m2", "land_use")
    assert (event.former_area_m2, event.former_land_use, event.former_label) == (10.0, None, "1/1")


def test_a_withdrawn_fact_is_said_to_be_so() -> None:
    facts = [_fact(1, closed_by=2)]
    found = _news(facts, _change(1, A), _change(2, E, "correction"))
    assert found[0] == (2, "parcel", "withdrawn", A)


def test_a_neighbours_vertex_is_never_news() -> None:
    facts = [
        _fact(1, closed_by=2),
        _fact(2, valid_to=D),
        _fact(2, payload="with a vertex", noded=True, valid_from=D),
    ]
    assert _news(facts, _change(1, A), _change(2, D)) == [(1, "parcel", "began", A)]


def test_the_end_of_a_noded_version_is_news_again() -> None:
    noded = _fact(2, payload="with a vertex", noded=True, valid_from=D, closed_by=3)
    facts = [
        _fact(1, closed_by=2),
        _fact(2, valid_to=D),
        noded,
        replace(noded, opened_by=3, closed_by=None, valid_to=E),
    ]
    assert _news(facts, _change(1, A), _change(2, D), _change(3, E))[0] == (3, "parcel", "ended", E)


def test_rights_that_move_on_with_divided_ground_are_carried() -> None:
    facts = [
        _fact(2, kind="came_from", valid_from=D),
        _fact(2, kind="sub_lease", valid_from=D),
        _fact(2, valid_from=D),
    ]
    assert {(kind, what) for _, kind, what, _ in _news(facts, _change(2, D))} == {
        ("came_from", "began"),
        ("sub_lease", "carried"),
        ("parcel", "began"),
    }


def test_the_latest_legal_day_comes_first_whenever_it_was_learnt() -> None:
    facts = [_fact(5, valid_from=A), _fact(6, kind="handover", valid_from=D)]
    assert [entry[0] for entry in _news(facts, _change(6, A), _change(5, E))] == [5, 6]
