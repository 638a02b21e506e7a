"""Which worker gets which test: those that share a deployed stack stay together, the others go where there is room.

The marks of pytest-xdist 3.8 for this are lost on pytest 9.2: what they add to an item's id no longer stays there.
"""

from pathlib import PurePath

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped] # pytest-xdist ships no types for it

UNITS = {"runbook": "tests/e2e/test_runbook.py", "e2e": "tests/e2e/*.py"}
"""The first that fits; the runbook has a local AWS of its own."""


def unit_of(nodeid: str) -> str:
    """What a test is handed out with: all that have the same run on one worker."""
    path = PurePath(nodeid.partition("::")[0])
    return next((name for name, pattern in UNITS.items() if path.match(pattern)), nodeid)


class ByStack(LoadScopeScheduling):  # type: ignore[misc] # untyped, see above
    """Hands tests out by the stack they need."""

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> ByStack | None:
    """Where nobody asked for another way."""
    return ByStack(config, log) if config.getoption("dist") == "load" else None
