import pytest

from karat.markup import Mark, read_html, read_markdown


def styled(made):
    return [(mark.style, made.text[mark.start : mark.end]) for mark in made.marks]


def test_a_page_is_its_words_one_block_a_line():
    made = read_html("<h1>A &amp; b</h1>\n<p>One\n  two<p>three<br>four<table><tr><td>1<td>2</table>tail")

    assert made.text == "A & b\nOne two\nthree\nfour\n1\n2\ntail"


def test_styles_lie_on_words_without_the_spaces_around_them():
    made = read_html("<p>a <b> bold <i>both</i></b> <a href='javascript:hurt()'>link</a></p>")

    assert made.text == "a bold both link"
    assert styled(made) == [("strong", "bold both"), ("emphasis", "both"), ("link", "link")]


def test_nothing_that_acts_comes_out_of_a_page():
    made = read_html(
        "<title>t</title><style>p{}</style><script>x</script><iframe>y</iframe><template><p>z</template>"
        "<p onclick=hurt()>kept<svg onload=hurt()></svg><img src=https://example.org/x.png alt='a cat' onerror=hurt()>"
    )

    assert made.text == "kepta cat"
    assert {mark.style for mark in made.marks} == {"image"}


def test_items_have_their_numbers_and_cells_their_columns():
    made = read_html("<ol start=3><li>c<ul><li>in</ul><li>d</ol><table><tr><th>H<td>x</table>")

    assert made.marks == (
        Mark(0, 1, "item", 1, 3),
        Mark(2, 4, "item", 2, 0),
        Mark(5, 6, "item", 1, 4),
        Mark(7, 8, "header", 1),
        Mark(9, 10, "cell", 2),
    )


def test_markdown_is_read_without_its_signs():
    made = read_markdown(
        "# Hi *you*\n\nSoft\nline, `co  de` ~~no~~ [l](x)\n\n1. one\n   - two\n\n```\na\n  b\n```\n\n|h|\n|-|\n|c|"
    )

    assert made.text == "Hi you\nSoft line, co de no l\none\ntwo\na\n  b\nh\nc"
    assert [style for style, _ in styled(made)] == [
        "heading", "emphasis", "code", "strike", "link", "item", "item", "pre", "pre", "header", "cell",
    ]  # fmt: skip


def test_html_within_markdown_is_read_as_html():
    made = read_markdown("a <b>bold</b><script>hurt()</script>\n\n<div onclick='hurt()'>box</div>\n")

    assert made.text == "a bold\nbox"


@pytest.mark.parametrize("letters", ["שלום", "東京都", "e\u0301", "👩\u200d👩\u200d👧", "a\u200bb\u00a0c"])
def test_letters_of_every_kind_stay_as_they_are(letters):
    assert read_html(f"<p>{letters}</p>").text == read_markdown(letters).text == letters


@pytest.mark.parametrize(
    "hostile",
    [
        "<table><tr><td>" * 10_000,
        "<ul><li>" * 3_000,
        "<b>" * 3_000 + "<p>" * 3_000,
        "<a " * 60_000,
        "<!--" * 60_000,
        "<a " + "a=b " * 60_000,
        "</x>" * 20_000,
        "&" * 100_000,
        "<![CDATA[" * 20_000,
    ],
)
def test_hostile_pages_are_read_to_their_end(hostile):
    made = read_html(hostile + "<p>the end")

    assert len(made.text) <= len(hostile) + 8
    assert len(made.marks) <= 100_000


@pytest.mark.parametrize(
    "hostile", ["- " * 5_000, "> " * 5_000, "[a](" * 1_000, "*a _b " * 1_000, "![" * 1_000, "`" * 9_999]
)
def test_hostile_markdown_is_read_to_its_end(hostile):
    made = read_markdown(hostile + "\n\nthe end")

    assert made.text.endswith("the end") or not made.text
