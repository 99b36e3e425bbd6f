"""What is wrong with a judgement before anything of it is stored."""

from collections.abc import Iterator, Mapping

from karat.model.policy import Policy, Stage
from karat.model.problem import Problem, shown
from karat.server.review.queries import Standing
from karat.server.review.schemas import Judged, Judgement

LONGEST_NOTE = 2_000
MOST_DEFECTS = 200
WEEK_MS = 7 * 86_400_000


def check(
    given: Judgement, stage: Stage, policy: Policy, answers: Mapping[str, Standing], *, counts: bool
) -> list[Problem]:
    """The problems of a judgement. One that no longer moves its item may judge what stands no more."""
    found = [
        problem
        for index, judged in enumerate(given.verdicts)
        for problem in _one(judged, f"verdicts[{index}]", policy, answers, counts=counts)
    ]
    named = [judged.response for judged in given.verdicts]
    if len(set(named)) < len(named):
        do = "Give one verdict for each answer."
        found.append(Problem("verdicts", "an answer named twice", "each answer once", do))
    if not 0 <= given.active_ms <= WEEK_MS:
        do = "Send the time that was spent, in milliseconds."
        found.append(Problem("active_ms", shown(given.active_ms), "0 to a week", do))
    needs_fix = any(judged.verdict == "fixed" for judged in given.verdicts)
    if needs_fix and given.fix is None:
        do = "Send what you say instead, or reject the answer."
        found.append(Problem("fix", "null", "an answer, since a verdict is `fixed`", do))
    if stage.do == "adjudicate":
        found += _decision(given, answers)
    elif given.fix is not None and not needs_fix:
        do = "Give the answers that it replaces the verdict `fixed`."
        found.append(Problem("fix", "an answer", "null, since no verdict is `fixed`", do))
    elif given.decision is not None:
        do = "A review gives verdicts; only an adjudication decides."
        found.append(Problem("decision", "an answer", "null", do))
    elif counts:
        left = [id_ for id_, answer in answers.items() if id_ not in named and not answer.accepted]
        found += [
            Problem("verdicts", f"none on {id_}", "a verdict on each answer", "Judge this answer too.") for id_ in left
        ]
    return found


def _one(
    judged: Judged, path: str, policy: Policy, answers: Mapping[str, Standing], *, counts: bool
) -> Iterator[Problem]:
    answer = answers.get(judged.response)
    if answer is None:
        do = "Load the review again: the answer may have been taken back."
        yield Problem(f"{path}.response", shown(judged.response), "an answer to this item that stands", do)
    elif counts and answer.revision != judged.revision:
        do = "Its author has changed it; load the review again and look at what it says now."
        yield Problem(f"{path}.revision", shown(judged.revision), str(answer.revision), do)
    if len(judged.note) > LONGEST_NOTE or len(judged.defects) > MOST_DEFECTS:
        yield Problem(path, "a long text or list", f"{LONGEST_NOTE} characters, {MOST_DEFECTS} defects", "Say less.")
    if judged.verdict == "rejected" and not judged.defects and not judged.note.strip():
        do = "Say what is wrong: its author learns from it."
        yield Problem(f"{path}.defects", "none", "a defect or a note", do)
    for index, defect in enumerate(judged.defects):
        if defect.code not in policy.defect_list:
            expected = f"one of {', '.join(policy.defect_list)}"
            yield Problem(
                f"{path}.defects[{index}].code", shown(defect.code), expected, "Choose from the project's list."
            )
        if len(defect.note) > LONGEST_NOTE:
            expected = f"at most {LONGEST_NOTE} characters"
            yield Problem(f"{path}.defects[{index}].note", "a long text", expected, "Say it in fewer words.")


def _decision(given: Judgement, answers: Mapping[str, Standing]) -> Iterator[Problem]:
    if (given.decision is None) == (given.fix is None):
        got = "neither" if given.fix is None else "both"
        do = "Choose an answer as the result, or send your own."
        yield Problem("decision", got, "an answer that stands, or a fix", do)
    elif given.decision is not None:
        answer = answers.get(given.decision.response)
        if answer is None or answer.revision != given.decision.revision:
            do = "Load the item again: the answer was changed or taken back."
            yield Problem("decision.revision", shown(given.decision.revision), "an answer as it stands", do)
