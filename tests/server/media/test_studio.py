"""Pictures looked into by a process with limits: whatever is in them, the server goes on."""

import io
import struct
import zlib

import pytest
from PIL import Image

from karat.model.problem import Problem
from karat.server.media.sniff import INLINE, media_type
from karat.server.media.studio import Studio


@pytest.fixture(scope="module")
def studio():
    with Studio(max_pixels=4_000_000, memory_mb=800, timeout_s=10) as found:
        yield found


def saved(path, format="JPEG", size=(60, 40), **more):
    Image.new("RGB", size, "teal").save(path, format, **more)
    return path


@pytest.mark.parametrize(
    ("format", "type_"),
    [
        ("JPEG", "image/jpeg"),
        ("PNG", "image/png"),
        ("GIF", "image/gif"),
        ("WEBP", "image/webp"),
        ("BMP", "image/bmp"),
        ("TIFF", "image/tiff"),
    ],
)
def test_a_picture_is_known_by_its_bytes_and_measured(studio, tmp_path, format, type_):
    found = studio.look_at(saved(tmp_path / "picture.txt", format))

    assert (found.media_type, found.facts.width, found.facts.height, found.facts.orientation) == (type_, 60, 40, 1)


def test_facts_are_of_the_picture_as_it_is_seen_after_its_orientation(studio, tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    found = studio.look_at(saved(tmp_path / "a.jpg", exif=exif))

    assert (found.facts.width, found.facts.height, found.facts.orientation) == (40, 60, 6)
    small = studio.shrink(tmp_path / "a.jpg", 30)
    assert Image.open(io.BytesIO(small.data)).size == (20, 30)


def test_a_bomb_is_refused_before_it_is_unpacked(studio, tmp_path):
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    data = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    data += struct.pack(">I", 0) + b"IEND" + struct.pack(">I", zlib.crc32(b"IEND"))
    path = tmp_path / "bomb.png"
    path.write_bytes(data)
    found = studio.look_at(path)

    assert isinstance(found, Problem)
    assert "60000 × 60000" in found.got
    assert isinstance(studio.shrink(path, 100), Problem)


def test_a_tiff_that_breaks_off_says_so_and_one_too_large_says_what_to_do(studio, tmp_path):
    path = saved(tmp_path / "a.tif", "TIFF", (600, 400), compression="tiff_deflate")
    path.write_bytes(path.read_bytes()[:300])
    large = saved(tmp_path / "b.tif", "TIFF", (2100, 2000), compression="tiff_deflate")

    broken, refused = studio.look_at(path), studio.look_at(large)

    assert (broken.got, broken.expected) == ("a TIFF that breaks off before it says its size", "a whole file")
    assert (refused.got, refused.do) == ("2100 × 2000 pixels", "Make the picture smaller, or cut it into several.")


def test_a_broken_picture_is_a_problem_and_the_next_one_is_read(studio, tmp_path):
    path = saved(tmp_path / "a.jpg")
    path.write_bytes(path.read_bytes()[:200])
    good = saved(tmp_path / "b.png", "PNG")

    assert isinstance(studio.shrink(path, 30), Problem)
    assert studio.look_at(good).facts.width == 60


def test_a_picture_that_kills_the_process_does_not_kill_the_server(studio, tmp_path):
    good = saved(tmp_path / "b.png", "PNG")
    studio.look_at(good)
    studio._worker.kill()
    first = studio.look_at(good)

    assert isinstance(first, Problem)
    assert studio.look_at(good).facts.width == 60


def test_a_picture_that_takes_too_long_is_given_up(tmp_path):
    with Studio(max_pixels=100, timeout_s=0.0) as slow:
        found = slow.look_at(saved(tmp_path / "a.jpg"))

    assert isinstance(found, Problem)
    assert "0 s" in found.got


@pytest.mark.parametrize(
    ("data", "type_"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', "image/svg+xml"),
        (b'<?xml version="1.0"?>\n<svg/>', "image/svg+xml"),
        (b"<!DOCTYPE html><p>", "text/html"),
        (b"  <script>alert(1)</script>", "text/html"),
        (b'<?xml version="1.0"?><a/>', "text/xml"),
        (b"%PDF-1.7", "application/pdf"),
        (b"\x00\x01\x02", "application/octet-stream"),
    ],
)
def test_what_could_run_in_a_browser_is_never_inline(data, type_):
    assert media_type(data) == type_
    assert type_ not in INLINE


def in_full(studio, path):
    made = studio.shrink(path, None)
    assert made.media_type == "image/png"
    return Image.open(io.BytesIO(made.data))


@pytest.mark.parametrize("format", ["TIFF", "PNG", "WEBP", "AVIF", "JPEG"])
@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_picture_is_shown_upright_whatever_its_format(studio, tmp_path, format, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = Image.new("RGB", (60, 40), "white")
    picture.paste("black", (0, 0, 60, 8))  # what is above when it is stored
    picture.save(tmp_path / "a", format, exif=exif)
    facts = studio.look_at(tmp_path / "a").facts
    shown = in_full(studio, tmp_path / "a")

    dark = {1: (30, 2), 3: (30, 37), 6: (37, 30), 8: (2, 30)}[orientation]
    assert shown.size == (facts.width, facts.height) == ((60, 40) if orientation in (1, 3) else (40, 60))
    assert shown.getpixel(dark)[0] < 60 < 200 < shown.getpixel((20, 20))[0]


@pytest.mark.parametrize("format", ["PNG", "TIFF"])
def test_greys_of_16_bits_are_spread_and_not_cut_off(studio, tmp_path, format):
    Image.frombytes("I;16", (2, 2), struct.pack("<4H", 1000, 2000, 3000, 5000)).save(tmp_path / "a", format)

    shown = in_full(studio, tmp_path / "a")

    assert [shown.getpixel(at)[0] for at in ((0, 0), (1, 0), (0, 1), (1, 1))] == [0, 63, 127, 255]


def test_floating_point_with_gaps_is_shown_from_its_least_to_its_most(studio, tmp_path):
    Image.frombytes("F", (3, 1), struct.pack("<3f", -1.0, float("nan"), 1.0)).save(tmp_path / "a", "TIFF")

    shown = in_full(studio, tmp_path / "a")

    assert [shown.getpixel((x, 0))[0] for x in range(3)] == [0, 0, 255]


@pytest.mark.parametrize("format", ["PNG", "TIFF", "WEBP", "AVIF"])
def test_what_is_transparent_stays_so(studio, tmp_path, format):
    Image.new("RGBA", (8, 8), (200, 10, 10, 0)).save(tmp_path / "a", format)

    assert in_full(studio, tmp_path / "a").getpixel((4, 4))[3] == 0
