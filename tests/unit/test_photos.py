"""Photos: what is taken in, which way is up, what a camera wrote and what is left of it."""

from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.io import MemoryFile

from layers.raster.camera import CameraNotes, camera_notes
from layers.raster.errors import RasterDamaged, RasterSwells, RasterTooLarge, RasterTooSmall
from layers.raster.files import working
from layers.raster.formats import RasterFormat
from layers.raster.limits import RasterLimits
from layers.raster.photos import PhotoTypeUnknown, TakenPhoto, smaller, take_photo
from layers.vector.errors import FileEmpty, FileRefused, FileTooLarge
from tests.photo_files import SECRET, bomb, exif, photo_jpeg, photo_png, picture

pytestmark = pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def taken(tmp_path: Path, content: bytes, name: str = "anh.jpg", **more: object) -> TakenPhoto:
    scratch = tmp_path / "scratch"
    scratch.mkdir(exist_ok=True)
    path = tmp_path / "given"
    path.write_bytes(content)
    return take_photo(path, name=name, scratch=scratch, clock=HANOI, **more)  # type: ignore[arg-type]


def pixels(content: bytes) -> np.ndarray:
    with working(), MemoryFile(content) as memory, memory.open() as dataset:
        return np.moveaxis(dataset.read(), 0, 2)


def test_time_and_place_are_kept_and_nothing_else_of_the_camera(tmp_path: Path) -> None:
    found = taken(tmp_path, photo_jpeg(exif()))
    assert found.taken_at == datetime(2026, 3, 5, 14, 30, tzinfo=HANOI)
    assert found.place == pytest.approx((107.25, 20.95))
    for content in (found.jpeg, found.thumbnail):
        assert content.startswith(b"\xff\xd8\xff")
        assert SECRET not in content
        assert b"Exif" not in content
        assert b"2026:03:05" not in content
    assert list((tmp_path / "scratch").iterdir()) == []


@pytest.mark.parametrize("orientation", [1, 3, 5, 6, 8])
def test_a_photo_is_turned_upright(tmp_path: Path, orientation: int) -> None:
    """The bright corner of the stored picture comes to lie where EXIF says the top left is."""
    found = taken(tmp_path, photo_jpeg(exif(orientation=orientation)))
    seen = pixels(found.jpeg)[:, :, 0]
    assert (found.width, found.height) == ((40, 30) if orientation < 5 else (30, 40))
    rows, columns = np.nonzero(seen > 150)
    top, left = rows.mean() < found.height / 2, columns.mean() < found.width / 2
    places = {1: (True, True), 2: (True, False), 3: (False, False), 4: (False, True),
              5: (True, True), 6: (True, False), 7: (False, False), 8: (False, True)}  # fmt: skip
    assert (top, left) == places[orientation]


def test_png_photos_come_in_too(tmp_path: Path) -> None:
    found = taken(tmp_path, photo_png(exif()), "anh.png")
    assert found.place == pytest.approx((107.25, 20.95))
    assert found.jpeg.startswith(b"\xff\xd8\xff")
    clear = taken(tmp_path, photo_png(bands=4))
    assert pixels(clear.jpeg).shape == (30, 40, 3)
    assert clear.taken_at is None and clear.place is None


def test_a_large_photo_becomes_smaller(tmp_path: Path) -> None:
    found = taken(tmp_path, photo_jpeg(width=5_200, height=2_600))
    assert (found.width, found.height) == (1_733, 866)
    assert max(pixels(found.thumbnail).shape[:2]) <= 400


def test_pixels_are_means_of_squares() -> None:
    board = np.zeros((4, 6, 1), dtype=np.uint8)
    board[::2, ::2] = 200
    assert smaller(board, 3).tolist() == [[[50]] * 3] * 2
    assert smaller(board, 6) is not None
    assert smaller(np.full((1, 900, 3), 9, dtype=np.uint8), 400).shape == (1, 900, 3)


REFUSED = {
    "a text": (b"day khong phai anh", PhotoTypeUnknown),
    "a page of HTML named .jpg": (b"<html><script>alert(1)</script></html>", PhotoTypeUnknown),
    "a drawing in SVG": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", PhotoTypeUnknown),
    "a GIF": (b"GIF89a" + bytes(40), PhotoTypeUnknown),
    "a PDF": (b"%PDF-1.7\n", PhotoTypeUnknown),
    "a TIFF": (b"II*\0" + bytes(60), PhotoTypeUnknown),
    "nothing": (b"", FileEmpty),
    "a JPEG cut off": (photo_jpeg()[:200], RasterDamaged),
    "a JPEG of three bytes": (b"\xff\xd8\xff", RasterDamaged),
    "a PNG that swells": (bomb(), RasterTooLarge),
    "a PNG that swells a little less": (bomb(7_000, 7_000), RasterSwells),
    "a JPEG whose notes are none": (photo_jpeg(b""), RasterDamaged),
    "a stamp": (photo_jpeg(width=8, height=8), RasterTooSmall),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_photo_is_refused(tmp_path: Path, what: str) -> None:
    content, kind = REFUSED[what]
    with pytest.raises(kind):
        taken(tmp_path, content)
    assert list((tmp_path / "scratch").iterdir()) == []


def test_a_photo_of_too_many_bytes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileTooLarge):
        taken(tmp_path, photo_jpeg() + bytes(2_000), limits=RasterLimits(file_bytes=1_000))


@pytest.mark.parametrize(
    ("notes", "told"),
    [
        (exif(place=None), (None, None)),
        (exif(taken=b"0000:00:00 00:00:00"), "no time"),
        (exif(taken=b"khong phai ngay !!!"), "no time"),
        (b"MM\0*" + bytes(4), (None, None)),
    ],
    ids=["no place", "no day", "words", "offset nowhere"],
)
def test_notes_that_make_no_sense_are_left_out(tmp_path: Path, notes: bytes, told: object) -> None:
    found = taken(tmp_path, photo_jpeg(notes))
    if told == "no time":
        assert found.taken_at is None
        assert found.place is not None
    else:
        assert found.place is None


def test_a_stated_offset_wins(tmp_path: Path) -> None:
    assert CameraNotes(taken="2026-03-05T14:30:00+09:00").taken
    path = tmp_path / "x"
    path.write_bytes(photo_jpeg(exif()))
    assert camera_notes(path, RasterFormat.JPEG).taken == "2026-03-05T14:30:00"
    tokyo = datetime.fromisoformat("2026-03-05T14:30:00+09:00")
    assert tokyo.astimezone(UTC).hour == 5
    assert tokyo.tzinfo == timezone(timedelta(hours=9))


@given(block=st.binary(max_size=300), at=st.integers(0, 250), value=st.integers(0, 2**32 - 1))
@settings(max_examples=300, deadline=None)
def test_no_notes_break_the_reader(
    tmp_path_factory: pytest.TempPathFactory, block: bytes, at: int, value: int
) -> None:
    """Any bytes: the reader answers with notes, or with none; it never goes beyond the block."""
    path = tmp_path_factory.mktemp("exif") / "x"
    good = bytearray(exif())
    struct.pack_into("<I", good, min(at, len(good) - 4), value)
    for notes in (b"II*\0" + block, b"MM\0*" + block, bytes(good)):
        path.write_bytes(photo_jpeg(notes))
        found = camera_notes(path, RasterFormat.JPEG)
        assert 1 <= found.orientation <= 8
        assert found.longitude is None or -180 <= found.longitude <= 180


def test_every_refusal_is_of_one_family() -> None:
    assert issubclass(PhotoTypeUnknown, FileRefused)
    assert picture().shape == (30, 40, 3)
