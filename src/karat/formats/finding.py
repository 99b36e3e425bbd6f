"""Which file of a source a name in a label file means."""

from pathlib import PurePosixPath

from karat.formats.base import Source
from karat.formats.columns import is_image
from karat.formats.sources import is_safe

BESIDE = ("", "images/", "../images/", "../", "data/")


class Finder:
    """Finds files by the names that label files give; the index by last part is made only when it is needed."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.by_last: dict[str, list[str]] | None = None

    def find(self, name: str, label_file: str) -> str | None:
        """The file that is meant: beside the label file, in the usual folders, else the only one with this last part."""
        folder = PurePosixPath(label_file).parent
        for beside in BESIDE:
            found = _tidy(str(folder / beside / name))
            if found is not None and self.source.has(found):
                return found
        if is_safe(name) and self.source.has(name):
            return name
        last = PurePosixPath(name.replace("\\", "/")).name
        candidates = self._index().get(last, [])
        best = max((_alike(candidate, name, label_file) for candidate in candidates), default=0)
        nearest = [c for c in candidates if _alike(c, name, label_file) == best]
        return nearest[0] if len(nearest) == 1 else None

    def _index(self) -> dict[str, list[str]]:
        if self.by_last is None:
            self.by_last = {}
            for name in self.source.names():
                if is_image(name):
                    self.by_last.setdefault(name.rsplit("/", 1)[-1], []).append(name)
        return self.by_last


def _alike(candidate: str, name: str, label_file: str) -> int:
    """How many parts the folders of a file share with its given name, and with the label file's words (`train`, `val`)."""
    words = {
        w for part in (name, label_file) for w in part.replace("\\", "/").replace(".", "/").replace("_", "/").split("/")
    }
    return sum(1 for part in PurePosixPath(candidate).parts[:-1] if part in words)


def _tidy(name: str) -> str | None:
    parts: list[str] = []
    for part in name.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    tidy = "/".join(parts)
    return tidy if is_safe(tidy) else None
