"""Patterns that text must match: the part of RE2 that means the same in Python and in a browser."""

import re
from functools import lru_cache

import re2

MAX_PATTERN = 1000
MAX_MEMORY = 1 << 20
"""Bytes that RE2 may use for one pattern: a few thousand states, far more than a form's rule needs."""

SYNTAX = "^$\\.*+?()[]{}|/"
CLASSES = "dDwWsS"
CONTROLS = "nrtfv"

_ESCAPE = re.compile(r"\\(?:[" + re.escape(SYNTAX) + CLASSES + CONTROLS + r"bB]|[pP]\{[A-Z][a-z]?\})")
_IN_CLASS = re.compile(r"\\(?:[-" + re.escape(SYNTAX) + CLASSES + CONTROLS + r"]|[pP]\{[A-Z][a-z]?\})")
_REPEAT = re.compile(r"(?:[*+?]|\{\d+(?:,\d*)?\})\??")


def fault(pattern: str) -> str | None:
    """Why a pattern cannot be used; None where it can.

    Refused is what RE2 does not have (look-around, back references) and what a browser reads otherwise: inline flags,
    named groups, POSIX classes, `\\A`, `\\z`, one-letter `\\pL`, scripts, unescaped `]`, `{`, `}`.

    >>> fault("[A-Z]{2}-[0-9]+"), fault("(?=a)b")
    (None, 'a group opened by `(?=`')
    """
    if len(pattern) > MAX_PATTERN:
        return f"{len(pattern)} characters"
    wrong = _outside_subset(pattern)
    if wrong:
        return wrong
    try:
        compiled(pattern)
    except re2.error as error:
        reason = error.args[0]
        return reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
    return None


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> "re2._Regexp":
    """The pattern, ready to match; raises `re2.error`."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = MAX_MEMORY
    return re2.compile(pattern, options)


def matches(pattern: str, text: str) -> bool:
    """Whether the whole text matches, as an input's `pattern` does in a browser; linear in the text's length."""
    return compiled(pattern).fullmatch(text) is not None


def _outside_subset(pattern: str) -> str | None:
    at = 0
    repeatable = False
    while at < len(pattern):
        step = _token(pattern, at, repeatable=repeatable)
        if isinstance(step, str):
            return step
        at, repeatable = step
    return None


def _token(pattern: str, at: int, *, repeatable: bool) -> tuple[int, bool] | str:
    """Where the next token starts and whether this one may be repeated, or what is wrong with this one."""
    character = pattern[at]
    if character == "\\":
        found = _ESCAPE.match(pattern, at)
        return (found.end(), found[0] not in ("\\b", "\\B")) if found else f"`{pattern[at : at + 2]}`"
    if character == "[":
        return _character_class(pattern, at)
    if character == "(":
        if pattern[at + 1 : at + 2] == "?" and pattern[at + 2 : at + 3] != ":":
            return f"a group opened by `{pattern[at : at + 3]}`"
        return (at + 3 if pattern[at + 1 : at + 2] == "?" else at + 1), False
    if character in "*+?{":
        found = _REPEAT.match(pattern, at)
        if not found or not repeatable:
            return f"`{character}` with nothing to repeat"
        return found.end(), False
    if character in "]}":
        return f"`{character}` without a `\\` before it"
    return at + 1, character not in "^$|"


def _character_class(pattern: str, at: int) -> tuple[int, bool] | str:
    at += 2 if pattern.startswith("[^", at) else 1
    if pattern.startswith("]", at):
        return "an empty `[]`"
    while at < len(pattern) and pattern[at] != "]":
        if pattern.startswith("[", at):
            return "`[` inside `[…]` without a `\\` before it"
        found = _IN_CLASS.match(pattern, at) if pattern[at] == "\\" else None
        if pattern[at] == "\\" and not found:
            return f"`{pattern[at : at + 2]}` inside `[…]`"
        is_set = bool(found) and pattern[at + 1] in CLASSES + "pP"
        end = found.end() if found else at + 1
        ranged = pattern.startswith("-", end) and not pattern.startswith("-]", end)
        if ranged and (is_set or pattern[end + 1 : end + 3] in {f"\\{c}" for c in CLASSES + "pP"}):
            return f"a range with `{pattern[at:end]}-`"
        at = end + 1 if ranged else end
    return (at + 1, True) if at < len(pattern) else "`[` without its `]`"
