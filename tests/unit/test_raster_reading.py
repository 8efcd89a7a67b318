"""Uploaded rasters: what passes is converted honestly, what does not is refused clearly."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from rasterio import Affine

from layers.raster.content import NUMBERS
from layers.raster.errors import (
    RasterDamaged,
    RasterNotAPicture,
    RasterNotElevation,
    RasterPageMissing,
    RasterPageToChoose,
    RasterSwells,
    RasterTooLarge,
    RasterTooSmall,
    RasterTypeUnknown,
)
from layers.raster.intake import decode_raster, inspect_raster
from layers.raster.limits import RasterLimits
from layers.raster.png import png
from layers.vector.errors import FileEmpty, FileRefused, FileTooLarge, ReadingTookTooMuch
from tests.raster_files import (
    drawing,
    pdf_file,
    picture_file,
    png_header,
    read_plain,
    tiff_header,
    written,
)

LIMITS = RasterLimits()


def codes(notes: object) -> set[str]:
    return {note.code for note in notes}  # type: ignore[attr-defined]


def test_png_and_tiff_come_out_as_they_are(tmp_path: Path) -> None:
    wanted = drawing(400, 300)
    for path in (
        picture_file(tmp_path / "a.png"),
        written(tmp_path / "a.tif", np.moveaxis(wanted, 2, 0)),
        written(tmp_path / "t.tif", np.moveaxis(wanted, 2, 0), tiled=True, compress="lzw"),
    ):
        facts, pixels = read_plain(path, tmp_path)
        assert (facts.width, facts.height, facts.bands, facts.notes) == (400, 300, 3, ())
        assert np.array_equal(pixels, wanted)


def test_jpeg_comes_out_nearly_as_it_is(tmp_path: Path) -> None:
    wanted = drawing(400, 300)
    path = written(tmp_path / "a.jpg", np.moveaxis(wanted, 2, 0), "JPEG", quality=95)
    _, pixels = read_plain(path, tmp_path)
    assert np.abs(pixels.astype(int) - wanted).mean() < 6


def test_a_grey_scan_stays_grey(tmp_path: Path) -> None:
    grey = drawing(200, 100)[:, :, 0]
    facts, pixels = read_plain(written(tmp_path / "a.tif", grey[None]), tmp_path)
    assert facts.bands == 1
    assert np.array_equal(pixels[:, :, 0], grey)


def test_a_cmyk_scan_becomes_light_and_says_so(tmp_path: Path) -> None:
    ink = np.zeros((4, 80, 90), dtype=np.uint8)
    ink[0, :, 30:60] = 255  # cyan
    ink[3, :, 60:] = 255  # black
    facts, pixels = read_plain(written(tmp_path / "a.tif", ink, photometric="CMYK"), tmp_path)
    assert codes(facts.notes) == {"raster-note-cmyk"}
    assert [tuple(pixels[40, x]) for x in (10, 40, 80)] == [
        (255, 255, 255),
        (0, 255, 255),
        (0, 0, 0),
    ]


def test_a_16_bit_scan_keeps_its_contrast_and_says_so(tmp_path: Path) -> None:
    deep = np.linspace(0, 4_095, 80 * 90).reshape(1, 80, 90).astype(np.uint16)
    facts, pixels = read_plain(written(tmp_path / "a.tif", deep), tmp_path)
    (note,) = facts.notes
    assert (note.code, note.context["bits"]) == ("raster-note-depth", 12)
    assert (pixels.min(), pixels.max()) == (0, 255)


def test_a_two_tone_scan_is_black_on_white(tmp_path: Path) -> None:
    bits = (drawing(128, 100)[:, :, 0] < 100).astype(np.uint8)  # 1 = ink
    for photometric, ink in (("MINISWHITE", 0), ("MINISBLACK", 255)):
        path = written(
            tmp_path / f"{photometric}.tif", bits[None], nbits=1, photometric=photometric,
            compress="CCITTFAX4",
        )  # fmt: skip
        facts, pixels = read_plain(path, tmp_path)
        assert codes(facts.notes) == {"raster-note-two-tone"}
        assert set(pixels[bits == 1].tolist()[0]) == {ink}, photometric


def test_what_is_clear_stays_clear(tmp_path: Path) -> None:
    image = np.dstack((drawing(100, 80), np.full((80, 100), 255, dtype=np.uint8)))
    image[:, :20, 3] = 0
    (tmp_path / "a.png").write_bytes(png(image))
    facts, pixels = read_plain(tmp_path / "a.png", tmp_path)
    assert (facts.bands, codes(facts.notes)) == (4, {"raster-note-alpha"})
    assert tuple(pixels[5, 5]) == (255, 255, 255, 0)
    assert np.array_equal(pixels[:, 20:], image[:, 20:])


def test_a_pdf_page_is_drawn(tmp_path: Path) -> None:
    facts, pixels = read_plain(pdf_file(tmp_path / "a.pdf", 1), tmp_path)
    assert (facts.width, facts.height, facts.dpi) == (3_508, 2_479, 300.0)
    assert pixels.min() == 255
    assert codes(facts.notes) == {"raster-note-pdf-rendered"}


def test_a_pdf_of_300_pages_asks_for_the_page(tmp_path: Path) -> None:
    path = pdf_file(tmp_path / "a.pdf", 300)
    with pytest.raises(RasterPageToChoose) as refused:
        inspect_raster(path, name="a.pdf", scratch=tmp_path, limits=LIMITS)
    assert refused.value.context == {"pages": 300}
    facts = inspect_raster(path, name="a.pdf", scratch=tmp_path, limits=LIMITS, page=299)
    assert (facts.page, facts.pages) == (299, 300)
    with pytest.raises(RasterPageMissing):
        inspect_raster(path, name="a.pdf", scratch=tmp_path, limits=LIMITS, page=301)


def test_a_very_large_page_is_drawn_more_coarsely(tmp_path: Path) -> None:
    facts = inspect_raster(
        pdf_file(tmp_path / "a.pdf", 1, (14_000, 14_000)), name="a", scratch=tmp_path, limits=LIMITS
    )
    assert facts.dpi is not None
    assert facts.dpi < 300
    assert facts.pixels <= LIMITS.pdf_pixels * 1.01


def test_heights_come_with_their_gaps_and_their_place(tmp_path: Path) -> None:
    heights = np.arange(80 * 90, dtype=np.float32).reshape(1, 80, 90)
    heights[0, 0, :5] = -9_999
    path = written(
        tmp_path / "dem.tif", heights, nodata=-9_999, crs="EPSG:9211",
        transform=Affine(10, 0, 600_000, 0, -10, 2_300_000),
    )  # fmt: skip
    facts, pixels = read_plain(path, tmp_path, kind=NUMBERS)
    assert facts.place is not None
    assert facts.place.transform == (600_000, 10, 0, 2_300_000, 0, -10)
    assert facts.place.epsg == 9211
    assert np.isnan(pixels[0, :5]).all()
    assert pixels[1, 3, 0] == 93


REFUSED: dict[str, tuple[bytes, type[FileRefused]]] = {
    "nothing": (b"", FileEmpty),
    "a text": (b"hello, this is no picture", RasterTypeUnknown),
    "a vrt": (
        b"<VRTDataset rasterXSize='9'><SourceFilename>/etc/passwd</SourceFilename>",
        RasterTypeUnknown,
    ),
    "an svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", RasterTypeUnknown),
    "one pixel": (png(np.zeros((1, 1, 3), dtype=np.uint8)), RasterTooSmall),
    "a line of pixels": (png(np.zeros((1, 900, 3), dtype=np.uint8)), RasterTooSmall),
    "40 gigapixels of TIFF": (tiff_header(200_000, 200_000), RasterTooLarge),
    "40 gigapixels of PNG": (png_header(200_000, 200_000), RasterTooLarge),
    "4 gigapixels": (png_header(65_000, 65_000), RasterTooLarge),
    "a bomb": (png_header(30_000, 30_000), RasterSwells),
    "a TIFF of a header": (b"II*\0\x08\0\0\0", RasterDamaged),
    "a TIFF without data": (tiff_header(2_000, 2_000), RasterDamaged),
    "a JPEG of a mark": (b"\xff\xd8\xff\xe0" + bytes(200), RasterDamaged),
    "a PDF of a mark": (b"%PDF-1.7\n" + bytes(200), RasterDamaged),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_at_once(tmp_path: Path, name: str) -> None:
    content, refusal = REFUSED[name]
    path = tmp_path / "given"
    path.write_bytes(content)
    with pytest.raises(refusal):
        facts = inspect_raster(path, name="given", scratch=tmp_path, limits=LIMITS)
        decode_raster(path, facts, tmp_path / "out", scratch=tmp_path, limits=LIMITS)
    assert [each.name for each in tmp_path.iterdir()] == ["given"]


def test_a_cut_off_picture_is_damaged(tmp_path: Path) -> None:
    whole = picture_file(tmp_path / "a.png", 900, 700).read_bytes()
    jpeg = written(tmp_path / "a.jpg", np.moveaxis(drawing(900, 700), 2, 0), "JPEG").read_bytes()
    tiff = written(tmp_path / "a.tif", np.moveaxis(drawing(900, 700), 2, 0)).read_bytes()
    flipped = whole[: len(whole) // 2] + bytes(64) + whole[len(whole) // 2 + 64 :]
    for name, content in {
        "png": whole[: len(whole) // 2],
        "jpeg": jpeg[: len(jpeg) // 2],
        "tiff": tiff[: len(tiff) // 2],
        "flipped": flipped,
    }.items():
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(RasterDamaged):
            read_plain(path, tmp_path)
        assert not (tmp_path / "plain").exists(), name


def test_numbers_are_no_picture_and_a_picture_is_no_heights(tmp_path: Path) -> None:
    heights = written(tmp_path / "dem.tif", np.zeros((1, 80, 80), dtype=np.float32))
    colours = written(tmp_path / "rgb.tif", np.zeros((3, 80, 80), dtype=np.uint8))
    with pytest.raises(RasterNotAPicture):
        inspect_raster(heights, name="dem.tif", scratch=tmp_path, limits=LIMITS)
    with pytest.raises(RasterNotElevation):
        inspect_raster(colours, name="rgb.tif", scratch=tmp_path, limits=LIMITS, kind=NUMBERS)


def test_a_file_larger_than_allowed_is_not_even_opened(tmp_path: Path) -> None:
    path = picture_file(tmp_path / "a.png")
    with pytest.raises(FileTooLarge):
        inspect_raster(path, name="a.png", scratch=tmp_path, limits=RasterLimits(file_bytes=100))


def test_a_reader_that_wants_too_much_memory_is_stopped(tmp_path: Path) -> None:
    path = picture_file(tmp_path / "a.png", 4_000, 4_000)
    with pytest.raises((ReadingTookTooMuch, FileRefused)):
        inspect_raster(
            path, name="a.png", scratch=tmp_path, limits=RasterLimits(memory_bytes=150 << 20)
        )
    assert [each.name for each in tmp_path.iterdir()] == ["a.png"]


def test_a_cmyk_jpeg_becomes_light_and_says_so(tmp_path: Path) -> None:
    ink = np.full((4, 80, 90), 255, dtype=np.uint8)
    path = written(tmp_path / "a.jpg", ink, "JPEG", quality=95)
    facts, pixels = read_plain(path, tmp_path)
    assert facts.bands == 3
    assert codes(facts.notes) == {"raster-note-cmyk"}
    assert len(np.unique(pixels)) == 1
