"""Does the sandbox hold on this machine? Asked by the readiness page and by ``gisapp doctor``."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from layers.errors import LayerError
from layers.sandbox.confinement import ENVIRONMENT as PROCESS_ENVIRONMENT
from layers.sandbox.confinement import Allowance, python_folders, run, worker_program
from layers.sandbox.protocol import Answer
from layers.vector.limits import Limits
from layers.vector.ogr import ENVIRONMENT

_WALL_SECONDS: Final = 30
_ROOT_NAMES: Final = "bin dev etc job lib lib32 lib64 sandbox sbin tmp usr"


@dataclass(frozen=True)
class SandboxStatus:
    """Whether files can be read here; `reason` names the first thing wrong, empty when ready."""

    ready: bool
    reason: str
    gdal: str
    seconds: float


def check() -> SandboxStatus:
    """Start a worker that tries what must not work (files, network, writing); judge it."""
    began = time.monotonic()
    limits = Limits()
    allowance = Allowance(
        limits.memory_bytes, limits.cpu_seconds, limits.output_bytes, _WALL_SECONDS
    )
    try:
        with tempfile.TemporaryDirectory(prefix="probe-") as folder:
            program = worker_program({"task": "probe"}, allowance)
            said = Answer.model_validate_json(run(Path(folder), program, allowance))
    except LayerError as error:
        return SandboxStatus(False, str(error), "", round(time.monotonic() - began, 2))
    except (ValidationError, OSError) as error:
        return SandboxStatus(False, type(error).__name__, "", round(time.monotonic() - began, 2))
    facts = said.probe or {}
    reason = _wrong(facts, limits)
    seconds = round(time.monotonic() - began, 2)
    return SandboxStatus(not reason, reason, str(facts.get("gdal", "")), seconds)


def _wrong(facts: dict[str, Any], limits: Limits) -> str:
    """The first promise of the sandbox that is not kept."""
    prefixes = {Path(p).parts[1] for p in python_folders()}
    allowed_names = {*PROCESS_ENVIRONMENT, *ENVIRONMENT, "OGR_SKIP", "PWD", "LC_CTYPE"}
    allowed_names |= {"GDAL_CURL_CA_BUNDLE", "PROJ_CURL_CA_BUNDLE"}  # set by pyogrio's wheel
    promises = {
        "reads /etc/passwd": facts.get("passwd") is False and facts.get("shadow") is False,
        "reaches a network": facts.get("network") is False,
        "writes outside": facts.get("writable") == [],
        "keeps a capability": facts.get("capabilities") is False,
        "sees other folders": set(facts.get("root") or ["?"]) <= {*_ROOT_NAMES.split(), *prefixes},
        "inherits environment": set(facts.get("environment") or []) <= allowed_names,
        "has other drivers": facts.get("drivers") == ["GeoJSON"],
        "is not limited": facts.get("cpu_seconds") == limits.cpu_seconds
        and facts.get("memory_bytes") == limits.memory_bytes,
    }
    return next((name for name, kept in promises.items() if not kept), "")
