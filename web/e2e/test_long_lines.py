"""A line that is too long to be laid out at once looks, wraps and is marked as one paragraph."""

import json

import pytest
from playwright.sync_api import expect

SCHEMA = """\
karat_schema: 1
streams: {text: {kind: text, title: Text}}
fields:
  parts: {kind: span, on: text, many: true, labels: {part: {title: Part, key: "1"}}}
"""

LINES = {
    "latin": " ".join(f"The {n}th word of this endless sentence, {'very ' * (n % 4)}long." for n in range(160)),
    "arabic": " ".join(f"هذه هي الجملة رقم {n} في نص طويل جدا." for n in range(120)),
    "chinese": "".join(f"这是第{n}句话，没有空格也要换行。" for n in range(260)),
    "unbroken": "x" * 4_000,
    "emoji": " ".join(f"{n}👩‍👩‍👧‍👦🇩🇪é" for n in range(500)),
}

# The text as one paragraph, beside it as it is shown: where its lines begin, and how high it is.
COMPARED = """(text) => {
  const starts = (paragraph, from) => {
    const node = paragraph.firstChild, range = document.createRange(), found = []
    let last = -Infinity
    for (let i = 0; i < node.length; i += 1) {
      range.setStart(node, i); range.setEnd(node, i + 1)
      const rect = range.getClientRects()[0]
      if (rect && rect.top > last + 10) { found.push(from + i); last = rect.top }
    }
    return found
  }
  const body = document.querySelector('.text-body')
  const whole = document.createElement('p')
  whole.className = 'text-words'
  whole.dir = 'auto'
  whole.textContent = text
  body.append(whole)
  const wanted = starts(whole, 0), height = whole.getBoundingClientRect().height
  whole.remove()
  let from = 0
  const shown = [...document.querySelectorAll('.text-block .text-words')].flatMap((p) => {
    const found = starts(p, from)
    from += p.textContent.length
    return found
  })
  return { wanted, shown: shown, read: from, height, body: [...document.querySelectorAll('.text-row')].reduce((sum, row) => sum + row.getBoundingClientRect().height, 0) }
}"""


@pytest.fixture(scope="module")
def long_lines(settled, tmp_path_factory):
    folder = tmp_path_factory.mktemp("long")
    (folder / "long.jsonl").write_text(
        "".join(json.dumps({"key": key, "text": text}) + "\n" for key, text in LINES.items()), "utf-8"
    )
    project = settled.client.create_project("Long lines", schema=SCHEMA)
    assert project.import_from(folder / "long.jsonl").wait().result["items_added"] == len(LINES)
    return project


@pytest.fixture
def at(house, long_lines, watched):
    """The labeling page of one text, high enough to show all of it."""
    items = {item["key"]: item["id"] for item in long_lines.items()}

    def opened(key, width=1440):
        page = watched.page(house.context(house.owner).new_page())
        page.set_viewport_size({"width": width, "height": 8_000})
        page.goto(f"/p/{long_lines.id}/label/{items[key]}")
        expect(page.locator(".text-words").first).to_be_visible()
        return page

    return opened


@pytest.mark.parametrize("key", LINES)
@pytest.mark.parametrize("width", [1440, 860])
def test_a_long_line_wraps_where_a_whole_paragraph_would(at, key, width):
    page = at(key, width)
    expect(page.locator(".text-block").nth(1)).to_be_visible()

    found = page.evaluate(COMPARED, LINES[key])

    assert found["read"] == len(LINES[key].encode("utf-16-le")) // 2
    assert found["shown"] == found["wanted"]
    assert found["body"] == pytest.approx(found["height"], abs=1)


def test_a_long_line_wraps_anew_when_the_window_becomes_narrower(at):
    page = at("latin")
    page.set_viewport_size({"width": 800, "height": 8_000})
    expect(page.locator(".text-words").first).to_be_visible()
    page.wait_for_function("() => document.querySelector('.text-page').clientWidth < 600")

    found = page.evaluate(COMPARED, LINES["latin"])

    assert found["shown"] == found["wanted"]


def test_a_selection_over_the_seam_is_one_span(at):
    page = at("latin")
    second = page.locator(".text-block").nth(1).bounding_box()
    page.mouse.move(second["x"] + 300, second["y"] - 20)
    page.mouse.down()
    page.mouse.move(second["x"] + 200, second["y"] + 20, steps=4)
    with page.expect_response(lambda got: got.request.method == "PATCH" and got.ok) as sent:
        page.mouse.up()

    text = LINES["latin"]
    seam = len(page.locator(".text-words").first.inner_text())
    [[start, end]] = json.loads(sent.value.request.post_data)["ops"][-1]["annotation"]["value"]
    assert start < seam < end
    assert text[start:end] == text[start:end].strip()
    assert not text[start - 1].isalnum() and not text[end].isalnum()
