"""What a media process makes of documents: pages, the one text, the places of words, pictures of pages."""

import io
import sys

import pytest
from PIL import Image

from karat.model import pages
from karat.model.pages import Placed
from karat.server.media.answers import Bad, LookAt, Looked, Shrink
from karat.server.media.bundles import write_bundle
from karat.server.media.decoding import Limit, answer
from karat.testing.pdf import pdf_of

LIMIT = Limit(10_000_000, 10_000_000)
LETTER = [[(20, 60, "Dear Ada,"), (20, 30, "Yours")], [(20, 60, "P.S.")]]


def look_at(path):
    return answer(LookAt(str(path)), LIMIT)


def words_of(layer):
    return [(layer.text[w.start : w.end], w) for page in layer.pages for w in page.words]


def test_a_pdf_has_pages_one_text_and_the_place_of_each_word(tmp_path):
    (tmp_path / "a.pdf").write_bytes(pdf_of(LETTER, size=(200.5, 100)))

    looked = look_at(tmp_path / "a.pdf")

    layer = pages.decode(looked.layer)
    assert looked.facts.pages == ((201, 100), (201, 100)) and looked.facts.length == len(layer.text)
    assert layer.text == "Dear Ada,\nYours\n\nP.S." and layer.extractor.startswith("pypdfium2 5.")
    dear, ada, yours, _ = (word for _, word in words_of(layer))
    assert (
        19 < dear.left < 21 < dear.right < ada.left and dear.top < 40 < dear.bottom < 50 < yours.top < 70 < yours.bottom
    )


@pytest.mark.parametrize(("rotate", "place"), [(0, (20, 40)), (90, (60, 20)), (180, (180, 60)), (270, (40, 180))])
def test_words_of_a_turned_page_lie_where_they_are_seen(tmp_path, rotate, place):
    (tmp_path / "a.pdf").write_bytes(pdf_of([[(20, 60, "M")]], rotate=rotate))

    (word,) = pages.decode(look_at(tmp_path / "a.pdf").layer).pages[0].words

    drawn = Image.open(io.BytesIO(answer(Shrink(str(tmp_path / "a.pdf"), 200, 1), LIMIT).data))
    assert word.left - 1 <= place[0] <= word.right + 1 and word.top - 1 <= place[1] <= word.bottom + 1
    seen = drawn.convert("L").point(lambda grey: 255 * (grey < 128)).getbbox()
    assert (
        word.left - 1 <= seen[0]
        and word.top - 1 <= seen[1]
        and seen[2] <= word.right + 1
        and seen[3] <= word.bottom + 1
    )


def test_a_page_is_drawn_at_the_size_that_is_asked_for(tmp_path):
    (tmp_path / "a.pdf").write_bytes(pdf_of(LETTER))

    drawn = answer(Shrink(str(tmp_path / "a.pdf"), 320, 2), LIMIT)

    assert drawn.media_type == "image/webp" and Image.open(io.BytesIO(drawn.data)).size == (320, 160)
    assert isinstance(answer(Shrink(str(tmp_path / "a.pdf"), 320, 3), LIMIT), Bad)


@pytest.mark.parametrize("content", [b"%PDF-1.4\nbroken", pdf_of([]), b"PK\x03\x04" + b"\0" * 22])
def test_a_broken_document_says_what_is_wrong_and_what_to_do(tmp_path, content):
    if content.startswith(b"PK"):
        content = content + b"\x08\0\0\0" + b"mimetypeapplication/vnd.karat.pages+zip"
    (tmp_path / "a").write_bytes(content)

    said = look_at(tmp_path / "a")

    assert isinstance(said, Bad) and said.got and said.expected and said.do


def test_without_the_extra_a_pdf_says_how_to_get_its_reader(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    (tmp_path / "a.pdf").write_bytes(pdf_of(LETTER))

    assert "karat[documents]" in look_at(tmp_path / "a.pdf").do


def test_page_images_with_words_are_one_file_the_same_for_the_same_pages(tmp_path):
    Image.new("RGB", (60, 40), "white").save(tmp_path / "1.jpg", exif=_turned())
    listed = [(tmp_path / "1.jpg", [Placed("Total due", 0, 0, 36, 10), Placed("9.00", 38, 1, 70, 9)])]
    for name in ("a", "b"):
        write_bundle(tmp_path / name, listed)

    looked = look_at(tmp_path / "a")

    assert isinstance(looked, Looked) and looked.facts.pages == ((40, 60),)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert [(text, w.left, w.right) for text, w in words_of(pages.decode(looked.layer))] == [
        ("Total", 0, 20), ("due", 24, 36), ("9.00", 38, 40),
    ]  # fmt: skip
    assert Image.open(io.BytesIO(answer(Shrink(str(tmp_path / "a"), None, 1), LIMIT).data)).size == (40, 60)


def _turned():
    exif = Image.Exif()
    exif[0x0112] = 6
    return exif
