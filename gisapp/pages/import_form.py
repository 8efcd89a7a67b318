"""Reading the upload form: what is asked of an import, or what is wrong with the asking."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from flask import request
from werkzeug.datastructures import FileStorage

from gisapp.refusals import Refusal
from layers.fields.errors import FieldMapUnreadable
from planning.changes.imports import Certificate, Layer, Request
from planning.changes.imports.mapping import MOST_BYTES, Mapping
from planning.vocabulary import CERTAINTIES

if TYPE_CHECKING:
    from collections.abc import Mapping as Form


class FormRefused(Refusal):
    """A field of the form is missing or cannot be read. Context: ``field``."""

    code = "import-form-refused"


@dataclass(frozen=True)
class Upload:
    """A form read: the file and everything asked of it."""

    file: FileStorage
    request: Request
    encoding: str | None
    file_layer: str | None
    mapping: Mapping


def upload_asked(actor: str) -> Upload:
    """Read the form of this request.

    Raises:
        FormRefused: a field is missing or unreadable.
        FieldMapUnreadable: the mapping file is not what it should be.
    """
    form = request.form
    file = request.files.get("file")
    if file is None or not file.filename:
        raise FormRefused(field="file")
    plan, _slash, version = form.get("plan", "").partition("/")
    certainty = form.get("certainty") or None
    asked = Request(
        layer=_layer(form.get("layer", "")),
        zone_code=word_asked(form, "zone"),
        document=Certificate(
            word_asked(form, "document"), day_asked(form, "issued", needed=True) or date.min,
            word_asked(form, "issuer"),
        ),
        actor=actor,
        file_name=file.filename[-200:],
        effective_on=day_asked(form, "effective_on"),
        correction=bool(form.get("correction")),
        explode=bool(form.get("explode")),
        allow_duplicates=bool(form.get("allow_duplicates")),
        srid=whole_number(form, "srid"),
        plan_code=plan or None,
        plan_version=int(version) if version.isdigit() else None,
        certainty=certainty if certainty in CERTAINTIES else None,
        level="province" if form.get("level") == "province" else "commune",
    )  # fmt: skip
    return Upload(
        file, asked, form.get("encoding") or None, form.get("file_layer") or None, _mapping()
    )


def whole_number(form: Form[str, str], name: str) -> int | None:
    """Read a whole number that may be left out.

    Raises:
        FormRefused
    """
    given = form.get(name, "").strip()
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) <= 9):
        raise FormRefused(field=name)
    return int(given)


def word_asked(form: Form[str, str], name: str) -> str:
    """Read a text that must be there.

    Raises:
        FormRefused
    """
    given = form.get(name, "").strip()
    if not given or len(given) > 300:
        raise FormRefused(field=name)
    return given


def day_asked(form: Form[str, str], name: str, *, needed: bool = False) -> date | None:
    """Read a day that may be left out unless `needed`.

    Raises:
        FormRefused
    """
    given = form.get(name, "").strip()
    if not given and not needed:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise FormRefused(field=name) from None


def _layer(given: str) -> Layer:
    try:
        return Layer(given)
    except ValueError:
        raise FormRefused(field="layer") from None


def _mapping() -> Mapping:
    """The column mapping, as a TOML file beside the data."""
    file = request.files.get("fields")
    if file is None or not file.filename:
        return Mapping()
    raw = file.stream.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise FieldMapUnreadable(reason="size")
    try:
        return Mapping.of(tomllib.loads(raw.decode("utf-8")))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FieldMapUnreadable(reason=str(error)[:200]) from error
