"""Where media lie in the blob store: by workspace and hash, so that equal content of two tenants never meets."""

import tempfile
from pathlib import Path

from karat.model.problem import Problem, Refused
from karat.ports.blobs import Blobs
from karat.server.media.studio import Studio

SIZES = {"thumb": 320, "preview": 1280, "screen": None}
"""Names of small versions, and their longer side in pixels. `screen` has all pixels, in a form that every browser can show."""
TYPES = {"thumb": "image/webp", "preview": "image/webp", "screen": "image/png"}


def key_of(workspace: int, sha256: str) -> str:
    """The key of a file of a workspace."""
    return f"media/{workspace}/{sha256[:2]}/{sha256}"


def small_key(workspace: int, sha256: str, size: str) -> str:
    """The key of a small version of it."""
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


def small_of(studio: Studio, blobs: Blobs, key: str, workspace: int, sha256: str, size: str) -> str:
    """The same for content under another key, such as a copy of what lies elsewhere."""
    small = small_key(workspace, sha256, size)
    if blobs.size(small) is not None:
        return small
    local = blobs.local(key)
    with tempfile.NamedTemporaryFile(prefix="karat-") as copy:
        if local is None:
            for piece in blobs.read(key):
                copy.write(piece)
            copy.flush()
        made = studio.shrink(local or Path(copy.name), SIZES[size])
    if isinstance(made, Problem):
        raise Refused([made], title="No small version of this picture can be made")
    blobs.put(small, made.data)
    return small
