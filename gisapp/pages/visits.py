"""What is noted of a visit to a project or a parcel: one form, photos and minutes, one change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

from flask import request

from gisapp.messages import render
from gisapp.pages.clearance_acts import actor
from gisapp.pages.import_form import FormRefused, day_asked
from gisapp.pages.projects_asked import ProjectFieldRefused, text_asked
from gisapp.photos import bring_photo
from gisapp.present.formats import language
from gisapp.refusals import Refusal
from gisapp.running import settings
from gisapp.texts import gettext as _
from planning.clocks import today
from planning.projects.inspections import add_photo, note_inspection, photo_of, withdraw_photo
from planning.records.commands import open_change, register_document

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from layers.errors import LayerError
    from planning.errors import PlanningError
    from planning.projects.inspections import Picture

MOST_PHOTOS: Final = 10


class TooManyPhotos(Refusal):
    """More photos than one inspection takes at once. Context: ``count``, ``limit``."""

    code = "too-many-photos"


def pictures_brought() -> list[Picture]:
    """The photos of the form, looked at and encoded anew before anything is written.

    Raises:
        TooManyPhotos. FileRefused: one of its kinds says why a file is no photo.
    """
    files = [file for file in request.files.getlist("photos") if file.filename]
    if len(files) > MOST_PHOTOS:
        raise TooManyPhotos(count=len(files), limit=MOST_PHOTOS)
    caption = text_asked("caption", 300)
    return [
        bring_photo(settings(), file.stream, file.filename or "", caption)  # type: ignore[arg-type]
        for file in files
    ]


def note_visit(
    db: Session,
    pictures: list[Picture],
    *,
    about: str,
    project_id: UUID | None = None,
    parcel_id: UUID | None = None,
) -> str:
    """Write the form's note with its photos as one change; return what to tell the reader.

    Raises ProjectFieldRefused. What planning refuses: a day to come, a parcel not there that day.
    """
    day = day_asked(request.form, "day", needed=True) or today()
    body = text_asked("body", 5_000)
    if body is None:
        raise ProjectFieldRefused(field="body")
    paper = _paper(db, day)
    change = open_change(
        db, kind="setup" if paper is None else "act", actor=actor(), effective_on=day,
        reason=f"{about}: {_('kiểm tra hiện trường')}", document_id=paper,
    )  # fmt: skip
    made = note_inspection(
        db, change, day=day, body=body, project_id=project_id, parcel_id=parcel_id,
        document_id=paper, personal=bool(request.form.get("personal")),
    )  # fmt: skip
    for picture in pictures:
        add_photo(db, change, made, picture)
    return _("Đã ghi kiểm tra với %(count)s ảnh.", count=len(pictures))


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


def take_photo_away(
    db: Session,
    photo_id: UUID,
    *,
    about: str,
    project_id: UUID | None = None,
    parcel_id: UUID | None = None,
) -> str:
    """Withdraw a photo of a project, or of a parcel; earlier knowledge still has it.

    Raises NotFound: it is of another, or withdrawn.
    """
    photo_of(db, photo_id, project_id=project_id, parcel_id=parcel_id)
    change = open_change(
        db, kind="setup", reason=f"{about}: {_('gỡ ảnh')}", actor=actor(), effective_on=today()
    )
    withdraw_photo(db, change, photo_id)
    return _("Đã gỡ ảnh. Sổ vẫn giữ nó ở các thời điểm trước.")


def visit_sentence(refused: Refusal | LayerError | PlanningError) -> str:
    """What a refusal says, its fields by the words of these forms."""
    code = ProjectFieldRefused.code if isinstance(refused, FormRefused) else refused.code
    return render(code, refused.context, language())
