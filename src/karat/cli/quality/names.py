"""Which column is the item, the annotator and the label: as told, else by what columns are usually called."""

from collections.abc import Sequence
from difflib import get_close_matches

from karat.cli.output import fail

USUAL: dict[str, tuple[str, ...]] = {
    "item": (
        "item", "item_id", "task", "task_id", "unit", "unit_id", "question", "question_id", "example", "example_id",
        "document", "document_id", "doc_id", "image", "image_id", "photo", "sample_id", "text_id", "object", "key", "id",
    ),
    "annotator": (
        "annotator", "annotator_id", "worker", "worker_id", "rater", "rater_id", "labeler", "labeller", "coder", "judge",
        "user", "user_id", "username", "performer", "person", "author", "who", "by",
    ),
    "label": (
        "label", "answer", "response", "vote", "judgment", "judgement", "annotation", "class", "category", "choice",
        "rating", "says", "value", "tag",
    ),
}  # fmt: skip
"""Names by the role that a column has, the most usual first."""
SHOWN = 20


def column(role: str, asked: str | None, names: Sequence[str], where: str) -> str:
    """The column with this role. Names are compared without regard to capitals, blanks, dots and dashes."""
    if asked is not None:
        return existing(asked, names, where)
    by_plain = {_plain(name): name for name in reversed(names)}
    found = next((by_plain[usual] for usual in USUAL[role] if usual in by_plain), None)
    if found is None:
        fail(f"{where}: no column looks like the {role}. It has {_listed(names)}; say which by --{role}.{_hint(names)}")
    return found


def existing(asked: str, names: Sequence[str], where: str) -> str:
    """The column, which must be there."""
    if asked in names:
        return asked
    near = get_close_matches(asked, names, 1)
    meant = f" Did you mean {near[0]!r}?" if near else ""
    return fail(f"{where} has no column {asked!r}: it has {_listed(names)}.{meant}")


def _plain(name: str) -> str:
    plain = "_".join(name.strip().lower().replace("-", " ").replace(".", " ").replace("_", " ").split())
    return (
        plain.removesuffix("id") + "_id"
        if plain.endswith("id") and not plain.endswith("_id") and plain != "id"
        else plain
    )


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(repr(name) for name in names[:SHOWN]) + more


def _hint(names: Sequence[str]) -> str:
    """What may be wrong with a file of such columns."""
    if len(names) == 1:
        return " With one column only, the separator may be neither a comma, a semicolon, a tab nor a bar."
    return " If its first line is a vote, give it one with names."
