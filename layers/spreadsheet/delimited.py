"""CSV as offices save it: ``;``, tab or comma, with or without BOM, in any of our encodings."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

from layers.encodings import Decision, Encoding, HowDecided, decode, detect_in_text
from layers.spreadsheet.table import Cell, Table, table_of
from layers.vector.content import Job
from layers.vector.errors import EncodingContradicted, FileMalformed, LayerNotInFile
from layers.vector.findings import Finding
from layers.vector.ogr import reason_of
from layers.vector.texts import decide_bytes, sample_of

_DELIMITERS: Final = (";", "\t", ",", "|")


def read_delimited(job: Job) -> Table:
    """The one table of a CSV file; rows are numbered by the line they begin on.

    Raises:
        EncodingContradicted, EncodingUndecided, FileMalformed, TableWithoutHeader
    """
    raw = job.path.read_bytes()
    text, decision, findings = _csv_text(raw, job.encoding)
    nul = text.find("\0")
    if nul >= 0:  # a name cut in two by a byte nobody sees is not the same name
        raise FileMalformed(reason=f"NUL (line {text.count(chr(10), 0, nul) + 1})")
    delimiter = _delimiter(text)
    csv.field_size_limit(max(job.limits.text_characters * 4, 1_000))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)

    def rows() -> Iterator[tuple[int, Sequence[Cell]]]:
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise FileMalformed(reason=f"{reason_of(error)} (line {line})") from error
            yield line, [cell or None for cell in cells]

    name = job.original_layers[0] if job.original_layers else "csv"
    if job.layer not in (None, name):
        raise LayerNotInFile(layer=job.layer, layers=[name])
    table = table_of(job, name, rows(), decision)
    table.findings[:0] = findings
    return table


def _csv_text(raw: bytes, asked: Encoding | None) -> tuple[str, Decision, list[Finding]]:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = _strict(raw, "utf-16")
        return text, Decision(Encoding.UTF8, HowDecided.FORMAT), []
    if raw.startswith(b"\xef\xbb\xbf"):
        return _strict(raw, "utf-8-sig"), Decision(Encoding.UTF8, HowDecided.FORMAT), []
    samples = raw.splitlines()[:4_000]
    decision, findings = decide_bytes(samples, asked, None)
    try:
        text = decode(raw, decision.encoding)
    except UnicodeDecodeError as error:
        bad = raw[max(error.start - 20, 0) : error.start + 20]
        raise EncodingContradicted(
            encoding=decision.encoding.value, sample=sample_of([bad])
        ) from error
    if decision.encoding is Encoding.UTF8 and (found := detect_in_text(text.splitlines()[:4_000])):
        context = {"encoding": found.encoding.value, "sample": found.after}
        text = decode(text.encode("latin-1", "ignore"), found.encoding)
        return text, found, [Finding(0, "file-encoding-converted", context=context)]
    return text, decision, findings


def _strict(raw: bytes, codec: str) -> str:
    try:
        return unicodedata.normalize("NFC", raw.decode(codec))
    except UnicodeDecodeError as error:
        raise EncodingContradicted(encoding=codec, sample=sample_of([raw[:80]])) from error


def _delimiter(text: str) -> str:
    """The separator that splits the first lines most evenly; quoted text does not count."""
    lines = [line for line in text.splitlines()[:200] if line.strip()]
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        try:
            widths = [len(cells) for cells in csv.reader(lines, delimiter=delimiter) if cells]
        except csv.Error:
            continue
        if not widths:
            continue
        common = max(set(widths), key=widths.count)
        score = 0.0 if common < 2 else widths.count(common) / len(widths) + common / 1_000
        if score > best_score:
            best, best_score = delimiter, score
    return best
