"""Lambda's init phase, which has the full CPU at every memory size."""

import os
from collections.abc import Callable
from contextlib import suppress


def call_at_init(wire: Callable[[], object]) -> None:
    """Call the cached `wire` in Lambda's init phase. After a failure the first event calls it again and raises."""
    if "AWS_LAMBDA_RUNTIME_API" in os.environ:
        with suppress(Exception):
            wire()
