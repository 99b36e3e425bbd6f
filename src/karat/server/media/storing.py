"""Where media lie in the blob store: by workspace and hash, so that equal content of two tenants never meets."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from karat.model.problem import Problem, Refused
from karat.ports.blobs import Blobs
from karat.server.media.studio import Studio

T = TypeVar("T")

LAYER = "layer"
SIZES = {"thumb": 320, "preview": 1280, "screen": None}
"""Names of small versions, and their longer side in pixels. `screen` has all pixels, in a form that every browser can show."""
TYPES = {"thumb": "image/webp", "preview": "image/webp", "screen": "image/png"}


def key_of(workspace: int, sha256: str) -> str:
    """The key of a file of a workspace."""
    return f"media/{workspace}/{sha256[:2]}/{sha256}"


def small_key(workspace: int, sha256: str, size: str) -> str:
    """The key of a small version of it; `size` may name a page, as `page_size` does."""
    return f"small/{workspace}/{sha256[:2]}/{sha256}-{size}"


def store(blobs: Blobs, workspace: int, sha256: str, path: Path, *, move: bool) -> None:
    """Keep a file; what is there already is left alone, since equal hashes are equal content."""
    key = key_of(workspace, sha256)
    if blobs.size(key) is None:
        blobs.put_file(key, path, move=move)
    elif move:
        path.unlink(missing_ok=True)


def small_version(studio: Studio, blobs: Blobs, workspace: int, sha256: str, size: str) -> str:
    """The key of a small version of a picture (`TYPES`), made when it is first asked for and kept. Call it in a thread.

    `size` is a name of `SIZES`. `Refused` (422) where the picture cannot be decoded, `BlobMissingError` where there is none.
    """
    return small_of(studio, blobs, key_of(workspace, sha256), workspace, sha256, size)


def small_of(
    studio: Studio, blobs: Blobs, key: str, workspace: int, sha256: str, size: str, *, page: int | None = None
) -> str:
    """The same for content under another key, such as a copy of what lies elsewhere, or for a page of a document."""
    small = small_key(workspace, sha256, size if page is None else page_size(page, size))
    if blobs.size(small) is not None:
        return small
    made = _with_file(blobs, key, lambda path: studio.shrink(path, SIZES[size], page=page))
    if isinstance(made, Problem):
        raise Refused([made], title="No small version of this picture can be made")
    blobs.put(small, made.data)
    return small


def page_size(page: int, size: str) -> str:
    """The name of a small version of a page."""
    return f"pages/{page}-{size}"


def forget_small(blobs: Blobs, workspace: int, sha256: str) -> None:
    """Remove everything that was made of a file."""
    for size in (*SIZES, LAYER):
        blobs.delete(small_key(workspace, sha256, size))
    for stored in list(blobs.list(small_key(workspace, sha256, "pages/"))):
        blobs.delete(stored.key)


def layer_of(studio: Studio, blobs: Blobs, key: str, workspace: int, sha256: str) -> str:
    """The key of the text and the words of a document that was not imported, made when first asked for. Call it in a thread.

    `Refused` (422) where it is no document that can be read.
    """
    small = small_key(workspace, sha256, LAYER)
    if blobs.size(small) is not None:
        return small
    looked = _with_file(blobs, key, studio.look_at)
    if not isinstance(looked, Problem) and not looked.layer:
        looked = Problem("", looked.media_type, "a PDF", "Give the address of a PDF.")
    if isinstance(looked, Problem):
        raise Refused([looked], title="The text of this document cannot be read")
    blobs.put(small, looked.layer)
    return small


def _with_file(blobs: Blobs, key: str, ask: Callable[[Path], T]) -> T:
    """What is said of an object as a file of this machine."""
    local = blobs.local(key)
    if local is not None:
        return ask(local)
    with tempfile.NamedTemporaryFile(prefix="karat-") as copy:
        for piece in blobs.read(key):
            copy.write(piece)
        copy.flush()
        return ask(Path(copy.name))
