"""Runs without logs and metrics, which would take most of the time of a test in virtual time."""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from tests.support.virtual.scheduler import Killed

METRICS_DISABLED = "POWERTOOLS_METRICS_DISABLED"
"""Powertools' switch for metrics."""


@contextmanager
def silence() -> Iterator[None]:
    disabled = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with patch.dict(os.environ, {METRICS_DISABLED: "true"}), patch.object(sys, "unraisablehook", _report):
            yield
    finally:
        logging.disable(disabled)


def _report(unraisable: "sys.UnraisableHookArgs") -> None:
    """Report an error in a finalizer, except that of a killed invocation, whose generators Python closes later."""
    if unraisable.exc_type is not Killed:
        sys.__unraisablehook__(unraisable)
