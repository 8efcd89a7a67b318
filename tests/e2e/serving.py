"""The application in a process of its own, as in earnest: ``python -m tests.e2e.serving FD``.

Settings come as JSON on standard input, the listening socket as an open file descriptor.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from gisapp import create_app
from gisapp.config import Settings


class Served(BaseApplication):  # type: ignore[misc]
    """Gunicorn around the application, in test mode: the map lets the tests look at it."""

    def __init__(self, descriptor: str, given: dict[str, Any]) -> None:
        self.descriptor = descriptor
        self.given = {**given, "data_dir": Path(given["data_dir"])}
        super().__init__()

    def load_config(self) -> None:
        """One process with threads, on the socket that is open already."""
        self.cfg.set("bind", f"fd://{self.descriptor}")
        self.cfg.set("worker_class", "gthread")
        self.cfg.set("threads", 8)
        self.cfg.set("loglevel", "warning")

    def load(self) -> Flask:
        """Make the application in the worker."""
        app = create_app(Settings(**self.given))
        app.testing = True
        return app


if __name__ == "__main__":
    Served(sys.argv[1], json.load(sys.stdin)).run()
