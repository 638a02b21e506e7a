"""Lambda's init phase, which has the full CPU whatever the memory of the function."""

import os
from collections.abc import Callable
from contextlib import suppress


def call_at_init(wire: Callable[[], object]) -> None:
    """Call the cached `wire` in Lambda's init phase. The first event calls it again after a failure, and raises it."""
    if "AWS_LAMBDA_RUNTIME_API" in os.environ:
        with suppress(Exception):
            wire()
