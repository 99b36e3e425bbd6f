"""Files to train language models on, of the types and columns that the documentation of TRL names.

Source: "Dataset formats and types", huggingface.co/docs/trl/dataset_formats.
"""

from collections.abc import Sequence

from karat.formats.base import Format
from karat.formats.trl_pairs import PREFERENCE, REWARD
from karat.formats.trl_plan import Plan, lacks_answer, lacks_comparison, lacks_judgement, lacks_steps
from karat.formats.trl_reading import Reading, misfits, proposed, read, reads
from karat.formats.trl_singles import CHAT, COMPLETION_ONLY, UNPAIRED
from karat.formats.trl_steps import AFTER, STEPWISE, UNJUDGED, stepwise_rows
from karat.formats.trl_writing import (
    ALL_TIED,
    MIDDLING,
    NO_ANSWERS,
    NONE_GOOD,
    NOT_GOOD,
    TIES,
    Task,
    chat_rows,
    completion_rows,
    preference_rows,
    reward_rows,
    task_losses,
    unpaired_rows,
    write_task,
)
from karat.model.schema import Field


def judging(plan: Plan) -> Sequence[Field]:
    """The fields that say which answers are good."""
    return plan.judges


def answering(plan: Plan) -> Sequence[Field]:
    """The text that answers, else the fields that say which answers are good; in a tree both, since not all is rewritten."""
    if plan.written is not None and plan.tree is not None:
        return (plan.written, *plan.judges)
    return (plan.written,) if plan.written else plan.judges


def stepping(plan: Plan) -> Sequence[Field]:
    """The field that says which step is wrong, else those that judge each."""
    return (plan.first,) if plan.first else plan.judged


def _format(name: str, about: str, task: Task, reading: Reading) -> Format:
    return Format(
        name=name,
        title=reading.title,
        about=about,
        extensions=(".jsonl",),
        media_type="application/jsonl",
        reads=lambda file, head: reads(reading, file, head),
        read=lambda source, context: read(reading, source, context),
        write=lambda sink, records, context: write_task(sink, records, context, task),
        losses=lambda schema: task_losses(schema, task),
        lacks=task.lacks,
        fits=lambda schema: not misfits(reading, schema),
        propose=lambda source, kinds: proposed(reading, source, kinds),
    )


TRL_PREFERENCE = _format(
    "trl_preference",
    "prompt, chosen, rejected: DPO and its kin",
    Task(
        file="preference.jsonl",
        rows=preference_rows,
        lacks=lacks_comparison,
        used=judging,
        lost=(TIES, NONE_GOOD),
    ),
    PREFERENCE,
)
TRL_REWARD = _format(
    "trl_reward",
    "chosen, rejected, margin: reward models",
    Task(file="reward.jsonl", rows=reward_rows, lacks=lacks_comparison, used=judging, lost=(TIES, NONE_GOOD)),
    REWARD,
)
TRL_UNPAIRED = _format(
    "trl_unpaired",
    "prompt, completion, label: KTO, BCO",
    Task(file="unpaired.jsonl", rows=unpaired_rows, lacks=lacks_judgement, used=judging, lost=(TIES, MIDDLING)),
    UNPAIRED,
)
TRL_COMPLETION = _format(
    "trl_completion",
    "prompt, completion: fine-tuning",
    Task(
        file="completion.jsonl",
        rows=completion_rows,
        lacks=lacks_answer,
        used=answering,
        lost=(ALL_TIED, NO_ANSWERS, NONE_GOOD, NOT_GOOD),
    ),
    COMPLETION_ONLY,
)
TRL_CHAT = _format(
    "trl_chat",
    "messages: fine-tuning of chat models (SFT)",
    Task(
        file="sft.jsonl",
        rows=chat_rows,
        lacks=lacks_answer,
        used=answering,
        lost=(ALL_TIED, NO_ANSWERS, NONE_GOOD, NOT_GOOD),
    ),
    CHAT,
)
TRL_STEPWISE = _format(
    "trl_stepwise",
    "prompt, completions, labels: process rewards",
    Task(file="stepwise.jsonl", rows=stepwise_rows, lacks=lacks_steps, used=stepping, lost=(AFTER, UNJUDGED, MIDDLING)),
    STEPWISE,
)
TRL = (TRL_CHAT, TRL_COMPLETION, TRL_PREFERENCE, TRL_REWARD, TRL_STEPWISE, TRL_UNPAIRED)
"""All of them, sorted by name."""
