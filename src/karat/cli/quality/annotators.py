"""`karat quality annotators`: how good each annotator is."""

from typing import Annotated

import typer

from karat.cli.options import AsJson
from karat.cli.output import show_json, table
from karat.cli.quality.given import read_votes
from karat.cli.quality.options import Abstain, Annotator, Gold, Item, Label, Spent, Table, Time
from karat.cli.quality.showing import ranged, shown, working


def annotators(
    votes: Table,
    item: Item = None,
    annotator: Annotator = None,
    label: Label = None,
    gold: Gold = None,
    good: Annotated[float, typer.Option(help="The accuracy on gold that passes.")] = 0.9,
    bad: Annotated[float, typer.Option(help="The accuracy on gold that fails.")] = 0.75,
    time: Time = None,
    seconds: Spent = None,
    abstain: Abstain = None,
    json: AsJson = False,
) -> None:
    """How good and how fast each annotator is: without gold, and on it, with a verdict that says when it is not yet known."""
    from karat.quality.annotators import accuracy_on_gold, skill_without_gold, suspicions
    from karat.quality.annotators.sequential import SequentialTest
    from karat.quality.annotators.speed import speed
    from karat.quality.drift.sessions import sessions_of
    from karat.quality.estimate import finite

    rows: list[dict[str, object]] = []
    with working() as tell:
        test = SequentialTest(good=good, bad=bad)
        given = read_votes(
            votes,
            tell,
            item=item,
            annotator=annotator,
            label=label,
            time=time,
            seconds=seconds,
            gold=gold,
            abstain=abstain,
        )
        found, known = given.votes, given.gold
        tell("skill", 0, 2)
        skill = skill_without_gold(found)
        tell("gold", 1, 2)
        on_gold, suspected = (accuracy_on_gold(found, known), suspicions(found, known)) if known else (None, None)
        spent = given.seconds if given.seconds is not None or time is None else sessions_of(found).seconds
        pace = None if spent is None else speed(found, spent)
        for code, name in enumerate(found.annotators.tolist()):
            row: dict[str, object] = {"annotator": name, "votes": int(skill.n[code])}
            row["skill"] = finite(skill.value[code])
            row["skill low"], row["skill high"] = float(skill.low[code]), float(skill.high[code])
            if on_gold is not None and suspected is not None:
                right, n = int(on_gold.right[code]), int(on_gold.n[code])
                row |= {"gold": n, "on gold": finite(on_gold.accuracy[code])}
                row |= {"gold low": float(on_gold.low[code]), "gold high": float(on_gold.high[code])}
                row["verdict"] = test.verdict(right=right, wrong=n - right)
                row["spammer score"] = finite(suspected.spammer_score[code])
                row["worse than chance"] = bool(suspected.adversary[code])
            if pace is not None:
                row["seconds"], row["pace"] = finite(pace.median_s[code]), finite(pace.pace[code])
                row["pace low"], row["pace high"] = finite(pace.low[code]), finite(pace.high[code])
                row["speeding"] = bool(pace.speeding[code])
            rows.append(row)
        tell("done", 2, 2)
    if json:
        show_json(rows)
        return
    rows.sort(key=lambda row: -float(str(row["skill"] or 0)))
    columns = ["annotator", "votes", "skill"]
    columns += ["on gold", "gold", "verdict"] if known else []
    columns += ["seconds", "pace", ""] if pace is not None else []
    table(columns, [_line(row) for row in rows])


def _line(row: dict[str, object]) -> list[object]:
    line = [row["annotator"], row["votes"], ranged(row["skill"], row["skill low"], row["skill high"])]
    if "gold" in row:
        verdict = "worse than chance" if row["worse than chance"] else row["verdict"]
        line += [ranged(row["on gold"], row["gold low"], row["gold high"]), row["gold"], verdict]
    if "pace" in row:
        fast = "speeding" if row["speeding"] else ""
        line += [shown(row["seconds"]), ranged(row["pace"], row["pace low"], row["pace high"]), fast]
    return line
