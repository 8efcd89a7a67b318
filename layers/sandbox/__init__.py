"""Reading a file a person handed over: copied, recognised, read by a confined worker, checked.

Parsing happens in a child process under bubblewrap and nowhere else. When bubblewrap does not work
on this machine files are refused; there is no second way.
"""

from __future__ import annotations

from layers.sandbox.intake import Inspected, inspect_file, read_file, sweep
from layers.sandbox.reception import AxisFacts, Parsed
from layers.sandbox.selftest import SandboxStatus, check
from layers.vector.limits import Limits

__all__ = [
    "AxisFacts",
    "Inspected",
    "Limits",
    "Parsed",
    "SandboxStatus",
    "check",
    "inspect_file",
    "read_file",
    "sweep",
]
