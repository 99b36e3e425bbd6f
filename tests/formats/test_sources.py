"""Files come from folders, archives and uploads, and never from outside them."""

import hashlib
import stat
import zipfile
from io import BytesIO

import pytest

from karat.formats.sinks import FolderSink
from karat.formats.sources import FileSource, FolderSource, open_source, open_zip
from karat.model.problem import Refused


def archive(*entries: tuple[str, bytes]) -> BytesIO:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries:
            made.writestr(name, content)
    file.seek(0)
    return file


def test_a_folder_gives_its_files_in_order_without_hidden_ones_and_links(tmp_path):
    (tmp_path / "b").mkdir()
    for name in ("b/2.txt", "b.txt", "a.txt", ".secret", "b/.DS_Store"):
        (tmp_path / name).write_text("x")
    (tmp_path / "link.txt").symlink_to("/etc/passwd")

    assert list(FolderSource(tmp_path).names()) == ["a.txt", "b/2.txt", "b.txt"]
    assert not FolderSource(tmp_path).has("link.txt")


@pytest.mark.parametrize("name", ["../a.txt", "/etc/passwd", "b/../../a.txt", "a\x00", "C:/a", "b\\a"])
def test_a_name_that_leads_outside_does_not_exist(name, tmp_path):
    source = FolderSource(tmp_path)

    with pytest.raises(FileNotFoundError):
        source.open(name)


def test_an_archive_is_read_in_place():
    source = open_zip(archive(("b/2.txt", b"two"), ("a.txt", b"one"), ("__MACOSX/x", b"")))

    assert list(source.names()) == ["a.txt", "b/2.txt"]
    with source.open("b/2.txt") as file:
        assert file.read() == b"two"
    assert source.size("a.txt") == 3


@pytest.mark.parametrize("name", ["../a.txt", "/a.txt", "a/../../b", "C:/a.txt"])
def test_an_archive_with_a_path_that_leads_outside_is_refused(name):
    with pytest.raises(Refused, match="relative path"):
        open_zip(archive((name, b"x")))


def test_an_archive_with_a_link_is_refused():
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        link = zipfile.ZipInfo("link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(link, "/etc/passwd")

    with pytest.raises(Refused, match="link"):
        open_zip(file)


def test_a_bomb_is_refused_by_its_ratio():
    with pytest.raises(Refused, match="200 times"):
        open_zip(archive(("zeros", b"\x00" * (65 << 20))))


def test_too_many_files_and_too_many_bytes_are_refused():
    with pytest.raises(Refused, match="at most 1"):
        open_zip(archive(("a", b"x"), ("b", b"x")), max_files=1)
    with pytest.raises(Refused, match="at most 3"):
        open_zip(archive(("a", b"xxxx")), max_bytes=3)


def test_what_is_no_archive_is_refused(tmp_path):
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 cut")

    with pytest.raises(Refused, match="ZIP archive"):
        open_source(tmp_path / "a.zip")


def test_a_single_file_is_a_source_of_one(tmp_path):
    (tmp_path / "a.csv").write_text("x")

    assert list(open_source(tmp_path / "a.csv").names()) == ["a.csv"]
    with FileSource({"given/name.csv": tmp_path / "a.csv"}).open("given/name.csv") as file:
        assert file.read() == b"x"


def test_a_file_appears_only_when_it_is_whole(tmp_path):
    sink = FolderSink(tmp_path)
    with pytest.raises(RuntimeError), sink.open("a.txt") as file:
        file.write(b"half")
        raise RuntimeError

    assert list(tmp_path.iterdir()) == []
    with sink.open("b/a.txt") as file:
        file.write(b"whole")
    [written] = sink.written()
    assert (written.name, written.size, written.sha256) == ("b/a.txt", 5, hashlib.sha256(b"whole").hexdigest())
