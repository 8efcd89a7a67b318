"""A planner lets land, sees the picture, prolongs the contract and reserves more."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from gisapp.security.permissions import Role
from tests.e2e.conftest import Watch

OpenPage = Callable[..., Page]


def paper(page: Page, prefix: str, number: str, day: str) -> None:
    """Name the document a form hangs on."""
    page.locator(f"#{prefix}-document").fill(number)
    page.locator(f"#{prefix}-issued").fill(day)
    page.locator(f"#{prefix}-issuer").fill("Công ty Hạ tầng Đông Mai")


def test_from_idle_land_to_a_contract(open_page: OpenPage, watch: Watch) -> None:
    watch.expected = ("422",)  # land that is let is not reserved
    page = open_page("/rights?zone=KCN-TEST", role=Role.PLANNER)
    page.get_by_role("link", name="77/QĐ-UBND").first.click()
    legend = page.locator(".land-legend")
    expect(legend).to_contain_text("Đã cho thuê lại 20,00 ha")
    expect(legend).to_contain_text("Bỏ trống, cho thuê được")
    page.get_by_role("link", name="Cho thuê lại", exact=True).click()
    page.locator("#n-number").fill("90/HĐ-TLĐ")
    page.locator("#n-parcels").fill("3/2-3")
    page.locator("#n-lessee").fill("Công ty Bao bì Thử")
    page.locator("#n-code").fill("5700100123")
    page.locator("#n-ends").fill("2040-12-31")
    paper(page, "n", "90/HĐ-TLĐ", "2025-02-03")
    page.get_by_role("button", name="Ghi quyền").click()
    expect(page.locator(".note").first).to_contain_text("Đã ghi 90/HĐ-TLĐ")
    expect(legend).to_contain_text("Đã cho thuê lại 22,00 ha")
    expect(page.locator(".tree tr.mine")).to_contain_text("31/12/2040")

    page.locator("summary", has_text="Gia hạn").click()
    page.locator("#x-ends").fill("2045-12-31")
    paper(page, "x", "91/PL", "2026-03-04")
    page.get_by_role("button", name="Gia hạn").click()
    expect(page.locator(".note").first).to_contain_text("Đã gia hạn")
    expect(page.locator(".tree tr.mine")).to_contain_text("31/12/2045")

    page.goto(page.url.split("/rights/")[0] + "/rights/new?kind=reservation&zone=KCN-TEST")
    page.locator("#n-number").fill("92/GC")
    page.locator("#n-parcels").fill("3/3")
    page.locator("#n-lessee").fill("Công ty Đến Sau")
    page.locator("#n-ends").fill("2027-06-30")
    paper(page, "n", "92/GC", "2026-05-06")
    page.get_by_role("button", name="Giữ chỗ").click()
    expect(page.locator(".note.bad")).to_contain_text("Thửa 3/3 đã thuộc 90/HĐ-TLĐ")
    page.locator("#n-parcels").fill("3/4")
    page.get_by_role("button", name="Giữ chỗ").click()
    expect(page.locator("h1")).to_have_text("92/GC")
    expect(legend).to_contain_text("Giữ chỗ 2,00 ha")
