"""`karat quality agreement`: how far annotators agree."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from karat.cli.options import AsJson
from karat.cli.output import show_json
from karat.cli.quality.given import read_votes
from karat.cli.quality.options import Abstain, Annotator, Item, Label, Samples, Seed, Slice, Table, Time
from karat.cli.quality.showing import show, working

if TYPE_CHECKING:
    from karat.cli.quality.agreement_more import Groups


class Metric(StrEnum):
    """How far two labels are apart."""

    nominal = "nominal"
    ordinal = "ordinal"
    interval = "interval"
    ratio = "ratio"


class Of(StrEnum):
    """What annotators gave."""

    labels = "labels"
    boxes = "boxes"
    spans = "spans"
    intervals = "intervals"
    turns = "turns"
    texts = "texts"


class Over(StrEnum):
    """What is drawn anew."""

    items = "items"
    both = "items-and-annotators"


def agreement(
    votes: Table,
    item: Item = None,
    annotator: Annotator = None,
    label: Label = None,
    time: Time = None,
    metric: Annotated[Metric, typer.Option(help="How labels are compared by Krippendorff's alpha.")] = Metric.nominal,
    order: Annotated[
        str | None, typer.Option(help="Labels from first to last, with commas between, where they are words.")
    ] = None,
    over: Annotated[Over, typer.Option(help="What intervals draw anew.")] = Over.items,
    by: Slice = None,
    abstain: Abstain = None,
    of: Annotated[
        Of, typer.Option(help="What annotators gave; turns are those of speakers, texts transcripts and the like.")
    ] = Of.labels,
    samples: Samples = 1000,
    seed: Seed = 0,
    json: AsJson = False,
) -> None:
    """How far annotators agree: alpha, kappa, AC1, percent; for each label and slice.

    Boxes have the columns `left`, `top`, `right`, `bottom`, spans, intervals and turns `start` and `end`, one row each; a row
    without them says that the annotator found nothing; `length`, where there is one, is that of the item. For these stand
    the mean distance, the alpha of matched labels, sigma and unitising alpha; for turns the diarization error rate, for
    texts (in the column of the label) word and character error rates.
    """
    from karat.cli.quality.agreement_more import SORTS, Marks
    from karat.quality.tallies import Bootstrap

    drawn: Literal["items", "items and annotators"] = "items" if over == Over.items else "items and annotators"
    if of != Of.labels:
        with working():
            marks = Marks(votes, of.value, item=item, annotator=annotator, label=label, slices=by or [])
            others = SORTS[of.value](marks, Bootstrap(over=drawn, samples=samples, seed=seed))
        _show_others(others, json=json)
        return
    from karat.quality.agreement import fleiss_kappa, gwet_ac1, gwet_ac2, krippendorff_alpha, percent_agreement
    from karat.quality.agreement.parts import agreement_by_label, agreement_by_slice

    with working() as tell:
        how = Bootstrap(over=drawn, samples=samples, seed=seed)
        given = read_votes(
            votes, tell, item=item, annotator=annotator, label=label, time=time, slices=by, abstain=abstain
        )
        found = given.votes
        ordered = [_as_label(x, found.labels.tolist()) for x in order.split(",")] if order else None
        tell("agreement", 0, 3)
        whole = {
            f"alpha ({metric.value})": krippendorff_alpha(found, metric=metric.value, order=ordered, bootstrap=how),
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
            for name, cut in given.slices.items()
        }
        tell("done", 3, 3)
    if json:
        by_slice = {name: {str(k): v for k, v in cut.items()} for name, cut in cuts.items()}
        show_json({"agreement": whole, "by_label": {str(k): v for k, v in labels.items()}, "by_slice": by_slice})
        return
    show(whole)
    show({f"label {name}": value for name, value in labels.items()}, "alpha against the others")
    for name, cut in cuts.items():
        show({f"{name}: {key}": value for key, value in cut.items()}, f"alpha ({metric.value})")


def _show_others(found: "Groups", *, json: bool) -> None:
    if json:
        show_json(found)
        return
    for group, figures in found.items():
        show(figures, "" if group == "agreement" else group.replace("_", " "))


def _as_label(text: str, labels: list[object]) -> object:
    """The label that a text on the command line means."""
    return next((label for label in labels if str(label) == text.strip()), text.strip())
