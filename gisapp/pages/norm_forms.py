"""Reading the form of a rule, and filling it with the rule it follows."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from planning.plans.norms_commands import NewRule

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

    from planning.plans.norms import Rule

_TEXTS = {
    "code": 48, "regulation": 200, "clause": 200, "quote_vi": 2000, "quote_en": 2000,
    "source": 500, "name_vi": 200, "name_en": 200,
}  # fmt: skip
_EARLIEST, _LATEST = dt.date(1945, 9, 2), dt.date(2199, 12, 31)


class RefusedField(ValueError):
    """A field of the form that cannot be read."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def read_rule(form: MultiDict[str, str]) -> tuple[NewRule, int]:
    """The rule of a form, and the version it follows. Raises RefusedField."""
    texts = {name: read_text(form, name, longest) for name, longest in _TEXTS.items()}
    valid_from = read_day(form, "valid_from")
    if valid_from is None:
        raise RefusedField("valid_from")
    return (
        NewRule(
            **texts,
            valid_from=valid_from,
            valid_to=read_day(form, "valid_to"),
            reaches_by=form.get("reaches_by", ""),
            zone_kinds=form.getlist("zone_kinds"),
            plan_levels=form.getlist("plan_levels"),
            measure=form.get("measure", ""),
            categories=form.getlist("categories"),
            people=form.get("people") or None,
            above_storeys=read_whole(form, "above_storeys", 200),
            comparison=form.get("comparison", ""),
            threshold=_number(form.get("threshold", "")),
        ),
        read_whole(form, "follows", 1_000_000) or 0,
    )


def read_text(form: MultiDict[str, str], name: str, longest: int) -> str:
    """A text of a form, not empty, no longer than so. Raises RefusedField."""
    text = form.get(name, "").strip()
    if not 1 <= len(text) <= longest or "\x00" in text:
        raise RefusedField(name)
    return text


def read_day(form: MultiDict[str, str], name: str) -> dt.date | None:
    """A day of a form, None when it is empty. Raises RefusedField."""
    text = form.get(name, "").strip()
    if not text:
        return None
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise RefusedField(name) from None
    if not _EARLIEST <= day <= _LATEST:
        raise RefusedField(name)
    return day


def read_whole(form: MultiDict[str, str], name: str, most: int) -> int | None:
    """A whole number of a form, None when it is empty. Raises RefusedField."""
    text = form.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 9 and int(text) <= most):
        raise RefusedField(name)
    return int(text)


def _number(text: str) -> Decimal | None:
    """A threshold with a decimal comma or point, four decimals at most; nothing: not known."""
    plain = text.strip().replace(",", ".")
    if not plain:
        return None
    try:
        value = Decimal(plain)
    except InvalidOperation:
        raise RefusedField("threshold") from None
    if not value.is_finite() or not 0 <= value < 10**9 or value != round(value, 4):
        raise RefusedField("threshold")
    return value


def given_rule(rule: Rule) -> dict[str, Any]:
    """The fields of a rule as the form shows them, to be followed by a new one."""
    names = ("code", "name_vi", "name_en", "measure", "comparison", "regulation", "clause",
             "quote_vi", "quote_en", "source", "reaches_by", "people", "above_storeys",
             "categories", "zone_kinds", "plan_levels")  # fmt: skip
    return {
        **{name: getattr(rule, name) for name in names},
        "threshold": "" if rule.threshold is None else f"{rule.threshold.normalize():f}",
        "valid_from": rule.valid_from.isoformat(),
        "valid_to": rule.valid_to.isoformat() if rule.valid_to else "",
        "follows": rule.version,
    }
