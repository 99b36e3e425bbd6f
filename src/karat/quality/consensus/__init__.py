"""What several authors say together: of structured responses field by field, and of votes by models of who is how good."""

from karat.quality.consensus.dawid_skene import DawidSkene, OneCoin
from karat.quality.consensus.default import Consensus
from karat.quality.consensus.fields import FieldConsensus, Method, consensus_of
from karat.quality.consensus.glad import Glad
from karat.quality.consensus.mace import Mace
from karat.quality.consensus.model import Skill
from karat.quality.consensus.shares import MajorityVote, WeightedVote

__all__ = [
    "Consensus",
    "DawidSkene",
    "FieldConsensus",
    "Glad",
    "Mace",
    "MajorityVote",
    "Method",
    "OneCoin",
    "Skill",
    "WeightedVote",
    "consensus_of",
]
