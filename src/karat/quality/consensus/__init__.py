"""What several authors say together: of structured responses field by field, and of votes by models of who is how good."""

from karat.quality.consensus.dawid_skene import DawidSkene, OneCoin
from karat.quality.consensus.default import Consensus
from karat.quality.consensus.fields import consensus_of
from karat.quality.consensus.glad import Glad
from karat.quality.consensus.instance_consensus import InstanceConsensus, instances_table
from karat.quality.consensus.learning import AuthorSkill, FieldConsensus, Knowledge
from karat.quality.consensus.mace import Mace
from karat.quality.consensus.methods import METHODS, Method
from karat.quality.consensus.model import Skill
from karat.quality.consensus.multilabel import MultiLabel
from karat.quality.consensus.numbers import Numbers, Ordinals
from karat.quality.consensus.pairwise import BradleyTerry, Pairs
from karat.quality.consensus.projects import ProjectLearner, settlers_of
from karat.quality.consensus.rankings import PlackettLuce, Rankings
from karat.quality.consensus.shares import MajorityVote, WeightedVote
from karat.quality.consensus.transcripts import Transcripts
from karat.quality.consensus.watching import Watch

__all__ = [
    "METHODS",
    "AuthorSkill",
    "BradleyTerry",
    "Consensus",
    "DawidSkene",
    "FieldConsensus",
    "Glad",
    "InstanceConsensus",
    "Knowledge",
    "Mace",
    "MajorityVote",
    "Method",
    "MultiLabel",
    "Numbers",
    "OneCoin",
    "Ordinals",
    "Pairs",
    "PlackettLuce",
    "ProjectLearner",
    "Rankings",
    "Skill",
    "Transcripts",
    "Watch",
    "WeightedVote",
    "consensus_of",
    "instances_table",
    "settlers_of",
]
