"""Waiting for what another process does."""

import time
from collections.abc import Callable

SECONDS = 60.0


def wait_for[T](look: Callable[[], T], seconds: float = SECONDS) -> T:
    """What `look` finds, as soon as it finds anything; at the end of the time what it found last."""
    ends = time.monotonic() + seconds
    while not (found := look()) and time.monotonic() < ends:
        time.sleep(0.2)
    return found
