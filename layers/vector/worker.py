"""The worker's own side: inside the sandbox, reads one file, writes Arrow and a line of JSON.

Everything it touches is in ``/job`` (read-only); it can write to the one descriptor it was given
and to a small memory folder. It is started as ``python -I -c``, so nothing of the caller's
environment is imported.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

from layers.encodings import Encoding
from layers.errors import LayerError
from layers.vector.content import Job, LayerFacts, Reading
from layers.vector.errors import FileMalformed, ReadingTookTooMuch
from layers.vector.findings import Finding
from layers.vector.formats import FORMATS, Format
from layers.vector.limits import Limits

_OPEN_FILES = 64


def main() -> None:
    """Do the one job described by the first argument and answer on standard output."""
    request = json.loads(sys.argv[1])
    bound(request)
    try:
        if request["task"] == "probe":
            from layers.vector.probe import probe

            answer: dict[str, Any] = {"probe": probe()}
        else:
            answer = work(request)
    except LayerError as error:
        answer = {"refused": refusal(error)}
    say(answer)
    sys.stdout.flush()
    os._exit(0)  # no atexit work of libraries that have seen the file


def bound(request: dict[str, Any]) -> None:
    """Limits of this process, before any library is loaded; none of them can be raised again."""
    memory, cpu, output = request["memory_bytes"], request["cpu_seconds"], request["output_bytes"]
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (output, output))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))


def prepare(chosen: Format) -> Any:
    """The format's module, after GDAL was loaded with that format's driver alone."""
    spec = FORMATS[chosen]
    if spec.driver is not None:
        from layers.vector.ogr import allow_only

        allow_only(spec.driver)
    import pyarrow  # noqa: F401  loaded before the file is opened

    return import_module(spec.module)


def work(request: dict[str, Any]) -> dict[str, Any]:
    """Inspect or read, and give the answer to be sent.

    Raises:
        LayerError: the file is refused.
    """
    job = job_of(request)
    try:
        module = prepare(job.format)
        if request["task"] == "inspect":
            return {"layers": [layer_said(facts) for facts in module.inspect(job)]}
        reading: Reading = module.read(job)
        rows = write(reading, request["output"])
    except MemoryError as error:
        raise ReadingTookTooMuch(limit_mb=request["memory_bytes"] // 2**20) from error
    except RecursionError as error:
        raise FileMalformed(reason="nested too deeply") from error
    except LayerError:
        raise
    except OSError as error:
        if error.errno == 27:  # EFBIG: more output than allowed
            raise ReadingTookTooMuch(limit_mb=request["output_bytes"] // 2**20) from error
        raise FileMalformed(reason=brief(error)) from error
    except Exception as error:  # the edge of the worker: whatever a library throws refuses the file
        raise FileMalformed(reason=brief(error)) from error
    findings = reading.findings[: job.limits.findings]
    return {
        "layers": [layer_said(reading.facts)],
        "findings": [finding_said(finding) for finding in findings],
        "rows": rows,
    }


def brief(error: BaseException) -> str:
    """An unexpected error in a few words."""
    words = " ".join(str(error).split()).replace("/job/", "")
    return f"{type(error).__name__}: {words}"[:200]


def job_of(request: dict[str, Any]) -> Job:
    """The request as a job; it comes from our own parent process."""
    limits = Limits(**{**request["limits"], "geometry_kinds": frozenset()})
    return Job(
        format=Format(request["format"]),
        path=Path(request["path"]),
        layer=request["layer"],
        encoding=Encoding(request["encoding"]) if request["encoding"] else None,
        limits=limits,
        original_layers=tuple(request["original_layers"]),
        on_progress=progress,
    )


def write(reading: Reading, descriptor: int) -> int:
    """The batches as one Arrow IPC file on the descriptor; the number of rows."""
    import pyarrow as pa

    from layers.vector.ogr import schema_of

    rows = 0
    with (
        os.fdopen(descriptor, "wb", closefd=False) as file,
        pa.ipc.new_file(file, schema_of(list(reading.facts.fields))) as sink,
    ):
        for batch in reading.batches:
            batch.validate(full=True)
            sink.write_batch(batch)
            rows += len(batch)
    return rows


def progress(done: int, of: int | None) -> None:
    """Tell the parent how far the reading is."""
    say({"done": done, "of": of})


def say(message: dict[str, Any]) -> None:
    """One line of JSON."""
    line = json.dumps(message, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def refusal(error: LayerError) -> dict[str, Any]:
    """An error as it goes through the door."""
    return {"code": error.code, "context": {k: plain(v) for k, v in error.context.items()}}


def finding_said(finding: Finding) -> dict[str, Any]:
    """A finding as it goes through the door."""
    context = {key: plain(value) for key, value in finding.context.items()}
    name = None if finding.field is None else plain(finding.field)
    return {"row": finding.row, "code": finding.code, "field": name, "context": context}


def layer_said(facts: LayerFacts) -> dict[str, Any]:
    """A layer as it goes through the door."""
    said = asdict(facts)
    said["name"] = plain(facts.name)
    said["fields"] = [{"name": plain(f.name), "kind": f.kind} for f in facts.fields]
    said["crs"] |= {"text": facts.crs.text[:16_384], "name": plain(facts.crs.name)}
    if facts.encoding is not None:
        said["encoding"] |= {
            "encoding": facts.encoding.encoding.value,
            "how": facts.encoding.how.value,
            "before": plain(facts.encoding.before),
            "after": plain(facts.encoding.after),
        }
    return said


def plain(value: object) -> Any:
    """A fact of an error or finding, short enough and of a plain type."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if value == value and abs(value) < 1e300 else str(value)
    if isinstance(value, list | tuple):
        return [str(plain(item)) for item in value[:50]]
    text = str(value)[:900]
    return text.encode("utf-8", "replace").decode("utf-8")
