"""Runs without logs and metrics, which would take most of the time of a test in virtual time."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager

METRICS_DISABLED = "POWERTOOLS_METRICS_DISABLED"
"""Powertools' switch for metrics."""


@contextmanager
def silence() -> Iterator[None]:
    before, disabled = os.environ.get(METRICS_DISABLED), logging.root.manager.disable
    os.environ[METRICS_DISABLED] = "true"
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(disabled)
        os.environ.pop(METRICS_DISABLED)
        if before is not None:
            os.environ[METRICS_DISABLED] = before
