"""Own pictures of the gallery: drawn here from layers whose outlines are known, so that their labels are exact."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

Point = tuple[float, float]
WIDTH, HEIGHT = 1280, 800
SMOOTH = 3
JOINTS = [
    "nose",
    "left_eye",
    "right_eye",
    "left_ear",
    "right_ear",
    "left_shoulder",
    "right_shoulder",
    "left_elbow",
    "right_elbow",
    "left_wrist",
    "right_wrist",
    "left_hip",
    "right_hip",
    "left_knee",
    "right_knee",
    "left_ankle",
    "right_ankle",
]
BONES = [
    (15, 13), (13, 11), (16, 14), (14, 12), (11, 12), (5, 11), (6, 12), (5, 6), (5, 7), (6, 8),
    (7, 9), (8, 10), (1, 2), (0, 1), (0, 2), (1, 3), (2, 4), (3, 5), (4, 6),
]  # fmt: skip


@dataclass(frozen=True)
class Layer:
    """One thing of a picture: its class, its colour, its outline in pixels; an `open` one is left for the edit."""

    label: str
    paint: str
    points: Sequence[Point]
    open: bool = False


def box(x: float, y: float, w: float, h: float) -> list[Point]:
    """A level rectangle."""
    return [(x, y), (x + w, y), (x + w, y + h), (x, y + h)]


def round_(x: float, y: float, rx: float, ry: float, corners: int = 40) -> list[Point]:
    """An ellipse around a middle."""
    turns = (2 * math.pi * n / corners for n in range(corners))
    return [(round(x + rx * math.cos(t), 1), round(y + ry * math.sin(t), 1)) for t in turns]


def car(x: float, y: float, w: float) -> list[Point]:
    """A car seen from the side, in one outline; x, y is its upper left."""
    way = [
        (0, 0.5), (0.16, 0.44), (0.3, 0.06), (0.7, 0.02), (0.86, 0.42), (1, 0.54), (1, 0.84), (0.9, 0.86), (0.86, 0.98),
        (0.74, 0.98), (0.7, 0.86), (0.32, 0.86), (0.28, 0.98), (0.16, 0.98), (0.12, 0.86), (0, 0.84),
    ]  # fmt: skip
    return [(round(x + a * w, 1), round(y + b * 0.46 * w, 1)) for a, b in way]


def tree(x: float, y: float, size: float) -> list[Point]:
    """A crown on a stem that stands on x, y."""
    crown = [(x + 0.42 * size * math.sin(t / 9 * math.pi - 2.6) * (1 + 0.14 * math.cos(3 * t)),
              y - 0.68 * size - 0.36 * size * math.cos(t / 9 * math.pi - 2.6)) for t in range(16)]  # fmt: skip
    foot = [
        (x + 0.05 * size, y - 0.4 * size),
        (x + 0.06 * size, y),
        (x - 0.06 * size, y),
        (x - 0.05 * size, y - 0.4 * size),
    ]
    return [(round(a, 1), round(b, 1)) for a, b in [*crown, *foot]]


ROAD = [
    Layer("sky", "#b9d3e8", box(0, 0, WIDTH, 430)),
    Layer("building", "#a09482", box(0, 70, 250, 390)),
    Layer("building", "#8d8f98", box(250, 170, 200, 290)),
    Layer("building", "#b5a48d", box(880, 120, 400, 340)),
    Layer("tree", "#5c7d52", tree(560, 470, 230)),
    Layer("pavement", "#b7b2a7", box(0, 430, WIDTH, 370)),
    Layer("road", "#63666b", [(590, 430), (720, 430), (1190, 800), (70, 800)]),
    Layer("tree", "#4d7048", tree(190, 600, 300)),
    Layer("tree", "#557a4f", tree(1130, 580, 270)),
    Layer("car", "#3f6d9c", car(430, 520, 200)),
    Layer("car", "#b4533a", car(700, 560, 290), open=True),
]
TABLE = [
    Layer("wall", "#dcd5c7", box(0, 0, WIDTH, 470)),
    Layer("window", "#b8d4e3", box(120, 60, 330, 270)),
    Layer("table", "#a67c52", box(0, 470, WIDTH, 330)),
    Layer(
        "vase",
        "#4d6f8d",
        [(980, 300), (1060, 300), (1050, 350), (1110, 450), (1080, 580), (960, 580), (930, 450), (990, 350)],
    ),
    Layer("bowl", "#e9e4da", [(330, 500), (800, 500), (750, 620), (650, 680), (480, 680), (380, 620)]),
    Layer("apple", "#b23b30", round_(460, 465, 74, 70)),
    Layer("orange", "#dd8a2c", round_(600, 455, 78, 76)),
    Layer("apple", "#7f9f3a", round_(720, 480, 60, 58, 14), open=True),
]
STREET = [
    Layer("wall", "#b9ab97", box(0, 90, WIDTH, 380)),
    Layer("door", "#6e5a48", box(150, 190, 130, 280)),
    Layer("window", "#9fb6c2", box(420, 190, 220, 150)),
    Layer("window", "#9fb6c2", box(820, 190, 220, 150)),
    Layer("street", "#6b6d70", box(0, 520, WIDTH, 280)),
    Layer("car", "#3f6d9c", car(90, 470, 330)),
    Layer("car", "#e3ddd0", car(520, 440, 260)),
    Layer("car", "#b4533a", car(800, 540, 400), open=True),
    Layer("potted plant", "#4d7048", tree(350, 480, 150)),
]
ROOFS = [
    Layer("road", "#8c8b87", [(0, 360), (1280, 300), (1280, 390), (0, 450)]),
    Layer("road", "#8c8b87", [(560, 0), (640, 0), (690, 800), (610, 800)]),
    *(
        Layer("house", paint, [(x, y), (x + w, y - 10), (x + w + 8, y + h), (x + 8, y + h + 10)])
        for x, y, w, h, paint in [
            (70, 60, 170, 110, "#a8563f"), (300, 50, 190, 140, "#8f4a39"), (90, 230, 150, 90, "#7a7f86"),
            (760, 60, 200, 120, "#b0694c"), (1030, 40, 170, 150, "#8a8178"), (110, 520, 210, 150, "#a8563f"),
            (790, 480, 180, 130, "#8f4a39"),
        ]
    ),
    Layer("house", "#b0694c", [(1040, 500), (1210, 490), (1218, 650), (1130, 655), (1128, 590), (1046, 595)], open=True),
    Layer("pool", "#6fb7cf", [(400, 560), (500, 552), (508, 640), (408, 648)]),
    Layer("pool", "#6fb7cf", round_(870, 690, 60, 38)),
]  # fmt: skip


def draw(layers: Sequence[Layer], ground: str = "#cfc6b8") -> Image.Image:
    """The picture, with smooth edges and a dark line around what is no ground."""
    image = Image.new("RGB", (WIDTH * SMOOTH, HEIGHT * SMOOTH), ground)
    pen = ImageDraw.Draw(image)
    for layer in layers:
        way = [(x * SMOOTH, y * SMOOTH) for x, y in layer.points]
        pen.polygon(way, layer.paint)
        if layer.label in THINGS:
            pen.line([*way, way[0]], "#2b2d30", 2 * SMOOTH, joint="curve")
        if layer.label == "car":
            _glass(pen, layer)
    return image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


THINGS = {"car", "house", "pool", "vase", "bowl", "apple", "orange", "window", "door", "potted plant", "building"}


def _glass(pen: ImageDraw.ImageDraw, layer: Layer) -> None:
    left, right = min(x for x, _ in layer.points), max(x for x, _ in layer.points)
    top, w = min(y for _, y in layer.points), right - left
    pane = [(0.22, 0.17), (0.33, 0.05), (0.5, 0.045), (0.5, 0.17)]
    other = [(0.53, 0.17), (0.53, 0.045), (0.67, 0.045), (0.77, 0.17)]
    for way in (pane, other):
        pen.polygon([((left + a * w) * SMOOTH, (top + b * w) * SMOOTH) for a, b in way], "#26323a")
    for a in (0.22, 0.8):
        x, y, r = left + a * w, top + 0.4 * w, 0.065 * w
        pen.ellipse([(x - r) * SMOOTH, (y - r) * SMOOTH, (x + r) * SMOOTH, (y + r) * SMOOTH], "#1b1d1f")
        pen.ellipse([(x - r / 2) * SMOOTH, (y - r / 2) * SMOOTH, (x + r / 2) * SMOOTH, (y + r / 2) * SMOOTH], "#a3a8ab")


def left_open(layers: Sequence[Layer]) -> tuple[Point, ...]:
    """The outline that is left for the edit."""
    return tuple(next(layer.points for layer in layers if layer.open))


def mask_folder(folder: Path, layers: Sequence[Layer], *, pictures: str, masks: str) -> Path:
    """The picture, its mask of class numbers in a folder beside it, and `classes.csv`."""
    names = list(dict.fromkeys(layer.label for layer in layers))
    mask = Image.new("L", (WIDTH, HEIGHT))
    pen = ImageDraw.Draw(mask)
    for layer in layers:
        if not layer.open:
            pen.polygon(list(layer.points), names.index(layer.label) + 1)
    for name, image in ((pictures, draw(layers)), (masks, mask)):
        (folder / name).mkdir(parents=True, exist_ok=True)
        image.save(folder / name / "scene.png")
    rows = "".join(f"{number},{name}\n" for number, name in enumerate(names, start=1))
    (folder / "classes.csv").write_text("value,label\n" + rows, "utf-8")
    return folder


def coco(folder: Path, layers: Sequence[Layer], labels: Sequence[str], ground: str = "#cfc6b8") -> Path:
    """The picture, and a COCO file of the outlines of these labels."""
    folder.mkdir(parents=True, exist_ok=True)
    draw(layers, ground).save(folder / "scene.png")
    found = [layer for layer in layers if layer.label in labels and not layer.open]
    annotations = []
    for number, layer in enumerate(found, start=1):
        xs, ys = [x for x, _ in layer.points], [y for _, y in layer.points]
        annotations.append(
            {
                "id": number,
                "image_id": 1,
                "category_id": labels.index(layer.label) + 1,
                "segmentation": [[v for point in layer.points for v in point]],
                "bbox": [min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)],
                "area": (max(xs) - min(xs)) * (max(ys) - min(ys)),
                "iscrowd": 0,
            }
        )
    _write(folder, [{"id": number, "name": name} for number, name in enumerate(labels, start=1)], annotations)
    return folder


def joints(x: float, y: float, size: float, wave: float = 0.0) -> tuple[Point, ...]:
    """The 17 places of COCO of somebody seen from before, whose left hand is raised by `wave` (0 … 1); x, y between the feet."""
    place = {
        "nose": (0, -0.9), "eye": (0.03, -0.925), "ear": (0.065, -0.91), "shoulder": (0.14, -0.78),
        "elbow": (0.2, -0.6), "wrist": (0.22, -0.43), "hip": (0.085, -0.47), "knee": (0.09, -0.25), "ankle": (0.1, -0.03),
    }  # fmt: skip
    raised = {"elbow": (0.26, -0.74), "wrist": (0.3, -0.95)}
    found = []
    for name in JOINTS:
        side, _, part = name.rpartition("_")
        a, b = place[part]
        if side == "left" and part in raised:
            a, b = a + (raised[part][0] - a) * wave, b + (raised[part][1] - b) * wave
        # Whoever looks at us has their left on our right.
        found.append((round(x + a * size * (-1 if side == "right" else 1), 1), round(y + b * size, 1)))
    return tuple(found)


PEOPLE = [
    (joints(330, 690, 480), "#b5533a"),
    (joints(650, 720, 520, 1.0), "#39715a"),
    (joints(960, 680, 460, 0.45), "#44507a"),
]


def people(folder: Path) -> Path:
    """Three people on a meadow, two of them with their keypoints in a COCO file."""
    folder.mkdir(parents=True, exist_ok=True)
    image = draw([Layer("sky", "#c4dbea", box(0, 0, WIDTH, 420)), Layer("tree", "#5c7d52", tree(150, 470, 260)),
                  Layer("tree", "#4d7048", tree(1150, 480, 300))], "#8fae72")  # fmt: skip
    pen = ImageDraw.Draw(image)
    annotations = []
    for number, (places, coat) in enumerate(PEOPLE, start=1):
        _figure(pen, dict(zip(JOINTS, places, strict=True)), coat)
        xs, ys = [x for x, _ in places], [y for _, y in places]
        if number < len(PEOPLE):
            annotations.append(
                {
                    "id": number,
                    "image_id": 1,
                    "category_id": 1,
                    "keypoints": [v for x, y in places for v in (x, y, 2)],
                    "num_keypoints": len(places),
                    "bbox": [min(xs) - 20, min(ys) - 40, max(xs) - min(xs) + 40, max(ys) - min(ys) + 60],
                    "area": (max(xs) - min(xs)) * (max(ys) - min(ys)),
                    "iscrowd": 0,
                }
            )
    image.save(folder / "scene.png")
    skeleton = [[a + 1, b + 1] for a, b in BONES]
    _write(folder, [{"id": 1, "name": "person", "keypoints": JOINTS, "skeleton": skeleton}], annotations)
    return folder


def _figure(pen: ImageDraw.ImageDraw, at: dict[str, Point], coat: str) -> None:
    size = (at["left_ankle"][1] - at["nose"][1]) / 0.87

    def limb(way: list[str], paint: str, width: float) -> None:
        pen.line([at[name] for name in way], paint, round(width * size), joint="curve")
        for name in (way[0], way[-1]):
            x, y = at[name]
            r = width * size / 2
            pen.ellipse([x - r, y - r, x + r, y + r], paint)

    for side in ("left", "right"):
        limb([f"{side}_hip", f"{side}_knee", f"{side}_ankle"], "#2f3a48", 0.085)
    pen.polygon([at[n] for n in ("left_shoulder", "right_shoulder", "right_hip", "left_hip")], coat)
    limb(["left_shoulder", "right_shoulder"], coat, 0.08)
    limb(["left_hip", "right_hip"], coat, 0.08)
    for side in ("left", "right"):
        limb([f"{side}_shoulder", f"{side}_elbow", f"{side}_wrist"], coat, 0.06)
        x, y = at[f"{side}_wrist"]
        pen.ellipse([x - 0.03 * size, y - 0.03 * size, x + 0.03 * size, y + 0.03 * size], "#d9ab84")
    x, y = at["nose"]
    pen.ellipse([x - 0.07 * size, y - 0.085 * size, x + 0.07 * size, y + 0.075 * size], "#d9ab84")
    for name in ("left_eye", "right_eye"):
        x, y = at[name]
        pen.ellipse([x - 0.009 * size, y - 0.009 * size, x + 0.009 * size, y + 0.009 * size], "#26282b")


def _write(folder: Path, categories: list[dict[str, object]], annotations: list[dict[str, object]]) -> None:
    images = [{"id": 1, "file_name": "scene.png", "width": WIDTH, "height": HEIGHT}]
    content = {"images": images, "annotations": annotations, "categories": categories}
    (folder / "annotations.json").write_text(json.dumps(content), "utf-8")
