"""COCO's keypoints as keypoints, and back: a category's names and skeleton are the template of a field.

A person of COCO has a region and keypoints in one annotation. They become two annotations of one `group`, and one again.
"""

from collections.abc import Iterable, Mapping, Sequence

from karat.formats.cells import BadCell, checked, label_named
from karat.formats.coco_numbers import finite, whole
from karat.kinds.keypoints import options_of
from karat.kinds.skeletons import skeleton_of
from karat.model.kind import AnyKind, Facts
from karat.model.problem import Problem, shown
from karat.model.response import Annotation
from karat.model.schema import Field

KEYS = ("keypoints", "num_keypoints")
UNPLACED = "places of points that are not there"
STRANGE = "points that the template lacks"
SIDES = (("left", "right"), ("Left", "Right"), ("l_", "r_"), ("L_", "R_"))


def has_keypoints(thing: Mapping[str, object]) -> bool:
    """Whether a point of an annotation is there."""
    flat = thing.get("keypoints")
    return isinstance(flat, list) and any(seen not in (0, None) for seen in flat[2::3])


def names_of(category: Mapping[str, object]) -> list[str] | None:
    """The names of a category's keypoints, if it has any; each once."""
    names = category.get("keypoints")
    if not isinstance(names, list) or not names or not all(isinstance(name, str) and name for name in names):
        return None
    return [str(name) for name in names] if len(set(names)) == len(names) else None


def fields_for(categories: Iterable[Mapping[str, object]]) -> dict[str, tuple[dict[str, object], list[str]]]:
    """A field for each template among the categories: its options, and the names of the categories that have it."""
    found: list[tuple[dict[str, object], list[str]]] = []
    for category in categories:
        names, label = names_of(category), category.get("name")
        if names is None or not isinstance(label, str):
            continue
        options: dict[str, object] = {
            "points": names,
            "edges": _edges(category.get("skeleton"), names),
            "pairs": pairs_of(names),
        }
        same = next((labels for given, labels in found if given == options), None)
        if same is None:
            found.append((options, [label]))
        elif label not in same:
            same.append(label)
    return {"keypoints" if n == 1 else f"keypoints_{n}": entry for n, entry in enumerate(found, 1)}


def pairs_of(names: Sequence[str]) -> list[list[str]]:
    """Points that differ by left and right only, or as the ready-made skeleton of the same names has them.

    >>> pairs_of(["nose", "left_eye", "right_eye"])
    [['left_eye', 'right_eye']]
    """
    known = skeleton_of(frozenset(names))
    if known is not None:
        return [list(pair) for pair in known.pairs]
    found: list[list[str]] = []
    for left, right in SIDES:
        for name in names:
            other = name.replace(left, right, 1)
            if other != name and other in names and not any({name, other} & set(pair) for pair in found):
                found.append([name, other])
    return found


def label_of(field: Field, name: object) -> str | None:
    """The label of a field that a category's name means."""
    try:
        return label_named(name, field) if isinstance(name, str) else None
    except BadCell:
        return None


def has_label(field: Field, name: object) -> bool:
    """Whether a field has a category as a label."""
    return label_of(field, name) is not None


def field_among(fields: Sequence[Field], name: object, category: Mapping[str, object]) -> Field | None:
    """The field that has the category as a label and most of its points; None where no field has the label."""
    names = set(names_of(category) or ())
    fitting = [field for field in fields if has_label(field, name)]
    return max(fitting, key=lambda field: len(names & set(options_of(field).points)), default=None)


def keypoints_of(
    thing: Mapping[str, object], names: Sequence[str] | None, field: Field, kind: AnyKind, facts: Facts
) -> tuple[object, dict[str, int]]:
    """The keypoints of an annotation in the field's order, and how many parts of it were left out, by their name.

    Without names in the category, the points are in the order of the field.
    """
    flat = thing.get("keypoints")
    wanted = options_of(field).points
    order = list(wanted) if names is None else names
    if not isinstance(flat, list) or len(flat) != 3 * len(order):
        expected = f"x, y and visibility of {len(order)} points in a row"
        raise BadCell(Problem("keypoints", shown(flat), expected, "Give as many points as the category has names."))
    given = {name: _point(flat, i, name) for i, name in enumerate(order)}
    left_out = {
        UNPLACED: sum(point[2] == 0 and point[:2] != [0, 0] for point in given.values()),
        STRANGE: sum(point[2] != 0 for name, point in given.items() if name not in wanted),
    }
    there = [name for name, point in given.items() if point[2] != 0]
    if there and not set(there) & set(wanted):
        do = f"None of the points that are there has a name of `{field.key}`: rename the points in the file or in the schema."
        raise BadCell(Problem("keypoints", f"points called {shown(there)}", f"some of {shown(list(wanted))}", do))
    value = [given[name] if name in given and given[name][2] != 0 else [0, 0, 0] for name in wanted]
    return checked(value, field, kind, facts), left_out


def _point(flat: list[object], index: int, name: str) -> list[object]:
    """x, y and visibility of a point in a row; raises `BadCell` where they are none."""
    x, y, seen = flat[3 * index : 3 * index + 3]
    flag = 0 if (x, y, seen) == (None, None, None) else whole(seen)
    do = f"Give {name} its x, y and visibility in the file."
    if flag not in (0, 1, 2):
        raise BadCell(
            Problem(f"keypoints[{3 * index + 2}]", shown(seen), "0 (not there), 1 (occluded) or 2 (visible)", do)
        )
    for axis, at in enumerate((x, y)):
        if flag and finite(at) is None:
            raise BadCell(Problem(f"keypoints[{3 * index + axis}]", shown(at), "a number of pixels", do))
    return [x or 0, y or 0, flag]


def nothing_there(field: Field) -> dict[str, object]:
    """The keypoints of a thing of which no point is there."""
    return body_of([[0, 0, 0]] * len(options_of(field).points))


def body_of(value: object) -> dict[str, object]:
    """`keypoints` and how many of them are there; whole numbers as such, as COCO has them."""
    points = [tuple(point) for point in value] if isinstance(value, list | tuple) else []
    flat = [_plain(n) for point in points for n in point]
    return {"keypoints": flat, "num_keypoints": sum(point[2] > 0 for point in points)}


def region_of(value: object) -> dict[str, object]:
    """Box and area of keypoints that have no region of their own: those of the points that are there."""
    there = [(float(x), float(y)) for x, y, seen in value if seen] if isinstance(value, list | tuple) else []
    xs, ys = [x for x, _ in there], [y for _, y in there]
    width, height = max(xs) - min(xs), max(ys) - min(ys)
    return {
        "bbox": [_plain(n) for n in (min(xs), min(ys), width, height)],
        "area": _plain(width * height),
        "segmentation": [],
    }


def category_of(field: Field, given: Mapping[str, object]) -> dict[str, object]:
    """A category with the template of a field; its own skeleton stays where its names are the field's."""
    options = options_of(field)
    if given.get("keypoints") == list(options.points):
        return dict(given)
    place = {name: number for number, name in enumerate(options.points, 1)}
    return {**given, "keypoints": list(options.points), "skeleton": [[place[a], place[b]] for a, b in options.edges]}


def partners(annotations: Sequence[Annotation]) -> dict[str, Annotation]:
    """The keypoints that belong to a region, by the region's id: the only ones of its group with its label."""
    by_group: dict[tuple[str, str | None], list[Annotation]] = {}
    for annotation in annotations:
        if annotation.group is not None:
            by_group.setdefault((annotation.group, annotation.label), []).append(annotation)
    found: dict[str, Annotation] = {}
    for members in by_group.values():
        points = [a for a in members if a.kind == "keypoints"]
        regions = [a for a in members if a.kind != "keypoints"]
        if len(points) == 1 and len(regions) == 1:
            found[regions[0].id] = points[0]
    return found


def parted(thing: dict[str, object]) -> tuple[dict[str, object], dict[str, object]]:
    """An annotation without its keypoints, and what is kept of it for them."""
    region = {key: value for key, value in thing.items() if key not in KEYS}
    return region, {key: thing[key] for key in ("id", "image_id", "category_id", "score", *KEYS) if key in thing}


def _edges(skeleton: object, names: Sequence[str]) -> list[list[str]]:
    """Lines by names; COCO counts from 1. Lines to nowhere and repeated ones are left out."""
    found: list[list[str]] = []
    for pair in skeleton if isinstance(skeleton, list) else []:
        if (
            not isinstance(pair, list)
            or len(pair) != 2
            or not all(isinstance(n, int) and 1 <= n <= len(names) for n in pair)
        ):
            continue
        edge = [names[n - 1] for n in pair]
        if edge[0] != edge[1] and not any(set(edge) == set(other) for other in found):
            found.append(edge)
    return found


def _plain(number: object) -> object:
    return int(number) if isinstance(number, float) and number.is_integer() else number
