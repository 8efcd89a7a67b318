"""Which columns of a list its reader wants: chosen on the list, remembered in a cookie of its own.

The page comes from the server with the columns chosen, so nothing jumps when it opens.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import urlencode

from flask import redirect, request, url_for

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Protocol

    from flask import Flask
    from werkzeug.wrappers import Response

    class Keyed(Protocol):
        """Anything with the key of a column."""

        @property
        def key(self) -> str:
            """The name of the column in addresses."""


_YEAR_S: Final = 31_536_000
_KEY: Final = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_MOST: Final = 40
K = TypeVar("K", bound="Keyed")


def chosen(columns: Sequence[K]) -> list[K]:
    """The columns to show: the first always, the others unless this reader put them away."""
    hidden = set(_keys(request.cookies.get(_cookie(), "")))
    return [each for place, each in enumerate(columns) if place == 0 or each.key not in hidden]


def remember_columns(app: Flask) -> None:
    """Let any list be told its columns: ``?cols=a.b.c&col=a&col=c`` puts b away and goes back."""
    app.before_request(_remember)


def _remember() -> Response | None:
    if request.method != "GET" or request.endpoint is None or "cols" not in request.args:
        return None
    wanted = set(request.args.getlist("col"))
    hidden = [key for key in _keys(request.args["cols"]) if key not in wanted]
    own = {"cols", "col", "page"}
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in own]
    address = url_for(request.endpoint, **(request.view_args or {}))
    answer = redirect(f"{address}?{urlencode(kept)}" if kept else address)
    answer.set_cookie(
        _cookie(),
        ".".join(hidden),
        max_age=_YEAR_S,
        path=request.path,
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )
    return answer


def _cookie() -> str:
    return f"columns-{(request.endpoint or '').replace('.', '-')}"


def _keys(text: str) -> list[str]:
    return [key for key in text.split(".")[:_MOST] if _KEY.fullmatch(key)]
