"""The rulebook and a judged version as files for a spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gisapp.present import formats
from gisapp.present import norms as words
from gisapp.present.day import dated_url
from gisapp.present.tables import Column, Filter, Listing, as_csv
from gisapp.present.words import folded
from gisapp.texts import gettext as _

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from flask import Response

    from planning.plans.norms import Rule
    from planning.plans.norms_queries import Judged, Outlook, Report


def book_file(rules: Sequence[Rule]) -> Response:
    """Every rule ever entered, one a line."""
    columns = [
        Column(key="code", label=_("Mã")),
        Column(key="version", label=_("Lần"), kind="number"),
        Column(key="name", label=_("Tên"), value=words.rule_name),
        Column(key="regulation", label=_("Văn bản")),
        Column(key="clause", label=_("Điểm, khoản, bảng")),
        Column(key="quote", label=_("Trích nguyên văn"), value=words.quote),
        Column(key="valid_from", label=_("Có hiệu lực từ"), kind="day"),
        Column(key="valid_to", label=_("Hết hiệu lực từ"), kind="day"),
        Column(
            key="reach",
            label=_("Chuyển tiếp"),
            value=lambda rule: str(words.REACHES[rule.reaches_by]),
        ),
        Column(key="scope", label=_("Áp dụng cho"), value=words.scope),
        Column(key="counted", label=_("Loại đất được tính"), value=words.counted),
        Column(
            key="measure", label=_("Đo gì"), value=lambda rule: str(words.MEASURES[rule.measure])
        ),
        Column(key="demand", label=_("Yêu cầu"), value=words.demand),
        Column(key="source", label=_("Nguồn")),
        Column(key="recorded_by", label=_("Người ghi")),
        Column(key="confirmed_by", label=_("Người đối chiếu")),
        Column(key="seen_in", label=_("Đã thấy ở")),
    ]
    return as_csv(Listing(columns=columns, rows=rules, count=len(rules)), "norms")


def report_file(report: Report) -> Response:
    """A judged version, one rule a line."""
    columns = [
        Column(
            key="name", label=_("Quy tắc"), value=lambda each: words.rule_name(each.result.rule)
        ),
        Column(
            key="regulation", label=_("Văn bản"), value=lambda each: each.result.rule.regulation
        ),
        Column(
            key="clause", label=_("Điểm, khoản, bảng"), value=lambda each: each.result.rule.clause
        ),
        Column(
            key="quote",
            label=_("Trích nguyên văn"),
            value=lambda each: words.quote(each.result.rule),
        ),
        Column(key="demand", label=_("Yêu cầu"), value=lambda each: words.demand(each.result.rule)),
        Column(key="value", label=_("Bản này"), value=lambda each: words.value(each.result)),
        Column(key="basis", label=_("Trên"), value=lambda each: words.basis(each.result)),
        Column(key="outcome", label=_("Kết quả"), value=_outcome),
        Column(key="why", label=_("Vì sao"), value=_reason),
        Column(key="confirmed", label=_("Người đối chiếu"), value=_confirmed),
        Column(key="waiver", label=_("Ký cho qua"), value=_waiver),
    ]
    rows = report.judged
    name = f"{report.facts.code}-{report.facts.number}-norms"
    return as_csv(Listing(columns=columns, rows=rows, count=len(rows)), name)


def _outcome(each: Judged) -> str:
    return str(words.OUTCOMES[each.result.outcome][1])


def _reason(each: Judged) -> str:
    return words.why(each.result) or words.failing_lots(each.result)


def _confirmed(each: Judged) -> str:
    return each.result.rule.confirmed_by or _("chưa đối chiếu")


def _waiver(each: Judged) -> str:
    return f"{each.waiver.signed_by}: {each.waiver.reason}" if each.waiver else ""


def outlook_columns(then: dt.date) -> list[Column]:
    """Plans in force, one a line: under their own rules, and under those of another day."""

    def own(each: Outlook) -> str:
        return dated_url("norms.of_plan", version=each.now.facts.key)

    def other(each: Outlook) -> str:
        return dated_url("norms.of_plan", version=each.now.facts.key, rules_of=then.isoformat())

    def plan(each: Outlook) -> str:
        return f"{each.now.facts.code} · {_('bản %(number)s', number=each.now.facts.number)}"

    return [
        Column(key="plan", label=_("Quy hoạch"), strong=True, link=own, value=plan),
        Column(key="zone", label=_("Khu"), value=lambda each: each.now.facts.zone, nowrap=True),
        Column(key="decision", label=_("Quyết định"), nowrap=True,
               value=lambda each: each.now.facts.decision_number),
        Column(key="approved", label=_("Phê duyệt"), kind="day", nowrap=True,
               value=lambda each: each.now.dates.approved),
        Column(key="now", label=_("Theo quy tắc của bản"), kind="chip",
               value=lambda each: words.counted_outcomes(each.now)),
        Column(key="then", label=_("Theo quy tắc ngày %(day)s", day=formats.day(then)), kind="chip",
               value=lambda each: words.counted_outcomes(each.then)),
        Column(key="newly", label=_("Sẽ không đạt thêm"), sortable=False,
               link=lambda each: other(each) if each.newly_failing else None,
               value=lambda each: "; ".join(words.falls_short(one) for one in each.newly_failing)
               or _("không có")),
    ]  # fmt: skip


def outlook_filters() -> list[Filter]:
    """What narrows the outlook."""
    choices = [
        ("newly", _("sẽ không đạt thêm")),
        ("fails", _("không đạt")),
        ("open", _("không kiểm tra được")),
    ]
    return [
        Filter("q", _("Tìm mã, tên, khu, quyết định")),
        Filter("outcome", _("Kết quả"), choices),
    ]


def wanted_outlook(each: Outlook, filters: Sequence[Filter]) -> bool:
    """Whether the filters let a plan through."""
    text, outcome = (one.current for one in filters)
    of = each.now.facts
    asked = {
        "newly": bool(each.newly_failing),
        "fails": bool(each.then.fails),
        "open": bool(each.then.not_checked),
    }
    named = f"{of.code} {of.name_vi} {of.name_en or ''} {of.zone} {of.decision_number or ''}"
    return asked.get(outcome, True) and folded(text) in folded(named)
