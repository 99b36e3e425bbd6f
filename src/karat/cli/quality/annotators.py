"""`karat quality annotators`: how good each annotator is."""

from typing import Annotated

import typer

from karat.cli.options import AsJson
from karat.cli.output import show_json, table
from karat.cli.quality.given import read_votes
from karat.cli.quality.options import Abstain, Annotator, Gold, Item, Label, Table
from karat.cli.quality.showing import ranged, working


def annotators(
    votes: Table,
    item: Item = None,
    annotator: Annotator = None,
    label: Label = None,
    gold: Gold = None,
    good: Annotated[float, typer.Option(help="The accuracy on gold that passes.")] = 0.9,
    bad: Annotated[float, typer.Option(help="The accuracy on gold that fails.")] = 0.75,
    abstain: Abstain = None,
    json: AsJson = False,
) -> None:
    """How good each annotator is: without gold, and on it, with a verdict that says when it is not yet known."""
    from karat.quality.annotators import accuracy_on_gold, skill_without_gold, suspicions
    from karat.quality.estimate import finite
    from karat.quality.sequential import SequentialTest

    rows: list[dict[str, object]] = []
    with working() as tell:
        test = SequentialTest(good=good, bad=bad)
        given = read_votes(votes, tell, item=item, annotator=annotator, label=label, gold=gold, abstain=abstain)
        found, known = given.votes, given.gold
        tell("skill", 0, 2)
        skill = skill_without_gold(found)
        tell("gold", 1, 2)
        on_gold, suspected = (accuracy_on_gold(found, known), suspicions(found, known)) if known else (None, None)
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
            rows.append(row)
        tell("done", 2, 2)
    if json:
        show_json(rows)
        return
    rows.sort(key=lambda row: -float(str(row["skill"] or 0)))
    columns = ["annotator", "votes", "skill", "on gold", "gold", "verdict"]
    table(columns if known else columns[:3], [_line(row) if known else _line(row)[:3] for row in rows])


def _line(row: dict[str, object]) -> list[object]:
    skill = ranged(row["skill"], row["skill low"], row["skill high"])
    if "gold" not in row:
        return [row["annotator"], row["votes"], skill]
    verdict = "worse than chance" if row["worse than chance"] else row["verdict"]
    on_gold = ranged(row["on gold"], row["gold low"], row["gold high"])
    return [row["annotator"], row["votes"], skill, on_gold, row["gold"], verdict]
