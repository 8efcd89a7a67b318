"""How a term runs out: terms after terms, stopped now and then, and only ever one way."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from gisapp.db import Database

DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))


def ran_out(
    database: Database, anchor: date, terms: list[int], stops: list[tuple[date, date]]
) -> date:
    with database.reading() as session:
        spans = "{" + ",".join(f"[{since},{until})" for since, until in stops) + "}"
        found: date = session.scalar(
            text(
                "SELECT land.run_out(:anchor, CAST(:terms AS integer[]),"
                " CAST(:s AS datemultirange))"
            ),
            {"anchor": anchor, "terms": terms, "s": spans},
        )
        return found


def walked(anchor: date, terms: list[int], stops: list[tuple[date, date]]) -> int:
    """Days on which the clock stood still up to the day it ran out, counted one by one."""
    return sum((until - since).days for since, until in stops)


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    anchor=DAYS,
    terms=st.sampled_from([[12], [24], [12, 24], [24, 1]]),
    gaps=st.lists(st.tuples(st.integers(1, 200), st.integers(1, 120)), max_size=4),
    more=st.integers(1, 400),
)
def test_the_end_of_a_term_moves_one_way(
    database: Database, anchor: date, terms: list[int], gaps: list[tuple[int, int]], more: int
) -> None:
    """A later hand-over, a stop more, a longer stop or term never bring the breach nearer; and each
    stop begun by the end moves it by its days.
    """
    stops, day = [], anchor
    for gap, length in gaps:
        since = day + timedelta(days=gap)
        day = since + timedelta(days=length)
        stops.append((since, day))
    plain = ran_out(database, anchor, terms, [])
    stopped = ran_out(database, anchor, terms, stops)
    counted = [(a, b) for a, b in stops if a <= stopped]
    longest = 1 if len(terms) == 1 else 4  # months of unlike length between two terms
    assert abs((stopped - plain).days - walked(anchor, terms, counted)) < longest
    if stops:
        assert ran_out(database, anchor, terms, stops[:-1]) <= stopped
        longer = [*stops[:-1], (stops[-1][0], stops[-1][1] + timedelta(days=more))]
        assert ran_out(database, anchor, terms, longer) >= stopped
    assert ran_out(database, anchor + timedelta(days=more), terms, []) >= plain
    assert ran_out(database, anchor, [*terms, 1], stops) > stopped
