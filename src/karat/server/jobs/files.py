"""The files that a job made: in the blob store, so that every machine can serve them, with a list of what they are."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import msgspec

from karat.ports.blobs import CHUNK, BlobMissingError, Blobs
from karat.server.jobs.schemas import JobFile

LIST = "files.json"
_decoder = msgspec.json.Decoder(list[JobFile])


def key_of(job: str, name: str) -> str:
    """Where a file of a job lies."""
    return f"jobs/{job}/files/{name}"


def save(blobs: Blobs, job: str, name: str, path: Path, *, sha256: str | None = None) -> JobFile:
    """Move a file into the store."""
    digest = sha256 or sha256_of(path)
    size = path.stat().st_size
    blobs.put_file(key_of(job, name), path, move=True)
    return JobFile(name, size, digest)


def write_list(blobs: Blobs, job: str, saved: Iterable[JobFile]) -> None:
    """Write down which files there are, once all of them are in the store."""
    blobs.put(f"jobs/{job}/{LIST}", msgspec.json.encode(sorted(saved, key=lambda file: file.name)))


def files_of(blobs: Blobs, job: str) -> list[JobFile]:
    """The files of a job; none where it has not finished them."""
    try:
        return _decoder.decode(b"".join(blobs.read(f"jobs/{job}/{LIST}")))
    except BlobMissingError:
        return []


def remove(blobs: Blobs, job: str) -> None:
    """Delete everything that a job left in the store."""
    for stored in list(blobs.list(f"jobs/{job}/")):
        blobs.delete(stored.key)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while data := file.read(CHUNK):
            digest.update(data)
    return digest.hexdigest()
