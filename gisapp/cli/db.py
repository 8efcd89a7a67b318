"""``gisapp db``: the private cluster, the schema, backup and restore."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gisapp import config
from gisapp.cli import DONE, PARTLY_REFUSED, REFUSED, say
from gisapp.cluster import instance
from gisapp.cluster.errors import ServerIsConfigured
from gisapp.cluster.server import Cluster
from gisapp.config import Settings

if TYPE_CHECKING:
    from gisapp.cluster.kept_files import Named

json_option = click.option("--json", "as_json", is_flag=True, help="JSON cho máy · for machines")


@click.group()
def db() -> None:
    """Cơ sở dữ liệu · the database."""


@db.command()
def start() -> None:
    """Khởi động cụm PostgreSQL riêng, tạo nếu chưa có · start the private cluster."""
    settings = config.load()
    cluster = private_cluster(settings)
    config.keep_secret_key(settings.data_dir)
    started = instance.start(cluster)
    status = cluster.status()
    say(
        "db-started" if started else "db-already-running",
        port=status.port,
        path=str(status.path),
    )


@db.command()
def stop() -> None:
    """Dừng cụm riêng (chỉ cụm này) · stop the private cluster, and nothing else."""
    stopped = private_cluster(config.load()).stop()
    say("db-stopped" if stopped else "db-not-running")


@db.command()
@json_option
def status(as_json: bool) -> None:
    """Tình trạng cụm riêng · how the private cluster stands."""
    now = private_cluster(config.load()).status()
    if as_json:
        click.echo(json.dumps({**asdict(now), "path": str(now.path)}))
    elif now.pid is None:
        say("db-status-stopped" if now.made else "db-status-absent", path=str(now.path))
    else:
        say("db-status-running", **asdict(now))


@db.command()
def upgrade() -> None:
    """Đưa lược đồ lên bản mới nhất · bring the schema to the newest revision."""
    from gisapp import migrations

    settings = config.load()
    if settings.private:
        instance.ensure(private_cluster(settings))
    before, after = migrations.upgrade(settings.urls()[0])
    say("db-upgraded" if before != after else "db-up-to-date", before=before, after=after)


@db.command()
@json_option
@click.option("--sql", "sql_only", is_flag=True, help="Chỉ in SQL cho quản trị viên · SQL only")
@click.option("--files", is_flag=True, help="Đọc từng tệp, nêu tên tệp hỏng · read every file")
def check(as_json: bool, sql_only: bool, files: bool) -> int:
    """Cơ sở dữ liệu còn thiếu gì; in SQL cho quản trị viên máy chủ · what the database lacks."""
    from gisapp.cluster import preparation
    from gisapp.cluster.inspection import inspect

    settings = config.load()
    if sql_only:
        click.echo(preparation.script(_database_name(settings)), nl=False)
        return 0
    if files:
        from gisapp.cluster.inspection import files_of

        return _told(files_of(settings, read=True))
    findings = inspect(settings)
    missing = [finding for finding in findings if finding.needed and not finding.holds]
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False))
    else:
        for finding in findings:
            say(f"check-{finding.name}", mark=finding.holds, found=finding.found)
        if any(finding.for_administrator for finding in missing):
            say("db-check-administrator")
            click.echo(preparation.script(_database_name(settings)), nl=False)
    return REFUSED if missing else 0


@db.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> int:
    """Sao lưu dữ liệu và tệp vào FILE (không ghi đè) · save database and files to FILE."""
    from gisapp.cluster import archive

    settings = config.load()
    kept = archive.keep(settings.urls()[0], settings.data_dir, file)
    say(
        "db-backed-up", file=str(file), size_mb=kept.size / 1e6, sha256=kept.sha256,
        files=kept.files,
    )  # fmt: skip
    return _told(kept.faulty)


@db.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> int:
    """Khôi phục FILE vào cơ sở dữ liệu trống · restore FILE into an empty database."""
    from gisapp.cluster import archive

    settings = config.load()
    if settings.private:
        instance.ensure(private_cluster(settings))
        settings = config.load()
    back = archive.bring_back(settings.urls()[0], settings.data_dir, file)
    say(
        "db-restored", file=str(file), tables=back.tables, revision=back.revision,
        files=back.files,
    )  # fmt: skip
    return _told(back.faulty)


def _told(faulty: Sequence[tuple[Named, str]]) -> int:
    """Name every file that is wanting; refused in part when one is."""
    for file, state in faulty:
        say(f"stored-file-{state}", path=file.path, kind=file.kind)
    return PARTLY_REFUSED if faulty else DONE


def private_cluster(settings: Settings) -> Cluster:
    """The private cluster of these settings.

    Raises:
        ServerIsConfigured: a server is named, so there is no private one.
    """
    if not settings.private:
        raise ServerIsConfigured(name="GISAPP_DATABASE_URL")
    return Cluster(settings.cluster_home)


def _database_name(settings: Settings) -> str:
    from sqlalchemy.engine import make_url

    from gisapp.cluster.home import DATABASE

    return (settings.database_url and make_url(settings.database_url).database) or DATABASE
