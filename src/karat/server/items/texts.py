"""Texts as SQL compares them: by pattern, by prefix, and by what of them it can compare at all."""

from karat.server.search.index import searched


def as_text(value: object) -> str:
    """A value of metadata or an answer as the index holds it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return searched(str(value))


def escaped(text: str) -> str:
    """A text inside a LIKE pattern, which escapes with a backslash."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def starting_with(text: str) -> tuple[str, str | None]:
    """The range of texts that start so: from the text itself up to, and without, its next neighbour in code points."""
    head = text.rstrip("\U0010ffff")
    if not head:
        return text, None
    after = ord(head[-1]) + 1
    # Surrogates are no characters of a text: what follows U+D7FF is U+E000.
    return text, head[:-1] + chr(0xE000 if after == 0xD800 else after)


def comparable(text: str) -> str:
    """The longest part of a text by which SQL can narrow down what is then compared in lower case.

    LIKE knows the case of ASCII letters only, and in the stored JSON quotes, backslashes and control characters are
    written otherwise.
    """
    parts: list[str] = [""]
    for character in text:
        is_plain = character not in '"\\' and ord(character) >= 32 and ord(character) != 127
        if is_plain and (character.isascii() or character.lower() == character.upper()):
            parts[-1] += character
        else:
            parts.append("")
    return max(parts, key=len)
