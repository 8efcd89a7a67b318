"""Vietnamese text in the encodings land files come in."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.encodings import (
    Encoding,
    HowDecided,
    decode,
    decode_cut,
    detect,
    detect_in_text,
    from_legacy_text,
    named,
)
from layers.syllables import is_syllable, vietnamese_share
from tests.old_letters import to_cp1258, to_tcvn3, to_vni

PLACES = [
    "Khu công nghiệp Cái Lân",
    "phường Bãi Cháy",
    "thành phố Hạ Long",
    "Nguyễn Thị Hường",
    "Đất xây dựng công trình ngầm",
    "Quảng Yên, Đông Triều, Uông Bí",
    "xưởng sửa chữa ô tô Vũ Quỳnh",
    "nghĩa trang, giếng khoan, ruộng lúa",
    "kho bãi ngoài trời, thuỷ điện",
]


WRITERS = {
    Encoding.TCVN3: to_tcvn3,
    Encoding.VNI: to_vni,
    Encoding.CP1258: to_cp1258,
    Encoding.UTF8: str.encode,
}


@pytest.mark.parametrize("encoding", WRITERS)
@pytest.mark.parametrize("text", PLACES)
def test_text_comes_back_as_it_was_written(encoding: Encoding, text: str) -> None:
    assert decode(WRITERS[encoding](text), encoding) == text


@pytest.mark.parametrize("encoding", WRITERS)
def test_the_encoding_is_recognised(encoding: Encoding) -> None:
    found = detect([WRITERS[encoding](text) for text in PLACES])
    assert found is not None
    assert found.encoding is encoding
    assert found.how is HowDecided.DETECTED
    assert found.after in PLACES


@pytest.mark.parametrize("encoding", [Encoding.TCVN3, Encoding.VNI, Encoding.CP1258])
@pytest.mark.parametrize("text", PLACES)
def test_one_value_is_enough_or_stays_undecided_but_never_wrong(
    encoding: Encoding, text: str
) -> None:
    found = detect([WRITERS[encoding](text)])
    assert found is None or found.encoding is encoding


def test_known_bytes_of_each_encoding() -> None:
    """Vectors typed from files in use, not made by our own tables."""
    assert decode(b"Khu c\xabng nghi\xd6p", Encoding.TCVN3) == "Khu công nghiệp"
    assert decode(b"Ph\xad\xeang H\xe5ng Gai", Encoding.TCVN3) == "Phường Hồng Gai"
    assert decode("Khu coâng nghieäp".encode("latin-1"), Encoding.VNI) == "Khu công nghiệp"
    assert decode("Ñöôøng soá 5".encode("latin-1"), Encoding.VNI) == "Đường số 5"
    assert decode(b"Qua\xd2ng Ninh", Encoding.CP1258) == "Quảng Ninh"


def test_the_last_cp1258_character_is_kept() -> None:
    """GDAL loses it: the tone mark after the last vowel waits for a letter that never comes."""
    assert decode(to_cp1258("Hải Hà"), Encoding.CP1258) == "Hải Hà"
    assert decode(to_cp1258("cá"), Encoding.CP1258) == "cá"


def test_capitals_of_tcvn3_fonts_are_restored() -> None:
    assert decode(to_tcvn3("c«ng".replace("«", "ô")).upper(), Encoding.TCVN3) == "CÔNG"
    assert decode(b"KHU C\xa4NG NGHI\xd6P H\xb6I H\xb5", Encoding.TCVN3) == "KHU CÔNG NGHIỆP HẢI HÀ"
    assert decode(b"KCN H\xb6i H\xb5", Encoding.TCVN3) == "KCN Hải Hà"


def test_capitals_of_vni() -> None:
    assert decode("KHU COÂNG NGHIEÄP ÑÖÔØNG".encode("latin-1"), Encoding.VNI) == (
        "KHU CÔNG NGHIỆP ĐƯỜNG"
    )


def test_ascii_needs_no_decision() -> None:
    found = detect([b"SKK", b"12", b""])
    assert found is not None
    assert (found.encoding, found.how) == (Encoding.UTF8, HowDecided.ASCII)


def test_western_text_is_not_taken_for_vietnamese() -> None:
    assert detect(["Müller Straße, Ærøskøbing".encode("cp1252")]) is None


def test_a_utf8_character_cut_by_the_field_is_dropped_and_said() -> None:
    raw = "Hải Hậu".encode()[:-2]
    assert decode_cut(raw, Encoding.UTF8, len(raw)) == ("Hải H", True)
    with pytest.raises(UnicodeDecodeError):
        decode_cut(raw, Encoding.UTF8, 254)
    found = detect(["Phường Bãi Cháy".encode(), raw])
    assert found is not None
    assert found.encoding is Encoding.UTF8


def test_legacy_letters_inside_a_unicode_file_are_seen() -> None:
    found = detect_in_text([to_tcvn3(text).decode("latin-1") for text in PLACES])
    assert found is not None
    assert found.encoding is Encoding.TCVN3
    found = detect_in_text([to_vni(text).decode("latin-1") for text in PLACES])
    assert found is not None
    assert found.encoding is Encoding.VNI


@pytest.mark.parametrize("texts", [PLACES, ["Bãi Cháy", "Hà Nam"], ["SKK"], []])
def test_sound_unicode_is_left_alone(texts: list[str]) -> None:
    assert detect_in_text(texts) is None


def test_decomposed_letters_become_composed() -> None:
    raw = unicodedata.normalize("NFD", "Quảng Ninh").encode()
    assert decode(raw, Encoding.UTF8) == "Quảng Ninh"


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("UTF-8", Encoding.UTF8),
        ("65001", Encoding.UTF8),
        ("ANSI 1258", Encoding.CP1258),
        ("windows-1258", Encoding.CP1258),
        (" TCVN3 ", Encoding.TCVN3),
        ("ABC", Encoding.TCVN3),
        ("VNI-Windows", Encoding.VNI),
        ("ISO 88591", Encoding.CP1252),
        ("KOI8-R", None),
        ("", None),
    ],
)
def test_names_of_encodings(name: str, encoding: Encoding | None) -> None:
    assert named(name) is encoding


@pytest.mark.parametrize(
    "word", ["nghiệp", "Quảng", "giếng", "gì", "khuỷu", "ĐƯỜNG", "thuỷ", "oằn"]
)
def test_syllables(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["nghiÖp", "c«ng", "coâng", "straße", "qủảng", "žluť"])
def test_not_syllables(word: str) -> None:
    assert not is_syllable(word)


def test_share_without_accents_is_nothing() -> None:
    assert vietnamese_share(["SKK 12", ""]) == 0.0


@given(st.binary(max_size=60))
def test_no_bytes_break_the_reader(raw: bytes) -> None:
    detect([raw])
    text = decode(raw, Encoding.TCVN3)
    assert unicodedata.is_normalized("NFC", text)
    assert unicodedata.is_normalized("NFC", from_legacy_text(raw.decode("latin-1"), Encoding.VNI))
