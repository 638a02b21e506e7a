"""A fixture for tests of code that uses policies.

pytest finds it if the wheel is installed. With the layer: `pytest_plugins = ["retry_policies.pytest_plugin"]`.
"""

from collections.abc import Iterator

import pytest

from retry_policies.testing import FakeTime


@pytest.fixture
def retry_time() -> Iterator[FakeTime]:
    """Return a fake clock; `retry_time.control(POLICY)` puts a policy of the code under test on it."""
    time = FakeTime()
    yield time
    time.release()
