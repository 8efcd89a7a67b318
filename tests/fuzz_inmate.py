"""Runs inside the sandbox: reads every case of a corpus, each in a process of its own.

Started as ``python -I -c`` with the worker's package bound; the corpus is ``/job``, results go to
``/out``.
"""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from pathlib import Path


def main() -> None:
    """For each line of ``/job/requests``: fork, read, keep the answer and the Arrow file."""
    sys.path.insert(0, "/sandbox")
    from layers.errors import LayerError
    from layers.vector.formats import Format
    from layers.vector.worker import bound, prepare, refusal, work

    requests = [json.loads(line) for line in Path("/job/requests").read_text().splitlines()]
    prepare(Format(requests[0]["format"]))
    for warm in ("pyarrow.compute", "pyarrow.ipc", "openpyxl", "csv", "sqlite3"):
        import_module(warm)
    for request in requests:
        case = request["case"]
        child = os.fork()
        if child == 0:
            bound(request)
            devnull = os.open(os.devnull, os.O_WRONLY)
            os.dup2(devnull, 1)
            os.dup2(devnull, 2)
            request["output"] = os.open(f"/out/{case}.arrow", os.O_WRONLY | os.O_CREAT)
            try:
                answer = work(request)
            except LayerError as error:
                answer = {"refused": refusal(error)}
            Path(f"/out/{case}.json").write_text(json.dumps(answer))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(json.dumps({"case": case, "status": os.waitstatus_to_exitcode(status)}), flush=True)


main()
