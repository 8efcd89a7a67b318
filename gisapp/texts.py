"""Words for people: Vietnamese in the source, other languages from the catalogues.

``_`` in modules and templates marks a text for ``gisapp/translations``; ``_l`` does so for texts
that are made before the reader is known.
"""

from __future__ import annotations

from typing import Protocol

import flask_babel


class LazyText(Protocol):
    """A text that becomes words when a reader asks."""

    def __str__(self) -> str: ...


def gettext(text: str, **values: object) -> str:
    """A text in the reader's language; ``%(name)s`` is filled from ``values``."""
    return str(flask_babel.gettext(text, **values))


def ngettext(one: str, many: str, num: int) -> str:
    """A text that depends on a number, which fills ``%(num)d``."""
    return str(flask_babel.ngettext(one, many, num))


def lazy_gettext(text: str) -> LazyText:
    """A text to be said later, in the language of whoever then reads."""
    lazy: LazyText = flask_babel.lazy_gettext(text)
    return lazy
