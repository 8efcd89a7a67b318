"""Pages and browser files: nothing comes from elsewhere, nothing is inline, everything is ours."""

from __future__ import annotations

import json
import re

from gisapp import resources
from tests.architecture.sources import all_files, browser_files, name

ELSEWHERE = re.compile(
    r"""(?:src|href|action|poster|srcset)\s*=\s*["']\s*(?:https?:)?//"""
    r"""|url\(\s*["']?\s*(?:https?:)?//"""
    r"""|@import\s+["'](?:https?:)?//"""
    r"""|\b(?:fetch|import|importScripts|XMLHttpRequest|EventSource|WebSocket)\s*\(\s*["'`]\s*(?:https?:|wss?:)?//"""
    r"""|\bfrom\s+["'](?:https?:)?//""",
    re.IGNORECASE,
)
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)[^>]*>|\son[a-z]+\s*=\s*[\"']|javascript:", re.IGNORECASE
)
DATA_BLOCK = re.compile(
    r"""<script[^>]*type=["']application/(?:ld\+)?json["'][^>]*>""", re.IGNORECASE
)


def test_no_request_leaves_the_machine() -> None:
    found = [
        f"{name(path)}: {hit.group()}"
        for path in browser_files(".html", ".css", ".js", ".mjs", ".svg", ".xml", ".txt")
        for hit in ELSEWHERE.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_no_script_is_inline() -> None:
    found = [
        f"{name(path)}: {hit.group()}"
        for path in browser_files(".html")
        for hit in INLINE.finditer(path.read_text(encoding="utf-8"))
        if not DATA_BLOCK.match(hit.group())
    ]
    assert found == []


def test_third_party_files_are_copied_not_committed() -> None:
    assert [
        name(p) for p in all_files() if name(p).startswith(("static/vendor/", "node_modules/"))
    ] == []


def test_the_manifest_tells_the_truth_about_every_copied_file() -> None:
    import hashlib

    folder = resources.VENDOR_MANIFEST.parent
    entries = resources.vendor_manifest()
    listed = {entry["file"] for entry in entries}
    present = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert present == listed | {"manifest.json"}
    for entry in entries:
        bytes_ = (folder / entry["file"]).read_bytes()
        assert hashlib.sha256(bytes_).hexdigest() == entry["sha256"], entry["file"]
        assert entry["licence"]
        assert b"sourceMappingURL=" not in bytes_, entry["file"]
    lock = json.loads((resources.PACKAGE.parent / "package-lock.json").read_text())["packages"]
    for entry in entries:
        assert lock[f"node_modules/{entry['name']}"]["version"] == entry["version"]
    assert {e["name"] for e in entries} == {
        e["name"] for e in entries if e["file"].endswith("LICENSE")
    }, "every package comes with its licence"


def test_only_copied_files_are_asked_for() -> None:
    """A page or module that names ``vendor/…`` names a file that the set-up copies."""
    listed = {entry["file"] for entry in resources.vendor_manifest()}
    asked = re.compile(r"vendor/((?:[\w@.-]+/)+[\w.-]+\.(?:js|css|woff2|png|mjs))")
    missing = [
        f"{name(path)}: {hit}"
        for path in [*browser_files(".html", ".css", ".js"), *_python()]
        for hit in asked.findall(path.read_text(encoding="utf-8"))
        if hit not in listed
    ]
    assert missing == []


def _python() -> list[resources.Path]:
    return [
        p for p in all_files() if p.suffix == ".py" and name(p).startswith(("gisapp/", "layers/"))
    ]
