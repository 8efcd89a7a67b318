"""The reader's language: Vietnamese first, English by choice (``?lang=en``, then remembered)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request, session

from gisapp.config import LANGUAGES
from gisapp.running import settings

if TYPE_CHECKING:
    from flask import Flask

NAMES = {"vi": "Tiếng Việt", "en": "English"}


def reader_language() -> str:
    """The language of this request: the address, the remembered choice, or the instance's own.

    Programs without a cookie may ask with ``Accept-Language``; browsers may not, since an office
    computer that happens to speak English is no reason to greet a Vietnamese planner in English.
    """
    for given in (request.args.get("lang"), session.get("lang")):
        if given in LANGUAGES:
            return str(given)
    if request.authorization is not None and request.accept_languages:
        return request.accept_languages.best_match(LANGUAGES) or settings().language
    return settings().language


def choose_language(app: Flask) -> None:
    """Remember the language an address asked for."""

    def remember() -> None:
        if (given := request.args.get("lang")) in LANGUAGES and request.endpoint != "static":
            session["lang"] = given

    app.before_request(remember)
