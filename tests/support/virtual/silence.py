"""Runs without logs and metrics, which would take most of the time of a test in virtual time."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

METRICS_DISABLED = "POWERTOOLS_METRICS_DISABLED"
"""Powertools' switch for metrics."""


@contextmanager
def silence() -> Iterator[None]:
    disabled = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with patch.dict(os.environ, {METRICS_DISABLED: "true"}):
            yield
    finally:
        logging.disable(disabled)
