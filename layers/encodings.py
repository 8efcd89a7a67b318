"""Vietnamese text as it comes in files, turned into Unicode NFC.

Land files from before about 2005 carry their attributes in TCVN3 (the ".VnTime" fonts) or VNI,
later ones in Windows code page 1258 or UTF-8. None of them says so reliably. Here bytes (or text
whose characters are really such bytes) are decoded, the encoding is recognised by asking whether
the result reads as Vietnamese syllables, and every answer says how it was decided and shows a
sample before and after.

GDAL is never asked to decode: it drops the last character of every CP1258 string. It hands over
ISO-8859-1, which is the bytes themselves.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from layers.syllables import vietnamese_share


class Encoding(StrEnum):
    """An encoding Vietnamese land files are written in."""

    UTF8 = "utf-8"
    CP1258 = "cp1258"
    TCVN3 = "tcvn3"
    VNI = "vni"
    CP1252 = "cp1252"


class HowDecided(StrEnum):
    """Who said which encoding it is."""

    DECLARED = "declared"  # the person importing
    CPG = "cpg"  # the .cpg member of the shapefile
    FORMAT = "format"  # the format allows only one (GeoPackage, XLSX, JSON)
    DETECTED = "detected"  # the text itself
    ASCII = "ascii"  # nothing to decide: no byte above 127


@dataclass(frozen=True)
class Decision:
    """The encoding taken, who said so, and one value before and after for a person to judge.

    `before` shows the bytes as ISO-8859-1 (what an unaware program displays); `likelihood` is the
    share of accented words that are Vietnamese syllables, 1.0 when nothing had to be guessed.
    """

    encoding: Encoding
    how: HowDecided
    before: str = ""
    after: str = ""
    likelihood: float = 1.0


_NAMES = {
    "utf8": Encoding.UTF8,
    "65001": Encoding.UTF8,
    "unicode": Encoding.UTF8,
    "1258": Encoding.CP1258,
    "cp1258": Encoding.CP1258,
    "windows1258": Encoding.CP1258,
    "ansi1258": Encoding.CP1258,
    "tcvn3": Encoding.TCVN3,
    "abc": Encoding.TCVN3,
    "tcvn": Encoding.TCVN3,
    "tcvn5712": Encoding.TCVN3,
    "tcvn57121": Encoding.TCVN3,
    "vni": Encoding.VNI,
    "vniwindows": Encoding.VNI,
    "1252": Encoding.CP1252,
    "cp1252": Encoding.CP1252,
    "windows1252": Encoding.CP1252,
    "ansi1252": Encoding.CP1252,
    "iso88591": Encoding.CP1252,
    "88591": Encoding.CP1252,
    "latin1": Encoding.CP1252,
}


def named(text: str) -> Encoding | None:
    """The encoding a person or a `.cpg` means ("UTF-8", "1258", "ABC"), None if not ours."""
    return _NAMES.get(re.sub(r"[^a-z0-9]", "", text.strip().lower()))


# TCVN 5712:1993 (VN3): one byte a letter. Capitals with a tone have no byte: the fonts ending in H
# draw the small ones big.
_TCVN3 = dict(
    zip(
        bytes.fromhex(
            "b5b8b6b7b9a8bbbebcbdc6a9c7cac8c9cbaeccd0cecfd1aad2d5d3d4d6d7ddd8dcdedfe3e1e2e4abe5e8e6e7e9acea"
            "edebeceeeff3f1f2f4adf5f8f6f7f9fafdfbfcfea1a2a7a3a4a5a6"
        ),
        "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ",
        strict=True,
    )
)


# VNI-Windows: a base letter followed by a mark byte, and a few letters of one byte.
_MARKS_A = dict(zip("øùûõïêèéúüëâàáåãä", "àáảãạăằắẳẵặâầấẩẫậ", strict=True))
_MARKS_E = dict(zip("øùûõïâàáåãä", "èéẻẽẹêềếểễệ", strict=True))
_MARKS_O = dict(zip("øùûõïâàáåãä", "òóỏõọôồốổỗộ", strict=True))
_MARKS_U = dict(zip("øùûõï", "ùúủũụ", strict=True))
_MARKS_HORNED_O = dict(zip("øùûõï", "ờớởỡợ", strict=True))
_MARKS_HORNED_U = dict(zip("øùûõï", "ừứửữự", strict=True))
_MARKS_Y = dict(zip("øùûõ", "ỳýỷỹ", strict=True))
_VNI_PAIRS = {
    base + mark: letter
    for base, marks in (
        ("a", _MARKS_A),
        ("e", _MARKS_E),
        ("o", _MARKS_O),
        ("u", _MARKS_U),
        ("ô", _MARKS_HORNED_O),
        ("ö", _MARKS_HORNED_U),
        ("y", _MARKS_Y),
    )
    for mark, letter in marks.items()
}
_VNI_SINGLES = {
    "ì": "ì",
    "í": "í",
    "æ": "ỉ",
    "ó": "ĩ",
    "ò": "ị",
    "ô": "ơ",
    "ö": "ư",
    "î": "ỵ",
    "ñ": "đ",
}
_VNI = {**_VNI_PAIRS, **_VNI_SINGLES}
# a capital letter may carry the small or the capital mark
_VNI |= {key[0].upper() + key[1:]: value.upper() for key, value in _VNI.items()}
_VNI |= {key.upper(): value.upper() for key, value in _VNI.items()}
_VNI_PATTERN = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))
_WORD = re.compile(r"[^\W\d_]+")


def _ascii_capitals(text: str) -> tuple[int, int]:
    letters = [c for c in text if c.isascii() and c.isalpha()]
    return len(letters), sum(c.isupper() for c in letters)


def _from_tcvn3(characters: str) -> str:
    """TCVN3 characters to Unicode; words whose plain letters are capitals become capitals whole."""
    text = characters.translate(_TCVN3)
    plain, capitals = _ascii_capitals(characters)
    if plain >= 2 and plain == capitals:
        return text.upper()

    def restore(match: re.Match[str]) -> str:
        word = match.group()
        plain_here, capitals_here = _ascii_capitals(word)
        return word.upper() if plain_here >= 2 and plain_here == capitals_here else word

    return _WORD.sub(restore, text)


def _from_vni(characters: str) -> str:
    return _VNI_PATTERN.sub(lambda match: _VNI[match.group()], characters)


def from_legacy_text(text: str, encoding: Encoding) -> str:
    """Text made of TCVN3, VNI or CP1258 bytes ("C«ng nghiÖp") as Unicode NFC ("Công nghiệp").

    Characters above U+00FF are kept: they are already Unicode.
    """
    if encoding is Encoding.TCVN3:
        return unicodedata.normalize("NFC", _from_tcvn3(text))
    if encoding is Encoding.VNI:
        return unicodedata.normalize("NFC", _from_vni(text))
    if encoding is Encoding.CP1258:
        try:
            return decode(text.encode("latin-1"), encoding)
        except UnicodeEncodeError:
            return unicodedata.normalize("NFC", text)
    return unicodedata.normalize("NFC", text)


def decode(raw: bytes, encoding: Encoding) -> str:
    """Bytes of a file as Unicode NFC.

    Raises:
        UnicodeDecodeError: the bytes are not of that encoding (UTF-8, CP1258 and CP1252 have
        forbidden sequences).
    """
    if encoding in (Encoding.TCVN3, Encoding.VNI):
        return from_legacy_text(raw.decode("latin-1"), encoding)
    return unicodedata.normalize("NFC", raw.decode(encoding.value))


def decode_cut(raw: bytes, encoding: Encoding, width: int | None) -> tuple[str, bool]:
    """As `decode`, but a UTF-8 character cut by the width of a DBF field is dropped, not refused.

    Returns the text and whether something was dropped.
    """
    try:
        return decode(raw, encoding), False
    except UnicodeDecodeError as error:
        cut_by_width = encoding is Encoding.UTF8 and width is not None and len(raw) >= width - 3
        if cut_by_width and error.reason == "unexpected end of data":
            return decode(raw[: error.start], encoding), True
        raise


_PLAUSIBLE = (
    0.7  # share of accented words that must be Vietnamese syllables before a guess is believed
)
_CLEARLY_BETTER = 0.15


def detect(samples: Iterable[bytes]) -> Decision | None:
    """The encoding in which these bytes read as Vietnamese, or None when no candidate convinces.

    UTF-8 wins whenever all samples are valid UTF-8: multi-byte sequences do not come about by
    chance.
    """
    marked = [raw for raw in samples if not raw.isascii()]
    if not marked:
        return Decision(Encoding.UTF8, HowDecided.ASCII)
    if _valid_utf8(marked):
        return _decision(Encoding.UTF8, marked, 1.0)
    scored: list[tuple[float, Encoding]] = []
    for candidate in (Encoding.TCVN3, Encoding.VNI, Encoding.CP1258):
        try:
            texts = [decode(raw, candidate) for raw in marked]
        except UnicodeDecodeError:
            continue
        scored.append((vietnamese_share(texts), candidate))
    scored.sort(key=lambda pair: pair[0], reverse=True)
    if not scored or scored[0][0] < _PLAUSIBLE:
        return None
    if len(scored) > 1 and scored[0][0] - scored[1][0] < _CLEARLY_BETTER:
        return None
    return _decision(scored[0][1], marked, scored[0][0])


def detect_in_text(samples: Iterable[str]) -> Decision | None:
    """TCVN3 or VNI letters inside a Unicode file (a converted drawing); None if it is sound."""
    marked: list[bytes] = []
    for text in samples:
        if text.isascii():
            continue
        try:
            marked.append(text.encode("latin-1"))
        except UnicodeEncodeError:
            return None  # real Vietnamese letters are here: nothing to convert
    if not marked or vietnamese_share([raw.decode("latin-1") for raw in marked]) >= _PLAUSIBLE:
        return None
    decision = detect(marked) if not _valid_utf8(marked) else None
    return decision if decision and decision.encoding in (Encoding.TCVN3, Encoding.VNI) else None


def declared(encoding: Encoding, how: HowDecided, samples: Iterable[bytes]) -> Decision:
    """A decision someone else took, with a sample of what it does to the text."""
    marked = [raw for raw in samples if not raw.isascii()]
    if not marked:
        return Decision(encoding, how)
    raw = _longest(marked)
    try:
        after = decode(raw, encoding)
    except UnicodeDecodeError:
        after = ""
    return Decision(encoding, how, raw.decode("latin-1"), after)


def _valid_utf8(samples: list[bytes]) -> bool:
    for raw in samples:
        try:
            raw.decode("utf-8")
        except UnicodeDecodeError as error:
            if (
                error.reason != "unexpected end of data" or error.start == 0
            ):  # the cut end of a DBF field
                return False
    return True


def _longest(marked: list[bytes]) -> bytes:
    return max(marked, key=lambda raw: min(len(raw), 80))[:240]


def _decision(encoding: Encoding, marked: list[bytes], likelihood: float) -> Decision:
    raw = _longest(marked)
    after = decode_cut(raw, encoding, len(raw))[0]
    return Decision(
        encoding, HowDecided.DETECTED, raw.decode("latin-1"), after, round(likelihood, 3)
    )
