import pytest

from tests.support.steps.batch_loops import FakeQueue, LaneLoop


@pytest.fixture
def loop() -> LaneLoop:
    return LaneLoop()


@pytest.fixture
def queue() -> FakeQueue:
    return FakeQueue()
