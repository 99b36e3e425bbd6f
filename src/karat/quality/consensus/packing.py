"""Rules as they are stored: arrays of 32-bit floats."""

import msgspec
import numpy as np

from karat.quality.columns import Floats
from karat.quality.consensus.rule import Rule


class PackedRule(msgspec.Struct, frozen=True):
    """A rule of so many labels and states; its arrays one after the other."""

    labels: int
    states: int
    tables: bytes
    prior: bytes
    voices: bytes
    first: bytes
    share: float


def pack_rule(rule: Rule) -> PackedRule:
    """The rule in half of its size; probabilities keep seven digits."""
    return PackedRule(
        rule.tables.shape[1], len(rule.states), packed(rule.tables), packed(rule.states), packed(rule.voices),
        packed(rule.first), rule.share,
    )  # fmt: skip


def unpack_rule(body: PackedRule) -> Rule:
    """The rule again."""
    tables = unpacked(body.tables).reshape(-1, body.labels, body.states)
    return Rule(tables, unpacked(body.prior), unpacked(body.voices), unpacked(body.first), body.share)


def packed(values: Floats) -> bytes:
    """Any array as 32-bit floats; its shape is not kept."""
    return values.astype(np.float32).tobytes()


def unpacked(given: bytes) -> Floats:
    """The array again, flat, in 64 bits."""
    return np.frombuffer(given, np.float32).astype(np.float64)
