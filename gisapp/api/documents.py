"""Documents: decisions, minutes, contracts. Every change hangs on one; files go by content."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal
from uuid import UUID

from flask import Response, request, send_file
from pydantic import Field

from gisapp.api.changes import actor
from gisapp.api.models import Given, api_blueprint
from gisapp.api.written import as_json
from gisapp.idempotency import Done, once
from gisapp.refusals import Refusal
from gisapp.running import database, settings
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from planning.errors import NotFound
from planning.records.commands import register_document
from planning.records.queries import document, document_row, documents

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

api = api_blueprint("documents", __name__, "Văn bản · documents")

KINDS: Final = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"II*\x00": "image/tiff",
    b"MM\x00*": "image/tiff",
}
"""Files taken, by their first bytes; the name's ending proves nothing."""


class DocumentFileRefused(Refusal):
    """Not a PDF, PNG, JPEG or TIFF, or nothing at all."""

    code = "document-file-refused"


class DocumentAsked(Given):
    """A document to register; `file_sha256` names a file uploaded before."""

    number: str = Field(min_length=1, max_length=100)
    issued_on: date
    issuer: str = Field(min_length=1, max_length=300)
    kind: Literal[
        "decision", "minutes", "contract", "certificate", "notice", "survey", "correction", "other"
    ] = "decision"
    title: str = Field("", max_length=1_000)
    file_sha256: str | None = Field(None, pattern="^[0-9a-f]{64}$")
    file_name: str | None = Field(None, max_length=200)


class DocumentsQuery(Given):
    """What to look for in number, issuer and title."""

    q: str = Field("", max_length=100)


@api.post("/documents")
@api.input(DocumentAsked, location="json", arg_name="asked")
@api.doc(summary="Đăng ký văn bản · register a document; the same one is registered once")
@requires(Permission.EDIT)
def register(asked: DocumentAsked) -> Response:
    """Number, day and issuer are the document's key. Needs `Idempotency-Key`."""
    said = asked.model_dump()
    if asked.file_sha256 is not None:
        path = _path(asked.file_sha256)
        if not path.is_file():
            raise NotFound(kind="file", key=asked.file_sha256)
        said |= {"file_size": path.stat().st_size, "media_type": _media_type(path)}

    def work(session: Session) -> Done:
        made = register_document(session, actor=actor(), **said)
        return Done(201, asdict(document_row(session, made)))

    return once(actor(), work)


@api.get("/documents")
@api.input(DocumentsQuery, location="query", arg_name="query")
@api.doc(summary="Tìm văn bản · documents, latest first")
@requires(Permission.READ)
def listing(query: DocumentsQuery) -> Response:
    """At most a hundred."""
    with database().reading() as session:
        return as_json({"documents": documents(session, query.q)})


@api.get("/documents/<uuid:document_id>")
@api.doc(summary="Một văn bản · a document")
@requires(Permission.READ)
def show(document_id: UUID) -> Response:
    """Number, day, issuer, title, and whether its file is here."""
    with database().reading() as session:
        return as_json(document_row(session, document_id))


@api.get("/documents/<uuid:document_id>/file")
@api.doc(summary="Tệp của văn bản · the document's file")
@requires(Permission.READ)
def file(document_id: UUID) -> Response:
    """As it was uploaded; its address never changes."""
    with database().reading() as session:
        found = document(session, document_id)
    if found.file_sha256 is None or not _path(found.file_sha256).is_file():
        raise NotFound(kind="file", key=str(document_id))
    name = found.file_name or found.file_sha256
    return send_file(
        _path(found.file_sha256), mimetype=found.media_type, download_name=name, etag=False
    )


@api.post("/documents/files")
@api.doc(summary="Tải tệp văn bản lên · upload a file; answers its sha256")
@requires(Permission.EDIT, uploads=True)
def upload() -> Response:
    """Multipart field `file`: PDF, PNG, JPEG or TIFF. The same content is stored once."""
    given = request.files.get("file")
    if given is None:
        raise DocumentFileRefused()
    folder = settings().data_dir / "documents"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as part:
        while block := given.stream.read(1 << 20):
            digest.update(block)
            part.write(block)
        part.flush()
        os.fsync(part.fileno())
    kept = Path(part.name)
    try:
        media_type = _media_type(kept)
        target = _path(digest.hexdigest())
        target.parent.mkdir(mode=0o700, exist_ok=True)
        kept.replace(target)
    finally:
        kept.unlink(missing_ok=True)
    size = target.stat().st_size
    return as_json({"sha256": digest.hexdigest(), "size": size, "media_type": media_type})


def _path(sha256: str) -> Path:
    return settings().data_dir / "documents" / sha256[:2] / sha256


def _media_type(path: Path) -> str:
    with path.open("rb") as opened:
        start = opened.read(8)
    for mark, kind in KINDS.items():
        if start.startswith(mark):
            return kind
    raise DocumentFileRefused()
