"""Notes and photos of land without a project: the page of a parcel, its form, the card's answer."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from gisapp.running import database_of
from gisapp.security import accounts
from gisapp.security.model import UserScope
from gisapp.security.permissions import Role
from layers.crs import to_wgs84
from tests.db.ground import PLANE, lay, square
from tests.photo_files import NO_PHOTOS, exif, photo_jpeg, photo_png, upload
from tests.web.conftest import PASSWORD, Browser, session_of

Actors = Callable[[Role | None], Browser]
_places = itertools.count(1)


def lay_alone(app: Flask) -> tuple[UUID, str, tuple[float, float]]:
    """A parcel of its own zone, without a project: its id, the zone's code, its middle (WGS 84)."""
    column = next(_places) * 120
    code = f"KCN-A{column}"
    with database_of(app).transaction() as session:
        ground = lay(session, 1, code=code, column=column)
    middle = to_wgs84(square(column, 0).centroid, PLANE)
    return ground.parcels[0], code, (middle.x, middle.y)


@pytest.fixture
def alone(app: Flask) -> UUID:
    """A parcel without a project."""
    return lay_alone(app)[0]


def note(writer: Browser, parcel: UUID, *files: object, **more: str) -> TestResponse:
    values = {"day": "2025-03-10", "body": "Đất bỏ trống", **more}
    return writer.post(f"/parcels/{parcel}/notes", photos=list(files), **values)


def visits(reader: Browser, parcel: UUID, day: str = "2026-01-01") -> list[dict[str, object]]:
    told = reader.get(f"/api/v1/parcels/{parcel}?as_of={day}").json
    assert told is not None
    found: list[dict[str, object]] = told["properties"]["visits"]
    return found


@pytest.mark.parametrize("role", list(Role), ids=str)
def test_everybody_reads_and_those_who_edit_write(
    signed_in: Actors, alone: UUID, role: Role
) -> None:
    browser = signed_in(role)
    page = browser.get(f"/parcels/{alone}?lang=vi")
    writes = role is Role.PLANNER
    assert page.status_code == 200 and "Chưa có ghi chú hay ảnh nào" in page.text
    assert (f"/parcels/{alone}/notes" in page.text) == writes
    assert note(browser, alone).status_code == (302 if writes else 403)


def test_a_note_with_photos_is_on_page_and_card_from_its_day_on(
    app: Flask, signed_in: Actors
) -> None:
    parcel, code, middle = lay_alone(app)
    planner, viewer = signed_in(Role.PLANNER), signed_in(Role.VIEWER)
    planner.get(f"/parcels/{parcel}?lang=vi")
    files = [upload(photo_jpeg(exif(place=middle))), upload(photo_png(), "b.png")]
    paper = {"document": "7/BB", "issuer": "Ban Quản lý", "caption": "Nhìn từ đường"}
    assert note(planner, parcel, *files, **paper).status_code == 302
    page = viewer.get(f"/parcels/{parcel}").text
    assert "Đất bỏ trống" in page and "7/BB" in page and "Nhìn từ đường" in page
    assert "10/03/2025" in page and "planner" in page and "/withdraw" not in page
    assert f"zone={code}" in page
    (seen,) = visits(viewer, parcel)
    photos = seen["photos"]
    assert isinstance(photos, list) and len(photos) == 2
    assert (seen["day"], seen["actor"], seen["project"]) == ("2025-03-10", "planner", None)
    for photo in photos:
        for part in ("file", "thumbnail"):
            sent = viewer.client.get(f"/api/v1/photos/{photo['id']}/{part}")
            assert sent.mimetype == "image/jpeg" and b"0912345678" not in sent.data
    assert visits(viewer, parcel, "2025-03-09") == []
    assert "Đất bỏ trống" not in viewer.get(f"/parcels/{parcel}?as_of=2025-03-09").text
    path = f"/parcels/{parcel}/photos/{photos[0]['id']}/withdraw"
    assert viewer.post(path).status_code == 403
    other = lay_alone(app)[0]
    wrong = planner.post(f"/parcels/{other}/photos/{photos[0]['id']}/withdraw")
    assert wrong.status_code == 422, "a photo of another parcel"
    assert path in planner.get(f"/parcels/{parcel}").text
    assert planner.post(path).status_code == 302
    assert viewer.get(f"/api/v1/photos/{photos[0]['id']}/file").status_code == 404
    assert len(visits(viewer, parcel)[0]["photos"]) == 1  # type: ignore[arg-type]
    assert planner.post(path).status_code == 422


@pytest.mark.parametrize(("content", "word"), NO_PHOTOS.values(), ids=NO_PHOTOS)
def test_an_image_that_is_none_is_refused_in_words(
    signed_in: Actors, alone: UUID, content: bytes, word: str
) -> None:
    planner = signed_in(Role.PLANNER)
    planner.get(f"/parcels/{alone}?lang=vi")
    sent = note(planner, alone, upload(content))
    problem = sent.text.split('role="alert"')[1].split("</div>")[0]
    assert sent.status_code == 422 and word.casefold() in problem.casefold()
    assert "Đất bỏ trống" in sent.text, "what was written is still in the form"
    assert visits(planner, alone) == []


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"day": "2019-12-31"}, "chưa có (hoặc không còn) trong sổ vào ngày 31/12/2019"),
        ({"day": "2199-01-01"}, "quá xa"),
        ({"day": ""}, "ngày thực hiện"),
        ({"body": " "}, "thấy gì"),
        ({"document": "7/BB"}, "cơ quan ban hành"),
        ({"caption": "x" * 301}, "chú thích ảnh"),
    ],
    ids=str,
)
def test_a_form_that_does_not_hold_is_refused(
    signed_in: Actors, alone: UUID, change: dict[str, str], word: str
) -> None:
    planner = signed_in(Role.PLANNER)
    planner.get(f"/parcels/{alone}?lang=vi")
    sent = note(planner, alone, **change)
    assert sent.status_code == 422, sent.text
    assert word in sent.text.split('role="alert"')[1].split("</div>")[0]
    assert visits(planner, alone) == []


def test_eleven_photos_are_too_many(signed_in: Actors, alone: UUID) -> None:
    planner = signed_in(Role.PLANNER)
    planner.get(f"/parcels/{alone}?lang=vi")
    sent = note(planner, alone, *(upload(photo_jpeg(), f"{n}.jpg") for n in range(11)))
    assert sent.status_code == 422 and "nhiều nhất 10 ảnh" in sent.text


def test_people_are_shown_to_those_who_edit_alone(signed_in: Actors, alone: UUID) -> None:
    planner = signed_in(Role.PLANNER)
    planner.get(f"/parcels/{alone}?lang=vi")
    body = "Gặp ông Nguyễn Văn A, CCCD 001 085 012 345"
    assert note(planner, alone, upload(photo_jpeg()), body=body).status_code == 302
    assert body in planner.get(f"/parcels/{alone}").text
    viewer = signed_in(Role.VIEWER)
    for path in (f"/parcels/{alone}?lang=vi", f"/api/v1/parcels/{alone}"):
        answer = viewer.get(path).text
        assert "Nguyễn Văn A" not in answer and "/thumbnail" not in answer
    (hidden,) = visits(viewer, alone)
    assert (hidden["personal"], hidden["body"], hidden["photos"]) == (True, None, [])


def test_who_is_limited_to_another_zone_finds_no_parcel(app: Flask, signed_in: Actors) -> None:
    parcel, _code, _ = lay_alone(app)
    _, theirs, _ = lay_alone(app)
    with database_of(app).transaction() as session:
        user = accounts.create_user(session, "parcel-zone", Role.PLANNER, PASSWORD)
        user.scopes.append(UserScope(zone_code=theirs))
    limited = session_of(app, "parcel-zone")
    assert limited.get(f"/parcels/{parcel}").status_code == 404
    assert note(limited, parcel, upload(photo_jpeg())).status_code == 404
    assert visits(signed_in(Role.VIEWER), parcel) == []
    assert limited.get(f"/parcels/{uuid4()}").status_code == 404
    assert signed_in(None).get(f"/parcels/{parcel}").status_code in (302, 401)
