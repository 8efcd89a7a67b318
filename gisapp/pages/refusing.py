"""Saying a refusal on the page where it belongs, beside what was typed."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from gisapp import messages
from gisapp.present.formats import language
from gisapp.refusals import Refusal

Answer = ResponseReturnValue
"""What a writing page gives back: on to the next page, or itself again with the refusal."""


def said(refusal: Refusal) -> str:
    """The sentence of a refusal in the reader's language."""
    return messages.render(refusal.code, refusal.context, language())
