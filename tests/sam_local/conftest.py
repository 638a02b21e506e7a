"""The build and the image that the tests of sam local share, and their own count at the end."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.platform import LocalAws
from tests.support.local_aws.sam_local import SamLocal


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the number of tests of sam local."""
    passed, failed = (
        sum("tests/sam_local" in one.nodeid for kind in kinds for one in terminalreporter.stats.get(kind, []))
        for kinds in (("passed",), ("failed", "error"))
    )
    if passed or failed:
        terminalreporter.write_line(f"sam_local: {passed} passed, {failed} failed")


@pytest.fixture(scope="session")
def aws() -> Iterator[LocalAws]:
    with LocalAws() as platform:
        yield platform


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sam-local")


@pytest.fixture(scope="session")
def without_aws(aws: LocalAws, folder: Path) -> SamLocal:
    return SamLocal.without_aws(aws, folder)
