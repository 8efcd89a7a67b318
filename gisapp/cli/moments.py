"""Days and instants as people type them on the command line: 2025-06-30 or 30/06/2025."""

from __future__ import annotations

from datetime import UTC, date, datetime

import click

from planning.clocks import HANOI


class _Day(click.ParamType[date]):
    name = "DATE"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """Read YYYY-MM-DD or D/M/YYYY."""
        if isinstance(value, date):
            return value
        for form in ("%Y-%m-%d", "%d/%m/%Y"):
            try:
                return datetime.strptime(str(value), form).replace(tzinfo=HANOI).date()
            except ValueError:
                continue
        self.fail(f"'{value}': YYYY-MM-DD / DD/MM/YYYY", param, ctx)


class _Instant(click.ParamType[datetime]):
    name = "INSTANT"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Read ISO 8601; without an offset it is Vietnamese time."""
        if isinstance(value, datetime):
            return value
        try:
            read = datetime.fromisoformat(str(value))
            read = read if read.tzinfo else read.replace(tzinfo=HANOI)
            read.astimezone(UTC)  # an offset at an end of the calendar leads out of it
        except (ValueError, OverflowError):
            self.fail(f"'{value}': ISO 8601, 2025-07-10T17:00", param, ctx)
        return read


DAY = _Day()
AWARE_INSTANT = _Instant()
