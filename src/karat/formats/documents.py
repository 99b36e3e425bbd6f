"""Folders of documents: PDF files, and page images with the words that were read on them in a file beside each."""

import re
from pathlib import PurePosixPath

from karat.formats.base import Format, Source
from karat.formats.columns import is_image
from karat.formats.folders import Loaded, proposing, reader
from karat.formats.lines import encoding_of
from karat.formats.sources import READ_ERRORS
from karat.model.dialogue import Unreadable
from karat.model.item import Ref, Stream
from karat.model.page_images import PageImage, encode, placed_words
from karat.model.pages import Placed
from karat.model.problem import Problem, shown
from karat.model.strings import plain_json

WHOLE = (".pdf",)
"""Files that are a document by themselves."""
BESIDE = ("", "box/", "boxes/", "words/", "ocr/", "gt/", "labels/", "annotations/")
ENDINGS = (".json", ".csv", ".txt")
CORNERS = re.compile(r"\s*((?:-?\d+(?:\.\d+)?\s*,\s*){4}(?:(?:-?\d+(?:\.\d+)?\s*,\s*){4})?)(.*)")
ILLEGIBLE = "###"
LARGEST_WORDS = 16 << 20


def reads(name: str, head: bytes) -> bool:
    """PDF by its ending, and files of words by their first line: `x1,y1,…,x4,y4,text`."""
    if name.lower().endswith(WHOLE):
        return True
    first = head.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0].decode("utf-8", "replace")
    found = CORNERS.fullmatch(first.rstrip("\r")) if name.lower().endswith((".csv", ".txt")) else None
    return found is not None and found[1].count(",") == 8


def is_document(name: str, _head: bytes) -> bool:
    """A PDF, or a page image."""
    return name.lower().endswith(WHOLE) or is_image(name)


def load_document(source: Source, name: str) -> Loaded:
    """A PDF by its name, or a page image with what a file of words says was read on it."""
    last = name.rsplit("/", 1)[-1]
    if name.lower().endswith(WHOLE):
        return Stream("document", Ref(uri=name), name=last)
    found = _words_file(source, name)
    words = () if found is None else _words(source, found)
    if isinstance(words, Problem):
        return words
    return Stream("document", Ref(inline=encode([PageImage(name, words)])), name=f"{last.rsplit('.', 1)[0]}.pages")


def _words_file(source: Source, name: str) -> str | None:
    """`a.json`, `a.csv` or `a.txt` (or `gt_a.txt`) beside `a.jpg`, in a folder beside it, or beside its folder."""
    path = PurePosixPath(name)
    folders = ["" if str(path.parent) == "." else f"{path.parent}/"]
    if folders[0]:
        above = str(path.parent.parent)
        folders.append("" if above == "." else f"{above}/")
    for folder in folders:
        for beside in BESIDE:
            for stem in (path.stem, f"gt_{path.stem}"):
                for ending in ENDINGS:
                    found = f"{folder}{beside}{stem}{ending}"
                    if source.has(found):
                        return found
    return None


def _words(source: Source, name: str) -> tuple[Placed, ...] | Problem:
    try:
        with source.open(name) as file:
            content = file.read(LARGEST_WORDS + 1)
        text = content.decode(encoding_of(content)).removeprefix("\ufeff")
    except (UnicodeDecodeError, *READ_ERRORS) as error:
        return Problem(name, shown(str(error)), "words in UTF-8, UTF-16 or cp1252", "Save the file as UTF-8.")
    if len(content) > LARGEST_WORDS:
        return Problem(name, f"more than {LARGEST_WORDS} bytes", "a smaller file", "Split the document.")
    try:
        return placed_words(plain_json(text.encode()) if name.endswith(".json") else _lines(text))
    except Unreadable as error:
        problem = error.problems[0]
        return Problem(f"{name}: {problem.path}", problem.got, problem.expected, problem.do)


def _lines(text: str) -> list[object]:
    """Lines of ICDAR and SROIE: two or four corners and a text. Those that nobody could read are left out."""
    found = (CORNERS.fullmatch(line) for line in text.splitlines())
    said = ((match[1], match[2].strip()) for match in found if match)
    return [
        {"text": text, "box": [float(n) for n in corners.rstrip(" ,").split(",")]}
        for corners, text in said
        if text and text != ILLEGIBLE
    ]


DOCUMENT_FOLDER = Format(
    name="document_folder",
    title="Folder of documents",
    about="PDF, and page images with their words",
    extensions=(".pdf",),
    media_type="application/pdf",
    reads=reads,
    read=reader("document", is_document, load_document),
    takes_mapping=True,
    propose=proposing("document", is_document),
)
