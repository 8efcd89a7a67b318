"""``gisapp board`` and ``gisapp zone``: founding what everything else belongs to."""

from __future__ import annotations

import json
from datetime import date

import click

from gisapp.cli import say
from gisapp.cli.moments import DAY
from gisapp.cli.opened import opened
from gisapp.cli.writing import acting, actor_option, json_option, writing
from gisapp.security.permissions import Permission
from layers.crs import PLANES, plane
from planning.records.commands import open_change
from planning.vocabulary import ZONE_KINDS
from planning.zones.commands import SINCE_EVER, create_board, create_zone
from planning.zones.queries import find_board, find_zone

name_option = click.option("--name", required=True, help="Tên tiếng Việt · Vietnamese name")
name_en_option = click.option("--name-en", help="Tên tiếng Anh · English name")
since_option = click.option(
    "--since", type=DAY, help="Có từ ngày; bỏ trống = không xét · exists from (default: ever since)"
)


@click.group()
def board() -> None:
    """Ban quản lý · management boards."""


@board.command(name="create")
@click.argument("code")
@name_option
@name_en_option
@click.option("--province", required=True, help="Tỉnh · province")
@since_option
@actor_option
@json_option
def create_board_command(
    code: str,
    name: str,
    name_en: str | None,
    province: str,
    since: date | None,
    actor: str | None,
    as_json: bool,
) -> None:
    """Lập ban quản lý · found a management board."""
    day = since or SINCE_EVER
    with writing(opened()) as session:
        who = acting(session, actor, Permission.EDIT)
        change = open_change(
            session, kind="setup", reason=f"board {code}", actor=who, effective_on=day
        )
        create_board(
            session,
            change,
            code=code,
            name_vi=name,
            name_en=name_en,
            province_name=province,
            valid_from=day,
        )
    _told("board-created", as_json, key=code, name=name)


@click.group()
def zone() -> None:
    """Khu kinh tế, khu công nghiệp · economic zones and industrial parks."""


@zone.command(name="create")
@click.argument("code")
@click.option("--board", "board_code", required=True, help="Mã ban quản lý · board code")
@click.option("--kind", type=click.Choice([*ZONE_KINDS]), required=True, help="Loại · kind")
@click.option(
    "--srid",
    type=int,
    required=True,
    help=f"EPSG của mặt phẳng VN-2000 · legal plane, one of {', '.join(map(str, PLANES))}",
)
@name_option
@name_en_option
@click.option("--parent", help="Khu chứa nó · code of the zone it lies in")
@since_option
@actor_option
@json_option
def create_zone_command(
    code: str,
    board_code: str,
    kind: str,
    srid: int,
    name: str,
    name_en: str | None,
    parent: str | None,
    since: date | None,
    actor: str | None,
    as_json: bool,
) -> None:
    """Lập khu; mặt phẳng toạ độ không đổi về sau · found a zone in its legal plane, for ever."""
    day = since or SINCE_EVER
    legal = plane(srid)
    with writing(opened()) as session:
        who = acting(session, actor, Permission.EDIT, board=board_code)
        change = open_change(
            session, kind="setup", reason=f"zone {code}", actor=who, effective_on=day
        )
        create_zone(
            session,
            change,
            code=code,
            kind=kind,
            srid=srid,
            board_id=find_board(session, board_code),
            name_vi=name,
            name_en=name_en,
            valid_from=day,
            parent_id=find_zone(session, parent).id if parent else None,
        )
    _told("zone-created", as_json, key=code, name=name, plane=legal.name_vi, srid=srid)


def _told(code: str, as_json: bool, **facts: object) -> None:
    if as_json:
        click.echo(json.dumps({name: str(value) for name, value in facts.items()}))
    else:
        say(code, **facts)
