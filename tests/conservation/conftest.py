from collections.abc import Iterator

import pytest

from tests.support.virtual.silence import silence
from tests.support.virtual.slack_alerts import SlackAlerts
from tests.support.virtual.world import World


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    with silence():
        yield


@pytest.fixture
def world() -> Iterator[World]:
    with World(seed=7) as made:
        yield made


@pytest.fixture
def stack(world: World) -> SlackAlerts:
    return SlackAlerts(world)
