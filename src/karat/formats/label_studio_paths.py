"""Vertices of Label Studio's vectors in the order in which their lines run: each names the one before it."""

from collections.abc import Mapping, Sequence

Vertex = Mapping[str, object]
BRANCHING = "lines that branch"
APART = "lines in several paths"
UNCLEAR = "lines whose order is not clear"


def in_order(vertices: Sequence[Vertex]) -> list[Vertex] | str:
    """The vertices of one path from its start, wherever they stand in the list; else what they are, by its name.

    A vertex without `prevPointId` follows the one before it in the list. A path that returns to its start begins with the
    vertex that is listed first.

    >>> [v["id"] for v in in_order([{"id": "b", "prevPointId": "a"}, {"id": "a", "prevPointId": None}])]
    ['a', 'b']
    """
    ids = [vertex.get("id") for vertex in vertices]
    if not all(isinstance(ident, str | int) for ident in ids) or len(set(ids)) < len(ids):
        chained = any(v.get("prevPointId") not in (None, ids[i - 1] if i else None) for i, v in enumerate(vertices))
        return UNCLEAR if chained else list(vertices)
    place = {ident: number for number, ident in enumerate(ids)}
    before = [_before(number, vertex, ids, place) for number, vertex in enumerate(vertices)]
    named = [number for number in before if number is not None]
    if len(set(named)) < len(named):
        return BRANCHING
    starts = [number for number, previous in enumerate(before) if previous is None]
    if len(starts) > 1:
        return APART
    after = {previous: number for number, previous in enumerate(before) if previous is not None}
    path = starts or [0]
    while (following := after.get(path[-1])) is not None and following != path[0]:
        path.append(following)
    return [vertices[number] for number in path] if len(path) == len(vertices) else APART


def _before(number: int, vertex: Vertex, ids: Sequence[object], place: Mapping[object, int]) -> int | None:
    if "prevPointId" not in vertex:
        return number - 1 if number else None
    given = vertex["prevPointId"]
    return place.get(given) if isinstance(given, str | int) else None
