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


@pytest.mark.parametrize(("format", "type_"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("GIF", "image/gif"), ("WEBP", "image/webp"), ("BMP", "image/bmp"), ("TIFF", "image/tiff")])
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
