"""Photos of inspections as files: the picture and its thumbnail, for those who may see them."""

from __future__ import annotations

from uuid import UUID

from flask import Response

from gisapp.api.models import api_blueprint
from gisapp.photos import MEDIA_TYPE, photo_path
from gisapp.running import database, settings
from gisapp.security.access import requires
from gisapp.security.people import may_see_people
from gisapp.security.permissions import Permission
from gisapp.security.scope import reader_scope
from planning.clocks import moment
from planning.errors import NotFound
from planning.projects.sightings import PhotoFile, photo_file
from planning.zones.queries import zones

api = api_blueprint("photos", __name__, "Dự án · projects")


@api.get("/photos/<uuid:photo_id>/file")
@api.doc(summary="Ảnh hiện trường (JPEG) · a photo of an inspection")
@requires(Permission.READ)
def file(photo_id: UUID) -> Response:
    """Encoded anew from its pixels: it carries no note of the camera."""
    return _sent(photo_id, _seen(photo_id).sha256)


@api.get("/photos/<uuid:photo_id>/thumbnail")
@api.doc(summary="Ảnh nhỏ · its thumbnail, 400 pixels at most")
@requires(Permission.READ)
def thumbnail(photo_id: UUID) -> Response:
    """The same, small."""
    return _sent(photo_id, _seen(photo_id).thumbnail_sha256)


def _seen(photo_id: UUID) -> PhotoFile:
    """A photo the reader may see; another is as if it were not there."""
    with database().reading() as session:
        found = photo_file(session, photo_id)
        every = {zone.id: zone for zone in zones(session, moment(session))}
    zone = every.get(found.zone_id) if found.zone_id else None
    hidden = found.personal and not may_see_people()
    if zone is None or hidden or not reader_scope().covers(zone):
        raise NotFound(kind="photo", key=str(photo_id))
    return found


def _sent(photo_id: UUID, sha256: str) -> Response:
    path = photo_path(settings(), sha256)
    if not path.is_file():
        raise NotFound(kind="photo", key=str(photo_id))
    answer = Response(path.read_bytes(), mimetype=MEDIA_TYPE)
    answer.set_etag(sha256)
    answer.cache_control.private = True
    answer.cache_control.no_cache = True
    return answer
