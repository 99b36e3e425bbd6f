"""Markup in, plain text with styles out: what Markdown and HTML say, never what they would do."""

from karat.markup.html import read_html
from karat.markup.markdown import read_markdown
from karat.markup.styled import LONGEST, Mark, Style, Styled

__all__ = ["LONGEST", "Mark", "Style", "Styled", "read_html", "read_markdown"]
