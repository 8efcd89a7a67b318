"""The application in a process of its own, as in earnest: gunicorn behind a listening socket.

Its process is forked from one that has read all the code already; the next module's starts at once.
"""

from __future__ import annotations

import multiprocessing
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

import gisapp.web  # noqa: F401  what the forked processes share
from gisapp import create_app
from gisapp.config import Settings

_forked = multiprocessing.get_context("forkserver")


class Served(BaseApplication):  # type: ignore[misc]
    """Gunicorn around the application, in test mode: the map lets the tests look at it."""

    def __init__(self, descriptor: int, settings: Settings) -> None:
        self.descriptor, self.settings = descriptor, settings
        super().__init__()

    def load_config(self) -> None:
        """One process with threads, on the socket that is open already."""
        self.cfg.set("bind", f"fd://{self.descriptor}")
        self.cfg.set("worker_class", "gthread")
        self.cfg.set("threads", 8)
        self.cfg.set("loglevel", "warning")

    def load(self) -> Flask:
        """Make the application in the worker."""
        app = create_app(self.settings)
        app.testing = True
        return app


@contextmanager
def served(settings: Settings) -> Iterator[str]:
    """Serve until the end; the address it is at, on a free port of this machine."""
    _forked.set_forkserver_preload([__name__])
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = _forked.Process(target=_serve, args=(listening, settings))
        server.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.terminate()
            server.join(timeout=30)
            assert server.exitcode is not None, "the application does not end"


def _serve(listening: Any, settings: Settings) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    Served(listening.fileno(), settings).run()
