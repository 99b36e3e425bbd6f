"""The gallery's table: each set of real data, how it comes in, what is edited, where it goes, and what its picture shows."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import gallery_edits as do
import gallery_files as files
import gallery_items as own
import gallery_scenes as scenes
import gallery_stages as stages
from gallery_edits import Edit, Spot
from gallery_stages import Stage

TEMPLATES = Path(__file__).parents[1] / "src" / "karat" / "templates"


NOWHERE = Spot("")


@dataclass(frozen=True)
class Row:
    """One set: `schema` is YAML, a template's name, or None for what is proposed; `own` makes what may be shown of it."""

    name: str
    title: str
    source: str
    about: str
    command: str
    stage: Stage
    edit: Edit
    spot: Spot
    formats: tuple[str, ...] = ()
    schema: str | None = None
    opens: str = ""
    own: Callable[[Path], Path] | None = None
    own_spot: Spot = NOWHERE
    credit: str = ""
    holds: Callable[[Path, Path], None] | None = None
    """Compares the export of what was not edited with the files that were imported."""
    also: str = ""
    adds: str = ""
    """A kind of which an export may hold more than was drawn: COCO has a box around keypoints that were drawn without one."""
    trains: str = ""
    """A format that models are trained on, which must have rows of what was edited."""


ABOVE = """
karat_schema: 1
streams: {image: {kind: image}}
fields:
  objects:
    title: Objects
    kind: polygon
    labels: {house: {title: House, key: "1"}, human: {title: Person, key: "2"}, pool: {title: Pool, key: "3"}}
"""
SIGN = """
karat_schema: 1
streams: {image: {kind: image}}
fields:
  words:
    title: Words
    kind: polygon
    labels:
      text: {title: Text, key: "1", attributes: {reads: {title: It reads, kind: text}}}
"""
SLOTS = """
karat_schema: 1
streams: {conversation: {kind: dialogue}}
fields:
  slots:
    title: Slots
    kind: span
    on: conversation
    labels:
      city_of_event: {title: City, key: "1"}
      subcategory: {title: Kind, key: "2"}
      event_name: {title: Event, key: "3"}
      event_location: {title: Place, key: "4"}
      date: {title: Date, key: "5"}
      time: {title: Time, key: "6"}
      address_of_location: {title: Address, key: "7"}
  services: {title: Service, kind: choice, options: {Events_1: {title: Events}}, multiple: true}
"""
UNTOUCHED = "What was not edited is in the export as it was in the files that came in"
COCO_PHOTOS = "The photographs are of COCO, under a licence each."

ROWS = [
    Row(
        "coco128-multi",
        "Fruit on a table",
        "image/coco128_multi",
        "Semantic segmentation: one mask a class, and each pixel is of one class. The apple was painted by the outline tool, and "
        "took its pixels from the wall behind it.",
        'karat import "Fruit on a table" masks/',
        stages.coco128,
        do.paint,
        Spot("1", ((200, 100), (330, 90), (350, 300), (190, 310))),
        ("mask_folder",),
        own=lambda to: scenes.mask_folder(to, scenes.TABLE, pictures="images", masks="masks"),
        own_spot=Spot("6", scenes.left_open(scenes.TABLE)),
        holds=files.masks,
        also=f"{UNTOUCHED}, pixel by pixel. {COCO_PHOTOS}",
    ),
    Row(
        "coco-instances",
        "Parked cars",
        "image/coco_instances",
        "An outline for each thing, out of a COCO file. The red car had none; it was drawn corner by corner with `P`.",
        'karat import "Parked cars" coco/',
        stages.instances,
        do.area,
        Spot("1", ((220, 120), (330, 130), (340, 260), (215, 250))),
        ("coco",),
        opens="000000311303",
        own=lambda to: scenes.coco(to, scenes.STREET, ["car", "potted plant"]),
        own_spot=Spot("1", scenes.left_open(scenes.STREET)),
        holds=files.coco,
        also=f"{UNTOUCHED}, number by number. {COCO_PHOTOS}",
    ),
    Row(
        "coco-keypoints",
        "Joints",
        "image/coco_keypoints",
        "The 17 joints of COCO. Two people came with theirs; those of the third were clicked in the order that the card "
        "above on the left asks for.",
        "karat import Joints coco/",
        stages.keypoints,
        do.joints,
        Spot("1", scenes.joints(200, 390, 300)),
        ("coco",),
        opens="000000000785",
        own=scenes.people,
        own_spot=Spot("1", scenes.PEOPLE[-1][0]),
        adds="box",
        holds=files.coco,
        also=f"{UNTOUCHED}, number by number. {COCO_PHOTOS}",
    ),
    Row(
        "camvid-segmentation",
        "Road scenes",
        "image/camvid_segmentation",
        "Road scenes with index masks in the layout of CamVid and SegNet: `test/` beside `testannot/`. The surfaces came in "
        "as they were, and the car was painted by the outline tool.",
        'karat import "Road scenes" camvid/',
        stages.camvid,
        do.paint,
        Spot("9", ((100, 200), (150, 190), (160, 240), (110, 250))),
        ("mask_folder",),
        own=lambda to: scenes.mask_folder(to, scenes.ROAD, pictures="test", masks="testannot"),
        own_spot=Spot("6", scenes.left_open(scenes.ROAD)),
        holds=files.masks,
        also=f"{UNTOUCHED}, pixel by pixel.",
    ),
    Row(
        "ocr-quads",
        "Signs",
        "image/ocr_icdar2015_quads",
        "Text in photographs, an outline of four corners for each word. The number of the floor was clicked on, and what it reads "
        "typed beside it.",
        "karat import Signs signs/",
        stages.quads,
        do.sign,
        Spot("", ((470, 60),), "10"),
        ("coco", "label_studio"),
        schema=SIGN,
        opens="img_1",
        credit="Photograph: ICDAR 2015 Incidental Scene Text (RRC), CC BY 4.0.",
        holds=files.coco,
        also=f"{UNTOUCHED}, number by number. The set has MMOCR's list of corners, which the tool writes as COCO first.",
    ),
    Row(
        "aerial",
        "From above",
        "image/aerial_coco",
        "A large photograph with a COCO file of polygons. The house below on the right was outlined; pools are a class of their "
        "own.",
        'karat import "From above" aerial/',
        stages.aerial,
        do.area,
        Spot("1", ((300, 900), (420, 890), (430, 1100), (310, 1110))),
        ("coco", "label_studio"),
        schema=ABOVE,
        own=lambda to: scenes.coco(to, scenes.ROOFS, ["house", "human", "pool"], "#7d9468"),
        own_spot=Spot("1", scenes.left_open(scenes.ROOFS)),
        holds=files.coco,
        also=f"{UNTOUCHED}, number by number.",
    ),
    Row(
        "receipts",
        "Receipts",
        "documents/receipts_sroie",
        "Scans with the words that an OCR read on them, in the layout of SROIE. Words are marked as on a text; a region takes "
        "the words that lie in it.",
        "karat import Receipts receipts/",
        stages.whole,
        do.paper,
        Spot("4", ((0.05, 0.05), (0.9, 0.35))),
        schema="documents.yaml",
        own=own.receipt,
        own_spot=Spot("4", ((0.06, 0.335), (0.94, 0.59))),
    ),
    Row(
        "pdf",
        "Papers",
        "documents/pdf",
        "A PDF of two columns, whose words can be marked because the file holds them. The region was drawn by one drag, and "
        "its text came along.",
        "karat import Papers pdf/",
        stages.whole,
        do.paper,
        Spot("4", ((0.115, 0.447), (0.51, 0.7))),
        schema="documents.yaml",
        opens="multicolumn",
        credit="Page: py-pdf/sample-files, CC BY-SA 4.0.",
    ),
    Row(
        "ner-swahili-yoruba",
        "Names",
        "text/ner_swahili_yoruba",
        "Sentences, a token a line with its tag. A double click marked a word, and its label's key said what it is.",
        "karat import Names sentences.conll",
        stages.part("swa/dev.txt"),
        do.word,
        Spot("1", word="virusi"),
        ("conll", "label_studio"),
        own=own.sentences,
        own_spot=Spot("4", word="Jumatatu"),
        holds=files.conll,
        also=f"{UNTOUCHED}, token by token.",
    ),
    Row(
        "ud-arabic",
        "Arabic words",
        "text/ud_pud_arabic",
        "Universal Dependencies in Arabic, from right to left, with parts of speech on the words and dependencies above them. "
        "One word was given another part of speech.",
        'karat import "Arabic words" ar_pud-ud-test.conllu',
        stages.part("ar_pud-ud-test.conllu"),
        do.tag,
        Spot("2", word="الكثير"),
        ("conllu",),
        credit="Sentences: UD Arabic-PUD, CC BY-SA 3.0.",
        holds=files.conllu,
        also=f"{UNTOUCHED}, line by line.",
    ),
    Row(
        "dialogue-sgd",
        "Booking talks",
        "text/dialogue_sgd",
        "A task dialogue of the Schema-Guided Dialogue set: who speaks is known from the file, and the slots of "
        "its turns came in as spans. A word inside a turn was marked as one more, beside the question about the whole "
        "conversation.",
        'karat import "Booking talks" dialogues_007.json',
        stages.part("dev/dialogues_007.json"),
        do.word,
        Spot("2", word="Games"),
        schema=SLOTS,
        credit="Dialogue: Google Schema-Guided Dialogue, CC BY-SA 4.0.",
    ),
    Row(
        "long-document",
        "A whole book",
        "text/long_documents",
        "*Alice's Adventures in Wonderland* as one text of 3,700 lines. Her name was marked once, and `Shift+O` and `Enter` "
        "marked it everywhere.",
        'karat import "A whole book" 11-0.txt',
        stages.part("11-0.txt"),
        do.everywhere,
        Spot("1", word="Alice"),
        ("label_studio",),
        schema="entities.yaml",
        credit="Text: Lewis Carroll, public domain.",
    ),
    Row(
        "oasst-trees",
        "Replies",
        "llm/oasst_trees",
        "A conversation of Open Assistant that branches: each reply of the assistant was rated by one key, beside its siblings.",
        "karat import Replies en_100_tree.jsonl",
        stages.part("en_100_tree.jsonl"),
        do.rate,
        Spot("542"),
        schema="judge_tree.yaml",
        trains="trl_preference",
        also="As `trl_preference` it gave pairs of siblings to train on.",
        credit="Conversation: Open Assistant, Apache-2.0.",
    ),
    Row(
        "mt-bench",
        "Bench answers",
        "llm/mt_bench",
        "Questions of MT-bench in two turns with GPT-4's reference answers; each answer was judged by keys, turn by turn.",
        'karat import "Bench answers" mt_bench.jsonl',
        stages.mt_bench,
        do.rate,
        Spot("1514"),
        schema="judge_turns.yaml",
        also="The tool joins questions and reference answers into one file of conversations first.",
        opens="101",
        credit="Conversation: MT-bench, FastChat, Apache-2.0.",
    ),
]
