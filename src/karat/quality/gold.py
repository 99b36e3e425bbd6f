"""Known labels of items: read from what holds them, and held against the votes that they are for."""

import datetime
from collections.abc import Collection, Mapping, Sequence

import numpy as np

from karat.quality.columns import some


def known_labels(gold: object) -> dict[object, object]:
    """Item to label, of a mapping or of a series of pandas whose index names the items; dates as votes have them.

    Raises `TypeError` for anything else and `ValueError` where an item stands twice in the index.
    """
    if gold is None:
        return {}
    if not isinstance(gold, Mapping):
        if not hasattr(gold, "to_dict") or not hasattr(gold, "index") or hasattr(gold, "columns"):
            raise TypeError(
                f"gold is a {type(gold).__name__}: give a mapping of item to label, such as a dict, or a pandas Series"
                " whose index names the items"
            )
        if not gold.index.is_unique:
            raise ValueError("gold names an item twice in its index: keep one label for each item")
    told: Mapping[object, object] = gold if isinstance(gold, Mapping) else gold.to_dict()
    return {plain_name(item): plain_name(label) for item, label in told.items()}


def plain_name(name: object) -> object:
    """A name as `Votes` lists it: a plain value, and a time without zone, in UTC where it had one."""
    if isinstance(name, np.datetime64 | np.timedelta64) and np.datetime_data(name.dtype)[0] == "ns":
        return name.astype(f"{name.dtype.kind}8[us]").item()
    if isinstance(name, np.generic):
        return name.item()
    if isinstance(name, datetime.datetime) and name.tzinfo is not None:
        name = name.astimezone(datetime.UTC).replace(tzinfo=None)
    return name.to_pydatetime() if hasattr(name, "to_pydatetime") else name


def refuse_labels(gold: Mapping[object, object], labels: Collection[object]) -> None:
    """Raise `ValueError` where a known label is none of these."""
    for item, label in gold.items():
        if label not in labels:
            raise ValueError(
                f"the gold label {label!r} of item {item!r} is not among the labels of the votes, {some(list(labels))}:"
                " write it as the votes do, or name all labels by labels= of Votes.from_table"
            )


def refuse_strangers(gold: Mapping[object, object], items: Sequence[object]) -> None:
    """Raise `ValueError` where none of the items that gold knows is one of these."""
    if gold and items and not any(item in gold for item in items):
        known, voted = next(iter(gold)), items[0]
        raise ValueError(
            f"gold knows none of the items voted on: it has {known!r} ({type(known).__name__}), the votes have {voted!r}"
            f" ({type(voted).__name__}); write items in both alike"
        )
