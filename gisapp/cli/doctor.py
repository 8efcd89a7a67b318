"""``gisapp doctor``: is this machine ready, and what command mends it."""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import asdict

import click

from gisapp import config, resources
from gisapp.cli import REFUSED, say
from gisapp.cluster import programs
from gisapp.cluster.inspection import Finding, inspect
from gisapp.config import Settings
from gisapp.refusals import Refusal
from layers import sandbox

LEAST_FREE_BYTES = 2_000_000_000


@click.command()
@click.option("--json", "as_json", is_flag=True, help="JSON cho máy · for machines")
def doctor(as_json: bool) -> int:
    """Khám máy và cài đặt · look at the machine and the installation."""
    settings = config.load()
    findings = [*_machine(settings), *_database(settings)]
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False))
    else:
        for finding in findings:
            say(f"check-{finding.name}", mark=finding.holds, found=finding.found)
    return REFUSED if any(finding.needed and not finding.holds for finding in findings) else 0


def _machine(settings: Settings) -> list[Finding]:
    version = ".".join(str(part) for part in sys.version_info[:3])
    folder = settings.data_dir if settings.data_dir.exists() else settings.data_dir.parent
    free = shutil.disk_usage(folder).free if folder.exists() else 0
    return [
        Finding("python", (3, 11) <= sys.version_info[:2] <= (3, 13), version),
        _programs(),
        _sandbox(),
        Finding("disk", free >= LEAST_FREE_BYTES, f"{free / 1e9:.1f} GB"),
        _vendor(),
    ]


def _programs() -> Finding:
    try:
        found = programs.find()
    except Refusal as missing:
        return Finding("programs", False, str(missing.context.get("command", "")))
    return Finding("programs", True, str(found.folder))


def _sandbox() -> Finding:
    """Whether files can be read where there is no network, no other file and little to waste."""
    if shutil.which("bwrap") is None:
        return Finding("sandbox", False, programs.apt_command("bubblewrap"))
    status = sandbox.check()
    return Finding("sandbox", status.ready, status.reason or f"GDAL {status.gdal}")


def _vendor() -> Finding:
    try:
        return Finding("vendor-files", True, str(len(resources.vendor_manifest())))
    except Refusal as missing:
        return Finding("vendor-files", False, str(missing.context["path"]))


def _database(settings: Settings) -> list[Finding]:
    try:
        return inspect(settings)
    except Refusal as missing:
        return [Finding("login-owner", False, str(missing))]
