"""``gisapp digest``: make and send a week's digest, look at it, see what rules would have sent."""

from __future__ import annotations

from dataclasses import asdict

import click
import orjson
from sqlalchemy import select

from gisapp import config
from gisapp.cli.opened import opened
from gisapp.cli.writing import json_option
from gisapp.digest.gather import as_plain, gathered
from gisapp.digest.history import would_have_sent
from gisapp.digest.letter import sentence
from gisapp.digest.mail import deliver, retry_now
from gisapp.digest.model import DigestRule
from gisapp.digest.runs import make_run, moment_of
from gisapp.digest.weeks import week_of
from planning.clocks import today

ACTOR = "command-line"
week_option = click.option("--week", help="Tuần, ví dụ 2026-W47 · ISO week; default this week")


@click.group()
def digest() -> None:
    """Bản tin tuần · the weekly digest."""


@digest.command()
@week_option
@click.option("--retry", is_flag=True, help="Thử lại ngay thư bị hoãn · try what waits at once")
@json_option
def send(week: str | None, retry: bool, as_json: bool) -> None:
    """Lập bản tin của tuần (một lần) và gửi thư đang chờ · make it once, deliver what waits."""
    from gisapp.cli import say

    settings = config.load()
    database, asked = opened(settings), week or week_of(today())
    with database.transaction(seconds=60) as session:
        run, fresh = make_run(session, asked, ACTOR)
        if retry:
            retry_now(session)
        facts = {"week": asked, "lines": len(run.lines) if run else 0, "fresh": fresh}
    done = asdict(deliver(database, settings))
    if as_json:
        click.echo(orjson.dumps({**facts, **done, "made": run is not None}).decode())
        return
    if run is None:
        say("digest-none")
    say("digest-sent", **facts, **done)


@digest.command()
@week_option
@json_option
def preview(week: str | None, as_json: bool) -> None:
    """Xem bản tin của tuần, mọi quy tắc, không lập · every rule, nothing is made."""
    from gisapp.cli import language

    with opened().transaction(seconds=60) as session:
        rules = {rule.code: rule.lead_days for rule in session.scalars(select(DigestRule))}
        at = moment_of(session, week or week_of(today()))
        found = gathered(session, at, rules)
    if as_json:
        click.echo(orjson.dumps({"as_of": at.as_of, "lines": as_plain(found)}).decode())
        return
    for line in found:
        click.echo(f"{line.severity:<7} {sentence(line, language())}")


@digest.command()
@json_option
def rules(as_json: bool) -> None:
    """Mỗi quy tắc lẽ ra đã gửi bao nhiêu thư · what each rule would have sent last month."""
    with opened().transaction(seconds=60) as session:
        found = list(session.scalars(select(DigestRule).order_by(DigestRule.position)))
        leads = {rule.code: rule.lead_days for rule in found}
        told = would_have_sent(session, leads, today())
    if as_json:
        plain = {rule.code: {"enabled": rule.enabled, **asdict(told[rule.code])} for rule in found}
        click.echo(orjson.dumps(plain).decode())
        return
    for rule in found:
        past = told[rule.code]
        mark = "✓" if rule.enabled else "–"
        click.echo(f"{mark} {rule.code:<12} {past.letters:>6}  ({past.lines})")
