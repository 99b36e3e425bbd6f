"""Which annotations of several authors stand for the same thing."""

from collections.abc import Sequence
from itertools import combinations

from karat.model.kind import AnyKind
from karat.model.response import Annotation
from karat.model.schema import Field
from karat.quality.pairing import candidates_blind

Member = tuple[int, int]
"""Author and annotation, by their places."""


def clustered(by_author: Sequence[Sequence[Annotation]], field: Field, kind: AnyKind) -> list[list[Member]]:
    """Groups with at most one annotation of each author, in the order of their first members.

    Pairs within the field's cut are joined from the nearest on, those of one label first; two groups are joined only if
    they share no author. With two authors this is nearly the optimal pairing; with more, the optimal one cannot be found in
    reasonable time, and joining the nearest first is what shapes have usually been merged by. A car that one author
    called a truck is one group with two labels.
    """
    group: dict[Member, list[Member]] = {
        (a, i): [(a, i)] for a, given in enumerate(by_author) for i in range(len(given))
    }
    for _, _, left, right in sorted(_links(by_author, field, kind)):
        one, other = group[left], group[right]
        if one is not other and not {a for a, _ in one} & {a for a, _ in other}:
            one += other
            for member in other:
                group[member] = one
    groups = {id(members): sorted(members) for members in group.values()}
    return sorted(groups.values())


def _links(
    by_author: Sequence[Sequence[Annotation]], field: Field, kind: AnyKind
) -> list[tuple[bool, float, Member, Member]]:
    """Every two annotations of different authors within the cut: other labels last, then by distance."""
    return [
        (by_author[a][i].label != by_author[b][j].label, d, (a, i), (b, j))
        for a, b in combinations(range(len(by_author)), 2)
        for i, j, d in candidates_blind(by_author[a], by_author[b], field, kind)
    ]
