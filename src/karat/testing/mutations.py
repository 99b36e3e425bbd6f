"""Ways to break a file, each drawn from a seeded generator so that a failure can be repeated."""

import random
from collections.abc import Callable

HUGE = (b"1" * 400, b"1e999", b"-1e308", b"9223372036854775808", b"NaN", b"Infinity", b"-0", b"0.1e-400", b"1" * 5000)
ODD = (
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b'"',
    b"'",
    b"\\",
    b"\\u0000",
    b"\\ud800",
    b"\r",
    b"\n\n",
    b"\t",
    b"}",
    b"]",
    b"{",
    b"[",
    b",",
    "😀".encode(),
    b"\xc3",
    b"null",
    b"true",
    b"\x1a",
    "\u2028".encode(),
    b"-DOCSTART-",
    b"#",
    b"<!DOCTYPE a>",
    b"=1+1",
)

Mutation = Callable[[bytes, random.Random], bytes]


def flip_bits(data: bytes, rng: random.Random) -> bytes:
    """One to 64 bits are others."""
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 8, 64))):
        if changed:
            changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def truncate(data: bytes, rng: random.Random) -> bytes:
    """The file ends early."""
    return data[: rng.randrange(len(data) + 1)]


def cut_out(data: bytes, rng: random.Random) -> bytes:
    """A part is missing."""
    start = rng.randrange(len(data) + 1)
    return data[:start] + data[start + rng.randrange(1, 200) :]


def repeat_part(data: bytes, rng: random.Random) -> bytes:
    """A part is there several times."""
    start = rng.randrange(len(data) + 1)
    part = data[start : start + rng.randrange(1, 400)]
    return data[:start] + part * rng.choice((2, 3, 20)) + data[start:]


def shuffle_lines(data: bytes, rng: random.Random) -> bytes:
    """The lines are in another order."""
    lines = data.splitlines(keepends=True)
    rng.shuffle(lines)
    return b"".join(lines)


def swap_parts(data: bytes, rng: random.Random) -> bytes:
    """The end comes before the middle."""
    a, b = sorted((rng.randrange(len(data) + 1), rng.randrange(len(data) + 1)))
    return data[:a] + data[b:] + data[a:b]


def insert_odd(data: bytes, rng: random.Random) -> bytes:
    """Something that does not belong there."""
    for _ in range(rng.choice((1, 1, 3, 10))):
        at = rng.randrange(len(data) + 1)
        data = data[:at] + rng.choice(ODD) + data[at:]
    return data


def huge_number(data: bytes, rng: random.Random) -> bytes:
    """A number out of all range."""
    digits = [i for i, byte in enumerate(data[:200_000]) if 0x30 <= byte <= 0x39]
    if not digits:
        return data + rng.choice(HUGE)
    start = end = rng.choice(digits)
    while end < len(data) and 0x30 <= data[end] <= 0x39:
        end += 1
    return data[:start] + rng.choice(HUGE) + data[end:]


def nest_deeply(data: bytes, rng: random.Random) -> bytes:
    """Many levels in one place."""
    at = rng.randrange(len(data) + 1)
    depth = rng.choice((50, 600, 20_000))
    opening, closing = rng.choice(((b"[", b"]"), (b'{"a":', b"}")))
    return data[:at] + opening * depth + rng.choice((closing * depth, b"")) + data[at:]


def other_encoding(data: bytes, rng: random.Random) -> bytes:
    """The text in another encoding."""
    text = data.decode("utf-8", "replace")
    return text.encode(rng.choice(("utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-32", "utf-8-sig")), "replace")


def swap_values(data: bytes, rng: random.Random) -> bytes:
    """A value of another type."""
    values = (b"null", b"[]", b"{}", b'""', b"0", b"-1", b"true", b'"x"', b"[[]]", b"1.5")
    colons = [i for i, byte in enumerate(data[:200_000]) if byte in b":,\t"]
    if not colons:
        return data
    at = rng.choice(colons) + 1
    end = at
    while end < len(data) and data[end] not in b",}]\n\t":
        end += 1
    return data[:at] + rng.choice(values) + data[end:]


MUTATIONS: tuple[Mutation, ...] = (
    flip_bits,
    truncate,
    cut_out,
    repeat_part,
    shuffle_lines,
    swap_parts,
    insert_odd,
    huge_number,
    nest_deeply,
    other_encoding,
    swap_values,
)


def mutate(data: bytes, rng: random.Random) -> tuple[bytes, str]:
    """The data after one to three mutations, and their names."""
    names: list[str] = []
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        mutation = rng.choice(MUTATIONS)
        data = mutation(data, rng)
        names.append(mutation.__name__)
    return data, "+".join(names)
