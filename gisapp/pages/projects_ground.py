"""Writing what was seen of a project: an inspection with its photos, a photo taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gisapp.pages.projects import project_page
from gisapp.pages.projects_writing import pages, sentence, written
from gisapp.pages.visits import note_visit, pictures_brought, take_photo_away
from gisapp.refusals import Refusal
from gisapp.security.access import requires
from gisapp.security.permissions import Permission
from layers.errors import LayerError

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session

    from gisapp.pages.refusing import Answer
    from planning.projects.register import ProjectLine

__all__ = ["pages"]


@pages.post("/<code>/notes")
@requires(Permission.EDIT, uploads=True)
def note(code: str) -> Answer:
    """Note an inspection; its photos are looked at and encoded anew before anything is written."""
    try:
        pictures = pictures_brought()
    except (Refusal, LayerError) as refused:
        return project_page(code, sentence(refused)), 422

    def work(db: Session, project: ProjectLine) -> str:
        return note_visit(db, pictures, about=project.code, project_id=project.id)

    return written(code, work)


@pages.post("/<code>/photos/<uuid:photo_id>/withdraw")
@requires(Permission.EDIT)
def withdraw(code: str, photo_id: UUID) -> Answer:
    """Take a photo away; earlier knowledge still has it."""

    def work(db: Session, project: ProjectLine) -> str:
        return take_photo_away(db, photo_id, about=project.code, project_id=project.id)

    return written(code, work)
