"""Documents on their way in: page images with their words as one file, and the text of a document as a file of its own."""

import hashlib
import uuid
from pathlib import Path

import msgspec
from msgspec.structs import replace

from karat.formats.base import Source
from karat.formats.sources import READ_ERRORS, is_safe
from karat.model import pages
from karat.model.page_images import decode as decode_pages
from karat.model.problem import Problem, shown
from karat.server.media.answers import Looked
from karat.server.media.bundles import write_bundle
from karat.server.transfers.chunks import MediaFile
from karat.server.transfers.spooling import Spooled, spool

LARGEST_LAYER = 256 << 20
LAYER_TYPE = "application/vnd.karat.words+json"


def bundle(given: str, source: Source, scratch: Path, path: str, problems: list[Problem]) -> Spooled | None:
    """The pages that `model.page_images` writes, as one file; None where an image of theirs cannot be had."""
    images: list[Spooled] = []
    target = scratch / f"spool-{uuid.uuid4().hex}"
    try:
        listed = decode_pages(given)
        for number, page in enumerate(listed):
            here = f"{path}.pages[{number}].image"
            if not is_safe(page.image) or not source.has(page.image):
                problems.append(
                    Problem(here, shown(page.image), "a file of this upload", "Upload the page images with the list.")
                )
                return None
            images.append(spool(source, page.image, scratch))
        write_bundle(target, [(image.path, page.words) for image, page in zip(images, listed, strict=True)])
    except READ_ERRORS as error:
        problems.append(Problem(path, shown(str(error)), "images that can be read to their end", "Copy them again."))
        target.unlink(missing_ok=True)
        return None
    finally:
        for image in images:
            image.drop()
    with target.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Spooled(target, target.stat().st_size, digest, spooled=True)


def keep_layer(looked: Looked, wanted: str | None, source: Source, scratch: Path) -> tuple[Looked, MediaFile]:
    """The text and the words of a document as a file, and what is known of the document by them.

    A lossless export brings those that were made at first: offsets in the text hold whatever version reads it now.
    """
    data = _exported(looked, wanted, source) or looked.layer
    digest = hashlib.sha256(data).hexdigest()
    target = scratch / f"spool-{uuid.uuid4().hex}"
    target.write_bytes(data)
    if data is not looked.layer:
        known = pages.facts_of(pages.decode(data), digest)
        facts = replace(looked.facts, length=known.length, layer=digest, extractor=known.extractor)
        looked = replace(looked, facts=facts, layer=data)
    return looked, MediaFile(digest, len(data), LAYER_TYPE, b"{}", str(target), True)


def _exported(looked: Looked, wanted: str | None, source: Source) -> bytes | None:
    """The layer that an export brings, if it is whole and of the same pages."""
    if wanted is None or wanted == looked.facts.layer or len(wanted) != 64 or not wanted.isalnum():
        return None
    name = f"media/{wanted}"
    if not source.has(name) or (source.size(name) or 0) > LARGEST_LAYER:
        return None
    try:
        with source.open(name) as file:
            data = file.read()
        sizes = pages.facts_of(pages.decode(data), wanted).pages
    except (msgspec.MsgspecError, UnicodeDecodeError, *READ_ERRORS):
        return None
    is_same = hashlib.sha256(data).hexdigest() == wanted and sizes == looked.facts.pages
    return data if is_same else None
