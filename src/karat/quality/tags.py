"""Tables of token tags, such as B-PER, I-PER, O, as responses of spans: what annotators of sequences usually leave behind."""

import numpy as np
from numpy.typing import NDArray

from karat.kinds.span import SPAN
from karat.model.schema import Field
from karat.quality.columns import Codes, coded, read_columns
from karat.quality.structured import Responses
from karat.quality.value_columns import Values

Places = NDArray[np.signedinteger]

OUTSIDE = "O"
BEGINS, GOES_ON = "B-", "I-"


def responses_of_tags(
    table: object, *, item: str, annotator: str, position: str, tag: str, cut: float = 0.5
) -> Responses:
    """Responses of kind span, counted in tokens, from one row for each token that an annotator saw.

    `item` names the sequence, `position` the token's place in it, a whole number; `tag` is O, or B- or I- and a label (BIO;
    an I- that goes on with nothing of its label begins a span, as conlleval has it). Tokens without a row are not known
    to have been seen, and end a span. Raises `ValueError` that names column, row (counted from 0) and remedy.

    >>> tags = {
    ...     "text": [1] * 6, "who": ["Ada"] * 3 + ["Ben"] * 3, "token": [0, 1, 2] * 2,
    ...     "tag": ["B-PER", "I-PER", "O", "O", "O", "O"],
    ... }
    >>> responses = responses_of_tags(tags, item="text", annotator="who", position="token", tag="tag")
    >>> responses.values[0], responses.labels, len(responses.look_items)
    (((0, 2),), ('PER',), 2)
    """
    columns = read_columns(table, [item, annotator, position, tag])
    items, item_codes = coded(columns[item], item)
    annotators, annotator_codes = coded(columns[annotator], annotator)
    found, tag_codes = coded(columns[tag], tag)
    names = [str(name) for name in found.tolist()]
    labels = tuple(sorted({name[2:] for row, name in enumerate(names) if _is_label(name, row, names, tag, tag_codes)}))
    places, place_codes = coded(columns[position], position)
    if places.dtype.kind not in "iu" and len(places):
        raise ValueError(f"column {position!r} holds {places[0]!r}: give the place of the token, a whole number")
    token = places.astype(np.int64)[place_codes]
    order = np.lexsort((token, annotator_codes, item_codes))
    rows, spans = _spans(order, item_codes, annotator_codes, token, [names[c] for c in tag_codes[order].tolist()], item)
    looks = np.unique(item_codes.astype(np.int64) * max(len(annotators), 1) + annotator_codes)
    number = {label: code for code, label in enumerate(labels)}
    return Responses(
        SPAN,
        Field(key="value", kind="span", options=SPAN.options(cut=cut), many=True),
        items,
        annotators,
        labels,
        item_codes[rows],
        annotator_codes[rows],
        np.array([number[label] for _, _, label in spans], np.int32),
        Values([((start, end),) for start, end, _ in spans]),
        (looks // max(len(annotators), 1)).astype(np.int32),
        (looks % max(len(annotators), 1)).astype(np.int32),
    )


def _is_label(name: str, code: int, names: list[str], column: str, codes: Codes) -> bool:
    if name == OUTSIDE:
        return False
    if not name.startswith((BEGINS, GOES_ON)) or len(name) == 2:
        row = int(np.flatnonzero(codes == code)[0])
        raise ValueError(
            f"column {column!r} holds {name!r} in row {row}, which is no BIO tag: write O, or B- or I- and a label"
        )
    return True


def _spans(
    order: Places, items: Codes, annotators: Codes, tokens: Places, tags: list[str], item: str
) -> tuple[Places, list[tuple[int, int, str]]]:
    """The row in which each span begins, and its start, end and label; rows in the given order."""
    rows: list[int] = []
    spans: list[tuple[int, int, str]] = []
    before = (-1, -1, -2)
    for row, tag in zip(order.tolist(), tags, strict=True):
        here = (int(items[row]), int(annotators[row]), int(tokens[row]))
        if here == before:
            raise ValueError(
                f"token {here[2]} has a second tag of the same annotator in row {row}: leave one of them out"
            )
        goes_on = here == (*before[:2], before[2] + 1) and bool(spans) and spans[-1][1] == here[2]
        before = here
        if tag == OUTSIDE:
            continue
        label = tag[2:]
        if tag.startswith(GOES_ON) and goes_on and spans[-1][2] == label:
            spans[-1] = (spans[-1][0], here[2] + 1, label)
        else:
            rows.append(row)
            spans.append((here[2], here[2] + 1, label))
    return np.array(rows, np.int64), spans
