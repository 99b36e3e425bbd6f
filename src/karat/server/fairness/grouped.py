"""The groups of a report: what people stated, which figures of it may be published now, and what of these differs."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

import msgspec
import numpy as np

from karat.quality.bias import holm
from karat.server.database import Tx
from karat.server.fairness.columns import Column, Slicing
from karat.server.fairness.comparing import LEVEL, columns_of_groups, group_cells
from karat.server.fairness.crossing import Asked, CrossBody, Grid, Groups, Known, body_of, compared, grids
from karat.server.fairness.digests import Digests
from karat.server.fairness.figures import GroupCell
from karat.server.fairness.grouping import UNSTATED, Part, Place, blocks_of, may_publish
from karat.server.fairness.reading import Gathered

ALL = ""
"""The key under which the figures of all items stand, beside those by the slices of a key."""


class GroupBody(msgspec.Struct, frozen=True):
    """The figures of one attribute as they are stored, and which values have figures together."""

    cells: list[GroupCell]
    blocks: list[list[str]]


class NewTable(msgspec.Struct, frozen=True):
    """Figures that may be published, of all items or by the slices of a key, and who was counted where: author, slice,
    value, digests."""

    key: str
    body: str
    """As it is stored."""
    places: list[tuple[int, str, str, str]]


class NewGroups(msgspec.Struct, frozen=True):
    """Figures of one attribute that may be published: of all items first."""

    attribute: int
    tables: list[NewTable]


class Stated(msgspec.Struct, frozen=True):
    """What is known of one attribute in a project: by author what they stated, and by key what was published last."""

    attribute: int
    values: dict[int, str]
    known: dict[str, Known]


class Ready(msgspec.Struct, frozen=True):
    """An attribute whose figures may be published now."""

    attribute: int
    groups: Groups
    places: dict[tuple[int, str], Place]
    grids: list[Grid]


def stated_of(tx: Tx, project: int, people: Collection[int]) -> list[Stated]:
    """Every attribute of a project, with what those who answered stated."""
    rows = tx.run(
        "SELECT a.n FROM authors a JOIN projects p ON p.workspace = a.workspace WHERE p.n = :project AND a.type = 'person'",
        project=project,
    )
    here = sorted({n for (n,) in rows} & set(people))
    attributes = tx.run(
        "SELECT t.n FROM attributes t JOIN projects p ON p.workspace = t.workspace WHERE p.n = :project ORDER BY t.n",
        project=project,
    )
    return [_stated(tx, project, attribute, here) for (attribute,) in attributes]


def _stated(tx: Tx, project: int, attribute: int, people: Sequence[int]) -> Stated:
    stated = tx.run("SELECT author, value FROM statements WHERE attribute = :attribute", attribute=attribute)
    values: dict[int, str] = {author: value for author, value in stated}  # noqa: C416 - it says what a row is
    of = {"project": project, "attribute": attribute}
    before: defaultdict[str, dict[tuple[int, str], Place]] = defaultdict(dict)
    for key, author, cut, value, counted in tx.run(
        "SELECT key, author, cut, value, counted FROM group_places WHERE project = :project AND attribute = :attribute",
        **of,
    ):
        before[key][author, cut] = Place(value, counted)
    gone: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for key, value, n in tx.run(
        "SELECT key, value, n FROM group_gone WHERE project = :project AND attribute = :attribute", **of
    ):
        gone[key][value] = n
    rows = tx.run("SELECT key, body FROM group_figures WHERE project = :project AND attribute = :attribute", **of)
    published = {key: _parts(key, body) for key, body in rows}
    known = {key: Known(before[key], gone[key], published.get(key, [])) for key in {**before, **gone, **published}}
    return Stated(attribute, {author: values.get(author, UNSTATED) for author in people}, known)


def _parts(key: str, body: str) -> list[list[Part]]:
    if key:
        return msgspec.json.decode(body, type=CrossBody).parts
    return [[(value, "") for value in block] for block in msgspec.json.decode(body, type=GroupBody).blocks]


def new_groups(
    stated: Iterable[Stated], columns: Sequence[Column], found: Gathered, cut: Sequence[Slicing], least: int
) -> list[NewGroups]:
    """The figures of attributes that may be published now; p values are corrected over all groups, and over all groups in
    slices.

    Also those of which nothing can be shown yet: who was counted then is what the next report is held against.
    """
    measures = columns_of_groups(columns)
    digests = Digests(found, measures)
    ready = [one for given in stated for one in _ready(given, found, digests, cut, least)]
    cells = [group_cells(measures, one.groups.values, one.groups.blocks, least=least) for one in ready]
    corrected = iter(holm(np.array([p for of in cells for _, ps in of for p in ps])).tolist())
    whole = [
        GroupBody(
            [
                msgspec.structs.replace(
                    cell, figures=[msgspec.structs.replace(f, differs=next(corrected) < LEVEL) for f in cell.figures]
                )
                for cell, _ in of
            ],
            [sorted(block) for block in one.groups.blocks],
        )
        for one, of in zip(ready, cells, strict=True)
    ]
    asked = [[list(compared(one.groups, grid, measures, least)) for grid in one.grids] for one in ready]
    differing, tests = _differing(asked)
    return [
        NewGroups(
            one.attribute,
            [
                _table(ALL, body, one.places),
                *(
                    _table(
                        grid.slicing.rule.key,
                        body_of(grid, of, differing[at, place], tests),
                        grid.places,
                    )
                    for place, (grid, of) in enumerate(zip(one.grids, asked[at], strict=True))
                ),
            ],
        )
        for at, (one, body) in enumerate(zip(ready, whole, strict=True))
    ]


def _ready(given: Stated, found: Gathered, digests: Digests, cut: Sequence[Slicing], least: int) -> Iterable[Ready]:
    blocks = blocks_of(given.values, least)
    told = digests.of()
    places = {
        (author, ""): Place(value, told[found.authors[author]] if author in found.authors else "")
        for author, value in given.values.items()
    }
    was = given.known.get(ALL, Known({}, {}, []))
    # Where nothing is shown yet, that a group becomes large enough must not tell who came: all are one block then.
    looked = {(place.value, "") for place in (*was.before.values(), *places.values())} | {(v, "") for v in was.gone}
    before = was.published or ([sorted(looked)] if was.before or was.gone else [])
    parts = [[(value, "") for value in block] for block in blocks]
    if not (blocks or not was.published) or not may_publish(was.before, was.gone, places, before, parts, least):
        return
    block = np.full(len(found.authors), -1, np.int64)
    keys = list(found.authors)
    values = {found.authors[author]: value for author, value in given.values.items() if author in found.authors}
    for at, value in values.items():
        block[at] = next((index for index, one in enumerate(blocks) if value in one), -1)
    groups = Groups(block, blocks, values, keys)
    others = {key: one for key, one in given.known.items() if key != ALL}
    found_grids = list(grids(groups, cut, digests, others, least)) if blocks else []
    yield Ready(given.attribute, groups, places, found_grids)


def _differing(
    asked: Sequence[Sequence[Sequence[Asked]]],
) -> tuple[dict[tuple[int, int], set[tuple[object, ...]]], int]:
    """Of each attribute and grid the tests that differ beyond chance, corrected over all of them; how many there are."""
    tests = {
        (at, place, one.test): one.found.p
        for at, of in enumerate(asked)
        for place, listed in enumerate(of)
        for one in reversed(listed)
    }
    corrected = dict(zip(tests, holm(np.array(list(tests.values()), np.float64)).tolist(), strict=True))
    found: dict[tuple[int, int], set[tuple[object, ...]]] = {
        (at, place): set() for at, of in enumerate(asked) for place in range(len(of))
    }
    for (at, place, test), p in corrected.items():
        if p < LEVEL:
            found[at, place].add(test)
    return found, int(np.isfinite(np.array(list(tests.values()), np.float64)).sum())


def _table(key: str, body: GroupBody | CrossBody, places: dict[tuple[int, str], Place]) -> NewTable:
    return NewTable(
        key,
        msgspec.json.encode(body).decode(),
        [(author, cut, *place) for (author, cut), place in places.items()],
    )
