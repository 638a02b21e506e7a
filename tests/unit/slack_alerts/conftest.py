import pytest

from tests.support.steps.lane import Lane


@pytest.fixture
def lane() -> Lane:
    return Lane()
