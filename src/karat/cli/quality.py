"""`karat quality`: agreement, consensus, annotators, label errors and the quality sheet of a plain table; no server needed."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import typer

from karat.cli.options import AsJson
from karat.cli.output import fail, say, show_json, table
from karat.cli.tables import (
    probabilities,
    progressing,
    read_gold,
    read_table,
    read_votes,
    show,
    shown,
    slices_in,
    told,
    write,
)

app = typer.Typer(
    no_args_is_help=True,
    help="How good the labels of a table are: CSV, Parquet or JSON lines, one row a vote; no server.",
)

Table = Annotated[Path, typer.Argument(help="The votes: CSV, TSV, Parquet or JSON lines, one row a vote.")]
Item = Annotated[str, typer.Option(help="The column that names the item.")]
Annotator = Annotated[str, typer.Option(help="The column that names the annotator.")]
Label = Annotated[str, typer.Option(help="The column with the label.")]
Time = Annotated[str | None, typer.Option(help="The column with the time of the vote.")]
Gold = Annotated[Path | None, typer.Option(help="A table of known labels, with the same columns for item and label.")]
Samples = Annotated[int, typer.Option(help="How often is drawn anew for an interval.")]
Seed = Annotated[int, typer.Option(help="What the drawing starts from; the same seed gives the same numbers.")]
Slice = Annotated[
    list[str] | None, typer.Option("--slice", help="A column of the table by which items are cut; may be repeated.")
]


class Metric(StrEnum):
    """How far two labels are apart."""

    nominal = "nominal"
    ordinal = "ordinal"
    interval = "interval"
    ratio = "ratio"


class Over(StrEnum):
    """What is drawn anew."""

    items = "items"
    both = "items-and-annotators"


@app.command()
def agreement(
    votes: Table,
    item: Item = "item",
    annotator: Annotator = "annotator",
    label: Label = "label",
    time: Time = None,
    metric: Annotated[Metric, typer.Option(help="How labels are compared by Krippendorff's alpha.")] = Metric.nominal,
    order: Annotated[
        str | None, typer.Option(help="Labels from first to last, with commas between, where they are words.")
    ] = None,
    over: Annotated[Over, typer.Option(help="What intervals draw anew.")] = Over.items,
    by: Slice = None,
    samples: Samples = 1000,
    seed: Seed = 0,
    json: AsJson = False,
) -> None:
    """How far annotators agree: alpha, kappa, AC1, percent; for each label and slice."""
    from karat.quality.agreement import fleiss_kappa, gwet_ac1, gwet_ac2, krippendorff_alpha, percent_agreement
    from karat.quality.agreement_parts import agreement_by_label, agreement_by_slice
    from karat.quality.tallies import Bootstrap

    found = read_votes(votes, item=item, annotator=annotator, label=label, time=time)
    with told(), progressing() as tell:
        how = Bootstrap(over="items" if over == Over.items else "items and annotators", samples=samples, seed=seed)
        ordered = [_as_label(x, found.labels.tolist()) for x in order.split(",")] if order else None
        tell("agreement", 0, 3)
        alpha = krippendorff_alpha(found, metric=metric.value, order=ordered, bootstrap=how)
        whole = {
            f"alpha ({metric.value})": alpha,
            "percent": percent_agreement(found, bootstrap=how),
            "Fleiss' kappa": fleiss_kappa(found, bootstrap=how),
            "AC1": gwet_ac1(found, bootstrap=how),
        }
        if metric != Metric.nominal:
            whole["AC2 (quadratic)"] = gwet_ac2(found, order=ordered, bootstrap=how)
        tell("labels", 1, 3)
        labels = agreement_by_label(found, most=50, bootstrap=how)
        tell("slices", 2, 3)
        cuts = {
            name: agreement_by_slice(
                found,
                cut,
                coefficient=lambda part: krippendorff_alpha(part, metric=metric.value, order=ordered, bootstrap=how),
            )
            for name, cut in slices_in(votes, item, by).items()
        }
        tell("done", 3, 3)
    if json:
        by_label = {str(k): v for k, v in labels.items()}
        show_json(
            {
                "agreement": whole,
                "by_label": by_label,
                "by_slice": {n: {str(k): v for k, v in c.items()} for n, c in cuts.items()},
            }
        )
        return
    show(whole)
    show({f"label {name}": value for name, value in labels.items()}, "alpha against the others")
    for name, cut in cuts.items():
        show({f"{name}: {key}": value for key, value in cut.items()}, f"alpha ({metric.value})")


@app.command()
def consensus(
    votes: Table,
    item: Item = "item",
    annotator: Annotator = "annotator",
    label: Label = "label",
    gold: Annotated[Path | None, typer.Option(help="A table of known labels, from which the model learns.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write every item to this CSV or Parquet file.")] = None,
    limit: Annotated[int, typer.Option(help="How many items to show, the least sure first.")] = 20,
    json: AsJson = False,
) -> None:
    """What annotators say together: a label for each item, how sure it is, and whether it is a tie."""
    import numpy as np

    from karat.quality.consensus import Consensus

    found = read_votes(votes, item=item, annotator=annotator, label=label)
    known = read_gold(gold, item=item, label=label)
    with told(), progressing() as tell:
        tell("consensus", 0, 1)
        model = Consensus().fit(found, known)
        tell("done", 1, 1)
    sure = model.posterior_.max(axis=1, initial=0.0)
    rows = {
        item: found.items.tolist(),
        label: model.labels_.tolist(),
        "probability": sure.tolist(),
        "tie": model.ties_.tolist(),
    }
    if out is not None:
        write(out, rows)
        say(f"{len(found.items):,} items are in {out}.")
        return
    first = np.argsort(sure, kind="stable")[:limit].tolist()
    if json:
        show_json([{name: column[i] for name, column in rows.items()} for i in range(len(found.items))])
        return
    table(
        list(rows), [(rows[item][i], rows[label][i], f"{sure[i]:.3f}", "tie" if model.ties_[i] else "") for i in first]
    )


@app.command()
def annotators(
    votes: Table,
    item: Item = "item",
    annotator: Annotator = "annotator",
    label: Label = "label",
    gold: Gold = None,
    good: Annotated[float, typer.Option(help="The accuracy on gold that passes.")] = 0.9,
    bad: Annotated[float, typer.Option(help="The accuracy on gold that fails.")] = 0.75,
    json: AsJson = False,
) -> None:
    """How good each annotator is: without gold, and on it, with a verdict that says when it is not yet known."""
    from karat.quality.annotators import accuracy_on_gold, skill_without_gold, suspicions
    from karat.quality.estimate import finite
    from karat.quality.sequential import SequentialTest

    found = read_votes(votes, item=item, annotator=annotator, label=label)
    known = read_gold(gold, item=item, label=label)
    rows: list[dict[str, object]] = []
    with told(), progressing() as tell:
        test = SequentialTest(good=good, bad=bad)
        tell("skill", 0, 2)
        skill = skill_without_gold(found)
        tell("gold", 1, 2)
        on_gold, suspected = (accuracy_on_gold(found, known), suspicions(found, known)) if known else (None, None)
        tell("done", 2, 2)
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
    if json:
        show_json(rows)
        return
    rows.sort(key=lambda row: -float(str(row["skill"] or 0)))
    columns = ["annotator", "votes", "skill", "on gold", "gold", "verdict"]
    lines = [
        (
            row["annotator"],
            row["votes"],
            _ranged(row["skill"], row["skill low"], row["skill high"]),
            _ranged(row["on gold"], row["gold low"], row["gold high"]) if known else "",
            row["gold"] if known else "",
            ("worse than chance" if row["worse than chance"] else row["verdict"]) if known else "",
        )
        for row in rows
    ]
    table(columns if known else columns[:3], [line if known else line[:3] for line in lines])


@app.command()
def mislabels(
    labels: Annotated[Path, typer.Argument(help="The labels: one row an item, or one row a vote with --annotator.")],
    model: Annotated[
        Path, typer.Option(help="A model's cross-validated probabilities: the item, and a column for each label.")
    ],
    item: Item = "item",
    annotator: Annotated[
        str | None, typer.Option(help="The column that names the annotator, where several voted.")
    ] = None,
    label: Label = "label",
    limit: Annotated[int, typer.Option(help="How many to show, the most probably wrong first.")] = 20,
    json: AsJson = False,
) -> None:
    """Which labels are probably wrong, by a model that did not see them; with several annotators, by all together."""
    import numpy as np

    from karat.quality.crowd_mislabels import find_crowd_mislabels
    from karat.quality.mislabels import find_mislabels
    from karat.quality.votes import Votes

    source = read_table(labels)
    with told(), progressing() as tell:
        tell("reading", 0, 2)
        if annotator is None and item in source.column_names:
            source = source.append_column("_given", [["given"] * len(source)])
        votes = Votes.from_table(
            source,
            item=item,
            annotator=annotator or "_given",
            label=label,
            labels=_model_labels(model, item, source, label),
        )
        names = votes.labels.tolist()
        p = np.array(probabilities(model, item=item, items=votes.items.tolist(), labels=names))
        tell("scores", 1, 2)
        if annotator is None:
            if len(votes) > len(votes.items):
                fail(f"{labels} has several rows for an item; say who voted by --annotator.")
            given = np.empty(len(votes.items), np.int64)
            given[votes.item_codes] = votes.label_codes
            single = find_mislabels(given, p)
            scores, suggested, suspected = single.scores, single.suggested, single.suspected
        else:
            crowd = find_crowd_mislabels(votes, p)
            given, scores, suggested = crowd.majority, crowd.scores, crowd.labels
            suspected = given != suggested
        tell("done", 2, 2)
    order = np.argsort(scores, kind="stable").tolist()
    rows = [
        {
            "item": votes.items[i].item() if hasattr(votes.items[i], "item") else votes.items[i],
            "label": names[given[i]],
            "suggested": names[suggested[i]],
            "score": float(scores[i]),
            "suspected": bool(suspected[i]),
        }
        for i in order
    ]
    if json:
        show_json(rows)
        return
    say(f"{int(suspected.sum()):,} of {len(rows):,} labels are suspected. The first to look at:")
    table(
        ["item", "label", "suggested", "score"],
        [(r["item"], r["label"], r["suggested"], f"{r['score']:.3f}") for r in rows[:limit]],
    )


@app.command()
def replay(
    votes: Table,
    gold: Annotated[Path, typer.Option(help="A table of known labels, with the same columns for item and label.")],
    item: Item = "item",
    annotator: Annotator = "annotator",
    label: Label = "label",
    target: Annotated[
        str,
        typer.Option(help="The accuracy to reach, as 0.9; or `vote`: that of the vote on all labels less 0.2 points."),
    ] = "vote",
    seed: Seed = 0,
    json: AsJson = False,
) -> None:
    """How few of the recorded votes would have done, bought one by one where they gain most, in a random order."""
    from karat.quality.buying import replay as bought

    found = read_votes(votes, item=item, annotator=annotator, label=label)
    known = read_gold(gold, item=item, label=label) or {}
    with told(), progressing() as tell:
        wanted: float | Literal["vote"] = "vote" if target == "vote" else _share(target)
        tell("replay", 0, 1)
        came = bought(found, known, target=wanted, seed=seed)
        tell("done", 1, 1)
    recorded = len(found) / max(len(found.items), 1)
    if json:
        told_of = ("labels_per_item", "accuracy", "promised", "target", "reached")
        show_json({"recorded": recorded} | {name: getattr(came, name) for name in told_of})
        return
    say(
        f"{came.labels_per_item:.2f} of {recorded:.2f} labels an item bring {came.accuracy:.1%}; {came.promised:.1%} was promised."
    )
    say(f"The target of {came.target:.1%} was {'reached' if came.reached else 'not reached with all votes'}.")


@app.command()
def sheet(
    votes: Table,
    item: Item = "item",
    annotator: Annotator = "annotator",
    label: Label = "label",
    time: Time = None,
    gold: Gold = None,
    by: Slice = None,
    out: Annotated[
        Path | None, typer.Option(help="Where the page goes; else beside the table, ending in .quality.html.")
    ] = None,
    samples: Samples = 1000,
    seed: Seed = 0,
    json: AsJson = False,
) -> None:
    """One page with all of it: agreement, labels, annotators, consensus, calibration, drift; or the same as JSON."""
    from karat.quality.sheet import quality_sheet
    from karat.quality.sheet_html import sheet_html
    from karat.quality.tallies import Bootstrap

    found = read_votes(votes, item=item, annotator=annotator, label=label, time=time)
    known = read_gold(gold, item=item, label=label)
    cuts = slices_in(votes, item, by)
    with told(), progressing() as tell:
        made = quality_sheet(
            found,
            gold=known,
            slices=cuts,
            title=f"Quality of {votes.name}",
            bootstrap=Bootstrap(samples=samples, seed=seed),
            progress=tell,
        )
    if json:
        show_json(made)
        return
    target = out or votes.with_name(votes.name + ".quality.html")
    target.write_text(sheet_html(made), encoding="utf-8")
    say(f"The sheet is in {target}.")


def _as_label(text: str, labels: list[object]) -> object:
    """The label that a text on the command line means."""
    return next((label for label in labels if str(label) == text.strip()), text.strip())


def _model_labels(path: Path, item: str, source: object, label: str) -> list[object] | None:
    """All labels that the model knows, as the table of labels writes them."""
    import pyarrow as pa  # type: ignore[import-untyped]

    if not isinstance(source, pa.Table) or label not in source.column_names:
        return None
    known = source[label].unique().to_pylist()
    return [_as_label(name, known) for name in read_table(path).column_names if name != item]


def _ranged(value: object, low: object, high: object) -> str:
    return "–" if value is None else f"{shown(value)} [{shown(low)}, {shown(high)}]"


def _share(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        fail(f"--target: got {text!r}, expected `vote` or an accuracy such as 0.9.")
