"""The list of 2,000 projects, whole and filtered, as the server answers; tiles of all of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import text

from gisapp.running import database_of
from gisapp.security.permissions import Role
from planning.clocks import record
from planning.projects.commands import NewProject, create_projects
from planning.projects.facts_model import ProjectDisbursement, ProjectWorkers
from planning.projects.model import (
    ProjectCapital,
    ProjectMilestone,
    ProjectParcel,
    ProjectProgress,
)
from tests.bench.asked import fastest
from tests.db.ground import PLANE, lay
from tests.people import module_database, peopled_template
from tests.web.conftest import Browser, app, signed_in

__all__ = ["app", "module_database", "peopled_template", "signed_in"]

PROJECTS = 2_000
GOAL_MS = 300.0
FIRST_MS = 600.0
TRIES = 5
START = date(2022, 1, 3)
STEPS = (("land", 60), ("permit", 150), ("construction", 240), ("operation", 900))


@pytest.fixture(scope="module")
def board(app: Flask) -> None:
    """2,000 projects of a parcel each, with capital, schedule, progress, money and workers."""
    with database_of(app).transaction(seconds=600) as session:
        ground = lay(session, PROJECTS)
        number = ground.change
        made = create_projects(
            session, number,
            [
                NewProject(
                    code=f"DA-{n:04d}", zone_id=ground.zone_id, srid=PLANE,
                    kind=("fdi", "ddi", "public")[n % 3], name_vi=f"Nhà máy số {n}",
                    valid_from=START, status="under_construction",
                )
                for n in range(PROJECTS)
            ],
        )  # fmt: skip
        rows = [{"project_id": each, "valid_from": START} for each in made]
        pairs = list(zip(rows, ground.parcels, strict=True))
        record(session, ProjectParcel, number, [{**r, "parcel_id": p} for r, p in pairs])
        money = [
            {**row, "currency": ("USD", "VND")[n % 2], "registered": Decimal(1_000_000 + n)}
            for n, row in enumerate(rows)
        ]
        record(session, ProjectCapital, number, money)
        steps = [
            {**row, "step": step, "planned_on": START + timedelta(days + n % 400)}
            for n, row in enumerate(rows)
            for step, days in STEPS
        ]
        record(session, ProjectMilestone, number, steps)
        seen = [{**row, "actual_pct": Decimal(n % 100)} for n, row in enumerate(rows)]
        record(session, ProjectProgress, number, seen)
        record(
            session, ProjectWorkers, number, [{**r, "total": 100, "foreigners": 2} for r in rows]
        )
        period = {"currency": "USD", "period_from": START, "period_to": date(2022, 12, 31)}
        spent = [{**row, **period, "planned": Decimal(5)} for row in rows]
        record(session, ProjectDisbursement, number, spent)
    with database_of(app).transaction() as session:
        session.execute(text("SELECT count(*) FROM land.project"))


def answered(browser: Browser, path: str) -> int:
    """The size of a page, bytes; it must have come."""
    answer = browser.client.get(path)
    assert answer.status_code == 200
    return len(answer.data)


PAGES = {
    "list": "/projects",
    "late ones, worst first": "/projects?lateness=any&sort=-late_days",
    "a word": "/projects?q=so+19",
    "page 40": "/projects?page=40",
    "their clocks": "/projects/clocks",
    "clocks, one zone, breached": "/projects/clocks?zone=KCN-1&state=breached",
}


@pytest.mark.parametrize("what", PAGES)
def test_the_list_of_2000_projects(
    board: None, signed_in: Callable[[Role | None], Browser], what: str
) -> None:
    browser = signed_in(Role.LEADER)
    took = fastest(lambda: answered(browser, PAGES[what]), TRIES)
    print(f"\n  projects, {what}: {took.told(GOAL_MS)}")
    assert took.ms < GOAL_MS


def test_the_first_list_after_a_change(
    board: None, app: Flask, signed_in: Callable[[Role | None], Browser]
) -> None:
    """Nothing is remembered: every project is gone over."""
    browser = signed_in(Role.LEADER)

    def first() -> None:
        app.extensions.pop("gisapp.projects", None)
        answered(browser, "/projects")

    took = fastest(first, TRIES)
    print(f"\n  projects, the first list after a change: {took.told(FIRST_MS)}")
    assert took.ms < FIRST_MS


def test_tiles_of_2000_projects(board: None, signed_in: Callable[[Role | None], Browser]) -> None:
    browser = signed_in(Role.LEADER)
    path = "/tiles/projects/5899/7/{x}/{y}.mvt?zone=KCN-1"
    grid = [(x, y) for x in range(24, 28) for y in range(16, 20)]
    sizes: list[int] = []

    def ask() -> None:
        sizes.clear()
        sizes.extend(answered(browser, path.format(x=x, y=y)) for x, y in grid)

    took = fastest(ask, TRIES)
    print(f"\n  {len(grid)} tiles of projects: {took.ms:.0f} ms, {max(sizes)} bytes at most")
