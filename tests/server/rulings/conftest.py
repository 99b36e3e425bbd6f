"""What tests of guidelines ask of a call."""

from tests.server.labeling.conftest import refused

__all__ = ["refused"]
