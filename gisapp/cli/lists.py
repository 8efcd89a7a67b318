"""``gisapp list``: lists without shapes into the register, from the command line."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import click

from gisapp import config
from gisapp.cli import DONE, REFUSED, say
from gisapp.cli.moments import AWARE_INSTANT, DAY
from gisapp.cli.opened import opened
from gisapp.cli.writing import acting, actor_option, json_option
from gisapp.list_exports import take_list
from gisapp.list_imports import Bringer, ListNotATable, ListReport, bring_list, sentence
from gisapp.lists import LEAVING, LISTS
from gisapp.present.list_tables import list_columns
from gisapp.present.tables import csv_text, sheet_of
from gisapp.present.workbook import book_bytes
from gisapp.security import accounts
from gisapp.security.scope import scope_of
from planning.changes.imports import Certificate
from planning.records.commands import note_event

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


@lists.command(name="export")
@click.argument("name", type=click.Choice([*LEAVING]))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--as-of", type=DAY, help="Vào ngày · on day (default: today)")
@click.option("--known-at", type=AWARE_INSTANT, help="Như đã biết lúc · as known at")
@actor_option
@click.pass_context
def export_list(
    ctx: click.Context,
    /,
    name: str,
    file: Path,
    as_of: date | None,
    known_at: datetime | None,
    actor: str | None,
) -> int:
    """Tải một danh sách ra CSV hoặc XLSX, theo đuôi tệp; nhập lại được.

    A list as CSV or XLSX, by the ending of the file; it comes back in.
    """
    leaving, ending = LEAVING[name], file.suffix.lower()
    if ending not in (".csv", ".xlsx"):
        raise ListNotATable(format=ending[:12])
    locale = str(ctx.find_root().params.get("lang") or config.language())
    database = opened()
    with database.transaction() as session:
        who = acting(session, actor, leaving.reads)
        scope = scope_of(accounts.find_user(session, who))
    rows = take_list(database, leaving, scope, who, as_of=as_of, known_at=known_at)
    columns = list_columns(name, locale)
    with database.transaction() as session:
        detail = {"rows": len(rows)}
        note_event(session, actor=who, action="export", subject=f"list {name}", detail=detail)
    if ending == ".csv":
        text = csv_text(columns, rows, comma=locale == "vi")
        file.write_text(f"\ufeff{text}", encoding="utf-8", newline="")
    else:
        file.write_bytes(book_bytes([sheet_of(name, columns, rows)]))
    say("list-left", rows=len(rows), file=str(file))
    return DONE


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
    say(
        head, rows=report.rows, refused=refused, written=report.written,
        unchanged=report.unchanged,
    )  # fmt: skip
    for found in report.refused[:LINES_SHOWN]:
        click.echo(f"{found.row}: {sentence(found, report.name, locale)}")
