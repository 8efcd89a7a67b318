"""Files that travel with the program: pages, browser files, SQL, texts.

In a checkout ``gisapp/_static`` and ``gisapp/_templates`` are links to the two top-level folders;
a wheel carries real copies under the same names. So there is one path for both.
"""

from __future__ import annotations

import json
from pathlib import Path

from gisapp.refusals import Refusal

PACKAGE = Path(__file__).resolve().parent
STATIC = PACKAGE / "_static"
TEMPLATES = PACKAGE / "_templates"
MIGRATIONS = PACKAGE / "migrations"
TRANSLATIONS = PACKAGE / "translations"
VENDOR_MANIFEST = STATIC / "vendor" / "manifest.json"


class VendorFilesMissing(Refusal):
    """The browser packages have not been copied to ``static/vendor``."""

    code = "vendor-files-missing"


def checkout() -> Path | None:
    """The root of the checkout the program runs from, or ``None`` when it runs from a wheel."""
    root = PACKAGE.parent
    return root if (root / "setup.cfg").is_file() and STATIC.is_symlink() else None


def vendor_manifest() -> list[dict[str, str]]:
    """Every third-party browser file: package name, version, licence, file, sha256.

    Raises:
        VendorFilesMissing: the copy step of the set-up has not run.
    """
    try:
        text = VENDOR_MANIFEST.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise VendorFilesMissing(path=str(VENDOR_MANIFEST)) from None
    files: list[dict[str, str]] = json.loads(text)["files"]
    return files
