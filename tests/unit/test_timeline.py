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
