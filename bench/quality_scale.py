"""Ten million votes end to end: CPU seconds of reading and of each work, and the peak memory of the whole process.

    python -m bench.quality_scale [--votes 10000000] [--table arrays|arrow|texts] [--work NAME,NAME]

2,000,000 items by five votes of 10,000 annotators with five labels, in random order of rows; a process of its own for each
work. The peak is that of the process, with the interpreter, the libraries and the table that is read: `arrays` is a dict of
three arrays of 32 bits, `arrow` the same in a pyarrow table, `texts` a pyarrow table with names of items, annotators and
labels written out (500 MiB on its own). "all" does everything on the same votes, one after another.
"""

import argparse
import multiprocessing
import resource
import time
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from karat.quality import (
    Consensus,
    DawidSkene,
    Glad,
    Mace,
    MajorityVote,
    OneCoin,
    Votes,
    accuracy_on_gold,
    agreement_by_label,
    fleiss_kappa,
    gwet_ac1,
    krippendorff_alpha,
    percent_agreement,
)
from karat.quality.consensus.model import Model

EACH, ANNOTATORS, LABELS = 5, 10_000, 5


def agreement(votes: Votes) -> None:
    for coefficient in (percent_agreement, fleiss_kappa, krippendorff_alpha, gwet_ac1, agreement_by_label):
        coefficient(votes)


def annotators(votes: Votes) -> None:
    """Everybody against what is known of every hundredth item."""
    accuracy_on_gold(votes, dict.fromkeys(votes.items[::100].tolist(), votes.labels.tolist()[0]))


def fitted(model: type[Model]) -> Callable[[Votes], None]:
    def work(votes: Votes) -> None:
        model().fit(votes)

    return work


WORK: dict[str, Callable[[Votes], None]] = {
    "read": lambda votes: None,
    "agreement": agreement,
    "annotators": annotators,
    "vote": fitted(MajorityVote),
    "one coin": fitted(OneCoin),
    "Dawid-Skene": fitted(DawidSkene),
    "GLAD": fitted(Glad),
    "MACE": fitted(Mace),
    "Consensus": fitted(Consensus),
}


def everything(votes: Votes) -> None:
    for name in ("agreement", "annotators", "Consensus"):
        WORK[name](votes)


def made(votes: int, table: str) -> object:
    random = np.random.default_rng(0)
    items = max(votes // EACH, 1)
    truth = random.integers(0, LABELS, items, dtype=np.int32)
    skill = random.beta(7.5, 2.5, ANNOTATORS)
    item = np.repeat(np.arange(items, dtype=np.int32), EACH)
    random.shuffle(item)
    annotator = random.integers(0, ANNOTATORS, len(item), dtype=np.int32)
    label = truth[item]
    for start in range(0, len(item), 1_000_000):  # the making must not set the peak
        part = slice(start, start + 1_000_000)
        wrong = random.random(len(item[part])) >= skill[annotator[part]]
        label[part][wrong] = (label[part][wrong] + random.integers(1, LABELS, int(wrong.sum()))) % LABELS
    columns = {"item": item, "annotator": annotator, "label": label}
    if table == "arrays":
        return columns
    if table == "arrow":
        return pa.table(columns)
    return pa.table({name: _texts(name, values) for name, values in columns.items()})


def _texts(name: str, values: np.ndarray) -> pa.ChunkedArray:
    chunks = [pa.array(values[start : start + 1_000_000]) for start in range(0, len(values), 1_000_000)]
    return pa.chunked_array([pc.binary_join_element_wise(name, chunk.cast(pa.string()), "-") for chunk in chunks])


def peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _measured(work: str, votes: int, table: str) -> None:
    given = made(votes, table)
    before, start = peak_mib(), time.process_time()
    read = Votes.from_table(given, item="item", annotator="annotator", label="label")
    reading, middle = peak_mib(), time.process_time()
    (everything if work == "all" else WORK[work])(read)
    end = time.process_time()
    print(
        f"{work:12}{middle - start:9.1f}{end - middle:9.1f}{before:12.0f}{reading:12.0f}{peak_mib():12.0f}", flush=True
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--votes", type=int, default=10_000_000)
    parser.add_argument("--table", choices=["arrays", "arrow", "texts"], default="arrays")
    parser.add_argument("--work", default=",".join([*WORK, "all"]))
    given = parser.parse_args()
    print(f"{given.votes:,} votes from {given.table}: CPU seconds, and the peak of the process in MiB so far")
    print(f"{'':12}{'reading':>9}{'work':>9}{'table made':>12}{'read':>12}{'done':>12}")
    context = multiprocessing.get_context("spawn")
    for work in given.work.split(","):
        process = context.Process(target=_measured, args=(work, given.votes, given.table))
        process.start()
        process.join()


if __name__ == "__main__":
    main()
