"""``gisapp import``: a file into the register, from the command line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from gisapp import config
from gisapp.cli import DONE, PARTLY_REFUSED, REFUSED
from gisapp.cli.moments import DAY
from gisapp.cli.opened import opened
from gisapp.cli.writing import acting, actor_option, json_option
from gisapp.import_texts import summary
from gisapp.importing import Source, bring_in
from gisapp.jobs.queue import record
from gisapp.messages import LOCALES
from gisapp.security.permissions import Permission
from planning.changes.imports import Certificate, Layer, Report, Request
from planning.changes.imports.draft import Tick
from planning.changes.imports.mapping import Mapping
from planning.vocabulary import CERTAINTIES

STEPS = {"read": 0, "node": 1, "check": 1, "write": 2}


@click.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--zone", "zone_code", required=True, help="Mã khu · zone code")
@click.option(
    "--as",
    "layer",
    type=click.Choice([each.value for each in Layer]),
    required=True,
    help="Là gì · as what",
)
@click.option("--plan", "plan_code", help="Mã đồ án (lô quy hoạch) · plan, for plan-lots")
@click.option("--plan-version", type=int, help="Phiên bản (mặc định: mới nhất) · version")
@click.option("--layer", "file_layer", help="Lớp trong tệp · layer inside the file")
@click.option("--srid", type=int, help="EPSG khi tệp không ghi · plane of a file that is silent")
@click.option("--encoding", help="utf-8, cp1258, tcvn3, vni")
@click.option(
    "--fields",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Tệp TOML ghép cột · column mapping",
)
@click.option("--document", required=True, help="Số văn bản · document number")
@click.option("--issued", type=DAY, required=True, help="Ngày ban hành · issued on")
@click.option("--issuer", required=True, help="Cơ quan ban hành · issuer")
@click.option("--effective-on", type=DAY, help="Hiệu lực từ (mặc định: ngày ban hành) · from")
@click.option("--correction", is_flag=True, help="Đính chính điều đã tin · what was believed")
@click.option("--certainty", type=click.Choice([*CERTAINTIES]), help="Độ tin cậy ranh giới")
@click.option("--level", type=click.Choice(["province", "commune"]), default="commune")
@click.option("--partial", is_flag=True, help="Ghi phần đạt, bỏ dòng hỏng · keep what is accepted")
@click.option("--explode", is_flag=True, help="Tách thửa nhiều phần · split multipart rows")
@click.option("--allow-duplicates", is_flag=True, help="Chấp nhận số tờ, số thửa trùng")
@click.option("--dry-run", is_flag=True, help="Chạy thử, không ghi · write nothing")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Báo cáo JSON")
@click.option("--idempotency-key", help="Khoá chống ghi hai lần · repeat safely")
@actor_option
@json_option
@click.pass_context
def import_file(ctx: click.Context, /, file: Path, **asked: Any) -> int:
    """Nhập FILE vào sổ: hoặc tất cả, hoặc không gì cả (trừ khi --partial).

    All or nothing unless --partial. Exit codes: 0 done, 1 refused in part, 2 refused.
    Rights and hand-overs are CSV or XLSX keyed by parcel (commune, sheet, number or uuid).
    """
    settings = config.load()
    database = opened(settings)
    with database.transaction() as session:
        who = acting(session, asked["actor"], Permission.IMPORT, zone=asked["zone_code"])
    mapping = Mapping.read(asked["fields"]) if asked["fields"] else Mapping()
    request = _request(file, who, asked)
    with _progress(quiet=asked["as_json"]) as tick:
        report = bring_in(
            database,
            settings,
            request,
            Source(file, file.name, asked["file_layer"], asked["encoding"]),
            mapping,
            dry_run=asked["dry_run"],
            idempotency_key=asked["idempotency_key"],
            tick=tick,
            also=lambda session, told: _receipt(session, request, told),
        )
    _say(report, asked["report"], as_json=asked["as_json"], locale=_locale(ctx))
    return _code(report, request)


def _request(file: Path, who: str, asked: dict[str, Any]) -> Request:
    effective: date | None = asked["effective_on"]
    return Request(
        layer=Layer(asked["layer"]),
        zone_code=asked["zone_code"],
        document=Certificate(asked["document"], asked["issued"], asked["issuer"]),
        actor=who,
        file_name=file.name,
        effective_on=effective,
        correction=asked["correction"],
        partial=asked["partial"],
        explode=asked["explode"],
        allow_duplicates=asked["allow_duplicates"],
        srid=asked["srid"],
        plan_code=asked["plan_code"],
        plan_version=asked["plan_version"],
        certainty=asked["certainty"],
        level=asked["level"],
    )


def _receipt(session: Session, request: Request, report: Report) -> None:
    record(session, request, report)


def _code(report: Report, request: Request) -> int:
    if not report.refused:
        return DONE
    kept = report.counts["accepted"] + report.counts["repaired"]
    return PARTLY_REFUSED if request.partial and kept and report.written else REFUSED


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Tick]:
    """A bar a step on standard error when a person is looking."""
    if quiet or not sys.stderr.isatty():
        yield lambda _step, _done, _total: None
        return
    bars: dict[str, Any] = {}

    def tick(step: str, done: int, total: int | None) -> None:
        if step not in bars:
            for old in bars.values():
                old.finish()
            click.echo(err=True)
            bars[step] = click.progressbar(length=total or 0, label=step, file=sys.stderr)
        bar = bars[step]
        if total and bar.length != total:
            bar.length = total
        bar.update(done - bar.pos)

    yield tick
    if bars:
        click.echo(err=True)


def _say(report: Report, target: Path | None, *, as_json: bool, locale: str) -> None:
    whole = report.as_json()
    whole["texts"] = {one: summary(report, one) for one in LOCALES}
    if target is not None:
        target.write_text(json.dumps(whole, ensure_ascii=False, indent=1), encoding="utf-8")
    if as_json:
        click.echo(json.dumps(whole, ensure_ascii=False))
    else:
        for line in summary(report, locale):
            click.echo(line)


def _locale(ctx: click.Context) -> str:
    given = ctx.parent.params.get("lang") if ctx.parent else None
    return given or config.language()
