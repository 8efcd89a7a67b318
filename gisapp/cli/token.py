"""``gisapp token``: personal API tokens, shown once."""

from __future__ import annotations

import datetime as dt

import click

from gisapp.cli.opened import opened
from gisapp.security import accounts, tokens


@click.group()
def token() -> None:
    """Mã truy cập cho chương trình · tokens for programs."""


@token.command()
@click.argument("name")
@click.option("--label", default="gisapp token", show_default=True, help="Tên mã · its name")
@click.option("--days", type=click.IntRange(1, 3650), default=365, show_default=True)
def create(name: str, label: str, days: int) -> None:
    """Tạo mã cho người dùng NAME; chỉ hiện một lần · make a token for user NAME, shown once."""
    lifetime = dt.timedelta(days=days)
    with opened().transaction() as session:
        user = accounts.find_user(session, name)
        made = tokens.create_token(session, user, label, dt.datetime.now(dt.UTC), lifetime)
    click.echo(made)
