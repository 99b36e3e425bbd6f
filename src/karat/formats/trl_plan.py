"""What of a schema files for training are made of: a prompt, answers, and the fields that say how good they are."""

import msgspec

from karat.kinds.choice import ChoiceOptions
from karat.kinds.rating import RatingOptions
from karat.kinds.rubric import RubricOptions
from karat.kinds.text import TextOptions
from karat.model.problem import Problem
from karat.model.schema import Field, Schema, StreamSpec

TALKS = ("dialogue", "text")


class Plan(msgspec.Struct, frozen=True):
    """Streams and fields by what they are to training.

    Either there are `answers` (a stream of candidates), with a `prompt` or without; or a `prompt` with one `reply`, two
    streams of text or conversation in the order of the schema; or one stream alone, a conversation or a text; or a `prompt`
    that is a tree, whose replies answer what is above them. Where an answer is `written`, that stream is its prompt.
    """

    prompt: StreamSpec | None = None
    answers: StreamSpec | None = None
    reply: StreamSpec | None = None
    ranking: Field | None = None
    scores: tuple[Field, ...] = ()
    written: Field | None = None
    steps: StreamSpec | None = None
    """A trace, else a conversation, whose parts are judged."""
    first: Field | None = None
    """Which step is the first wrong one."""
    judged: tuple[Field, ...] = ()
    """Ratings, rubrics, and choices that say what is good, of each step."""

    @property
    def is_plain(self) -> bool:
        """Whether rows are of plain texts: the prompt is a text. Else they are of messages."""
        return self.prompt is not None and self.prompt.kind == "text"

    @property
    def tree(self) -> StreamSpec | None:
        """The conversation that branches, of whose replies something is said."""
        return self.prompt if self.prompt is not None and self.prompt.kind == "tree" else None

    @property
    def judges(self) -> tuple[Field, ...]:
        """The fields that say which answers are good: the ranking, else ratings, rubrics and choices."""
        return (self.ranking,) if self.ranking else self.scores

    @property
    def is_judged(self) -> bool:
        """Whether there are answers, and something is said of them."""
        if self.answers is not None or self.tree is not None:
            return bool(self.judges)
        alone = self.prompt is not None and self.prompt.kind == "dialogue"
        return (self.reply is not None or alone) and bool(self.scores)


def plan_of(schema: Schema) -> Plan:
    """The first streams and fields that serve."""
    streams = list(schema.streams.values())
    answers = next((s for s in streams if s.kind == "candidates"), None)
    trees = [s for s in streams if s.kind == "tree"] if answers is None else []
    prompt, reply, *_ = [*trees[:1], None, None] if trees else [*(s for s in streams if s.kind in TALKS), None, None]
    fields = list(schema.fields.values())
    steps = next((s for s in streams if s.kind == "trace"), next((s for s in streams if s.kind == "dialogue"), None))
    on_steps = [f for f in fields if steps is not None and f.on == steps.key]
    return Plan(
        prompt=prompt,
        answers=answers,
        reply=None if answers else reply,
        ranking=next((f for f in fields if answers and f.kind == "ranking" and f.on == answers.key), None),
        scores=tuple(f for f in fields if goodness_of(f) and _is_of_answers(f, answers or next(iter(trees), None))),
        written=_written(fields, trees) if prompt is not None else None,
        steps=steps,
        first=next((f for f in on_steps if f.kind == "step"), None),
        judged=tuple(f for f in on_steps if f.each is not None and goodness_of(f)),
    )


def _is_of_answers(field: Field, answers: StreamSpec | None) -> bool:
    """Whether a field is asked of each of several answers, or once of an only one."""
    return field.each is None if answers is None else field.each is not None and field.on == answers.key


def _written(fields: list[Field], trees: list[StreamSpec]) -> Field | None:
    """The text that is an answer: one that changes what a stream says, or each of its parts, else one that says on which
    stream it is. In a tree it is one that changes each message."""
    texts = [f for f in fields if f.kind == "text" and f.on is not None]
    edited = [f for f in texts if isinstance(f.options, TextOptions) and f.options.edits]
    if trees:
        return next((f for f in edited if f.each is not None and f.on == trees[0].key), None)
    return next(iter([*edited, *(f for f in texts if f.each is None)]), None)


def value_for(field: Field, *, is_good: bool) -> object:
    """What a field that says how good something is says of what is good, or of what is not, as far as it can."""
    goodness = goodness_of(field)
    if isinstance(goodness, RatingOptions):
        return goodness.max if is_good else goodness.min
    if isinstance(goodness, RubricOptions):
        return {"scores": dict.fromkeys(goodness.criteria, goodness.max if is_good else goodness.min)}
    return next((key for key, share in (goodness or {}).items() if share == float(is_good)), None)


def goodness_of(field: Field) -> dict[str, float] | RatingOptions | RubricOptions | None:
    """How a field says that something is good: 1 or 0 for each option that says `good`, a scale, or criteria; None if it
    does not."""
    if isinstance(field.options, RatingOptions | RubricOptions):
        return field.options
    if not isinstance(field.options, ChoiceOptions) or field.options.multiple:
        return None
    shares = {
        key: float(option.good)
        for key, option in field.options.options.items()
        if option is not None and option.good is not None
    }
    return shares if len(set(shares.values())) == 2 else None


def lacks_comparison(schema: Schema) -> list[Problem]:
    """What a schema lacks for pairs of a better and a worse answer."""
    plan = plan_of(schema)
    if plan.answers is None and plan.tree is None:
        return [_no_candidates(schema)]
    return [] if plan.judges else [_no_judge(schema)]


def lacks_judgement(schema: Schema) -> list[Problem]:
    """What a schema lacks for answers that are good or bad."""
    plan = plan_of(schema)
    alone = plan.prompt is not None and plan.prompt.kind in ("dialogue", "tree")
    if plan.answers is None and plan.reply is None and not alone:
        return [_no_candidates(schema)]
    return [] if plan.is_judged else [_no_judge(schema)]


def lacks_answer(schema: Schema) -> list[Problem]:
    """What a schema lacks for a prompt with one good answer."""
    plan = plan_of(schema)
    if plan.written is not None or plan.is_judged:
        return []
    expected = "a text that answers the prompt, or something that says which answers are good"
    do = (
        "Ask for the answer in a text field that says on which stream it is, such as"
        " `answer: {kind: text, on: prompt, multiline: true}`, or rank or rate answers."
    )
    return [Problem("fields", _kinds(schema), expected, do)]


def lacks_steps(schema: Schema) -> list[Problem]:
    """What a schema lacks for steps that are right or wrong."""
    plan = plan_of(schema)
    if plan.steps is None:
        got = ", ".join(f"{s.key}: {s.kind}" for s in schema.streams.values())
        do = "Give items their steps, such as `streams: {trace: {kind: trace}}`."
        return [Problem("streams", got, "a trace or a conversation", do)]
    if plan.first is not None or plan.judged:
        return []
    expected = "which step is wrong, or a rating of each step, or a choice that says which of its options are good"
    do = f"Ask for it, such as `first_wrong: {{kind: step, on: {plan.steps.key}}}`."
    return [Problem("fields", _kinds(schema), expected, do)]


def _no_candidates(schema: Schema) -> Problem:
    got = ", ".join(f"{s.key}: {s.kind}" for s in schema.streams.values())
    do = "Give items their answers, such as `streams: {prompt: {kind: dialogue}, answers: {kind: candidates}}`."
    return Problem("streams", got, "answers that are compared or judged", do)


def _no_judge(schema: Schema) -> Problem:
    expected = "a ranking, a rating, a rubric, or a choice that says which of its options are good"
    do = (
        "Ask which answers are good, such as `better: {kind: ranking, on: answers, pairwise: true}`, or rate each:"
        " `good: {kind: rating, on: answers, each: answer}`, in a tree `good: {kind: rating, on: tree, each: message}`."
        " A choice has it with its options: `options: {harmless: {good: true}, harmful: {good: false}}`."
    )
    return Problem("fields", _kinds(schema), expected, do)


def _kinds(schema: Schema) -> str:
    return ", ".join(f"{f.key}: {f.kind}" for f in schema.fields.values())
