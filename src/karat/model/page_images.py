"""Page images with the words that were read on them, as files and people give them, as one canonical JSON text."""

from collections.abc import Mapping, Sequence
from itertools import chain

import msgspec

from karat.model.dialogue import Unreadable
from karat.model.pages import Placed
from karat.model.parsing import join
from karat.model.problem import Problem, shown
from karat.model.strings import plain_json

IMAGES = ("image", "img", "file_name", "file", "path")
WORDS = ("words", "annotations", "ocr", "lines", "tokens")
TEXTS = ("text", "word", "transcription", "value")
BOXES = ("box", "bbox", "quad", "polygon", "points", "poly")
MOST_PAGES = 500
PAGES_DO = "Write a list of `{image: …, words: [{text: …, box: [left, top, right, bottom]}]}`."
BOX_DO = "Give pixels of the upright image: [left, top, right, bottom], or x and y of each corner."


class PageImage(msgspec.Struct, frozen=True):
    """A page: the file of its image, and what was read on it, in reading order."""

    image: str
    words: tuple[Placed, ...] = ()


_DECODER = msgspec.json.Decoder(tuple[PageImage, ...])


def is_name(given: object) -> bool:
    """Whether a text names a file, instead of being pages as JSON."""
    return isinstance(given, str) and given.lstrip()[:1] not in ("[", "{")


def read(given: object) -> str:
    """The canonical text of page images; raises `Unreadable` with every reason.

    Takes a list of pages, one page, or JSON text of either. Boxes are four numbers, left, top, right and bottom, or two
    for each corner, in one list or in pairs.

    >>> read({"image": "a.png", "words": [{"text": "Hi", "box": [1, 2, 9, 8]}]})
    '[{"image":"a.png","words":[["Hi",1,2,9,8,false]]}]'
    """
    problems: list[Problem] = []
    given = _parsed(given)
    entries = [given] if isinstance(given, Mapping) else given
    if not isinstance(entries, list | tuple) or not 0 < len(entries) <= MOST_PAGES:
        raise Unreadable([Problem("", shown(given), f"a list of 1 to {MOST_PAGES} pages", PAGES_DO)])
    found = [page for index, entry in enumerate(entries) if (page := _page(entry, f"[{index}]", problems))]
    if problems:
        raise Unreadable(problems)
    return encode(found)


def placed_words(given: object) -> tuple[Placed, ...]:
    """The words of one page: a list of them, or a mapping that has one; raises `Unreadable`."""
    listed = (
        next((given[n] for n in WORDS if isinstance(given.get(n), list)), None) if isinstance(given, Mapping) else given
    )
    if not isinstance(listed, list | tuple):
        raise Unreadable([Problem("", shown(given), "a list of words", PAGES_DO)])
    problems: list[Problem] = []
    words = [_placed(entry, f"[{index}]", problems) for index, entry in enumerate(listed)]
    if problems:
        raise Unreadable(problems)
    return tuple(word for word in words if word is not None)


def encode(found: Sequence[PageImage]) -> str:
    """Pages as canonical text."""
    return msgspec.json.encode(found).decode()


def decode(text: str) -> tuple[PageImage, ...]:
    """The pages of a canonical text, or of any that `read` takes; raises `Unreadable`."""
    try:
        return _DECODER.decode(text)
    except msgspec.MsgspecError:
        return _DECODER.decode(read(text))


def _parsed(given: object) -> object:
    if not isinstance(given, str):
        return given
    try:
        return plain_json(given.encode())
    except (ValueError, RecursionError):
        raise Unreadable([Problem("", shown(given), "pages as JSON", PAGES_DO)]) from None


def _page(given: object, path: str, problems: list[Problem]) -> PageImage | None:
    if isinstance(given, str):
        return PageImage(given)
    image = (
        next((given[n] for n in IMAGES if isinstance(given.get(n), str)), None) if isinstance(given, Mapping) else None
    )
    if not isinstance(given, Mapping) or not isinstance(image, str):
        problems.append(Problem(path, shown(given), "a page with its `image`", PAGES_DO))
        return None
    name = next((n for n in WORDS if isinstance(given.get(n), list)), None)
    listed = given[name] if name else []
    words = [_placed(entry, f"{path}.{name}[{index}]", problems) for index, entry in enumerate(listed)]
    return PageImage(image, tuple(word for word in words if word is not None))


def _placed(given: object, path: str, problems: list[Problem]) -> Placed | None:
    said = given if isinstance(given, Mapping) else {}
    text = next((said[n] for n in TEXTS if isinstance(said.get(n), str)), None)
    name = next((n for n in BOXES if said.get(n) is not None), None)
    if text is None or name is None:
        problems.append(Problem(path, shown(given), "a `text` and its `box`", PAGES_DO))
        return None
    box = box_of(said[name])
    if box is None:
        problems.append(Problem(join(path, name), shown(said[name]), "4 numbers, or 2 for each corner", BOX_DO))
        return None
    return Placed(text.replace("\x00", ""), *box)


def box_of(given: object) -> tuple[float, float, float, float] | None:
    """The upright box around four numbers or corners; None where they are none.

    >>> box_of([0, 1, 10, 5]), box_of([[0, 1], [10, 2], [10, 6], [0, 5]]), box_of([3])
    ((0, 1, 10, 5), (0, 1, 10, 6), None)
    """
    listed = list(given) if isinstance(given, list | tuple) else []
    if listed and all(isinstance(corner, list | tuple) for corner in listed):
        listed = list(chain.from_iterable(listed))
    if (
        len(listed) < 4
        or len(listed) % 2
        or not all(isinstance(n, int | float) and not isinstance(n, bool) for n in listed)
    ):
        return None
    xs, ys = listed[::2], listed[1::2]
    return min(xs), min(ys), max(xs), max(ys)
