"""``gisapp indicators``: the land figures of a zone, a board or everything, on any day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import click
import orjson

from gisapp.cli import language
from gisapp.cli.moments import AWARE_INSTANT, DAY
from gisapp.cli.opened import opened
from gisapp.cli.writing import json_option
from gisapp.present.indicators import land_facts
from planning.clocks import moment
from planning.indicators.queries import land
from planning.indicators.rules import SCOPES


@click.command()
@click.option("--board", help="Mã ban quản lý · board code")
@click.option("--zone", help="Mã khu, kể cả khu bên trong · zone code, with zones inside it")
@click.option("--as-of", type=DAY, help="Ngày dữ liệu · legal day (default: today)")
@click.option(
    "--known-at", type=AWARE_INSTANT, help="Biết đến lúc · instant of knowledge (default: now)"
)
@click.option("--definition", help="Một chỉ tiêu · one indicator by code (default: all)")
@click.option("--scope", type=click.Choice([*SCOPES]), help="Loại khu được tính · zones that count")
@json_option
def indicators(
    board: str | None,
    zone: str | None,
    as_of: date | None,
    known_at: datetime | None,
    definition: str | None,
    scope: str | None,
    as_json: bool,
) -> None:
    """Chỉ tiêu đất đai vào một ngày · land indicators on a day, each with its denominator."""
    if board and zone:
        raise click.UsageError("--board | --zone")
    with opened().reading(seconds=60) as session:
        whole = land(session, moment(session, as_of, known_at), board=board, zone=zone)
        figures = whole.figures([definition] if definition else None, scope)
        facts = land_facts(whole, figures.values(), language())
    if as_json:
        subject = {"board": board, "zone": zone, "known_at": known_at}
        click.echo(orjson.dumps({**subject, **facts}).decode())
    else:
        _table(facts)


def _table(facts: dict[str, Any]) -> None:
    click.echo(f"{facts['as_of']:%d/%m/%Y} · {', '.join(facts['zones']) or '–'}")
    for each in facts["indicators"]:
        base = each["denominator"]
        over = f"  / {base['name']} {base['display']}" if base else ""
        click.echo(f"{each['code']:<28} {each['display']:>16}  {each['name']}{over}")
        for note in each["notes"]:
            click.echo(f"{'':<28} {'':>16}  · {note['text']}")
