"""HTML as plain text with styles: read by the tokeniser of Python's own library, never run, fetched or shown as HTML.

Only words come out, and styles of a closed list, so that nothing of the page can act in a browser. No tree is built:
deep nesting, tags without ends and formatting that is opened anew for each paragraph cost no more than their length.
"""

import re
from html.parser import HTMLParser

from karat.markup.building import Builder
from karat.markup.elements import UNREAD
from karat.markup.styled import Styled

PIECE = 1 << 16
"""Characters that are tokenised at once."""
LONGEST_TAG = 1 << 14
"""Longer tags lose what they say of themselves, such as a picture that stands in its own address."""

_LONG = re.compile(rf"(<[A-Za-z][A-Za-z0-9]*)\s[^<>]{{{LONGEST_TAG},}}>")
_BEGINS_TAG = re.compile(r"</?[A-Za-z]")


def read_html(source: str) -> Styled:
    """The words of a page or of a part of one; lists, tables and headings are lines."""
    builder = Builder()
    reader = HtmlReader(builder)
    reader.take(source)
    return builder.styled()


class HtmlReader(HTMLParser):
    """Tells a builder of tags and words; what nobody would read on the page is left out."""

    def __init__(self, builder: Builder) -> None:
        super().__init__(convert_charrefs=True)
        self._builder = builder
        self._unread: list[str] = []

    def take(self, source: str) -> None:
        """Reads it whole. A tag or a comment that never ends is left out, as browsers leave it out."""
        short = _LONG.sub(r"\1>", source) if len(source) > LONGEST_TAG else source
        for at in range(0, len(short), PIECE):
            self.feed(short[at : at + PIECE])
            # What is left of a piece is read anew with the next: a tag without an end would grow for ever.
            if len(self.rawdata) > LONGEST_TAG and _BEGINS_TAG.match(self.rawdata):
                self.rawdata = ""
        # `close` would look for the end of each unfinished tag anew: with many of them, that takes the square of their number.
        rest, self.rawdata = self.rawdata, ""
        if rest and not rest.startswith("<"):
            self.handle_data(rest)

    def forget(self) -> None:
        """What nobody reads ends here, whether its end came or not."""
        self._unread.clear()
        self.clear_cdata_mode()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag begins."""
        if tag in UNREAD:
            self._unread.append(tag)
        elif not self._unread:
            if tag == "img":
                self._builder.image(dict(attrs).get("alt") or "")
            else:
                self._builder.open(tag, first=_first(attrs) if tag == "ol" else None)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """`<p/>` begins a paragraph in HTML: the stroke means nothing."""
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """A tag ends."""
        if self._unread:
            if tag == self._unread[-1]:
                self._unread.pop()
        else:
            self._builder.close(tag)

    def handle_data(self, data: str) -> None:
        """Words."""
        if not self._unread:
            self._builder.words(data.replace("\x00", "\ufffd"))


def _first(attrs: list[tuple[str, str | None]]) -> int:
    given = (dict(attrs).get("start") or "1").strip()
    return int(given) if given.isascii() and given.isdigit() and len(given) < 7 else 1
