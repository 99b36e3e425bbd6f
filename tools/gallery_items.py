"""Own items of the gallery: written here, in the file layouts of sets whose licences forbid showing theirs."""

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

INK = "#26282b"


def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Pillow's own letters."""
    return ImageFont.load_default(size)


RECEIPT = [
    ("CORNER BOOKS", 34, 0),
    ("12 Mill Lane", 22, 0),
    ("Date: 14.03.2025", 22, 1),
    ("Notebook A5", 24, 1),
    ("3.50", 24, 2),
    ("Pencils, 12", 24, 1),
    ("4.20", 24, 2),
    ("Atlas, used", 24, 1),
    ("11.00", 24, 2),
    ("TOTAL", 30, 1),
    ("18.70", 30, 2),
    ("Thank you!", 22, 0),
]


def receipt(folder: Path) -> Path:
    """A till receipt, with its words as SROIE writes them."""
    image = Image.new("RGB", (520, 620), "#f7f5ef")
    pen = ImageDraw.Draw(image)
    y, lines = 30, []
    for text, size, column in RECEIPT:
        x, anchor = {0: (260, "ma"), 1: (50, "la"), 2: (470, "ra")}[column]
        if column == 2:
            y -= round(size * 1.9)
        pen.text((x, y), text, INK, font=font(size), anchor=anchor)
        left, top, right, bottom = (round(v) for v in pen.textbbox((x, y), text, font=font(size), anchor=anchor))
        lines.append(f"{left},{top},{right},{top},{right},{bottom},{left},{bottom},{text}")
        y += round(size * 1.9)
    for name in ("img", "box"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    image.save(folder / "img" / "receipt.png")
    (folder / "box" / "receipt.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return folder


SENTENCES = """
Asha B-PER
alisafiri O
kutoka O
Mombasa B-LOC
hadi O
Arusha B-LOC
siku O
ya O
Jumatatu O
. O
Chuo B-ORG
Kikuu I-ORG
cha I-ORG
Dodoma I-ORG
kilifunguliwa O
mwaka B-DATE
2007 I-DATE
. O
Bi O
Neema B-PER
Juma I-PER
anafundisha O
hisabati O
Kisumu B-LOC
. O
"""


def sentences(folder: Path) -> Path:
    """A report of three sentences in Swahili, a token a line with its tag."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sentences.conll").write_text(SENTENCES.lstrip(), "utf-8")
    return folder / "sentences.conll"
