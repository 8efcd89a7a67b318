"""``gisapp user``: accounts from the command line, the first administrator among them."""

from __future__ import annotations

import datetime as dt
import json
import sys

import click

from gisapp import config
from gisapp.cli import say
from gisapp.cli.opened import opened
from gisapp.security import accounts
from gisapp.security.accounts import PasswordMissing
from gisapp.security.permissions import Role

json_option = click.option("--json", "as_json", is_flag=True, help="JSON cho máy · for machines")


@click.group()
def user() -> None:
    """Người dùng · users."""


@user.command()
@click.argument("name")
@click.option("--role", type=click.Choice([str(role) for role in Role]), required=True)
@click.option("--full-name", help="Họ tên · full name")
@click.option("--email", help="Thư điện tử · e-mail")
def create(name: str, role: str, full_name: str | None, email: str | None) -> None:
    """Thêm người dùng; mật khẩu được hỏi, hoặc lấy từ GISAPP_PASSWORD · add a user."""
    password = _password()
    with opened().transaction() as session:
        made = accounts.create_user(
            session, name, Role(role), password, full_name=full_name, email=email
        )
    say("user-made", name=made.username, role=role)


@user.command(name="list")
@json_option
def list_users(as_json: bool) -> None:
    """Liệt kê người dùng · list the users."""
    with opened().transaction() as session:
        rows = [
            {"name": one.username, "role": one.role_name, "active": one.active}
            for one in accounts.users(session)
        ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row['name']:<40} {row['role']:<8} {'✓' if row['active'] else '✗'}")


@user.command()
@click.argument("name")
def deactivate(name: str) -> None:
    """Khoá tài khoản ngay · close an account at once."""
    _set_active(name, active=False)
    say("user-closed", name=name)


@user.command()
@click.argument("name")
def activate(name: str) -> None:
    """Mở lại tài khoản · open an account again."""
    _set_active(name, active=True)
    say("user-opened", name=name)


@user.command()
@click.argument("name")
def password(name: str) -> None:
    """Đặt mật khẩu mới; mọi phiên và mã truy cập của người này kết thúc · set a new password."""
    new = _password()
    with opened().transaction() as session:
        accounts.set_password(
            session, accounts.find_user(session, name), new, dt.datetime.now(dt.UTC)
        )
    say("user-password-set", name=name)


def _set_active(name: str, *, active: bool) -> None:
    with opened().transaction() as session:
        accounts.set_active(
            session, accounts.find_user(session, name), active, dt.datetime.now(dt.UTC)
        )


def _password() -> str:
    given = config.variable("GISAPP_PASSWORD")
    if given:
        return given
    if not sys.stdin.isatty():
        raise PasswordMissing
    asked: str = click.prompt("Mật khẩu · password", hide_input=True, confirmation_prompt=True)
    return asked
