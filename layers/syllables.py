"""Does a piece of text read as Vietnamese? Judged by syllables: onset, rhyme, at most one tone.

Vietnamese is written in syllables of a small closed shape (about 160 rhymes), so a wrongly decoded
word is almost never a syllable. That makes a far better judge of an encoding than letter
frequencies.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}  # huyen, sac, nga, hoi, nang
_RHYME_LIST = """
a ac ach ai am an ang anh ao ap at au ay
ă ăc ăm ăn ăng ăp ăt
â âc âm ân âng âp ât âu ây
e ec em en eng eo ep et
ê êch êm ên êng ênh êp êt êu
i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu
o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet
oi om on ong ooc oong op ot
ô ôc ôi ôm ôn ông ôp ôt
ơ ơi ơm ơn ơp ơt
u ua uân uâng uât uây uc uê uêch uênh ui um un ung uơ uôc uôi uôm uôn uông uôt up ut
uy uya uych uyên uyêt uynh uyt uyu
ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu
y yêm yên yêng yêt yêu ynh
"""
_RHYMES = frozenset(_RHYME_LIST.split())
_ONSETS = ("ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr", *"bcdđghklmnprstvx")
_BETWEEN_WORDS = re.compile(r"[\s\d_,.;:()\[\]/\\\-–+&'\"“”*#%]+")


def _without_tone(word: str) -> tuple[str, int]:
    tones = 0
    kept: list[str] = []
    for character in unicodedata.normalize("NFD", word):
        if character in _TONES:
            tones += 1
        else:
            kept.append(character)
    return unicodedata.normalize("NFC", "".join(kept)), tones


def is_syllable(word: str) -> bool:
    """Whether one word (any case, any normal form) has the shape of a Vietnamese syllable."""
    plain, tones = _without_tone(word.lower())
    if tones > 1:
        return False
    if plain in _RHYMES:
        return True
    for onset in _ONSETS:
        if plain.startswith(onset):
            rest = plain[len(onset) :]
            if rest in _RHYMES or (onset == "gi" and ("i" + rest) in _RHYMES):
                return True
    return False


def vietnamese_share(texts: Iterable[str]) -> float:
    """Share of the words with a letter beyond ASCII that are Vietnamese syllables; 0 without any.

    Letters of no Vietnamese word (ø, ß, «) and control characters inside a word count against it.
    """
    total = good = 0
    for text in texts:
        for word in _BETWEEN_WORDS.split(text):
            if word and not word.isascii():
                total += 1
                good += is_syllable(word)
    return good / total if total else 0.0
