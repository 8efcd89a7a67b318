"""Both languages are whole: every text for people has its English, and nothing else is kept."""

from __future__ import annotations

import re

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from gisapp import resources
from tests.web.catalogue import texts

NAMED = re.compile(r"%\((\w+)\)[sd]")


def _english() -> Catalog:
    path = resources.TRANSLATIONS / "en" / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return read_po(file, locale="en")


def test_every_text_has_its_english() -> None:
    found = {_first(message.id): message for message in _english() if message.id}
    without = [text for text in texts() if text not in found or not _all_said(found[text].string)]
    assert without == []


def test_no_english_is_left_over() -> None:
    said = set(texts())
    assert [_first(one.id) for one in _english() if one.id and _first(one.id) not in said] == []


def test_both_languages_name_the_same_facts() -> None:
    for message in _english():
        if not message.id:
            continue
        names = set(NAMED.findall(_first(message.id)))
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        for string in strings:
            assert set(NAMED.findall(string)) == names, message.id


def _first(key: str | tuple[str, ...]) -> str:
    return key[0] if isinstance(key, tuple) else key


def _all_said(string: str | tuple[str, ...]) -> bool:
    return all(string) if isinstance(string, tuple) else bool(string)
