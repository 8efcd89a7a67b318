"""What the issue calls bad input of clearance, on screen: refused in words, nothing written."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from gisapp.security.permissions import Role
from tests.web.clearing import PAPER, TO_PLAN, Held, lay_held
from tests.web.conftest import Browser

Actors = Callable[[Role | None], Browser]


@pytest.fixture(scope="module")
def held(app: Flask) -> Held:
    """A case led to its approved plan; every attempt on it is refused."""
    return lay_held(app, *TO_PLAN)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (
            {"kind": "handed_over", "issued": "2025-02-01"},
            "một bước trong số: Quyết định thu hồi đất",
        ),
        ({"kind": "plan_posted", "issued": "2024-10-01"}, "một bước trong số: Lập phương án"),
        ({"kind": "recovered", "issued": "2024-12-08"}, "một bước trong số: Phê duyệt phương án"),
        ({"kind": "paid", "compensation": "800.000.001"}, "vượt phương án"),
        ({"kind": "paid", "compensation": "-5"}, "số đồng nguyên"),
        ({"kind": "paid", "compensation": "10,5"}, "số đồng nguyên"),
        ({"kind": "paid", "compensation": "10.6"}, "số đồng nguyên"),
        ({"kind": "paid", "compensation": "1e30"}, "số đồng nguyên"),
        ({"kind": "paid", "compensation": "NaN"}, "số đồng nguyên"),
        ({"kind": "paid", "compensation": "mười"}, "Thiếu hoặc không đọc được ô"),
        ({"kind": "gone"}, "Thiếu hoặc không đọc được ô"),
    ],
    ids=lambda value: "-".join(value.values()) if isinstance(value, dict) else "",
)
def test_a_step_on_the_page_of_its_item(
    signed_in: Actors, held: Held, form: dict[str, str], said: str
) -> None:
    officer = signed_in(Role.OFFICER)
    officer.get(held.item())
    answer = officer.post(held.item(0, "/steps"), **{**PAPER, **form})
    assert answer.status_code == 422
    assert said in answer.text.split('role="alert"')[1].split("</div>")[0]
    story = officer.get(f"/api/v1/clearance/cases/{held.code}/items/{held.case.items[0]}")
    assert [step["kind"] for step in story.get_json()["steps"]] == list(TO_PLAN)


def test_land_is_not_handed_over_twice(app: Flask, signed_in: Actors) -> None:
    own = lay_held(app, *TO_PLAN, "recovered")
    planner = signed_in(Role.PLANNER)
    planner.get(own.item())
    minutes = {**PAPER, "kind": "handed_over", "issued": "2025-02-01"}
    assert planner.post(own.item(0, "/steps"), **minutes).status_code == 302
    again = {**minutes, "issued": "2025-03-01", "document": "13/BB"}
    answer = planner.post(own.item(0, "/steps"), **again)
    assert answer.status_code == 422 and "bàn giao" in answer.text.split('role="alert"')[1][:400]
    answer = planner.post(f"/clearance/{own.code}/steps", numbers="1", **again)
    assert answer.status_code == 422
