"""What several authors say together: of structured responses field by field, and of votes by models of who is how good."""

from karat.quality.consensus.fields import FieldConsensus, Method, consensus

__all__ = ["FieldConsensus", "Method", "consensus"]
