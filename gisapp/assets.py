"""Files for the browser: one folder, one build id in its path, kept by browsers for a year.

The build id is a fingerprint of every file, so an unchanged file is never fetched twice and a
changed one is never mixed with an old neighbour: modules import each other by relative path.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from flask import Flask, Response, send_from_directory

from gisapp import resources
from gisapp.security.access import public

if TYPE_CHECKING:
    from pathlib import Path

_YEAR_S = 31_536_000


def build_id(folder: Path) -> str:
    """Fingerprint of all files of a folder, names and contents, as 12 hexadecimal digits."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def serve_assets(app: Flask) -> None:
    """Serve ``/static/<build id>/…``; refuse to start without the third-party files.

    Raises:
        VendorFilesMissing: the copy step of the set-up has not run.
    """
    resources.vendor_manifest()
    current = build_id(resources.STATIC)

    @public
    def static(build: str, filename: str) -> Response:
        fresh = build == current
        response = send_from_directory(resources.STATIC, filename, max_age=_YEAR_S if fresh else 0)
        if fresh:
            response.cache_control.public = True
            response.cache_control.immutable = True
        return response

    app.add_url_rule("/static/<build>/<path:filename>", "static", static, methods=["GET"])
    app.config["BUILD_ID"] = current

    def add_build(endpoint: str, values: dict[str, object]) -> None:
        if endpoint == "static":
            values.setdefault("build", current)

    app.url_default_functions.setdefault(None, []).append(add_build)
