"""What is edited in the gallery: a few keys, clicks or drags each."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from gallery_desk import HAND_MS, HEAD, Desk
from playwright.sync_api import expect

Point = tuple[float, float]


@dataclass(frozen=True)
class Spot:
    """Where and as what an edit is made: the key of a label, places (pixels of a picture, or widths of a page), or a word."""

    key: str
    places: tuple[Point, ...] = ()
    word: str = ""


Edit = Callable[[Desk, Spot], None]


def area(desk: Desk, spot: Spot) -> None:
    """An outline, corner by corner."""
    desk.press("p", spot.key)
    desk.clicks(spot.places)
    desk.press("Enter")


def sign(desk: Desk, spot: Spot) -> None:
    """What stands in an outline that is there."""
    desk.press("v")
    desk.clicks(spot.places)
    reads = desk.page.get_by_role("textbox", name="It reads")
    reads.fill(spot.word)
    reads.press("Escape")


def paint(desk: Desk, spot: Spot) -> None:
    """A mask of what an outline holds."""
    desk.head = HEAD
    desk.press("m", spot.key, "Shift+L")
    desk.clicks(spot.places)
    desk.press("Enter")


def joints(desk: Desk, spot: Spot) -> None:
    """A point for each joint, in the order that the screen asks for."""
    desk.press("k")
    desk.clicks(spot.places)


def word(desk: Desk, spot: Spot) -> None:
    """A double click on a word, and the key of its label."""
    desk.double(spot.word)
    desk.press(spot.key)


def tag(desk: Desk, spot: Spot) -> None:
    """A word that has a tag gets another one."""
    desk.click(spot.word)
    desk.press(spot.key)


def everywhere(desk: Desk, spot: Spot) -> None:
    """A word is marked, then it is wherever it stands."""
    desk.page.get_by_role("radio", name="char").click()
    desk.over(spot.word)
    desk.press(spot.key, "Shift+O")
    expect(desk.page.get_by_role("button", name=re.compile(r"Label \d+"))).to_be_visible()
    desk.press("Enter")


def paper(desk: Desk, spot: Spot) -> None:
    """A region around some words, whose text comes with it."""
    desk.press("b", spot.key)
    desk.page_drag(*spot.places)


def rate(desk: Desk, spot: Spot) -> None:
    """One reply after the other gets a key."""
    for key in spot.key:
        desk.press(key)
        desk.page.wait_for_timeout(HAND_MS)
