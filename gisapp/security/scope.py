"""Where a user may look: all of the register, or the boards and zones they are limited to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from gisapp.security.guard import signed_in_user
from planning.errors import NotFound

if TYPE_CHECKING:
    from gisapp.security.model import User


class Placed(Protocol):
    """A zone as the scope sees it: its code, its parent's code, its board's code."""

    @property
    def code(self) -> str:
        """Its own code."""
        ...

    @property
    def parent_code(self) -> str | None:
        """The code of the zone around it."""
        ...

    @property
    def board_code(self) -> str:
        """The code of the board that manages it."""
        ...


@dataclass(frozen=True)
class Scope:
    """Boards and zones by code; both empty means everything."""

    boards: frozenset[str] = frozenset()
    zones: frozenset[str] = frozenset()

    @property
    def everything(self) -> bool:
        """No limit."""
        return not self.boards and not self.zones

    def covers(self, zone: Placed) -> bool:
        """Say whether a zone is inside: itself, its parent or its board is named."""
        if self.everything or zone.board_code in self.boards:
            return True
        return zone.code in self.zones or zone.parent_code in self.zones

    def covers_board(self, code: str) -> bool:
        """Say whether all of a board is inside."""
        return self.everything or code in self.boards

    def require(self, zone: Placed) -> None:
        """Let a zone pass or answer as if it were not there.

        Raises:
            NotFound: the zone lies outside; who may not look is not told that it exists.
        """
        if not self.covers(zone):
            raise NotFound(kind="zone", key=zone.code)


def scope_of(user: User | None) -> Scope:
    """The scope of a user; nobody signed in has the scope of an empty place."""
    if user is None:
        return Scope(boards=frozenset({""}))
    return Scope(
        boards=frozenset(place.board_code for place in user.scopes if place.board_code),
        zones=frozenset(place.zone_code for place in user.scopes if place.zone_code),
    )


def reader_scope() -> Scope:
    """The scope of who is asking."""
    return scope_of(signed_in_user())
