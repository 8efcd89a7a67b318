"""``gisapp demo``: the demo board and its accounts."""

from __future__ import annotations

from pathlib import Path

import click

from gisapp import config
from gisapp.cli import say
from gisapp.cli.opened import opened
from gisapp.demo.drafts import lots_file
from gisapp.demo.load import is_empty, load_whole_demo
from gisapp.demo.scanned import sheet_of
from gisapp.security.accounts import create_demo_accounts


@click.group()
def demo() -> None:
    """Dữ liệu minh hoạ · the demo board."""


@demo.command()
@click.option("--if-empty", is_flag=True, help="Chỉ khi sổ còn trống · only into an empty register")
def load(if_empty: bool) -> None:
    """Nạp ban quản lý minh hoạ · load the demo board into an empty database."""
    settings = config.load()
    with opened(settings).reading() as session:
        if if_empty and not is_empty(session):
            return
    with click.progressbar(length=1000, label="Nạp dữ liệu minh hoạ · loading demo") as bar:
        changes = load_whole_demo(settings, on_progress=lambda done: bar.update(1, done))
    with opened(settings).transaction() as session:
        create_demo_accounts(session)
    say("demo-loaded", changes=changes)


@demo.command()
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
def lots(file: Path) -> None:
    """Ghi tệp lô mà bản điều chỉnh QHPK-A đang chờ · write the lots QHPK-A's draft waits for."""
    file.write_text(lots_file(), encoding="utf-8")
    say("demo-lots-written", file=file)


@demo.command()
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
def sheet(file: Path) -> None:
    """Ghi bản vẽ quét QHPK-A 2024 để tự đặt lên bản đồ · write QHPK-A of 2024, to be placed."""
    drawn = sheet_of(2)
    file.write_bytes(drawn.png())
    say("demo-sheet-written", file=file)


@demo.command()
def accounts() -> None:
    """Tạo và in tài khoản minh hoạ · create and print the demo accounts."""
    with opened().transaction() as session:
        for name, password in create_demo_accounts(session):
            click.echo(f"  {name:<10} {password}")
