"""Where media lie in the blob store: by workspace and hash, so that equal content of two tenants never meets."""

from pathlib import Path

from karat.ports.blobs import Blobs


def key_of(workspace: str, sha256: str) -> str:
    """The key of a file of a workspace."""
    return f"media/{workspace}/{sha256[:2]}/{sha256}"


def store(blobs: Blobs, workspace: str, sha256: str, path: Path, *, move: bool) -> None:
    """Keep a file; what is there already is left alone, since equal hashes are equal content."""
    key = key_of(workspace, sha256)
    if blobs.size(key) is None:
        blobs.put_file(key, path, move=move)
    elif move:
        path.unlink(missing_ok=True)
