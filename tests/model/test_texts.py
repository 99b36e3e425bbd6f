from msgspec.structs import replace

from karat.model.item import Item, Markup, Ref, Stream, content_hash
from karat.model.texts import settled, styled_stream


def test_a_text_keeps_its_source_and_says_what_made_it_plain():
    made = styled_stream("A *small* dog", "markdown")

    assert made.ref.inline == "A small dog"
    assert made.markup.source == "A *small* dog"
    assert made.facts.extractor.startswith("karat 1 (markdown-it-py ")
    assert len(made.facts.sha256) == 64


def test_a_plain_text_that_was_made_by_another_version_stays_as_it_is():
    made = styled_stream("A *small* dog", "markdown")
    older = replace(made, ref=Ref(inline="A  small  dog"), facts=replace(made.facts, extractor="karat 0"))

    kept = settled(older)

    assert kept.ref.inline == "A  small  dog"
    assert kept.facts.extractor == "karat 0"
    assert kept.facts.length == 13


def test_a_file_whose_source_was_changed_is_read_anew():
    made = styled_stream("A *small* dog", "markdown")

    read = settled(replace(made, markup=replace(made.markup, source="A **big** dog")))

    assert read.ref.inline == "A big dog"


def test_marks_of_a_file_that_lie_outside_the_text_are_left_out():
    made = styled_stream("A *small* dog", "markdown")
    given = replace(made, ref=Ref(inline="A"))

    assert settled(given).markup.marks == ()


def test_a_source_is_new_content_also_where_its_words_are_the_same():
    plain = Item(key="a", streams={"text": styled_stream("a dog", "plain")})
    one = Item(key="a", streams={"text": styled_stream("a *dog*", "markdown")})
    other = Item(key="a", streams={"text": styled_stream("a **dog**", "markdown")})
    unread = Item(key="a", streams={"text": Stream("text", Ref(inline="a *dog*"), markup=Markup("markdown"))})

    assert len({content_hash(item) for item in (plain, one, other)}) == 3
    assert content_hash(unread) == content_hash(one)
