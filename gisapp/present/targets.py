"""Cleared in the period against the year's target and the same period a year ago, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask import request
from werkzeug.exceptions import BadRequest

from gisapp.present.formats import language
from gisapp.present.tables import Column
from gisapp.texts import gettext as _
from gisapp.texts import lazy_gettext as _l
from planning.clearance.periods import MONTHS, period, reporting_year, year_so_far
from planning.clearance.targets import Achievement, Scheme, achievements, schemes, targets
from planning.zones.queries import boards, zones

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal
    from uuid import UUID

    from sqlalchemy.orm import Session

    from gisapp.present.frame import ShownBoard
    from gisapp.security.scope import Scope
    from planning.clearance.periods import Period
    from planning.clocks import Moment

PERIODS: Final = {
    "so_far": _l("Từ đầu năm đến ngày xem"),
    "month": _l("Tháng"),
    "quarter": _l("Quý"),
    "half": _l("Sáu tháng"),
    "nine_months": _l("Chín tháng"),
    "year": _l("Cả năm"),
}


@dataclass(frozen=True)
class Line:
    """A zone or a board: what it cleared in the period, of its own target."""

    name: str
    label: str
    is_board: bool
    done: Achievement


@dataclass(frozen=True)
class Progress:
    """The period chosen, how it closes, and a line a zone and board."""

    scheme: Scheme
    schemes: Sequence[Scheme]
    kind: str
    number: int
    year: int
    period: Period
    lines: Sequence[Line]

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Kinds of period with their words."""
        return [(kind, str(word)) for kind, word in PERIODS.items()]

    @property
    def counts(self) -> int:
        """How many periods of the kind a year has."""
        return 1 if self.kind in ("so_far", "year", "nine_months") else 12 // MONTHS[self.kind]


def progress(db: Session, at: Moment, scope: Scope, board: ShownBoard | None) -> Progress:
    """What zones and boards the reader may see cleared in the period the address names.

    Raises:
        BadRequest: a scheme, period or number there is none of.
    """
    known = schemes(db, at.as_of)
    chosen = next(
        (each for each in known if each.code == request.args.get("scheme", known[0].code)), None
    )
    kind = request.args.get("period", "so_far")
    if chosen is None or kind not in PERIODS:
        raise BadRequest
    year = _whole("year", reporting_year(at.as_of, chosen.last_day), 1990, 2199)
    nth = _whole("number", 1, 1, 12)
    try:
        span = (
            year_so_far(at.as_of, chosen.last_day)
            if kind == "so_far"
            else period(kind, year, nth, chosen.last_day).until(at.as_of)
        )
    except ValueError:
        raise BadRequest from None
    year = reporting_year(span.last, chosen.last_day)
    lines = _lines(db, at, scope, board, span, year)
    return Progress(chosen, known, kind, nth, year, span, lines)


def _lines(
    db: Session, at: Moment, scope: Scope, board: ShownBoard | None, span: Period, year: int
) -> list[Line]:
    seen = [z for z in zones(db, at, board.code if board else None) if scope.covers(z)]
    groups: dict[str, set[UUID]] = {}
    labels: dict[str, tuple[str, bool]] = {}
    for one in boards(db, at):
        inside = {zone.id for zone in seen if zone.board_code == one.code}
        if inside and scope.covers_board(one.code):
            groups[one.code] = inside
            labels[one.code] = ((language() == "en" and one.name_en) or one.name_vi, True)
    for zone in seen:
        groups[zone.code] = {zone.id}
        reached = 0
        while reached < len(groups[zone.code]):
            reached = len(groups[zone.code])
            groups[zone.code] |= {z.id for z in seen if z.parent_id in groups[zone.code]}
        labels[zone.code] = ((language() == "en" and zone.name_en) or zone.name_vi, False)
    aims = _aims(db, at, year, {z.id: z.code for z in seen}, {b.id: b.code for b in boards(db, at)})
    done = achievements(db, at, groups, span, aims)
    return [Line(name, *labels[name], done[name]) for name in groups]


def _aims(
    db: Session, at: Moment, year: int, zones_by: dict[UUID, str], boards_by: dict[UUID, str]
) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for each in targets(db, at, year):
        whose = boards_by if each.zone_id is None else zones_by
        name = whose.get(each.zone_id or each.board_id)
        if name is not None:
            found[name] = each.area_m2
    return found


def progress_columns() -> list[Column]:
    """Flow of the period, target of the year, share, the year before; stock apart at the end."""
    return [
        Column(key="name", label=_("Ban, khu"), strong=True, sortable=False),
        Column(key="label", label=_("Tên"), sortable=False),
        _area("cleared_m2", _("Bàn giao trong kỳ")),
        _area("target_m2", _("Kế hoạch năm")),
        Column(
            key="completion", label=_("So kế hoạch"), kind="percent", sortable=False,
            value=lambda line: line.done.completion,
        ),
        _area("year_ago_m2", _("Cùng kỳ năm trước")),
        Column(
            key="growth", label=_("Tăng, giảm"), kind="percent", sortable=False,
            value=lambda line: line.done.growth,
        ),
        _area("stock_m2", _("Luỹ kế cuối kỳ")),
    ]  # fmt: skip


def target_columns() -> list[Column]:
    """Columns of the list of targets, under the headings the list import asks for."""
    return [
        Column(key="whose", label=_("Ban hoặc khu"), strong=True, nowrap=True),
        Column(key="year", label=_("Năm")),
        Column(key="area_m2", label=_("Diện tích kế hoạch"), kind="hectares", unit="ha"),
        Column(key="document", label=_("Quyết định")),
        Column(key="decided_on", label=_("Ngày văn bản"), kind="day"),
        Column(key="valid_from", label=_("Có hiệu lực từ"), kind="day"),
    ]


def _area(key: str, label: str) -> Column:
    return Column(
        key=key,
        label=label,
        kind="hectares",
        unit="ha",
        sortable=False,
        value=lambda line: getattr(line.done, key),
    )


def _whole(name: str, default: int, least: int, most: int) -> int:
    given = request.args.get(name, str(default))
    if not (given.isascii() and given.isdigit() and least <= int(given) <= most):
        raise BadRequest
    return int(given)
