"""What a slice of the metadata is called where it is counted: its text or its number, told apart."""

TEXT, NUMBER = "'", "="
"""What the name begins with, by what it is."""


def slice_of(text: str | None, number: float | None) -> str:
    """The name of a slice.

    >>> slice_of("Oslo", None), slice_of(None, 3.0), slice_of(None, 0.5)
    ("'Oslo", '=3', '=0.5')
    """
    if text is not None:
        return TEXT + text
    value = 0.0 if number is None else number
    return f"{NUMBER}{int(value)}" if value == int(value) and abs(value) < 1e15 else f"{NUMBER}{value!r}"
