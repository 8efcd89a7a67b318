"""The rulebook and a judged version as files for a spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gisapp.present import norms as words
from gisapp.present.tables import Column, Listing, as_csv
from gisapp.texts import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Response

    from planning.plans.norms import Rule
    from planning.plans.norms_queries import Judged, Report


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
