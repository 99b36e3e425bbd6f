"""Where files are read from: a folder, one file, a ZIP archive with limits."""

import os
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from karat.model.problem import Problem, Refused, shown

HIDDEN = frozenset({"__MACOSX", "Thumbs.db", "desktop.ini"})
ASIDE = (
    "readme",
    "license",
    "licence",
    "source.md",
    "changelog",
    "manifest.json",
    "schema.json",
    "losses.json",
    "rejects.jsonl",
)
MAX_FILES = 2_000_000
MAX_BYTES = 1 << 40
MAX_RATIO = 200
"""A file that unpacks to more than this many times its size, and past `RATIO_FLOOR`, is a bomb."""
RATIO_FLOOR = 64 << 20


READ_ERRORS = (OSError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError)
"""What reading a source may raise when the medium or the archive is broken: the end of that file, not of the import."""


class FolderSource:
    """A folder and everything below it. Links are left out, since they may lead anywhere."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def names(self) -> Iterator[str]:
        """Files below the folder, without hidden ones, in the order of their parts."""
        yield from _walk(self.folder, "")

    def open(self, name: str) -> BinaryIO:
        """The file; a name that leads outside does not exist."""
        path = self._path(name)
        if path is None:
            raise FileNotFoundError(name)
        return path.open("rb")

    def size(self, name: str) -> int | None:
        """Bytes."""
        path = self._path(name)
        return None if path is None else path.stat().st_size

    def has(self, name: str) -> bool:
        """Whether there is such a file."""
        return self._path(name) is not None

    def _path(self, name: str) -> Path | None:
        if not is_safe(name):
            return None
        path = self.folder / name
        try:
            at = self.folder
            for part in PurePosixPath(name).parts:
                at = at / part
                if at.is_symlink():
                    return None
            return path if path.is_file() else None
        except (OSError, ValueError):
            return None


class FileSource:
    """Single files under names of our choice: one upload, or a handful."""

    def __init__(self, files: Path | Mapping[str, Path]) -> None:
        self.files = {files.name: files} if isinstance(files, Path) else dict(files)

    def names(self) -> Iterator[str]:
        """The names, in the order of their parts."""
        yield from sorted(self.files, key=lambda name: name.split("/"))

    def open(self, name: str) -> BinaryIO:
        """The file of that name."""
        if name not in self.files:
            raise FileNotFoundError(name)
        return self.files[name].open("rb")

    def size(self, name: str) -> int | None:
        """Bytes."""
        return self.files[name].stat().st_size if name in self.files else None

    def has(self, name: str) -> bool:
        """Whether there is such a file."""
        return name in self.files and self.files[name].is_file()


class ZipSource:
    """A ZIP archive, refused as a whole when its directory is unsafe: use `open_zip`."""

    def __init__(self, archive: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]) -> None:
        self.archive = archive
        self.members = members

    def names(self) -> Iterator[str]:
        """Files of the archive, in the order of their parts."""
        yield from sorted(self.members, key=lambda name: name.split("/"))

    def open(self, name: str) -> BinaryIO:
        """The file, unpacked as it is read and never past the size that the directory states."""
        if name not in self.members:
            raise FileNotFoundError(name)
        return cast(BinaryIO, self.archive.open(self.members[name]))  # ZipExtFile is a binary reader

    def size(self, name: str) -> int | None:
        """Bytes after unpacking, as the directory states; reading stops there."""
        return self.members[name].file_size if name in self.members else None

    def has(self, name: str) -> bool:
        """Whether there is such a file."""
        return name in self.members


def open_zip(file: Path | BinaryIO, *, max_files: int = MAX_FILES, max_bytes: int = MAX_BYTES) -> ZipSource:
    """A ZIP archive as a source; `Refused` with every reason if it is broken or unsafe."""
    try:
        archive = zipfile.ZipFile(file)
        infos = [info for info in archive.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Refused([Problem("", shown(str(error)), "a ZIP archive", "Pack the files again.")]) from error
    problems = list(_whole(infos, max_files, max_bytes))
    members: dict[str, zipfile.ZipInfo] = {}
    for info in infos[:max_files]:
        found = _unsafe(info, members)
        if found:
            problems.append(found)
        elif not is_hidden(info.filename):
            members[info.filename] = info
    if problems:
        archive.close()
        raise Refused(problems[:100], title="The archive was refused")
    return ZipSource(archive, members)


def open_source(path: Path) -> FolderSource | FileSource | ZipSource:
    """A path as a source: a folder, an archive or a file; `Refused` if there is nothing."""
    if path.is_dir():
        return FolderSource(path)
    if not path.is_file():
        raise Refused([Problem("", shown(str(path)), "a file or a folder", "Mend the path.")])
    return open_zip(path) if path.suffix.lower() == ".zip" else FileSource(path)


def is_safe(name: str) -> bool:
    """Whether a relative name stays inside its folder.

    >>> is_safe("a/b.jpg"), is_safe("../b"), is_safe("/b"), is_safe("C:/b")
    (True, False, False, False)
    """
    if not name or "\\" in name or "\x00" in name or name.startswith("/") or len(name) > 1024:
        return False
    if not name.isascii() and any("\ud800" <= c <= "\udfff" for c in name):
        return False  # not UTF-8 on disk: such a name cannot be stored or sent
    parts = name.split("/")
    return not any(part in ("", ".", "..") for part in parts) and not parts[0].endswith(":")


def is_hidden(name: str) -> bool:
    """Whether a file is the system's own business, such as `.DS_Store`."""
    return any(part.startswith(".") or part in HIDDEN for part in name.split("/"))


def is_aside(name: str) -> bool:
    """Whether a file is about the data and not the data."""
    return name.lower().rsplit("/", 1)[-1].startswith(ASIDE)


def _walk(folder: Path, prefix: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        found = sorted((e.name, e.is_dir(follow_symlinks=False), e.is_file(follow_symlinks=False)) for e in entries)
    for name, is_folder, is_file in found:
        if is_hidden(name) or not is_safe(name):
            continue
        if is_folder:
            yield from _walk(folder / name, f"{prefix}{name}/")
        elif is_file:
            yield prefix + name


def _whole(infos: list[zipfile.ZipInfo], max_files: int, max_bytes: int) -> Iterator[Problem]:
    total = sum(info.file_size for info in infos)
    if len(infos) > max_files:
        yield Problem("", f"{len(infos)} files", f"at most {max_files}", "Split the archive.")
    if total > max_bytes:
        yield Problem("", f"{total} bytes unpacked", f"at most {max_bytes}", "Split the archive.")


def _unsafe(info: zipfile.ZipInfo, seen: Mapping[str, zipfile.ZipInfo]) -> Problem | None:
    name = info.filename
    mode = info.external_attr >> 16
    if not is_safe(name):
        return Problem(name, shown(name), "a relative path without `..`", "Pack the files with plain relative paths.")
    if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return Problem(name, "a link or a device", "a file", "Pack the files themselves.")
    if info.flag_bits & 1:
        return Problem(name, "an encrypted file", "a file without a password", "Pack the files without a password.")
    if name in seen:
        return Problem(name, "the name twice", "one file of each name", "Pack the files again.")
    if info.file_size > RATIO_FLOOR and info.file_size > MAX_RATIO * max(info.compress_size, 1):
        return Problem(
            name,
            f"{info.file_size} bytes out of {info.compress_size}",
            f"at most {MAX_RATIO} times",
            "Send this file unpacked.",
        )
    return None
