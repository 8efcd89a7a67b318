"""On the demo board a household goes from the notice to its new plot, and the figures follow."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from gisapp.security.permissions import Role
from tests.conftest import TestDatabase
from tests.db.clearing import CANARY, PERSON
from tests.e2e.conftest import Door, Watch, opened

OpenPage = Callable[..., Page]
CASE, ITEM, ZONE, HOME, PLOT = "GPMB-B4", "12", "KCN-DEMO-B", "TDC-DEMO-1", "LK-030"
BEFORE, HANDED = "2026-05-31", "2026-06-01"
MONEY = {"compensation": "7.560.000.000", "support": "1.260.000.000", "resettlement": "60.000.000"}
SECRETS = [CANARY, *(str(each) for each in (PERSON.identity_no, PERSON.phone, PERSON.bank_account))]


@pytest.fixture(scope="module")
def site(peopled_demo: TestDatabase) -> Iterator[Door]:
    """The demo board, served."""
    with opened(peopled_demo) as door:
        yield door


def paper(page: Page, prefix: str, number: str, day: str) -> None:
    """Name the document a form hangs on."""
    page.locator(f"#{prefix}-document").fill(number)
    page.locator(f"#{prefix}-issued").fill(day)
    page.locator(f"#{prefix}-issuer").fill("UBND phường Minh Hoạ")


def take(page: Page, kind: str, day: str, **money: str) -> None:
    """Record one step on the page of the household."""
    page.locator("#kind").select_option(kind)
    paper(page, "item", f"{kind[:4].upper()}-12", day)
    for name, dong in money.items():
        page.locator(f"#{name}").fill(dong)
    page.get_by_role("button", name="Ghi bước").click()


def told(page: Page, address: str) -> Any:
    """What the API answers the user of a page."""
    answer = page.request.get(address)
    assert answer.ok, answer.status
    return answer.json()


def indicators(page: Page, url: str, day: str) -> dict[str, float]:
    """The zone's indicators at the end of a day, areas in m²."""
    said = told(page, f"{url}/api/v1/zones/{ZONE}/indicators?as_of={day}")
    return {each["code"]: each["value"] for each in said["indicators"]}


@pytest.mark.timeout(400)
def test_a_household_goes_from_the_notice_to_its_plot(
    open_page: OpenPage, site: Door, watch: Watch
) -> None:
    """Every step on screen by the officer; cleared land moves by that parcel on that day alone."""
    watch.expected = ("422",)  # two refusals are shown, in words
    page = open_page(f"/clearance/{CASE}?q={ITEM}", role=Role.OFFICER)
    page.get_by_role("link", name=ITEM, exact=True).click()
    page.get_by_role("link", name="Hộ và số tiền").click()
    expect(page.locator("body")).to_contain_text("Hộ Minh Hoạ B4-12")
    home = page.url

    page.get_by_text("Sửa hộ").click()
    page.locator("#head_name").fill(CANARY)
    for name in ("identity_no", "phone", "bank_account"):
        page.locator(f"#{name}").fill(str(getattr(PERSON, name)))
    paper(page, "household", "HS-12", "2026-01-05")
    page.get_by_role("button", name="Ghi hộ").click()
    expect(page.locator(".facts").first).to_contain_text(CANARY)

    # out of order, on screen: nothing is approved before it was posted
    take(page, "plan_approved", "2026-04-20", **MONEY)
    expect(page.locator("[role=alert]")).to_contain_text("Niêm yết phương án")
    for kind, day in (
        ("notice", "2026-01-05"),
        ("inventory", "2026-02-02"),
        ("plan_drafted", "2026-03-02"),
        ("plan_posted", "2026-03-16"),
    ):
        page.goto(home)
        take(page, kind, day)
        expect(page.locator("[role=status]").first).to_contain_text("Đã ghi")
    page.goto(home)
    take(page, "plan_approved", "2026-04-20", **MONEY)
    expect(page.locator(".story")).to_contain_text("8.880.000.000 đ")
    too_much = {**MONEY, "support": "1.260.000.001"}
    take(page, "paid", "2026-05-04", **too_much)
    expect(page.locator("[role=alert]")).to_contain_text("vượt phương án")
    take(page, "paid", "2026-05-04", **MONEY)
    expect(page.locator(".story li")).to_have_count(7)
    take(page, "recovered", "2026-05-11")
    expect(page.locator(".chip").first).to_contain_text("Đã chi trả và thu hồi")

    page.goto(home)
    page.locator("summary", has_text="Tái định cư").click()
    page.locator("#a-area").select_option(HOME)
    page.locator("#a-plot").fill(PLOT)
    paper(page, "assign", "GL-12", "2026-05-18")
    page.get_by_role("button", name="Giao lô").click()
    expect(page.locator(".facts").first).to_contain_text(PLOT)

    earlier = indicators(page, site.url, BEFORE)
    page.goto(home)
    take(page, "handed_over", HANDED)
    expect(page.locator(".chip.good").first).to_contain_text("Đã bàn giao")
    expect(page.locator("body")).to_contain_text("Không còn bước nào")

    before, after = (indicators(page, site.url, day) for day in (BEFORE, HANDED))
    assert before == earlier, "the day before knows nothing of it"
    case = f"{site.url}/api/v1/clearance/cases/{CASE}"
    area = next(
        each["area_m2"]
        for each in told(page, f"{case}/items?as_of={HANDED}&q={ITEM}")["items"]
        if each["number"] == ITEM
    )
    assert area > 0
    assert after["cleared_area"] - before["cleared_area"] == pytest.approx(area)
    assert after["remaining_to_clear"] - before["remaining_to_clear"] == pytest.approx(-area)
    assert after["cleared_in_year"] - before["cleared_in_year"] == pytest.approx(area)
    for day, share in ((before, before), (after, after)):
        rate = day["cleared_area"] / day["to_clear_area"] * 100
        assert share["clearance_rate"] == pytest.approx(rate, abs=1e-4)
    assert after["clearance_rate"] > before["clearance_rate"]
    sums = [told(page, f"{case}?as_of={day}") for day in (BEFORE, HANDED)]
    assert sums[1]["cleared_m2"] - sums[0]["cleared_m2"] == pytest.approx(area)

    for day, hectares in ((BEFORE, before), (HANDED, after)):
        page.goto(f"{site.url}/clearance/{CASE}?as_of={day}")
        done = f"{sums[day == HANDED]['cleared_m2'] / 10_000:.2f}".replace(".", ",")
        expect(page.locator(".shares")).to_contain_text(f"{done} ha")
        page.goto(f"{site.url}/zones/{ZONE}?as_of={day}")
        whole = f"{hectares['cleared_area'] / 10_000:.2f}".replace(".", ",")
        expect(page.locator("main")).to_contain_text(f"{whole} ha")
    page.goto(f"{site.url}/resettlement/{HOME}?as_of={HANDED}")
    row = page.get_by_role("row").filter(has_text=PLOT).filter(has_text="01/06/2026")
    expect(row).to_contain_text(f"{CASE} · {ITEM}")


def test_nobody_else_is_told_who_it_was(open_page: OpenPage, site: Door) -> None:
    """What the viewer can open, take away or draw holds no name, no number of the household."""
    page = open_page(f"/clearance/{CASE}", role=Role.VIEWER)
    address = page.get_by_role("link", name=ITEM, exact=True).get_attribute("href")
    expect(page.get_by_role("link", name="Hộ và số tiền")).to_have_count(0)
    zone = f"zone={ZONE}"
    for path in (
        str(address),
        f"/clearance/{CASE}?format=csv",
        f"/clearance/{CASE}?format=xlsx",
        f"/resettlement/{HOME}",
        f"/resettlement/{HOME}?format=csv",
        f"/api/v1/clearance/cases/{CASE}/items?limit=200",
        f"/exports/parcels.geojson?{zone}",
        f"/exports/resettlement.geojson?{zone}",
        f"/exports/clearance.geojson?{zone}",
        f"/tiles/clearance/5899/4/6/8.mvt?{zone}",
        f"/tiles/parcels/5899/4/6/8.mvt?{zone}",
    ):
        answer = page.request.get(site.url + path)
        assert answer.ok, path
        body = answer.body()
        assert body or path.startswith("/tiles"), path
        assert not any(secret.encode() in body for secret in SECRETS), path
    assert page.request.get(f"{site.url}{address}/household").status == 403
