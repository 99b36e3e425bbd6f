"""The way back: what a project holds, exported, imported again and compared annotation by annotation."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from karat.sdk import Client
from karat.sdk.projects import Project

Json = dict[str, Any]
Held = dict[str, list[Json]]
"""The annotations of each item, by the item's key."""
MOST = 0.011
"""How far two numbers may be apart, in pixels: formats round to hundredths."""


class DiffersError(AssertionError):
    """An export that does not hold what the project does."""


@dataclass(frozen=True)
class Told:
    """What a project was told: items, and the annotations of one author (everybody's where none is named)."""

    items: dict[str, Json]
    held: Held

    @property
    def count(self) -> int:
        return sum(len(found) for found in self.held.values())


def told(project: Project, folder: Path, author: str | None = None) -> Told:
    """Read from a lossless export."""
    which = {"which": "author", "author": author} if author else {}
    project.export("jsonl", **which).wait().download(folder)
    items: dict[str, Json] = {}
    held: Held = {}
    with (folder / "items.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            key = str(record["item"]["key"])
            items[key] = record["item"]
            held[key] = [a for r in record.get("responses", []) for a in r.get("annotations", [])]
    return Told(items, held)


def back(client: Client, project: Project, format: str, folder: Path, author: str | None = None) -> Told:
    """The project exported in a format and read into a new one of the same schema."""
    which = {"which": "author", "author": author} if author else {}
    project.export(format, media=True, **which).wait().download(folder)
    again = client.create_project(f"{project.title} {folder.name}"[:100], schema=project.state.schema)
    job = again.import_from(folder).wait()
    result: Json = job.result or {}
    if result["rejects"]:
        raise DiffersError(f"{format}: {result['rejects']} rows of the export cannot be read: {result}")
    return told(again, folder.with_name(folder.name + "-read"))


def same(before: Held, after: Held, what: str) -> int:
    """How many annotations are on both sides; raises with the first that is not. Keys may differ where files were renamed."""
    if before.keys() != after.keys():
        before, after = {"": [a for v in before.values() for a in v]}, {"": [a for v in after.values() for a in v]}
    for key, expected in before.items():
        lost, more = unlike(expected, after[key])
        if lost or more:
            raise DiffersError(
                f"{what}: item {key!r} had {len(expected)} annotations and came back with {len(after[key])}; "
                f"not found again {shown(lost)}, new {shown(more)}"
            )
    return sum(len(v) for v in before.values())


def unlike(left: list[Json], right: list[Json]) -> tuple[list[Json], list[Json]]:
    """Those that are on one side only."""
    there: dict[str, list[tuple[list[float], Json]]] = defaultdict(list)
    for one, (shape, found) in zip(right, said(right), strict=True):
        there[shape].append((found, one))
    lost = []
    for one, (shape, found) in zip(left, said(left), strict=True):
        near = next((n for n, (other, _) in enumerate(there[shape]) if close(found, other)), None)
        if near is None:
            lost.append(one)
        else:
            there[shape].pop(near)
    return lost, [one for rest in there.values() for _, one in rest]


def close(a: list[float], b: list[float]) -> bool:
    """Whether two lists of numbers are the same but for rounding."""
    return len(a) == len(b) and all(abs(x - y) <= MOST for x, y in zip(a, b, strict=True))


def said(annotations: list[Json]) -> Iterator[tuple[str, list[float]]]:
    """Of each annotation what it says but for numbers, and the numbers; ends of relations by what they point at."""
    by_id = {a["id"]: a for a in annotations}

    def of(annotation: Json) -> tuple[str, list[float]]:
        words, numbers = [], []
        for leaf in leaves([annotation["value"], annotation.get("attributes") or {}]):
            if isinstance(leaf, str) and leaf in by_id:
                inner, more = of(by_id[leaf])
                words.append(inner)
                numbers += more
            elif isinstance(leaf, bool) or not isinstance(leaf, int | float):
                words.append(str(leaf))
            else:
                numbers.append(float(leaf))
        return json.dumps([annotation["field"], annotation.get("label"), words]), numbers

    return (of(annotation) for annotation in annotations)


def leaves(value: object) -> Iterator[object]:
    """Every plain value and every key in a value, in order."""
    if isinstance(value, dict):
        for key in sorted(value):
            yield key
            yield from leaves(value[key])
    elif isinstance(value, list):
        for one in value:
            yield from leaves(one)
    else:
        yield value


def shown(annotations: Iterable[Json]) -> str:
    """A few of them, in short."""
    found = list(annotations)
    tally = Counter((a["field"], a.get("label")) for a in found)
    first = json.dumps(found[0]["value"], ensure_ascii=False)[:200] if found else ""
    return f"{dict(tally)} {first}"
