"""Text columns of a file turned into Unicode NFC, with a decision a person can check.

Distinct values are decoded once. A shapefile hands over bytes (as ISO-8859-1), the other formats
UTF-8 that may still hold TCVN3 or VNI letters from a converted drawing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from layers.encodings import (
    Decision,
    Encoding,
    HowDecided,
    declared,
    decode,
    decode_cut,
    detect,
    detect_in_text,
    from_legacy_text,
)
from layers.vector.errors import EncodingContradicted, EncodingUndecided
from layers.vector.findings import Finding

SAMPLE_VALUES: Final = 4_000


def distinct(chunks: Iterable[Any], limit: int = SAMPLE_VALUES) -> list[bytes]:
    """Up to `limit` different values of Arrow text columns, as the bytes they are made of."""
    import pyarrow as pa

    seen: dict[bytes, None] = {}
    for chunk in chunks:
        for value in chunk.cast(pa.string()).view(pa.binary()).unique().to_pylist():
            if value is not None:
                seen.setdefault(value, None)
            if len(seen) >= limit:
                return list(seen)
    return list(seen)


def recoded(chunk: Any, convert: Callable[[bytes], str]) -> Any:
    """An Arrow text column with every distinct value passed through `convert`."""
    import pyarrow as pa

    coded = chunk.cast(pa.string()).view(pa.binary()).dictionary_encode()
    words = [None if v is None else convert(v) for v in coded.dictionary.to_pylist()]
    return pa.array(words, pa.string()).take(coded.indices)


def from_iso_8859_1(value: bytes) -> bytes:
    """The bytes that stood in the file, of a value GDAL was told to take as ISO-8859-1."""
    return value.decode("utf-8").encode("latin-1")


def decide_bytes(
    samples: list[bytes], asked: Encoding | None, cpg: Encoding | None
) -> tuple[Decision, list[Finding]]:
    """The encoding of raw text: the person's word, else the `.cpg`, else what reads as Vietnamese.

    A `.cpg` of a Western code page decides nothing: programs write it when they do not know. A
    `.cpg` the bytes contradict is overruled by a convincing detection, and the finding says so.

    Raises:
        EncodingContradicted, EncodingUndecided
    """
    if asked is not None:
        return declared(asked, HowDecided.DECLARED, samples), []
    if cpg is not None and cpg is not Encoding.CP1252:
        decision = declared(cpg, HowDecided.CPG, samples)
        if readable(samples, cpg):
            return decision, []
        found = detect(samples)
        if found is None:
            raise EncodingContradicted(encoding=cpg.value, sample=sample_of(samples))
        context = {"cpg": cpg.value, "encoding": found.encoding.value, "sample": found.after}
        return found, [Finding(0, "file-encoding-contradicts-cpg", context=context)]
    found = detect(samples)
    if found is None and cpg is Encoding.CP1252 and readable(samples, cpg):
        return declared(cpg, HowDecided.CPG, samples), []
    if found is None:
        raise EncodingUndecided(sample=sample_of(samples))
    if found.how is HowDecided.ASCII or found.encoding is Encoding.UTF8:
        return found, []
    context = {"encoding": found.encoding.value, "before": found.before, "sample": found.after}
    return found, [Finding(0, "file-encoding-detected", context=context)]


def readable(samples: list[bytes], encoding: Encoding) -> bool:
    """Whether every sample decodes (the cut end of a DBF field forgiven)."""
    for raw in samples:
        try:
            decode_cut(raw, encoding, len(raw))
        except UnicodeDecodeError:
            return False
    return True


def sample_of(samples: list[bytes]) -> str:
    """One value no encoding explains, as an unaware program shows it."""
    marked = [raw for raw in samples if not raw.isascii()] or samples
    text = max(marked, key=len, default=b"").decode("latin-1")[:80]
    return "".join(c if c.isprintable() else "�" for c in text)


def convert_unicode(
    columns: Mapping[str, list[Any]], asked: Encoding | None
) -> tuple[dict[str, list[Any]], Decision, list[Finding]]:
    """Text columns of a Unicode format: NFC everywhere, TCVN3 or VNI letters converted by column.

    Raises:
        EncodingContradicted: a value is not UTF-8, and no declared encoding explains it.
    """
    decision = Decision(asked or Encoding.UTF8, HowDecided.DECLARED if asked else HowDecided.FORMAT)
    findings: list[Finding] = []
    converted: dict[str, list[Any]] = {}
    for name, chunks in columns.items():
        legacy = asked
        if asked is None:
            found = detect_in_text(_sound(distinct(chunks)))
            if found is not None:
                legacy = found.encoding
                decision = found
                context = {
                    "encoding": found.encoding.value,
                    "before": found.before,
                    "sample": found.after,
                }
                findings.append(Finding(0, "file-encoding-converted", name, context))
        converted[name] = [recoded(chunk, _cleaner(legacy)) for chunk in chunks]
    return converted, decision, findings


def _sound(samples: Iterable[bytes]) -> Iterator[str]:
    for raw in samples:
        try:
            yield raw.decode("utf-8")
        except UnicodeDecodeError:
            continue


def _cleaner(legacy: Encoding | None) -> Callable[[bytes], str]:
    def clean(raw: bytes) -> str:
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            if legacy in (None, Encoding.UTF8):
                raise EncodingContradicted(encoding="utf-8", sample=sample_of([raw])) from error
            return without_nul(decode(raw, legacy or Encoding.UTF8))
        if legacy is None:
            return without_nul(unicodedata.normalize("NFC", text))
        return without_nul(from_legacy_text(text, legacy))

    return clean


def without_nul(text: str) -> str:
    """Text the database can store: NUL bytes go, outer blanks too."""
    return text.replace("\0", "").strip()
