"""What the job that makes a consensus is asked."""

import msgspec


class ConsensusWork(msgspec.Struct, frozen=True):
    """How answers are merged; `full` where it is to be learned anew even if what was learned still holds."""

    method: str
    full: bool = False
