"""Spans that a file of conversations has within its turns, such as the slots of the Schema-Guided Dialogue set."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from karat.formats.base import LossCounter
from karat.formats.cells import titles_of
from karat.model.dialogue import LISTS, turns_of
from karat.model.item import Stream
from karat.model.response import Annotation, On
from karat.model.schema import Field

HOLDERS = ("slots", "spans", "entities", "annotations")
"""Keys of a turn, or of a frame of it, under which its spans stand."""
FRAMES = "frames"
"""One for each service in the Schema-Guided Dialogue set (Rastogi et al. 2020)."""
STARTS = ("start", "start_offset", "begin")
ENDS = ("exclusive_end", "end", "end_offset", "stop")
LABELS = ("slot", "label", "tag", "type", "entity")
NO_LABEL = "spans within turns whose label the schema lacks"
OUTSIDE = "spans that reach out of their turns"
ADD = "Add the label to the field of spans."


class Found(NamedTuple):
    """A span of a turn, counted in code points; the end is exclusive."""

    turn: int
    start: int
    end: int
    label: str


def spans_within(cell: object) -> list[Found] | None:
    """The spans of the turns of a conversation; None where no turn has a place for them.

    >>> slot = {"slot": "city", "start": 3, "exclusive_end": 9}
    >>> spans_within([{"role": "user", "content": "In London", "frames": [{"slots": [slot]}]}])
    [Found(turn=0, start=3, end=9, label='city')]
    """
    turns = _turns(cell)
    held = [(number, entries) for number, turn in enumerate(turns) for entries in _holders(turn)]
    return (
        [found for number, entries in held for entry in entries if (found := _found(number, entry))] if held else None
    )


def annotations_within(
    found: Sequence[Found], field: Field, version: int, stream: Stream, losses: LossCounter
) -> tuple[Annotation, ...]:
    """The spans as annotations of a field; those that it has no label for, or that lie outside of their turn, are counted."""
    titles = titles_of(field)
    lengths = [len(turn.content) for turn in turns_of(stream.ref.inline or "[]")]
    made: list[Annotation] = []
    for one in found:
        label = titles.get(one.label) or titles.get(one.label.lower())
        is_inside = one.turn < len(lengths) and 0 <= one.start < one.end <= lengths[one.turn]
        losses.add(OUTSIDE, int(not is_inside), becomes="left out", remedy="Mend their places in the file.")
        losses.add(NO_LABEL, int(is_inside and label is None), becomes="left out", remedy=ADD)
        if label is None or not is_inside:
            continue
        made.append(
            Annotation(
                id=f"{field.key}.{len(made) + 1}",
                field=field.key,
                kind=field.kind,
                version=version,
                on=On(field.on or "", str(one.turn)),
                label=label,
                value=[[one.start, one.end]],
            )
        )
    return tuple(made)


def _turns(cell: object) -> Sequence[object]:
    if isinstance(cell, str) and cell.lstrip()[:1] in ("[", "{"):
        try:
            cell = msgspec.json.decode(cell)
        except (msgspec.DecodeError, ValueError, RecursionError):
            return ()
    if isinstance(cell, Mapping):
        cell = next((cell[name] for name in LISTS if isinstance(cell.get(name), list)), ())
    return cell if isinstance(cell, list) else ()


def _holders(turn: object) -> Iterator[list[object]]:
    if not isinstance(turn, Mapping):
        return
    frames = turn.get(FRAMES)
    for holder in (turn, *(frames if isinstance(frames, list) else ())):
        if isinstance(holder, Mapping):
            yield from (holder[name] for name in HOLDERS if isinstance(holder.get(name), list))


def _found(number: int, entry: object) -> Found | None:
    if not isinstance(entry, Mapping):
        return None
    start, end = (next((entry[name] for name in names if name in entry), None) for names in (STARTS, ENDS))
    label = next((entry[name] for name in LABELS if isinstance(entry.get(name), str)), None)
    if type(start) is not int or type(end) is not int or label is None:
        return None
    return Found(number, start, end, label)
