"""Page images with the words that were read on them, as one file: an uncompressed archive, the same bytes for the same pages."""

import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
from PIL import Image

from karat.model.pages import Placed, Sheet
from karat.server.media.answers import Bad, BadError
from karat.server.media.pdf import MOST_CHARACTERS, MOST_PAGES
from karat.server.media.pictures import FORMATS, in_eight_bits, too_large, upright_of, upright_size
from karat.server.media.sniff import PAGES

LIST = "pages.json"
LARGEST_LIST = 64 << 20
EARLIEST = (1980, 1, 1, 0, 0, 0)
EXTRACTOR = "given 1"
MEND = "Import the page images again, with their words."


class BundledPage(msgspec.Struct, frozen=True, omit_defaults=True):
    """One page image of a bundle."""

    words: tuple[Placed, ...] = ()


_PAGES = msgspec.json.Decoder(tuple[BundledPage, ...])


def write_bundle(target: Path, pages: Sequence[tuple[Path, Sequence[Placed]]]) -> None:
    """Page images and their words as one file."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype", EARLIEST), PAGES)  # first, so that the file is known by it
        listed = [BundledPage(tuple(words)) for _, words in pages]
        archive.writestr(zipfile.ZipInfo(LIST, EARLIEST), msgspec.json.encode(listed))
        for number, (path, _) in enumerate(pages, 1):
            with path.open("rb") as image, archive.open(zipfile.ZipInfo(str(number), EARLIEST), "w") as entry:
                while data := image.read(1 << 20):
                    entry.write(data)


@contextmanager
def opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, tuple[BundledPage, ...]]]:
    """A bundle; raises `BadError` for one that is not as `write_bundle` makes it."""
    try:
        with zipfile.ZipFile(path) as archive:
            listed = archive.getinfo(LIST)
            if any(entry.compress_type != zipfile.ZIP_STORED for entry in archive.infolist()):
                raise BadError(Bad("an archive with compressed files", "a bundle of pages", MEND))
            if listed.file_size > LARGEST_LIST:
                raise BadError(Bad(f"{listed.file_size} bytes of words", f"at most {LARGEST_LIST}", MEND))
            pages = _PAGES.decode(archive.read(listed))
            if not 0 < len(pages) <= MOST_PAGES:
                raise BadError(Bad(f"{len(pages)} pages", f"1 to {MOST_PAGES} pages", "Split the document."))
            yield archive, pages
    except (zipfile.BadZipFile, KeyError, msgspec.MsgspecError, RuntimeError, NotImplementedError) as error:
        raise BadError(Bad(f"pages that cannot be read ({error})"[:300], "a bundle of pages", MEND)) from None


def sheets(archive: zipfile.ZipFile, pages: Sequence[BundledPage], max_pixels: int) -> Iterator[Sheet]:
    """The pages in pixels of their upright images, and their words; raises `BadError`."""
    characters = 0
    for number, page in enumerate(pages, 1):
        characters += sum(len(word.text) for word in page.words)
        if characters > MOST_CHARACTERS:
            raise BadError(Bad(f"more than {MOST_CHARACTERS} characters", "a shorter text", "Split the document."))
        with archive.open(str(number)) as file, Image.open(file, formats=FORMATS) as image:
            if problem := too_large(image, max_pixels):
                raise BadError(problem)
            width, height = upright_size(image)
        yield width, height, page.words


def picture(archive: zipfile.ZipFile, number: int, edge: int, max_pixels: int) -> Image.Image:
    """A page, from 0, upright, whose longer side is at most `edge` pixels."""
    with archive.open(str(number + 1)) as file, Image.open(file, formats=FORMATS) as image:
        if problem := too_large(image, max_pixels):
            raise BadError(problem)
        image.draft("RGB", (edge, edge))
        shown = in_eight_bits(upright_of(image)).convert("RGB")
    shown.thumbnail((edge, edge))
    return shown
