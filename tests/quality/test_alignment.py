"""Words of texts in several scripts, and the error rates that other libraries give."""

import random

import pytest

from karat.quality.alignment import (
    NO_ERRORS,
    aligned,
    characters,
    word_distance,
    word_error_rate,
    word_errors,
    words,
)

# jiwer 4.0.0, process_words(reference, hypothesis): substitutions, deletions, insertions, and wer.
JIWER = [
    ("the quick brown fox jumps over the lazy dog", "the quick brown dog jumps over lazy dogs", 2, 1, 0, 1 / 3),
    ("a b c d", "b c d e f", 0, 1, 2, 3 / 4),
    ("one", "one two three", 0, 0, 2, 2.0),
    ("so it goes", "", 0, 3, 0, 1.0),
]


@pytest.mark.parametrize(("reference", "hypothesis", "substituted", "deleted", "inserted", "rate"), JIWER)
def test_errors_are_those_of_jiwer(reference, hypothesis, substituted, deleted, inserted, rate):
    found = word_errors(reference, hypothesis)

    assert found.errors == substituted + deleted + inserted
    assert found.insertions - found.deletions == inserted - deleted
    assert found.rate == pytest.approx(rate)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Don't — DON\u2019T!", ["don't", "don't"]),
        ("'quoted' dogs' rock'n'roll", ["quoted", "dogs", "rock'n'roll"]),
        ("snake_case naïve nai\u0308ve", ["snake", "case", "naïve", "naïve"]),
        ("कक्षा में", ["कक्षा", "में"]),
        ("東京タワーは333m", ["東", "京", "タ", "ワ", "ー", "は", "333m"]),
        ("ดีครับ", ["ดี", "ค", "รั", "บ"]),
        ("한국어 텍스트", ["한국어", "텍스트"]),
        ("co\u00adoperate １２", ["cooperate", "12"]),
        ("…!", []),
    ],
)
def test_words_of_a_text(text, expected):
    assert words(text) == expected


def test_characters_count_the_character_error_rate():
    assert characters("Né à") == ["n", "é", "à"]
    assert word_error_rate(["kitten"], ["sitting"], split=characters) == pytest.approx(3 / 6)


def test_the_rate_of_a_corpus_is_that_of_the_summed_errors():
    texts = [("a b c", "a c"), ("d e", "d e"), ("f", "g h")]

    summed = sum((word_errors(*pair) for pair in texts), NO_ERRORS)

    assert summed.rate == pytest.approx(word_error_rate([a for a, _ in texts], [b for _, b in texts])) == 0.5


def test_a_reference_without_words_has_a_rate_only_if_nothing_was_put_in():
    assert word_errors("", "").rate == 0
    assert word_errors("?", "yes").rate == float("inf")
    assert str(word_error_rate([], [])) == "nan"


def test_as_many_hypotheses_as_references_are_asked_for():
    with pytest.raises(ValueError, match="2 references and 1 hypotheses"):
        word_error_rate(["a", "b"], ["a"])


def test_an_alignment_holds_every_place_once_in_order_and_as_many_changes_as_the_distance():
    drawn = random.Random(5)
    for _ in range(200):
        a, b = ([drawn.choice("abc") for _ in range(drawn.randrange(9))] for _ in range(2))
        pairs = aligned(a, b)
        changes = sum(i is None or j is None or a[i] != b[j] for i, j in pairs)

        assert [i for i, _ in pairs if i is not None] == list(range(len(a)))
        assert [j for _, j in pairs if j is not None] == list(range(len(b)))
        assert changes == word_errors(" ".join(a), " ".join(b)).errors
        assert word_distance(" ".join(a), " ".join(b)) == word_distance(" ".join(b), " ".join(a))
