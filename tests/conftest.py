"""How pytest selects tests, and how pytest-xdist distributes them: those that share a stack run on one worker.

The marks of pytest-xdist 3.8 for this are lost on pytest 9.2, which does not keep their suffix of an item's id.
"""

from pathlib import PurePath

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped] # pytest-xdist ships no types for it

settings.register_profile("busy", deadline=None)  # a busy machine is not a failure
settings.load_profile("busy")

STACKS = {
    "direct": ("tests/e2e/test_direct.py", "tests/e2e/test_runbook.py"),
    "newcomer": ("tests/e2e/test_newcomer.py",),
    "default": ("tests/e2e/*.py",),
}
"""The test modules of each stack; the first match decides."""


def scope_of(nodeid: str) -> str:
    """Return the stack of a test, or its own id if it needs none."""
    path = PurePath(nodeid.partition("::")[0])
    return next((stack for stack, patterns in STACKS.items() if any(map(path.match, patterns))), nodeid)


class ByStack(LoadScopeScheduling):  # type: ignore[misc] # untyped, see above
    def _split_scope(self, nodeid: str) -> str:
        return scope_of(nodeid)


@pytest.hookimpl(tryfirst=True)  # before pytest selects by marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of the folders that run on their own."""
    for item in items:
        folder = item.nodeid.partition("/")[2].partition("/")[0]
        if folder in {"deploy", "e2e", "sam_local"}:
            item.add_marker(folder)
        if folder == "sam_local":
            item.add_marker(pytest.mark.timeout(900))  # the first test builds the image


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> ByStack | None:
    """Distribute by stack unless another distribution is asked for."""
    return ByStack(config, log) if config.getoption("dist") == "load" else None
