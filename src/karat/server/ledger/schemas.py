"""What the routes of pay send and are sent. Amounts are whole numbers of the currency's smallest unit."""

from typing import Literal

import msgspec

from karat.model.pay import Formula
from karat.policies.pay.line import Inputs, Part, Quality
from karat.policies.pay.words import Worked
from karat.quality.measure import Measure
from karat.server.items.schemas import Person

PeriodState = Literal["computing", "draft", "closed"]
PaidFor = Literal["answer", "practice", "test", "review", "ruling", "appeal", "correction"]
ContestState = Literal["open", "upheld", "corrected"]
Json = dict[str, object]


class NewFormula(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A formula, and the version that it was made from: 0 where there was none."""

    formula: object
    base: int = 0


class FormulaBody(msgspec.Struct, frozen=True, kw_only=True):
    """A version of the formula. It holds for periods that begin at `since` or later; of the first that is empty."""

    version: int
    formula: Formula
    words: list[str]
    digits: int
    """Decimals of the currency."""
    since: str
    at: str


class PayRule(msgspec.Struct, frozen=True, kw_only=True):
    """What work is paid by now, and what it will be paid by from the next period on where that is another."""

    now: FormulaBody | None
    next: FormulaBody | None
    begin_at: str | None
    """Since when the running period is."""
    decimals: dict[str, int]
    """How many decimals a currency has, of those that have not two."""


class NewPeriod(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Up to when to compute; a minute ago where nothing is said."""

    end_at: str | None = None


class Period(msgspec.Struct, frozen=True, kw_only=True):
    """A period. `digest` is the SHA-256 of its lines; of a closed one nothing changes any more."""

    id: str
    number: int
    begin_at: str
    end_at: str
    formula: int
    currency: str
    digits: int
    state: PeriodState
    job: str
    job_state: str
    """Of one that is being computed: whether anybody still does."""
    lines: int
    answers: int
    total: int
    digest: str
    at: str
    closed_at: str | None


class PeriodStarted(msgspec.Struct, frozen=True):
    """A period that is being computed, and the job that does it; whether it was at it already."""

    period: str
    job: str
    is_running: bool = False


class PayLine(msgspec.Struct, frozen=True, kw_only=True):
    """What one person is paid for a period: every part, what it was made from, and how sure their quality is."""

    id: str
    period: str
    number: int
    begin_at: str
    end_at: str
    formula: int
    currency: str
    digits: int
    person: Person
    inputs: Inputs
    accuracy: Quality
    consistency: Quality
    parts: list[Part]
    made: list[Worked]
    amount: int
    contest: "Contest | None"


class OwnLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line as its own person sees it: of quality only the step, of difficulty nothing below twenty answers."""

    id: str
    number: int
    begin_at: str
    end_at: str
    formula: int
    words: list[str]
    currency: str
    digits: int
    label_ms: int
    raw_ms: int
    course_ms: int
    review_ms: int
    answers: list[int]
    """By step of difficulty, the usual first."""
    flags: int
    parts: list[Part]
    made: list[Worked]
    amount: int
    contest: "Contest | None"


class PaidThing(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a line comes from: its time in the period, what of that counts, and 1, 0 or -1 answers."""

    of: PaidFor
    at: str
    item: str | None = None
    key: str | None = None
    active_ms: int = 0
    counted_ms: int = 0
    answers: int = 0
    amount: int | None = None
    """Of a correction."""
    text: str = ""
    """Why it was corrected."""


class NewContest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a line is wrong."""

    reason: str


class PayDecision(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What came of it: the line is upheld, or corrected by an amount, which may be below 0; and why."""

    outcome: Literal["upheld", "corrected"]
    reason: str
    amount: int = 0


class Contest(msgspec.Struct, frozen=True, kw_only=True):
    """What was said against a line. Its person is not told who decided."""

    id: str
    line: str
    number: int
    person: Person
    line_amount: int
    reason: str
    state: ContestState
    outcome: str
    amount: int
    at: str
    decided_at: str | None


class NewCorrection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody gets more, or less, with the running period; and why. `person` is an author's id."""

    person: str
    amount: int
    reason: str


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """A correction, as it comes with the period in which it was made."""

    id: str
    person: Person
    amount: int
    reason: str
    at: str


class NewBudget(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much there is, null for no limit; and whether items with an adaptive overlap get no more answers once it is out."""

    amount: int | None
    stops: bool = False


class Budget(msgspec.Struct, frozen=True, kw_only=True):
    """How far the money goes. Everything rests on the lines that were computed; null where there are none."""

    currency: str
    digits: int
    amount: int | None
    stops: bool
    spent: int
    """By closed periods."""
    running: int
    """By the draft of the running period, and by what came in since, at the cost of an answer so far."""
    answers_left: int
    is_least: bool
    """More answers may be asked for than is known now: the overlap is adaptive."""
    per_answer: Measure
    """All that was paid over the answers that were, reviews and course included; 95 % by drawing the lines anew."""
    per_label: Measure
    """The same over the items that are done: the cost per accepted label."""
    forecast: Measure
    """What it all comes to in the end."""
    is_over: bool
    """Whether the forecast is more than there is."""
    is_out: bool


class PreviewRow(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody would get for the latest answers, and what they get by the formula that holds."""

    person: Person
    parts: list[Part]
    amount: int
    now: int | None
    accuracy: Quality
    consistency: Quality


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """A formula on the latest answers of the project's people."""

    words: list[str]
    currency: str
    digits: int
    answers: int
    begin_at: str | None
    rows: list[PreviewRow]


class OwnPay(msgspec.Struct, frozen=True):
    """One's own closed lines, the newest first."""

    lines: list[OwnLine]
