"""The rulebook for programs: its rules, a plan version judged by them, plans that would fail."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from uuid import UUID

from pydantic import Field

from gisapp.api.changes import actor
from gisapp.api.models import DayQuery, Given, api_blueprint
from gisapp.api.written import as_json
from gisapp.idempotency import Done, once
from gisapp.judging import judged_version, seen_zone_ids, sign_for, take_back
from gisapp.present.norms import plain_row
from gisapp.running import database
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from planning.clocks import moment
from planning.plans.norms_commands import confirm_rule
from planning.plans.norms_queries import outlook as looked_ahead
from planning.plans.norms_queries import rule as rule_by_id
from planning.plans.norms_queries import rules

if TYPE_CHECKING:
    from flask import Response
    from sqlalchemy.orm import Session

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


class Confirmation(Given):
    """Where the wording was seen."""

    seen_in: str = Field(
        min_length=3, max_length=500, description="Văn bản, trang · document, page"
    )


@api.post("/norms/<int:rule_id>/confirm")
@api.input(Confirmation, location="json", arg_name="asked")
@api.doc(summary="Xác nhận một quy tắc · confirm a rule, never one's own entry")
@requires(Permission.APPROVE)
def confirm(rule_id: int, asked: Confirmation) -> Response:
    """By the caller's name. Needs `Idempotency-Key`."""

    def work(session: Session) -> Done:
        rule = rule_by_id(session, rule_id)
        confirm_rule(session, rule, seen_in=asked.seen_in, actor=actor())
        return Done(201, {"rule": rule_id, "confirmed_by": actor()})

    return once(actor(), work)


class WaiverAsked(Given):
    """A rule a version fails, the lots that were looked at, why, and perhaps until which day."""

    version: str = Field(max_length=80, description="PLAN/NUMBER hoặc mã · or identifier")
    rule: int = Field(ge=1, description="rule_id of a result")
    lots_state: str = Field(pattern="^[0-9a-f]{32}$", description="of the result that was read")
    reason: str = Field(min_length=3, max_length=2_000)
    expires_on: dt.date | None = Field(None, description="last day; default until lots change")
    document_id: UUID | None = None


@api.post("/plans/norms/waivers")
@api.input(WaiverAsked, location="json", arg_name="asked")
@api.doc(summary="Ký cho qua một quy tắc · sign that a version may fail a rule")
@requires(Permission.APPROVE)
def sign(asked: WaiverAsked) -> Response:
    """409 `norm-lots-moved` when the lots changed since. Needs `Idempotency-Key`."""

    def work(session: Session) -> Done:
        _facts, made = sign_for(
            session, version=asked.version, rule_id=str(asked.rule), lots_state=asked.lots_state,
            reason=asked.reason, actor=actor(), until=asked.expires_on,
            document_id=asked.document_id,
        )  # fmt: skip
        return Done(201, {"id": str(made)})

    return once(actor(), work)


class Withdrawal(Given):
    """Why a waiver is taken back."""

    reason: str = Field(min_length=3, max_length=2_000)


@api.post("/plans/norms/waivers/<uuid:waiver_id>/withdraw")
@api.input(Withdrawal, location="json", arg_name="asked")
@api.doc(summary="Rút chữ ký · withdraw a waiver")
@requires(Permission.APPROVE)
def withdraw(waiver_id: UUID, asked: Withdrawal) -> Response:
    """From today on; the days it held stay in the history. Needs `Idempotency-Key`."""

    def work(session: Session) -> Done:
        take_back(session, waiver_id, reason=asked.reason, actor=actor())
        return Done(200, {"id": str(waiver_id)})

    return once(actor(), work)


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
        "lots_state": report.lots_state,
        "results": [plain_row(each) for each in report.judged],
    }
