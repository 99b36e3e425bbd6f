"""Markdown as plain text with styles: CommonMark with tables and strikethrough, as markdown-it reads it; HTML in it as HTML."""

from typing import TYPE_CHECKING

from karat.markup.building import Builder
from karat.markup.html import HtmlReader
from karat.markup.styled import Styled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

EFFORT = 3_000_000_000
"""The squares of the paragraphs' lengths, summed up: finding the signs of one can take so long. Beyond, they stay as written."""
DEEPEST_NESTING = 20


def read_markdown(source: str) -> Styled:
    """The words of a text in Markdown, without its signs."""
    reader = _reader()
    tokens: list[Token] = []
    environment: dict[str, object] = {}
    reader.block.parse(_clean(source), reader, environment, tokens)
    builder = Builder()
    html = HtmlReader(builder)
    effort = 0
    for token in tokens:
        html.forget()
        if token.type != "inline":
            _tell(token, builder, html)
        elif (effort := effort + len(token.content) ** 2) > EFFORT:
            builder.words(token.content)
        else:
            found: list[Token] = []
            reader.inline.parse(token.content, reader, environment, found)
            for inner in found:
                _tell(inner, builder, html)
    return builder.styled()


def _reader() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # takes a while to load, and most texts have no styles

    made = MarkdownIt("commonmark", {"maxNesting": DEEPEST_NESTING, "html": True})
    return made.enable(["table", "strikethrough"])


def _clean(source: str) -> str:
    return source.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "\ufffd")


def _tell(token: "Token", builder: Builder, html: HtmlReader) -> None:
    if token.hidden:
        return None
    match token.type:
        case "text" | "text_special":
            return html.handle_data(token.content)
        case "softbreak":
            return builder.words(" ")
        case "code_inline":
            return _within("code", token.content, builder)
        case "fence" | "code_block":
            return _within("pre", token.content.removesuffix("\n"), builder)
        case "html_inline" | "html_block":
            return html.take(token.content)
        case "image":
            return builder.image(_alt(token.children or ()))
    if token.nesting < 0:
        return builder.close(token.tag)
    return builder.open(token.tag, first=int(token.attrs.get("start", 1)) if token.tag == "ol" else None)


def _within(tag: str, content: str, builder: Builder) -> None:
    builder.open(tag)
    builder.words(content)
    builder.close(tag)


def _alt(tokens: "Sequence[Token]") -> str:
    return "".join(token.content if token.type != "image" else _alt(token.children or ()) for token in tokens)
