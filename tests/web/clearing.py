"""A clearance case on ground of its own, for tests of pages, lists and the API."""

from __future__ import annotations

import csv
import io
import itertools
from dataclasses import dataclass
from datetime import date

from flask import Flask
from shapely import MultiPolygon

from gisapp.running import database_of
from planning.resettlement.commands import NewPlot, add_plots, create_area
from tests.db.clearing import OPENED, Case, lay_case, lead
from tests.db.ground import PLANE, change, square
from tests.web.conftest import Browser

TO_PLAN = ("notice", "inventory", "plan_drafted", "plan_posted", "plan_approved")
PAPER = {"document": "12/BB", "issued": "2025-01-10", "issuer": "UBND phường"}
_grounds = itertools.count(500)


@dataclass(frozen=True)
class Held:
    """A case on ground of its own, and a resettlement area with a plot."""

    case: Case
    zone: str

    @property
    def code(self) -> str:
        """The code of the case."""
        return f"GPMB-{self.zone}"

    @property
    def home(self) -> str:
        """The code of the resettlement area."""
        return f"TDC-{self.zone}"

    def path(self, more: str = "") -> str:
        """The address of the case."""
        return f"/clearance/{self.code}{more}"

    def item(self, place: int = 0, more: str = "") -> str:
        """The address of one of its items."""
        return self.path(f"/items/{self.case.items[place]}{more}")


def lay_held(app: Flask, *kinds: str, area: str = "Khu tái định cư") -> Held:
    """Lay a case on ground nobody else writes on, lead its first item, and record an area of that
    name with two plots.
    """
    place = next(_grounds)
    zone = f"KCN-{place}"
    with database_of(app).households() as session:
        made = lay_case(session, parcels=6, code=zone, column=place * 120)
        if kinds:
            lead(session, made, *kinds)
        number = change(session, made.document, day=OPENED)
        home = create_area(
            session,
            number,
            code=f"TDC-{zone}",
            board_id=made.ground.board_id,
            name_vi=area,
            srid=PLANE,
            area=MultiPolygon([square(place * 120 + 10, 10, 500)]),
            valid_from=OPENED,
            ready_on=date(2026, 12, 31),
        )
        plots = [NewPlot("LK-1"), NewPlot("LK-2")]
        add_plots(session, number, area_id=home, plots=plots, valid_from=OPENED)
    return Held(made, zone)


def send(
    browser: Browser, address: str, head: list[str], rows: list[list[object]], **form: str
) -> tuple[int, str]:
    """Send a table as offices save it; the status and what the page says."""
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([head, *rows])
    content = ("\ufeff" + text.getvalue()).encode()
    browser.get(address)
    sent = {"csrf_token": browser.token, "file": (io.BytesIO(content), "ds.csv"), **PAPER, **form}
    answer = browser.client.post(address, data=sent)
    return answer.status_code, answer.text
