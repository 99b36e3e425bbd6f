"""What tests of labeling ask of a call."""

from collections.abc import Callable

import pytest

from karat.model.problem import Refused


@pytest.fixture
def refused() -> Callable[[Callable[[], object]], int]:
    """The status with which a call is refused; 0 if it is not."""

    def status(call: Callable[[], object]) -> int:
        try:
            call()
        except Refused as error:
            return error.status
        return 0

    return status
