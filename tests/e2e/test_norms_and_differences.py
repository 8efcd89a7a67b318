"""Comparing versions, the rulebook and levels in a browser: read by all, walked by a leader."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from gisapp.security.permissions import Role
from planning.plans.norms_commands import NewRule, enter_rule
from tests.conftest import ROOT
from tests.e2e.conftest import DESK, TABLET, Site

OpenPage = Callable[..., Page]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
COMPARE = "/plans/differences?from=QHPK-TEST/1&to=QHPK-TEST/2&to=QHPK-TEST/1"
JUDGED = "/norms/plan?version=QHPK-TEST/2"
PAGES = [
    COMPARE,
    "/plans/differences",
    "/plans/differences/cell?from=QHPK-TEST/1&to=QHPK-TEST/2&use=CN.industrial&into=CX.none",
    "/norms",
    JUDGED,
    "/norms/outlook",
    "/plans/levels",
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", [*PAGES, "/norms/new?code=green_share"])
def test_assistive_tools_find_nothing_to_complain_of(
    open_page: OpenPage, path: str, scheme: str
) -> None:
    role = Role.ADMIN if "new" in path else Role.LEADER
    page = open_page(path, role=role, color_scheme=scheme, bypass_csp=True)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("() => axe.run()")
    assert [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]] == []


@pytest.mark.parametrize("window", [DESK, TABLET], ids=str)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_no_page_scrolls_sideways(
    open_page: OpenPage, site: Site, window: dict[str, int], language: str
) -> None:
    page = open_page(f"/?lang={language}", role=Role.LEADER, viewport=window)
    for path in PAGES:
        page.goto(site.url + path)
        wide = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, path
    page.goto(f"{site.url}/?lang=vi")


def test_a_leader_follows_a_cell_to_the_contract_it_breaks(open_page: OpenPage) -> None:
    page = open_page("/plans/differences", role=Role.LEADER)
    page.select_option("#difference-from", "QHPK-TEST/1")
    page.select_option("#difference-to", ["QHPK-TEST/2"])
    page.get_by_role("button", name="So sánh").click()
    expect(page.locator(".verdict")).to_contain_text("Bản này phá vỡ 1 hợp đồng thuê, 2,00 ha.")
    page.wait_for_load_state()  # its letters have come: columns of the matrix no longer move
    page.locator(".matrix td.lost a").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Đất cây xanh")
    expect(page.get_by_text("08/HĐ-TLĐ")).to_be_visible()
    page.get_by_role("link", name="thửa 8 tờ 1").click()
    expect(page).to_have_url(re.compile(r"/map\?.*parcel="))


def test_a_leader_signs_and_withdraws(open_page: OpenPage, site: Site) -> None:
    rule = NewRule(
        code="browser_green", regulation="QC", clause="1", quote_vi="v", quote_en="e", source="s",
        valid_from=date(2021, 7, 5), valid_to=None, reaches_by="approval", zone_kinds=[],
        plan_levels=[], measure="area", categories=["MN"], people=None, above_storeys=None,
        comparison="at_least", threshold=90, name_vi="Mặt nước điều hoà", name_en="Water",
    )  # type: ignore[arg-type]  # fmt: skip
    with site.database.transaction() as session:
        enter_rule(session, rule, follows=0, actor="admin")
    page = open_page(JUDGED, role=Role.LEADER)
    row = page.get_by_role("row").filter(has_text="Mặt nước điều hoà")
    expect(row).to_contain_text("Không đạt")
    row.get_by_text("Ký cho qua").first.click()
    row.get_by_label("Lý do, ghi bằng tên của bạn").fill("Hồ nằm ngoài ranh giới")
    row.get_by_role("button", name="Ký cho qua").click()
    expect(page.get_by_role("status")).to_contain_text("bằng tên leader")
    expect(row).to_contain_text("Hồ nằm ngoài ranh giới")
    row.get_by_text("Rút lại").first.click()
    row.get_by_label("Vì sao rút lại").fill("Nhầm")
    row.get_by_role("button", name="Rút lại").click()
    expect(page.get_by_role("status")).to_contain_text("Đã rút lại")
