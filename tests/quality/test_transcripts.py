"""Consensus of transcripts: alignment of many texts, words by who errs how often, and how the result is written."""

import itertools

import numpy as np
import pytest

from karat.kinds import KINDS
from karat.model.response import Annotation
from karat.model.schema import read_schema
from karat.quality import Votes
from karat.quality.alignment import pieces, word_error_rate, words
from karat.quality.consensus.by_kind import model_of
from karat.quality.consensus.lattice import NOTHING, lattice
from karat.quality.consensus.methods import METHODS
from karat.quality.consensus.transcripts import Transcripts
from karat.quality.responses import Said


def votes_of(rows):
    item, who, text = zip(*rows, strict=True)
    return Votes.from_table({"i": list(item), "a": list(who), "t": list(text)}, item="i", annotator="a", label="t")


def heard(rates, *, items=60, length=12, seed=0):
    """Sentences of 200 words, and what writers of these error rates make of them: words missing, others, and more."""
    random = np.random.default_rng(seed)
    words_known = [
        f"{a}{b}" for a in "bcdfghklmnprst" for b in ("ame", "ent", "ish", "old", "une", "art", "ick", "oss")
    ]
    truth, rows = [], []
    for item in range(items):
        right = [words_known[k] for k in random.integers(0, len(words_known), length)]
        truth.append(" ".join(right))
        for who, rate in enumerate(rates):
            given = []
            for word in right:
                drawn = random.random()
                other = words_known[int(random.integers(0, len(words_known)))]
                given += [word] if drawn > rate else [[], [other], [word, other]][int(random.integers(0, 3))]
            rows.append((item, who, " ".join(given)))
    return votes_of(rows), truth


def test_every_word_stands_in_the_lattice_once_and_in_order():
    random = np.random.default_rng(1)
    for _ in range(50):
        sequences = [random.integers(0, 4, random.integers(0, 8)).tolist() for _ in range(4)]
        table = lattice(sequences)

        assert [[token for token in column if token != NOTHING] for column in table.T.tolist()] == sequences
        assert (table != NOTHING).any(axis=1).all()


def test_the_lattice_does_not_depend_on_the_order_of_the_sequences():
    sequences = [[1, 2, 3, 4], [1, 3, 4], [1, 2, 5, 3, 4], [2, 3, 4, 4]]
    expected = lattice(sequences)

    for order in itertools.permutations(range(4)):
        table = lattice([sequences[place] for place in order])
        assert table[:, np.argsort(order)].tolist() == expected.tolist()


def test_long_sequences_are_aligned_without_a_table_of_all_cells(monkeypatch):
    sequences = [list(range(40)), [*range(10), *range(11, 40)], [*range(20), 77, *range(20, 40)]]
    expected = lattice(sequences).tolist()

    monkeypatch.setattr("karat.quality.consensus.lattice.MOST_CELLS", 10)

    assert lattice(sequences).tolist() == expected


def test_good_writers_outvote_many_bad_ones():
    votes, truth = heard([0.05, 0.05, 0.6, 0.6, 0.6, 0.6, 0.6])

    equal = Transcripts(strength=0).fit(votes)
    model = Transcripts().fit(votes)

    assert model.reading_.strength > 0
    assert word_error_rate(truth, model.texts_) < 0.6 * word_error_rate(truth, equal.texts_)
    assert model.skill_.value[:2].min() > model.skill_.value[2:].max()


def test_error_rates_are_near_those_that_were_planted_and_inside_most_intervals():
    rates = np.array([0.02, 0.05, 0.1, 0.15, 0.2, 0.3])
    votes, _ = heard(rates, items=150)

    skill = Transcripts().fit(votes).skill_

    assert np.abs(skill.value - (1 - rates)).max() < 0.03
    assert (skill.low < skill.value).all() and (skill.value < skill.high).all()
    assert ((skill.low - 0.01 <= 1 - rates) & (1 - rates <= skill.high + 0.01)).mean() > 0.8


def test_posteriors_promise_about_as_many_right_words_as_there_are():
    votes, truth = heard([0.1, 0.2, 0.25, 0.3, 0.3])

    model = Transcripts().fit(votes)
    right = 1 - word_error_rate(truth, model.texts_)

    assert model.posterior_.mean() == pytest.approx(right, abs=0.08)
    assert all(len(a) == len(b) for a, b in zip(model.words_, model.word_posteriors_, strict=True))


def test_the_result_does_not_depend_on_the_order_of_the_votes():
    votes, _ = heard([0.1, 0.2, 0.3, 0.3], items=20)
    order = np.random.default_rng(3).permutation(len(votes))

    assert Transcripts().fit(votes.rows(order)).texts_ == Transcripts().fit(votes).texts_


def test_gold_is_certain_and_teaches_who_errs():
    rows = [(i, who, text) for i in range(8) for who, text in (("a", "one two six four"), ("b", "one two three four"))]
    votes = votes_of(rows)

    tied = Transcripts().fit(votes)
    taught = Transcripts(strength=1).fit(votes, {0: "one two three four", 1: "One two three four!"})

    assert tied.ties_.all()
    assert taught.texts_[1] == "One two three four!"
    assert taught.texts_[7] == "one two three four"
    assert taught.skill_.value[1] > taught.skill_.value[0]


def test_words_are_written_as_most_of_those_who_have_them_write_them():
    rows = [(1, "a", "the Cat sat."), (1, "b", "The Cat sat"), (1, "c", "The cap sat."), (1, "d", "The cat set.")]

    assert Transcripts(strength=0).fit(votes_of(rows)).texts_ == ["The Cat sat"]


def test_a_mixture_keeps_line_breaks_and_scripts_without_spaces():
    rows = [
        (1, "a", "一行目です。\n二行目だ"),
        (1, "b", "一行目です。\n三行目です"),
        (1, "c", "一打目です。\n二行目です"),
    ]

    assert Transcripts(strength=0).fit(votes_of(rows)).texts_ == ["一行目です。\n二行目です"]


def test_texts_that_say_the_same_in_other_words_are_not_mixed_if_so_asked():
    said = ["he left home early", "at dawn he went away", "he went out at sunrise"]
    votes = votes_of([(1, who, text) for who, text in enumerate(said)])

    assert Transcripts(mixture=0.9).fit(votes).texts_[0] in said
    assert Transcripts(mixture=0.9).fit(votes).posterior_[0] < 0.9


def test_texts_of_one_annotator_on_an_item_share_a_voice():
    rows = [(1, "a", "x y"), (1, "a", "x y"), (1, "a", "x y"), (1, "b", "x z"), (1, "c", "x z")]

    assert Transcripts(strength=0).fit(votes_of(rows)).texts_ == ["x z"]


def test_nothing_said_and_nobody_there_have_results():
    votes = votes_of([(1, "a", ""), (1, "b", ""), (2, "a", "well"), (2, "b", "?")])

    model = Transcripts(strength=0).fit(votes)
    nobody = Transcripts().fit(Votes.from_table({"i": [], "a": [], "t": []}, item="i", annotator="a", label="t"))

    assert model.texts_[0] == "" and model.posterior_[0] == 1
    assert model.ties_.tolist() == [False, True]
    assert nobody.texts_ == [] and nobody.posterior_.shape == (0,)


def test_a_label_that_is_no_text_is_named():
    votes = Votes.from_table({"i": [1, 2], "a": [1, 1], "t": [5, 6]}, item="i", annotator="a", label="t")

    with pytest.raises(ValueError, match="the label 5 of vote 0 is no text"):
        Transcripts().fit(votes)


def test_pieces_hold_the_words_and_the_whole_text():
    for text in ("Well-known — to me!", "« Oui » !\n\nNon", "½ cup 東京、です。", "-- go", "don\u2019t “quote” it"):
        found = pieces(text)

        assert [piece.word for piece in found] == words(text)
        assert "".join(piece.shown + piece.space for piece in found) == text


def field_of(**options):
    schema, problems = read_schema(
        {"karat_schema": 1, "streams": {"t": {"kind": "text"}}, "fields": {"says": {"kind": "text", **options}}}, KINDS
    )
    assert not problems
    return schema.fields["says"]


def said(*given):
    return [
        Said(who, () if text is None else (Annotation(id="says", field="says", kind="text", value=text),), None)
        for who, text in given
    ]


def settled_by(field, items, *, method="default"):
    model = model_of(field, KINDS["text"])
    learner = model.learner(field, KINDS["text"], METHODS[method])
    for item in items:
        learner.add(item, None)
    knowledge = learner.learn()
    return knowledge, model.settler(field, KINDS["text"], knowledge)


def test_a_field_of_texts_is_settled_item_by_item():
    item = said(
        ("a", "it was a dark and stormy night"),
        ("b", "it was a dark stormy night"),
        ("c", "it is a dark and stormy night"),
    )
    knowledge, settle = settled_by(field_of(), [item] * 5)

    found = settle(item, None)

    assert found.annotations[0].value == "it was a dark and stormy night"
    assert 0.8 < found.score < 1 and not found.tie
    assert {skill.author for skill in knowledge.skills} == {"a", "b", "c"}
    assert settle(item, said(("gold", "known"))[0]).annotations[0].value == "known"
    assert settle(said(("a", None), ("b", None), ("c", "x")), None).annotations == ()


def test_texts_that_must_match_a_pattern_are_never_mixed():
    item = said(("a", "AB-1 2"), ("b", "AB-2 3"), ("c", "CB-1 3"))
    _, settle = settled_by(field_of(pattern="[A-Z-]+[0-9] [0-9]"), [item])

    assert settle(item, None).annotations[0].value in {"AB-1 2", "AB-2 3", "CB-1 3"}
