"""From where on something is a finding: dated rows, one value a day."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from datetime import date
from importlib.resources import files

from planning.conformance.limits import Limits, limits_on

ROWS = tomllib.loads(
    files("planning").joinpath("data", "finding_limits.toml").read_text(encoding="utf-8")
)["limit"]


def test_every_limit_is_known_on_every_day() -> None:
    assert {row["code"] for row in ROWS} == {each.name for each in fields(Limits)}
    for day in (date(1945, 9, 2), date(2026, 11, 22), date(2199, 12, 31)):
        assert all(getattr(limits_on(day), each.name) > 0 for each in fields(Limits))


def test_every_row_says_why_and_how_sure_it_is() -> None:
    for row in ROWS:
        assert row["reason"].endswith(".") and len(row["reason"]) > 40, row["code"]
        assert row["status"] in {"verified", "working"}
        assert re.search(r"_(m|m2|mm|pct)$", row["code"]), "the unit is in the name"


def test_a_line_on_paper_is_as_wide_as_the_scale_makes_it() -> None:
    limits = limits_on(date(2024, 1, 1))
    assert [limits.drawn_m(scale) for scale in (500, 2000, 10_000)] == [0.1, 0.4, 2.0]
