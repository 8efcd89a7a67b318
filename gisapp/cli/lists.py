"""``gisapp list``: lists without shapes into the register, from the command line."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import click

from gisapp import config
from gisapp.cli import DONE, REFUSED, say
from gisapp.cli.moments import DAY
from gisapp.cli.opened import opened
from gisapp.cli.writing import acting, actor_option, json_option
from gisapp.list_imports import Bringer, ListReport, bring_list, sentence
from gisapp.lists import LISTS
from gisapp.security import accounts
from gisapp.security.scope import scope_of
from planning.changes.imports import Certificate

LINES_SHOWN = 50


@click.group(name="list")
def lists() -> None:
    """Danh sách dạng bảng · lists as CSV or XLSX."""


@lists.command(name="import")
@click.argument("name", type=click.Choice([*LISTS]))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--document", required=True, help="Số văn bản · document number")
@click.option("--issued", type=DAY, required=True, help="Ngày ban hành · issued on")
@click.option("--issuer", required=True, help="Cơ quan ban hành · issuer")
@click.option("--effective-on", type=DAY, help="Hiệu lực từ (mặc định: ngày ban hành) · from")
@click.option("--dry-run", is_flag=True, help="Chạy thử, không ghi · write nothing")
@actor_option
@json_option
@click.pass_context
def import_list(
    ctx: click.Context,
    /,
    name: str,
    file: Path,
    document: str,
    issued: date,
    issuer: str,
    effective_on: date | None,
    dry_run: bool,
    actor: str | None,
    as_json: bool,
) -> int:
    """Nhập một danh sách: nhận tất cả các dòng, hoặc không dòng nào.

    All rows or none. Exit codes: 0 done, 2 refused.
    """
    settings = config.load()
    database = opened(settings)
    entry = LISTS[name]
    with database.transaction() as session:
        who = acting(session, actor, entry.permission)
        scope = scope_of(accounts.find_user(session, who))
    paper = Certificate(document, issued, issuer)
    report = bring_list(
        database, settings, entry, file, file.name, Bringer(who, scope, paper, effective_on),
        dry_run=dry_run,
    )  # fmt: skip
    _say(
        report, as_json=as_json, locale=str(ctx.find_root().params.get("lang") or config.language())
    )
    return DONE if report.good else REFUSED


@lists.command(name="columns")
@click.argument("name", type=click.Choice([*LISTS]))
@json_option
def columns(name: str, as_json: bool) -> None:
    """Các cột của một danh sách · the columns of a list."""
    fields = LISTS[name].fields
    if as_json:
        told = [
            {"field": each.name, "kind": each.kind.value, "required": each.required,
             "vi": each.title_vi, "en": each.title_en}
            for each in fields.values()
        ]  # fmt: skip
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for each in fields.values():
        click.echo(f"{'*' if each.required else ' '} {each.title_vi} · {each.title_en}")


def _say(report: ListReport, *, as_json: bool, locale: str) -> None:
    if as_json:
        click.echo(json.dumps(report.as_json(locale), ensure_ascii=False))
        return
    refused = len({found.row for found in report.refused})
    head = "list-refused" if refused else "list-tried" if report.dry_run else "list-done"
    say(head, rows=report.rows, refused=refused, written=report.written)
    for found in report.refused[:LINES_SHOWN]:
        click.echo(f"{found.row}: {sentence(found, report.name, locale)}")
