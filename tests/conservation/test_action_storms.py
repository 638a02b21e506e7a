"""500 requests for a throttling service: the number of calls is bounded, and every request ends."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from retry_policies import RetryBudget
from tests.conservation.action_oracle import ActionOracle
from tests.conservation.action_schedule import PublishedRequest
from tests.support.virtual.aws_actions import AwsActions
from tests.support.virtual.cloud import Answered, Attempted
from tests.support.virtual.faults import THROTTLED
from tests.support.virtual.history import Parked
from tests.support.virtual.world import World

REQUESTS = 500
ENVIRONMENTS = 2
"""The maximum concurrency of the mapping. Each environment has its own retry budget."""
BURST, RATIO = RetryBudget().burst, RetryBudget().ratio
RECEIVES = 5
"""The most receives of a request in its 15 minutes: it is hidden for at least 30, 60, 120, 240 and 480 s."""


@dataclass(frozen=True)
class Storm:
    calls: int
    repeats: int
    """Retries within one receive."""
    done: int
    reasons: Counter[str]
    last: float
    """The time of the last call."""


@pytest.fixture
def world() -> Iterator[World]:
    with World(seed=11) as made:
        yield made


def storm(world: World, seconds: float) -> Storm:
    """Let the service throttle every call for that long."""
    stack = AwsActions(world)
    requests = [PublishedRequest(0.0)] * REQUESTS
    for number, one in enumerate(requests):
        stack.publish(number, one.message(number))
    stack.services["aws"].faults.down(0.0, seconds, THROTTLED)
    world.run()
    assert [*ActionOracle(stack, requests).violations()] == []
    assert stack.queue.messages() == stack.dead.messages() == []
    assert len({*stack.history.environments.values()}) <= ENVIRONMENTS
    events = stack.history.events
    calls = Counter((event.task, event.fact.token) for event in events if isinstance(event.fact, Attempted))
    return Storm(
        calls=calls.total(),
        repeats=calls.total() - len(calls),
        done=sum(isinstance(event.fact, Answered) for event in events),
        reasons=Counter(event.fact.reason for event in events if isinstance(event.fact, Parked)),
        last=max(event.at for event in events if isinstance(event.fact, Attempted)),
    )


def test_a_service_that_always_throttles_is_called_once_per_receive_until_the_expiry(world: World) -> None:
    result = storm(world, 24 * 3600.0)
    assert (result.done, result.reasons) == (0, {"expired": REQUESTS})
    assert result.repeats <= BURST * ENVIRONMENTS
    assert result.calls <= REQUESTS * RECEIVES + BURST * ENVIRONMENTS
    assert result.last < 900.0


def test_a_service_that_throttles_for_five_minutes_does_each_request_once(world: World) -> None:
    result = storm(world, 300.0)
    assert (result.done, result.reasons) == (REQUESTS, {})
    assert result.repeats <= BURST * ENVIRONMENTS + RATIO * REQUESTS
    assert result.calls <= REQUESTS * RECEIVES + BURST * ENVIRONMENTS + RATIO * REQUESTS
