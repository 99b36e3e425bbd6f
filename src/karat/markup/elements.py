"""What the elements of HTML mean for reading: which begin lines, which style words, which one ends another."""

from karat.markup.styled import Style

INLINE: dict[str, Style] = {
    "a": "link", "b": "strong", "cite": "emphasis", "code": "code", "del": "strike", "dfn": "emphasis", "em": "emphasis",
    "i": "emphasis", "ins": "underline", "kbd": "code", "mark": "mark", "s": "strike", "samp": "code", "strike": "strike",
    "strong": "strong", "sub": "sub", "sup": "sup", "tt": "code", "u": "underline", "var": "emphasis",
}  # fmt: skip
HEADINGS = {f"h{level}": level for level in range(1, 7)}
LISTS = frozenset(("ol", "ul", "menu", "dir"))
CELLS = frozenset(("td", "th"))
TABLES = frozenset(("table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption"))
LINES = frozenset(
    ["address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup", "html", "legend", "li", "listing", "main", "nav", "optgroup", "option", "p", "plaintext", "pre", "search", "section", "select", "summary", "textarea", "xmp"]
).union(HEADINGS, LISTS, TABLES)  # fmt: skip
"""Elements that begin and end lines of their own."""
KEPT = frozenset(("pre", "listing", "plaintext", "xmp", "textarea"))
"""Elements that keep their spaces and line ends."""
VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
)
UNREAD = frozenset(
    [
        "script",
        "style",
        "title",
        "template",
        "iframe",
        "noembed",
        "noframes",
        "noscript",
        "object",
        "applet",
        "audio",
        "video",
        "canvas",
    ]
)
"""Elements whose content nobody reads on a page."""

_PARAGRAPHS = frozenset(("p", *HEADINGS))
_ENDED: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    **dict.fromkeys(_PARAGRAPHS, (_PARAGRAPHS, LINES - _PARAGRAPHS)),
    "li": (frozenset(("li",)), LISTS | TABLES),
    **dict.fromkeys(("dt", "dd"), (frozenset(("dt", "dd")), frozenset(("dl", "table")))),
    **dict.fromkeys(CELLS, (CELLS, frozenset(("tr", "table")))),
    "tr": (frozenset(("tr",)), frozenset(("table",))),
    "option": (frozenset(("option",)), frozenset(("select",))),
}


def ended_by(name: str) -> tuple[frozenset[str], frozenset[str]]:
    """The elements of which one that is still open ends where this one begins, and those beyond which none is looked for.

    >>> sorted(ended_by("li")[0])
    ['li']
    """
    return _ENDED.get(name, (frozenset(), LINES))
