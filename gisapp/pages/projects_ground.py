"""Writing what was seen of a project: an inspection with its photos, a photo taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

from flask import request

from gisapp.pages.clearance_acts import actor
from gisapp.pages.import_form import day_asked
from gisapp.pages.projects import project_page
from gisapp.pages.projects_asked import ProjectFieldRefused, text_asked
from gisapp.pages.projects_writing import pages, sentence, written
from gisapp.photos import bring_photo
from gisapp.refusals import Refusal
from gisapp.running import settings
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from gisapp.texts import gettext as _
from layers.errors import LayerError
from planning.clocks import today
from planning.projects.inspections import add_photo, note_inspection, photo_of, withdraw_photo
from planning.records.commands import open_change, register_document

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from gisapp.pages.refusing import Answer
    from planning.projects.inspections import Picture
    from planning.projects.register import ProjectLine

__all__ = ["pages"]

MOST_PHOTOS: Final = 10


class TooManyPhotos(Refusal):
    """More photos than one inspection takes at once. Context: ``count``, ``limit``."""

    code = "too-many-photos"


@pages.post("/<code>/notes")
@requires(Permission.EDIT, uploads=True)
def note(code: str) -> Answer:
    """Note an inspection; its photos are looked at and encoded anew before anything is written."""
    try:
        pictures = _pictures()
    except (Refusal, LayerError) as refused:
        return project_page(code, sentence(refused)), 422

    def work(db: Session, project: ProjectLine) -> str:
        day = day_asked(request.form, "day", needed=True) or today()
        body = text_asked("body", 5_000)
        if body is None:
            raise ProjectFieldRefused(field="body")
        paper = _paper(db, day)
        change = open_change(
            db, kind="setup" if paper is None else "act", actor=actor(), effective_on=day,
            reason=f"{project.code}: {_('kiểm tra hiện trường')}", document_id=paper,
        )  # fmt: skip
        made = note_inspection(
            db, change, day=day, body=body, project_id=project.id, document_id=paper,
            personal=bool(request.form.get("personal")),
        )  # fmt: skip
        for picture in pictures:
            add_photo(db, change, made, picture)
        return _("Đã ghi kiểm tra với %(count)s ảnh.", count=len(pictures))

    return written(code, work)


def _pictures() -> list[Picture]:
    files = [file for file in request.files.getlist("photos") if file.filename]
    if len(files) > MOST_PHOTOS:
        raise TooManyPhotos(count=len(files), limit=MOST_PHOTOS)
    caption = text_asked("caption", 300)
    return [
        bring_photo(settings(), file.stream, file.filename or "", caption)  # type: ignore[arg-type]
        for file in files
    ]


def _paper(db: Session, day: date) -> UUID | None:
    """The minutes of the inspection, when there are any; they are of the day of the visit."""
    number, issuer = text_asked("document", 120), text_asked("issuer", 200)
    if number is None:
        return None
    if issuer is None:
        raise ProjectFieldRefused(field="issuer")
    return register_document(
        db, number=number, issued_on=day, issuer=issuer, actor=actor(), kind="minutes"
    )


@pages.post("/<code>/photos/<uuid:photo_id>/withdraw")
@requires(Permission.EDIT)
def withdraw(code: str, photo_id: UUID) -> Answer:
    """Take a photo away; earlier knowledge still has it."""

    def work(db: Session, project: ProjectLine) -> str:
        photo_of(db, project.id, photo_id)
        change = open_change(
            db, kind="setup", reason=f"{project.code}: {_('gỡ ảnh')}", actor=actor(),
            effective_on=today(),
        )  # fmt: skip
        withdraw_photo(db, change, photo_id)
        return _("Đã gỡ ảnh. Sổ vẫn giữ nó ở các thời điểm trước.")

    return written(code, work)
