"""The rulebook for programs: its rules, a plan version judged by them, plans that would fail."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pydantic import Field

from gisapp.api.models import DayQuery, api_blueprint
from gisapp.api.written import as_json
from gisapp.judging import judged_version, seen_zone_ids
from gisapp.present.norms import plain_row
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from planning.clocks import moment
from planning.plans.norms_queries import outlook as looked_ahead
from planning.plans.norms_queries import rules

if TYPE_CHECKING:
    from flask import Response

    from planning.plans.norms_queries import Report

api = api_blueprint("norms", __name__, "Quy chuẩn · norms")


@api.get("/norms")
@api.doc(summary="Sổ quy chuẩn · every rule ever entered, with who confirmed it")
@requires(Permission.READ)
def listing() -> Response:
    """Dated rules; `threshold` null: no value known; no `confirmed_by`: unverified."""
    with database().reading() as session:
        found = rules(session)
    return as_json({"rules": [asdict(rule) for rule in found]})


class JudgedQuery(DayQuery):
    """A plan version, and perhaps the rules of another day."""

    version: str = Field(max_length=80, description="PLAN/NUMBER hoặc mã · or identifier")
    rules_of: dt.date | None = Field(None, description="as if approved on this day")


@api.get("/plans/norms")
@api.input(JudgedQuery, location="query", arg_name="query")
@api.doc(summary="Một phiên bản theo quy chuẩn · a plan version judged by the rulebook")
@requires(Permission.READ)
def of_plan(query: JudgedQuery) -> Response:
    """Per rule: meets, fails or not_checked (with why), value, threshold, denominators, waiver."""
    query.shown()
    found, people = judged_version(query.version, query.rules_of)
    return as_json({**_told(found), "people": people})


class OutlookQuery(DayQuery):
    """The day whose rules are tried."""

    day: dt.date = Field(description="Theo quy tắc của ngày · the rules of this day")


@api.get("/norms/outlook")
@api.input(OutlookQuery, location="query", arg_name="query")
@api.doc(summary="Quy hoạch nào sẽ không đạt · plans in force under the rules of another day")
@requires(Permission.READ)
def outlook(query: OutlookQuery) -> Response:
    """Every plan in force the caller may see, under its own rules and under those of that day."""
    day = query.shown()
    with database().reading(seconds=30) as session:
        at = moment(session, day.as_of, day.known_at)
        found = looked_ahead(session, at, seen_zone_ids(session, at), query.day)
    plans = [
        {
            "now": _told(each.now),
            "then": _told(each.then),
            "newly_failing": [judged.result.rule.code for judged in each.newly_failing],
        }
        for each in found
    ]
    return as_json({"as_of": day.as_of, "rules_of": query.day, "plans": plans})


def _told(report: Report) -> dict[str, Any]:
    facts = report.facts
    return {
        "plan": facts.code,
        "version": facts.number,
        "zone": facts.zone,
        "level": facts.level,
        "approved": report.dates.approved,
        "appraised": report.dates.appraised,
        "meets": report.meets,
        "fails": report.fails,
        "not_checked": report.not_checked,
        "unverified": report.unverified,
        "results": [plain_row(each) for each in report.judged],
    }
