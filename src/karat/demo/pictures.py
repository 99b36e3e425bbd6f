"""Street scenes drawn with Pillow, so that the true box of every thing on them is known."""

import io
import random
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT = 1280, 800
HORIZON = 400
WALLS = ["#8d8478", "#a08f7c", "#7a8794", "#b09a84", "#6f7a70"]
PAINTS = ["#355d8a", "#b4412f", "#e8e6e1", "#2f3a3f", "#c79a2e", "#5b7f5a"]
COATS = ["#b5533a", "#39715a", "#44507a", "#c3b26d", "#7d4b76"]
SKIES = {"clear": ("#9fc1de", "#e2edf4"), "overcast": ("#9aa3aa", "#cdd2d4"), "night": ("#141d33", "#34405c")}


@dataclass(frozen=True)
class Thing:
    """One thing on a picture with its true box, in pixels."""

    label: str
    left: float
    top: float
    right: float
    bottom: float
    occluded: bool


@dataclass(frozen=True)
class Scene:
    """A picture as PNG bytes with what is on it."""

    name: str
    png: bytes
    weather: str
    things: tuple[Thing, ...]


def scene(number: int) -> Scene:
    """The picture of this number; the same number gives the same picture."""
    chance = random.Random(f"scene {number}")  # noqa: S311 - a drawing, not a secret
    weather = chance.choices(list(SKIES), weights=[5, 3, 2])[0]
    image = Image.new("RGB", (WIDTH, HEIGHT))
    draw = ImageDraw.Draw(image)
    _sky(draw, weather)
    _street(draw, chance, weather)
    things = sorted((_placed(chance) for _ in range(chance.randint(4, 9))), key=lambda t: t.bottom)
    for thing in things:
        _DRAWERS[thing.label](draw, chance, thing)
    things = [_occluded(thing, things[i + 1 :]) for i, thing in enumerate(things)]
    if weather == "overcast":
        image = image.filter(ImageFilter.GaussianBlur(0.8))
    buffer = io.BytesIO()
    image.quantize(128, dither=Image.Dither.NONE).save(buffer, "PNG")
    return Scene(f"street-{number:03d}.png", buffer.getvalue(), weather, tuple(things))


def _sky(draw: ImageDraw.ImageDraw, weather: str) -> None:
    top, bottom = (tuple(int(c[i : i + 2], 16) for i in (1, 3, 5)) for c in SKIES[weather])
    for y in range(HORIZON + 40):
        share = y / (HORIZON + 40)
        draw.line([(0, y), (WIDTH, y)], tuple(round(a + (b - a) * share) for a, b in zip(top, bottom, strict=True)))


def _street(draw: ImageDraw.ImageDraw, chance: random.Random, weather: str) -> None:
    x = -40
    while x < WIDTH:
        width, height = chance.randint(110, 220), chance.randint(160, 330)
        wall = chance.choice(WALLS)
        draw.rectangle([x, HORIZON + 40 - height, x + width, HORIZON + 40], wall)
        lit = "#f0d58a" if weather == "night" else "#dfe7ea"
        for wx in range(x + 16, x + width - 24, 36):
            for wy in range(HORIZON + 60 - height, HORIZON, 44):
                draw.rectangle([wx, wy, wx + 18, wy + 24], lit if chance.random() < 0.6 else "#4d5358")
        x += width
    draw.rectangle([0, HORIZON + 40, WIDTH, HORIZON + 90], "#a9a69c")
    draw.rectangle([0, HORIZON + 90, WIDTH, HEIGHT], "#54565a" if weather != "night" else "#37393d")
    for x in range(-60, WIDTH, 160):
        draw.polygon([(x, 640), (x + 80, 640), (x + 74, 652), (x - 8, 652)], "#d9d7cf")


def _placed(chance: random.Random) -> Thing:
    label = chance.choices(["car", "person", "bicycle", "bus"], weights=[5, 4, 2, 1])[0]
    ground = chance.uniform(HORIZON + 80, HEIGHT - 30)
    scale = 0.45 + (ground - HORIZON) / (HEIGHT - HORIZON)
    width, height = (
        c * scale for c in {"car": (190, 105), "person": (44, 128), "bicycle": (120, 84), "bus": (300, 190)}[label]
    )
    left = chance.uniform(0, WIDTH - width)
    return Thing(
        label, round(left, 1), round(ground - height, 1), round(left + width, 1), round(ground, 1), occluded=False
    )


def _occluded(thing: Thing, nearer: list[Thing]) -> Thing:
    area = (thing.right - thing.left) * (thing.bottom - thing.top)
    for other in nearer:
        width = min(thing.right, other.right) - max(thing.left, other.left)
        height = min(thing.bottom, other.bottom) - max(thing.top, other.top)
        if width > 0 and height > 0 and width * height > 0.15 * area:
            return Thing(thing.label, thing.left, thing.top, thing.right, thing.bottom, occluded=True)
    return thing


def _car(draw: ImageDraw.ImageDraw, chance: random.Random, t: Thing) -> None:
    w, h = t.right - t.left, t.bottom - t.top
    paint = chance.choice(PAINTS)
    draw.rounded_rectangle([t.left, t.top + 0.4 * h, t.right, t.bottom - 0.12 * h], 0.12 * h, paint)
    cabin = [
        (t.left + 0.18 * w, t.top + 0.42 * h),
        (t.left + 0.3 * w, t.top),
        (t.left + 0.72 * w, t.top),
        (t.left + 0.86 * w, t.top + 0.42 * h),
    ]
    draw.polygon(cabin, paint)
    draw.polygon([(x + (0.5 * w + t.left - x) * 0.12, y + 0.05 * h) for x, y in cabin], "#202a31")
    for x in (0.22, 0.78):
        r = 0.16 * h
        draw.ellipse([t.left + x * w - r, t.bottom - 2 * r, t.left + x * w + r, t.bottom], "#17191b")
        draw.ellipse([t.left + x * w - r / 2, t.bottom - 1.5 * r, t.left + x * w + r / 2, t.bottom - r / 2], "#9aa0a3")
    draw.rectangle([t.right - 0.05 * w, t.top + 0.5 * h, t.right, t.top + 0.6 * h], "#ffe9a8")


def _bus(draw: ImageDraw.ImageDraw, chance: random.Random, t: Thing) -> None:
    w, h = t.right - t.left, t.bottom - t.top
    draw.rounded_rectangle(
        [t.left, t.top, t.right, t.bottom - 0.08 * h], 0.06 * h, chance.choice(["#b4412f", "#2f6f5f"])
    )
    for k in range(5):
        draw.rectangle(
            [t.left + (0.05 + 0.19 * k) * w, t.top + 0.14 * h, t.left + (0.2 + 0.19 * k) * w, t.top + 0.46 * h],
            "#25323a",
        )
    for x in (0.2, 0.8):
        r = 0.1 * h
        draw.ellipse([t.left + x * w - r, t.bottom - 2 * r, t.left + x * w + r, t.bottom], "#17191b")


def _person(draw: ImageDraw.ImageDraw, chance: random.Random, t: Thing) -> None:
    w, h = t.right - t.left, t.bottom - t.top
    head = 0.15 * h
    middle = (t.left + t.right) / 2
    skin = chance.choice(["#e3b794", "#b98863", "#7f5738"])
    draw.rectangle([t.left + 0.2 * w, t.top + 0.55 * h, middle - 0.04 * w, t.bottom], "#27313d")
    draw.rectangle([middle + 0.04 * w, t.top + 0.55 * h, t.right - 0.2 * w, t.bottom], "#27313d")
    draw.rounded_rectangle([t.left, t.top + head, t.right, t.top + 0.6 * h], 0.2 * w, chance.choice(COATS))
    draw.ellipse([middle - head / 2, t.top, middle + head / 2, t.top + head], skin)


def _bicycle(draw: ImageDraw.ImageDraw, chance: random.Random, t: Thing) -> None:
    w, h = t.right - t.left, t.bottom - t.top
    r = min(0.25 * w, 0.35 * h)
    paint = chance.choice(PAINTS)
    width = max(2, round(0.03 * w))
    wheels = [(t.left + r, t.bottom - r), (t.right - r, t.bottom - r)]
    for x, y in wheels:
        draw.ellipse([x - r, y - r, x + r, y + r], outline="#1b1d1f", width=width)
    saddle, bar = (t.left + 0.38 * w, t.top + 0.15 * h), (t.left + 0.68 * w, t.top)
    pedal = (t.left + 0.48 * w, t.bottom - r)
    for a, b in (
        (wheels[0], saddle),
        (saddle, pedal),
        (pedal, bar),
        (saddle, bar),
        (bar, wheels[1]),
        (wheels[0], pedal),
    ):
        draw.line([a, b], paint, width)


_DRAWERS = {"bicycle": _bicycle, "bus": _bus, "car": _car, "person": _person}
