"""Who writes from the command line: a named account that holds the right, within its places."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.orm import Session

from gisapp.db import Database
from gisapp.refusals import Refusal
from gisapp.security import accounts
from gisapp.security.permissions import Permission
from gisapp.security.scope import scope_of
from planning.zones.queries import find_zone

actor_option = click.option(
    "--actor",
    help="Tài khoản ghi · account that writes (default: the system user's name)",
)
json_option = click.option("--json", "as_json", is_flag=True, help="JSON cho máy · for machines")


class ActorMayNot(Refusal):
    """The account does not hold the right, or is closed. Context: ``name``, ``permission``."""

    code = "actor-may-not"


@contextmanager
def writing(database: Database, seconds: float = 15) -> Iterator[Session]:
    """A writing transaction: kept when the block ends. What the database refuses is said at the
    door of every command (:mod:`gisapp.cli.refused`); nothing was kept then.
    """
    with database.transaction(seconds=seconds) as session:
        yield session


def acting(
    session: Session,
    name: str | None,
    permission: Permission,
    *,
    zone: str | None = None,
    board: str | None = None,
) -> str:
    """Return the user name of who acts, having checked the right and the place.

    Raises:
        UserUnknown: no such account.
        ActorMayNot: closed, without the right, or limited to other boards.
        NotFound: the zone lies outside the account's places, or is not there.
    """
    user = accounts.find_user(session, name or getpass.getuser())
    scope = scope_of(user)
    if not user.may(permission):
        raise ActorMayNot(name=user.username, permission=str(permission))
    if zone is not None and not scope.everything:
        scope.require(find_zone(session, zone))
    if board is not None and not scope.covers_board(board):
        raise ActorMayNot(name=user.username, permission=str(permission))
    return str(user.username)
