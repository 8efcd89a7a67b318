"""Numbers, areas and dates as people of either language read them: ``1.105,9`` or ``1,105.9``.

Areas come in as m² and are shown as hectares with two decimals or m² with one.
What is undefined is a dash, never a nought.
"""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from babel.numbers import format_decimal
from flask_babel import get_locale

if TYPE_CHECKING:
    from flask import Flask

LEGAL_TIME = ZoneInfo("Asia/Ho_Chi_Minh")
NOTHING = "–"
_DAY = {"vi": "dd/MM/yyyy", "en": "d MMM yyyy"}
_INSTANT = {"vi": "HH:mm dd/MM/yyyy", "en": "d MMM yyyy HH:mm"}

Number = int | float | Decimal


def language() -> str:
    """The reader's language: ``vi`` or ``en``."""
    locale = get_locale()
    return locale.language if locale and locale.language in _DAY else "vi"


def number(value: Number | None, decimals: int = 0) -> str:
    """A number with grouped digits and a fixed count of decimals, half rounded up."""
    if value is None:
        return NOTHING
    exact = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    if not exact.is_finite():
        return NOTHING
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return str(format_decimal(rounded + 0, pattern, locale=language()))


def hectares(area_m2: Number | None, decimals: int = 2) -> str:
    """An area given in m² as hectares, without the unit."""
    if area_m2 is None:
        return NOTHING
    exact = Decimal(str(area_m2)) if isinstance(area_m2, float) else Decimal(area_m2)
    return number(exact / 10_000, decimals)


def square_metres(area_m2: Number | None) -> str:
    """An area in m² with one decimal, without the unit."""
    return number(area_m2, 1)


def percent(ratio: Number | None, decimals: int = 2) -> str:
    """A ratio (0.5606) as a percentage (56,06 %), a no-break space before the sign."""
    if ratio is None:
        return NOTHING
    exact = Decimal(str(ratio)) if isinstance(ratio, float) else Decimal(ratio)
    return f"{number(exact * 100, decimals)}\u00a0%"


def day(value: dt.date | None) -> str:
    """A calendar day: 21/11/2026 or 21 Nov 2026."""
    if value is None:
        return NOTHING
    if isinstance(value, dt.datetime):
        value = value.astimezone(LEGAL_TIME).date()
    midday = dt.datetime.combine(value, dt.time(12), LEGAL_TIME)
    return str(format_datetime(midday, _DAY[language()], LEGAL_TIME, language()))


def instant(value: dt.datetime | None) -> str:
    """A moment in legal time, to the minute."""
    if value is None:
        return NOTHING
    return str(format_datetime(value, _INSTANT[language()], LEGAL_TIME, language()))


def add_filters(app: Flask) -> None:
    """Offer the formats to templates: ``{{ zone.area_m2 | hectares }}``."""
    app.jinja_env.filters |= {
        "number": number,
        "hectares": hectares,
        "square_metres": square_metres,
        "percent": percent,
        "day": day,
        "instant": instant,
    }
