"""How each set of the gallery is laid out for its import: a few files of it, and a table or list where Karat reads another one."""

from collections.abc import Callable
from pathlib import Path

Stage = Callable[[Path, Path], Path]
"""From the folder of a set, and an empty one, to what is imported."""


def whole(given: Path, into: Path) -> Path:
    return given


def part(name: str) -> Stage:
    return lambda given, into: given / name
