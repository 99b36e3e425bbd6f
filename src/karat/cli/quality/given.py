"""What a command was given: the votes of a file, slices of their items, what is known of them, how long each took."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from karat.cli.output import fail
from karat.cli.quality.files import read_columns
from karat.cli.quality.names import column, existing
from karat.cli.quality.showing import note
from karat.cli.quality.values import floats, numbers, plain, texts, times

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa  # type: ignore[import-untyped]
    from numpy.typing import NDArray

    from karat.quality.sheet import Progress
    from karat.quality.votes import Votes

ROLES = ("item", "annotator", "label")


@dataclass(frozen=True, slots=True)
class Given:
    """Votes, and what else was read of their table."""

    votes: "Votes"
    names: dict[str, str]
    """The column of each role: item, annotator, label."""
    slices: dict[str, list[object]]
    """By column the slice of each of `votes.items`."""
    groups: dict[str, list[object]]
    """By column the group of each of `votes.annotators`."""
    seconds: "NDArray[np.float64] | None"
    """How long each vote took, shape (votes,)."""
    gold: dict[object, object] | None
    """The known label of items."""


def read_votes(
    path: Path,
    tell: "Progress",
    *,
    item: str | None,
    annotator: str | None,
    label: str | None,
    time: str | None = None,
    seconds: str | None = None,
    slices: Sequence[str] | None = None,
    groups: Sequence[str] | None = None,
    gold: Path | None = None,
    abstain: Sequence[str] | None = None,
) -> Given:
    """The votes in a file and all that was named beside them; only these columns are read."""
    import numpy as np

    from karat.quality.votes import Votes

    asked = {"item": item, "annotator": annotator, "label": label}
    names: dict[str, str] = {}
    extra = [name for name in (time, seconds, *(slices or ()), *(groups or ())) if name is not None]

    def choose(columns: list[str]) -> list[str]:
        names.update({role: column(role, asked[role], columns, str(path)) for role in ROLES})
        return [*names.values(), *(existing(name, columns, str(path)) for name in extra)]

    found = read_columns(path, choose, far=lambda read, of: tell(f"reading {path.name}", read, of))
    _say_guessed(asked, names)
    _distinct(names)
    table = {name: found[name] for name in found.column_names}
    said = _said(table[names["label"]], names["label"], abstain or ())
    table[names["label"]] = numbers(_where(said, table[names["label"]]))
    quiet = [None] if abstain else []
    if time is not None:
        table[time] = times(table[time], time)
    known = None if gold is None else _read_gold(gold, names, item, label, tell)
    votes = Votes.from_table(table, **names, time=time, abstain=quiet)
    matched = None if known is None or gold is None else _matched(votes, known, str(gold))
    if matched is not None and (unseen := sorted(set(matched.values()) - set(votes.labels.tolist()), key=str)):
        note(
            f"No vote has {', '.join(map(repr, unseen[:5]))}, which {gold} has: counted as a label that was never given."
        )
        if len({isinstance(label, str) for label in (*votes.labels.tolist(), *unseen)}) > 1:  # then all are texts
            table[names["label"]] = texts(table[names["label"]])
            matched = {key: plain(value) for key, value in matched.items()}
            unseen = [plain(value) for value in unseen]
            votes = Votes.from_table(table, **names, time=time, abstain=quiet)
        votes = Votes.from_table(
            table, **names, time=time, abstain=quiet, labels=sorted([*votes.labels.tolist(), *unseen], key=str)
        )
    _warn_alike(votes)
    spent = None if seconds is None else np.asarray(floats(table[seconds], seconds).to_numpy(), np.float64)[said]
    by_item = {by: _cut(table[by], votes.item_codes, votes.items, by, "item", said) for by in slices or ()}
    by_person = {
        by: _cut(table[by], votes.annotator_codes, votes.annotators, by, "annotator", said) for by in groups or ()
    }
    return Given(votes, names, by_item, by_person, spent, matched)


def read_population(path: Path | None, given: Given) -> dict[str, dict[object, float]]:
    """The declared share of each part of a slice, from a file with the columns slice, part and share."""
    if path is None:
        return {}
    found = read_columns(path, lambda names: [existing(name, names, str(path)) for name in ("slice", "part", "share")])
    told = [floats(found["share"], "share") if name == "share" else found[name] for name in found.column_names]
    shares: dict[str, dict[object, float]] = {}
    for by, part, share in zip(*(values.to_pylist() for values in told), strict=True):
        if by not in given.slices:
            fail(
                f"{path} has the slice {by!r}, which is none of those given by --slice: {', '.join(given.slices) or 'none'}."
            )
        if share is None or not share > 0:
            fail(f"{path} has the share {share!r} for {by} {part!r}; give a number above 0.")
        written = {plain(name): name for name in given.slices[by] if name is not None}
        shares.setdefault(by, {})[written.get(plain(part), part)] = float(share)
    return shares


def _read_gold(
    path: Path, names: Mapping[str, str], item: str | None, label: str | None, tell: "Progress"
) -> dict[str, object]:
    """The known labels by the text of the item; columns are called as in the votes, else as is usual."""
    roles: dict[str, str] = {}

    def choose(columns: list[str]) -> list[str]:
        for role, asked in (("item", item), ("label", label)):
            same = asked or (names[role] if names[role] in columns else None)
            roles[role] = column(role, same, columns, str(path))
        return list(roles.values())

    found = read_columns(path, choose, far=lambda read, of: tell(f"reading {path.name}", read, of))
    known: dict[str, object] = {}
    labels = numbers(found[roles["label"]])
    for key, value in zip(found[roles["item"]].to_pylist(), labels.to_pylist(), strict=True):
        if key is None or value is None:
            continue
        if known.setdefault(plain(key), value) != value:
            fail(f"{path} has two labels for the item {key!r}, {known[plain(key)]!r} and {value!r}; keep one.")
    return known


def _matched(votes: "Votes", known: Mapping[str, object], where: str) -> dict[object, object]:
    """What is known of the items that were voted on, items and labels written as in the votes."""
    label_of = {plain(label): label for label in votes.labels.tolist()}
    texts = votes.labels.dtype.kind not in "iuf" and len(votes.labels)
    items = votes.items.tolist()
    found = {item: known[plain(item)] for item in items if plain(item) in known}
    if items and not found:
        begin = next(iter(known), "nothing")
        fail(f"{where} knows none of the items voted on: it has {begin!r}, the votes have {items[0]!r}.")
    return {item: label_of.get(plain(label), plain(label) if texts else label) for item, label in found.items()}


def _cut(
    values: "pa.ChunkedArray",
    codes: "NDArray[np.int32]",
    keys: "NDArray[np.generic]",
    name: str,
    role: str,
    said: "NDArray[np.bool_]",
) -> list[object]:
    """The slice of each item, or the group of each annotator, which all its rows must share."""
    import numpy as np

    names = np.empty(len(values), dtype=object)
    names[:] = values.to_pylist()
    names = names[said]
    filled = np.flatnonzero(np.array([value is not None for value in names], bool))
    owner = codes[filled]
    first = np.full(len(keys), -1, np.int64)
    first[owner[::-1]] = filled[::-1]
    other = np.flatnonzero(names[filled] != names[first[owner]])
    if len(other):
        row = int(filled[other[0]])
        fail(
            f"column {name!r} cuts {role}s, but {role} {keys[codes[row]]!r} is {names[first[codes[row]]]!r} in one row and"
            f" {names[row]!r} in another; give each {role} one."
        )
    return [names[place] if place >= 0 else None for place in first.tolist()]


def _said(labels: "pa.ChunkedArray", name: str, abstain: Sequence[str]) -> "NDArray[np.bool_]":
    """Which rows are votes, shape (rows,)."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc  # type: ignore[import-untyped]

    texts = labels.cast(labels.type.value_type) if pa.types.is_dictionary(labels.type) else labels
    empty = np.asarray(pc.is_null(texts, nan_is_null=True).to_numpy(), bool)
    if "" not in abstain and empty.any():
        row = int(np.argmax(empty))
        raise ValueError(f"column {name!r} is empty in row {row}: fill it in, or say --abstain '' if it is no vote")
    if not abstain:
        return ~empty
    listed = pa.array([word for word in abstain if word], pa.string())
    quiet = np.asarray(pc.is_in(texts.cast(pa.string()), value_set=listed).to_numpy(), bool)
    return np.asarray(~(empty | quiet))


def _where(said: "NDArray[np.bool_]", labels: "pa.ChunkedArray") -> "pa.ChunkedArray":
    """Labels, empty where nothing was said."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if said.all():
        return labels
    texts = labels.cast(labels.type.value_type) if pa.types.is_dictionary(labels.type) else labels
    return pc.if_else(pa.array(said), texts, None)


def _say_guessed(asked: Mapping[str, str | None], names: Mapping[str, str]) -> None:
    guessed = {role: name for role, name in names.items() if asked[role] is None and name != role}
    if guessed:
        note("Read as " + ", ".join(f"{role}: {name!r}" for role, name in guessed.items()) + ".")


def _distinct(names: Mapping[str, str]) -> None:
    for place, role in enumerate(ROLES):
        for other in ROLES[place + 1 :]:
            if names[role] == names[other]:
                fail(
                    f"column {names[role]!r} cannot be both the {role} and the {other}; say which by --{role} and --{other}."
                )


def _warn_alike(votes: "Votes") -> None:
    """Labels that differ only by capitals or blanks are probably the same one written in two ways."""
    seen: dict[str, object] = {}
    for label in votes.labels.tolist():
        key = " ".join(str(label).lower().split())
        if key in seen:
            note(f"The labels {seen[key]!r} and {label!r} differ only by capitals or blanks; they count as two.")
        seen.setdefault(key, label)
