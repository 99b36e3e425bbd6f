"""Pictures as they are shown: upright, in eight bits, of a size that is allowed. Only for a media process."""

from PIL import Image, ImageOps

from karat.server.media.answers import Bad

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF", "AVIF")
ORIENTATION = 0x0112
SMALLER = "Make the picture smaller, or cut it into several."
SIDEWAYS = frozenset({5, 6, 7, 8})


def orientation_of(image: Image.Image) -> int:
    """The EXIF orientation, 1 to 8; 1 where it is none of these."""
    found = image.getexif().get(ORIENTATION, 1)
    return found if found in range(1, 9) else 1


def upright_size(image: Image.Image) -> tuple[int, int]:
    """Width and height after EXIF orientation."""
    # Pillow turns TIFFs by itself and says their size as they are seen.
    turns = orientation_of(image) in SIDEWAYS and image.format != "TIFF"
    width, height = image.size
    return (height, width) if turns else (width, height)


def upright_of(image: Image.Image) -> Image.Image:
    """The picture after EXIF orientation."""
    return ImageOps.exif_transpose(image)


def in_eight_bits(image: Image.Image) -> Image.Image:
    """Greys of more than 8 bits, or in floating point, spread from the darkest to the brightest: cut off, they would be white."""
    if image.mode not in {"I", "F"} and not image.mode.startswith("I;"):
        return image
    import numpy as np  # most pictures need none of it

    values = np.asarray(image, dtype=np.float32)
    known = values[np.isfinite(values)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 0.0)
    spread = (np.nan_to_num(values, nan=low, posinf=high, neginf=low) - low) * (255 / (high - low) if high > low else 0)
    return Image.fromarray(spread.astype(np.uint8))


def too_large(image: Image.Image, max_pixels: int) -> Bad | None:
    """What is wrong with the size of a picture, which is known before a byte of it is unpacked."""
    width, height = image.size
    if width < 1 or height < 1:
        return Bad(f"{width} × {height} pixels", "a picture with at least one pixel")
    if width * height > max_pixels:
        return Bad(f"{width} × {height} pixels", f"at most {max_pixels} pixels", SMALLER)
    return None
