"""Vietnamese written in the encodings of older files."""

from __future__ import annotations

import unicodedata

from layers.encodings import _TCVN3, _VNI

_TONES = "\u0300\u0301\u0303\u0309\u0323"


def to_tcvn3(text: str) -> bytes:
    """As in the ".VnTime" fonts."""
    letters = {letter: bytes([byte]) for byte, letter in _TCVN3.items()}
    return b"".join(letters.get(c) or c.encode("ascii") for c in text)


def to_vni(text: str) -> bytes:
    """As in VNI-Windows."""
    keys = {letter: key for key, letter in sorted(_VNI.items(), key=lambda pair: -len(pair[0]))}
    return "".join(keys.get(c, c) for c in text).encode("latin-1")


def to_cp1258(text: str) -> bytes:
    """As Windows wrote it: letter, then tone mark."""
    encoded = b""
    for character in text:
        parts = unicodedata.normalize("NFD", character)
        tone = "".join(c for c in parts if c in _TONES)
        base = unicodedata.normalize("NFC", "".join(c for c in parts if c not in _TONES))
        encoded += (base + tone).encode("cp1258")
    return encoded
