import pytest

from tests.support.lane import Lane


@pytest.fixture
def lane() -> Lane:
    return Lane()
