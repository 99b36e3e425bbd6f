"""Rows of YOLO's label files, with places as shares of the picture, as regions in pixels and back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from karat.formats.cells import BadCell
from karat.formats.coco_numbers import all_finite
from karat.formats.coco_turned import rectangle_of
from karat.formats.regions import Value, box_around, corners_of_rings, outlines
from karat.model.problem import Problem, shown

EDGE_PX = 1.0
"""How far a side may be beyond the picture: files round their shares."""
Shape = tuple[str, object]


@dataclass(frozen=True)
class Task:
    """What a set of label files is for: `corners` where every row has four corners, `points` and `size` of a pose set."""

    corners: bool = False
    points: tuple[str, ...] = ()
    size: int = 3
    """Numbers of each point: x and y, and 3 with its visibility."""


def numbers_of(line: str) -> list[float]:
    """The class and the shares of a row; raises `BadCell` where it is none."""
    try:
        found = all_finite([float(word) for word in line.split()])
    except ValueError:
        found = None
    if found is None or len(found) < 5 or found[0] < 0 or not found[0].is_integer():
        expected = "the number of a class and shares of the picture, from 0 to 1"
        raise BadCell(Problem("", shown(line), expected, "Mend the row: `0 0.5 0.5 0.2 0.1`, say."))
    return found


def shapes_of(row: Sequence[float], task: Task, width: int, height: int) -> tuple[list[Shape], float | None]:
    """What a row draws, and how sure it is where it says so; keypoints come with their box. Raises `BadCell`."""
    shares = list(row[1:])
    pose = 4 + task.size * len(task.points)
    if len(shares) in (4, 5) or (task.points and len(shares) in (pose, pose + 1)):
        cx, cy, across, down = shares[0] * width, shares[1] * height, shares[2] * width, shares[3] * height
        box = {
            "left": _in(cx - across / 2, width),
            "top": _in(cy - down / 2, height),
            "right": _in(cx + across / 2, width),
            "bottom": _in(cy + down / 2, height),
        }
        found: list[Shape] = [("box", box)]
        sure = len(shares) in (5, pose + 1)
        if len(shares) >= pose and task.points:
            places = [shares[4 + n * task.size : 4 + (n + 1) * task.size] for n in range(len(task.points))]
            points = {name: _joint(p, width, height) for name, p in zip(task.points, places, strict=True)}
            found += [("keypoints", points)] if any(seen for _, _, seen in points.values()) else []
        return found, shares[-1] if sure and 0 <= shares[-1] <= 1 else None
    sure = len(shares) % 2 == 1
    flat = shares[:-1] if sure else shares
    if len(flat) < 6:
        expected = "four shares of a box, or three corners or more"
        raise BadCell(Problem("", shown(row), expected, "Mend the row, or name its kpt_shape in data.yaml."))
    ring = [[_in(x * width, width), _in(y * height, height)] for x, y in zip(flat[0::2], flat[1::2], strict=True)]
    turned = rectangle_of({"segmentation": [[at for point in ring for at in point]]}) if task.corners else None
    found = [("rotated_box", turned)] if turned else [("polygon", {"outer": [ring]})]
    return found, shares[-1] if sure and 0 <= shares[-1] <= 1 else None


def row_of(number: int, shares: Sequence[float]) -> str:
    """A row of a label file."""
    return " ".join([str(number), *(f"{share:.10g}" for share in shares)]) + "\n"


def shares_of(kind: str, value: object, box: Value | None, size: tuple[int, int]) -> tuple[list[float], int]:
    """The shares that stand for a shape, and how many of its corners lay beyond the picture and are moved to its edge."""
    width, height = size
    if kind == "keypoints":
        named = value if isinstance(value, dict) else {}
        there = [[float(x), float(y)] for x, y, seen in named.values() if seen]
        around = box or box_around([there]) or {}
        points = [at for x, y, seen in named.values() for at in (x / width, y / height, seen)]
        return [*_centred(around, size), *points], 0
    given: Value = value if isinstance(value, dict) else {}
    if kind == "box":
        return _centred(given, size), 0
    ring = outlines(kind, given)[0] if kind == "rotated_box" else corners_of_rings(given.get("outer"))[0]
    flat = [axis for x, y in ring for axis in (x / width, y / height)]
    beyond = sum(not -1e-9 <= axis <= 1 + 1e-9 for axis in flat)
    return [min(1.0, max(0.0, axis)) for axis in flat], beyond


def _centred(box: Value, size: tuple[int, int]) -> list[float]:
    left, top, right, bottom = (float(str(box[side])) for side in ("left", "top", "right", "bottom"))
    middle = [(left + right) / 2 / size[0], (top + bottom) / 2 / size[1]]
    return [*middle, (right - left) / size[0], (bottom - top) / size[1]]


def _joint(place: Sequence[float], width: int, height: int) -> list[float]:
    x, y = place[0] * width, place[1] * height
    seen = int(place[2]) if len(place) > 2 and place[2] in (0, 1, 2) else 2 * int(bool(x or y))
    return [_in(x, width), _in(y, height), seen] if seen else [0, 0, 0]


def _in(at: float, side: int) -> float:
    """A place that rounding put just beyond the picture, on its edge."""
    return min(max(at, 0.0), float(side)) if -EDGE_PX <= at <= side + EDGE_PX else at


def rows_in(text: str) -> Iterator[tuple[int, str]]:
    """The lines that are not empty, from 1."""
    return ((number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip())
