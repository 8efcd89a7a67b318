"""Texts for people, gathered from the sources as the catalogues must hold them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_from_dir

ROOT = Path(__file__).resolve().parents[2]
MARKS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}


def texts() -> Iterator[str]:
    """Every text marked for translation, each once."""
    seen = set()
    for folder, _method in (("gisapp", "python"), ("templates", "jinja2")):
        found = extract_from_dir(
            ROOT / folder,
            [("**.py", "python"), ("**.html", "jinja2")],
            keywords=MARKS,
            directory_filter=lambda path: Path(path).name not in {"_static", "_templates"},
        )
        for _file, _line, text, _comments, _context in found:
            one = text[0] if isinstance(text, tuple) else text
            if one not in seen:
                seen.add(one)
                yield one
