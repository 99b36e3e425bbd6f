"""What kind of file some bytes are, by what they begin with: never by the name, which anybody can choose."""

IMAGES = ("image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp", "image/tiff", "image/avif")
INLINE = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp", "image/avif", "text/plain"})
"""What a browser may show: none of these can run anything. SVG, HTML and XML are downloads."""

PDF = "application/pdf"
PAGES = "application/vnd.karat.pages+zip"
"""Page images with their words, see `bundles`."""
DOCUMENTS = (PDF, PAGES)
PAGES_HEAD = b"mimetype" + PAGES.encode()

BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"II+\x00", "image/tiff"),
    (b"MM\x00+", "image/tiff"),
    (b"%PDF-", PDF),
    (b"PK\x03\x04", "application/zip"),
)


def media_type(head: bytes) -> str:
    """The type of a file from its first bytes, at least 512 of them where it has so many.

    >>> media_type(b"GIF89a..."), media_type(b"  <svg xmlns=''>"), media_type(b"hello")
    ('image/gif', 'image/svg+xml', 'text/plain')
    """
    if head.startswith(b"PK\x03\x04") and head[30:].startswith(PAGES_HEAD):
        return PAGES
    for start, name in BEGINNINGS:
        if head.startswith(start):
            return name
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp" and head[8:12] in (b"avif", b"avis"):
        return "image/avif"
    return _text_type(head)


def _text_type(head: bytes) -> str:
    try:
        text = head.decode("utf-8", "ignore" if len(head) >= 512 else "strict")
    except UnicodeDecodeError:
        return "application/octet-stream"
    if "\x00" in text:
        return "application/octet-stream"
    start = text.lstrip("\ufeff \t\r\n").lower()
    if "<svg" in start[:1000]:
        return "image/svg+xml"
    if start.startswith(("<!doctype html", "<html", "<script", "<body", "<iframe")):
        return "text/html"
    if start.startswith("<?xml") or (start.startswith("<") and ">" in start):
        return "text/xml"
    return "text/plain"
