"""``gisapp audit``: seal what is known, and prove that sealed knowledge was not touched."""

from __future__ import annotations

import json

import click

from gisapp.cli import REFUSED, say
from gisapp.cli.opened import opened
from gisapp.delivery import DELIVERY_SECONDS
from planning.records.commands import seal_changes
from planning.records.queries import broken_seals


@click.group()
def audit() -> None:
    """Niêm phong và kiểm tra sổ · seal the register and verify its seals."""


@audit.command()
def seal() -> None:
    """Niêm phong các thay đổi đã ghi · seal every settled change into the hash chain."""
    with opened().transaction(seconds=DELIVERY_SECONDS) as session:
        say("changes-sealed", count=seal_changes(session))


@audit.command()
@click.option("--json", "as_json", is_flag=True, help="JSON cho máy · for machines")
def verify(as_json: bool) -> int:
    """Tính lại mọi niêm phong · recompute every seal; 2 when one does not hold."""
    with opened().reading(seconds=DELIVERY_SECONDS) as session:
        broken = broken_seals(session)
    if as_json:
        click.echo(json.dumps([{"change": each.change, "fault": each.fault} for each in broken]))
    elif broken:
        for each in broken:
            say(f"seal-broken-{each.fault}", change=each.change)
    else:
        say("seals-hold")
    return REFUSED if broken else 0
