"""How good labels are: agreement between authors, what sets two responses apart, and the consensus of several.

Everything here works on plain `karat.model` values, without a server, and for every kind of annotation alike.

Three people answer two items, and do not agree on the second:

>>> from karat.kinds import KINDS
>>> from karat.model.response import Annotation, Author, Response
>>> from karat.model.schema import read_schema
>>> schema, _ = read_schema(
...     {
...         "karat_schema": 1,
...         "streams": {"text": {"kind": "text"}},
...         "fields": {"topic": {"kind": "choice", "options": {"billing": {}, "delivery": {}}}},
...     },
...     KINDS,
... )
>>> def said(who, topic):
...     answer = Annotation(id="topic", field="topic", kind="choice", value=topic)
...     return Response(author=Author(type="person", name=who), covers={"topic": None}, annotations=(answer,))
>>> first = [said("Ada", "billing"), said("Ben", "billing"), said("Cem", "billing")]
>>> second = [said("Ada", "delivery"), said("Ben", "delivery"), said("Cem", "billing")]

>>> report = agreement_of([("first", first), ("second", second)], schema)
>>> topic = report["topic"]
>>> round(topic.percent.value, 3), round(topic.alpha.value, 3), topic.percent.enough
(0.667, 0.375, False)
>>> topic.most_disagreed()[0]
ItemDisagreement(item='second', distance=0.6666666666666666, n=3)

>>> [merged] = consensus_of(second, schema)
>>> merged.annotations[0].value, round(merged.score, 3), merged.tie
('delivery', 0.667, False)
>>> [difference] = differences(second[0], second[2], schema)
>>> difference.field, difference.distance
('topic', 1.0)
"""

from karat.quality.agreement import fleiss_kappa, gwet_ac1, gwet_ac2, krippendorff_alpha, percent_agreement
from karat.quality.agreement.diarization import DiarizationErrors, diarization_errors
from karat.quality.agreement.distances import Distances, distance_alpha, distances_of, ks, sigma
from karat.quality.agreement.gathering import Gathering, agreement_of, author_weights
from karat.quality.agreement.kappa import cohen_kappa, kendall_w
from karat.quality.agreement.links import link_f1
from karat.quality.agreement.parts import agreement_by_label, agreement_by_pair, agreement_by_slice
from karat.quality.agreement.regions import ResponseAgreement, response_agreement
from karat.quality.agreement.report import (
    Agreement,
    AuthorAgreement,
    Confusion,
    FieldAgreement,
    ItemDisagreement,
    LabelAgreement,
    PairAgreement,
)
from karat.quality.agreement.unitising import unitising_alpha
from karat.quality.agreement.words import word_error_agreement
from karat.quality.alignment import word_error_rate, word_errors
from karat.quality.annotators import accuracy_on_gold, skill_without_gold
from karat.quality.annotators.sequential import SequentialTest
from karat.quality.buying import Offers, Replay, offers, replay
from karat.quality.compared import ballots_of, concordance, pairs_of, position_bias, rankings_of
from karat.quality.consensus import (
    BradleyTerry,
    Consensus,
    DawidSkene,
    FieldConsensus,
    Glad,
    InstanceConsensus,
    Mace,
    MajorityVote,
    MultiLabel,
    Numbers,
    OneCoin,
    Ordinals,
    Pairs,
    PlackettLuce,
    Rankings,
    Skill,
    Transcripts,
    WeightedVote,
    consensus_of,
)
from karat.quality.coreference import BCubed, b_cubed, cluster_agreement
from karat.quality.differences import Difference, Pair, differences, disagreement
from karat.quality.estimate import Estimate
from karat.quality.measure import Measure
from karat.quality.mislabels import find_mislabels
from karat.quality.mislabels.crowd import find_crowd_mislabels
from karat.quality.mislabels.numbers import number_scores
from karat.quality.mislabels.regions import find_region_mislabels
from karat.quality.mislabels.tags import tag_scores
from karat.quality.mislabels.tokens import find_token_mislabels
from karat.quality.pairing import Matching, confusions, match
from karat.quality.panoptic import PanopticQuality, panoptic_quality
from karat.quality.placing import PositionBias
from karat.quality.responses import author_key
from karat.quality.sheet import quality_sheet, sheet_html
from karat.quality.spans import Spans
from karat.quality.structured import Responses
from karat.quality.tags import responses_of_tags
from karat.quality.tallies import Bootstrap
from karat.quality.votes import Votes

__all__ = [
    "Agreement",
    "AuthorAgreement",
    "BCubed",
    "Bootstrap",
    "BradleyTerry",
    "Confusion",
    "Consensus",
    "DawidSkene",
    "DiarizationErrors",
    "Difference",
    "Distances",
    "Estimate",
    "FieldAgreement",
    "FieldConsensus",
    "Gathering",
    "Glad",
    "InstanceConsensus",
    "ItemDisagreement",
    "LabelAgreement",
    "Mace",
    "MajorityVote",
    "Matching",
    "Measure",
    "MultiLabel",
    "Numbers",
    "Offers",
    "OneCoin",
    "Ordinals",
    "Pair",
    "PairAgreement",
    "Pairs",
    "PanopticQuality",
    "PlackettLuce",
    "PositionBias",
    "Rankings",
    "Replay",
    "ResponseAgreement",
    "Responses",
    "SequentialTest",
    "Skill",
    "Spans",
    "Transcripts",
    "Votes",
    "WeightedVote",
    "accuracy_on_gold",
    "agreement_by_label",
    "agreement_by_pair",
    "agreement_by_slice",
    "agreement_of",
    "author_key",
    "author_weights",
    "b_cubed",
    "ballots_of",
    "cluster_agreement",
    "cohen_kappa",
    "concordance",
    "confusions",
    "consensus_of",
    "diarization_errors",
    "differences",
    "disagreement",
    "distance_alpha",
    "distances_of",
    "find_crowd_mislabels",
    "find_mislabels",
    "find_region_mislabels",
    "find_token_mislabels",
    "fleiss_kappa",
    "gwet_ac1",
    "gwet_ac2",
    "kendall_w",
    "krippendorff_alpha",
    "ks",
    "link_f1",
    "match",
    "number_scores",
    "offers",
    "pairs_of",
    "panoptic_quality",
    "percent_agreement",
    "position_bias",
    "quality_sheet",
    "rankings_of",
    "replay",
    "response_agreement",
    "responses_of_tags",
    "sheet_html",
    "sigma",
    "skill_without_gold",
    "tag_scores",
    "unitising_alpha",
    "word_error_agreement",
    "word_error_rate",
    "word_errors",
]
