"""The elements of an XML file one after the other, however large it is, without document types and entities."""

from collections.abc import Iterator
from typing import BinaryIO
from xml.etree.ElementTree import Element
from xml.parsers import expat

from karat.formats.sources import READ_ERRORS
from karat.model.problem import Problem, shown

BLOCK = 1 << 16
DEEPEST = 100


class Strange(ValueError):  # noqa: N818 - it says what a file has that is not read
    """A document type, an entity, or elements too deep in one another."""


def parts(file: BinaryIO, wanted: frozenset[str]) -> Iterator[tuple[Element, int] | tuple[Problem, int]]:
    """Each element of these names with its line, whole; a problem with its line where the file breaks off, as the last.

    What is in no such element is passed over. Memory is that of one element.
    """
    builder = _Builder(wanted)
    parser = expat.ParserCreate()
    builder.parser = parser
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    try:
        while block := file.read(BLOCK):
            parser.Parse(block, False)
            yield from builder.taken()
        parser.Parse(b"", True)
    except (expat.ExpatError, Strange, UnicodeError, *READ_ERRORS) as error:
        yield from builder.taken()
        yield Problem("", shown(str(error)), "XML", "Export the file again."), parser.CurrentLineNumber
        return
    yield from builder.taken()


class _Builder:
    def __init__(self, wanted: frozenset[str]) -> None:
        self.wanted = wanted
        self.parser: expat.XMLParserType | None = None
        self.open: list[Element] = []
        self.depth = 0
        self.line = 0
        self.done: list[tuple[Element, int]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise Strange(f"elements deeper than {DEEPEST}")
        if not self.open and tag not in self.wanted:
            return
        element = Element(tag, attributes)
        if self.open:
            self.open[-1].append(element)
        else:
            self.line = self.parser.CurrentLineNumber if self.parser else 0
        self.open.append(element)

    def text(self, data: str) -> None:
        if not self.open:
            return
        at = self.open[-1]
        if len(at):
            at[-1].tail = (at[-1].tail or "") + data
        else:
            at.text = (at.text or "") + data

    def end(self, _tag: str) -> None:
        self.depth -= 1
        if self.open:
            element = self.open.pop()
            if not self.open:
                self.done.append((element, self.line))

    def taken(self) -> list[tuple[Element, int]]:
        done, self.done = self.done, []
        return done


def _refuse(*_given: object) -> None:
    raise Strange("a document type or an entity, which are not read")
