"""500 requests for a throttling service: the number of calls is bounded, and every request ends."""

from collections import Counter

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


@pytest.mark.parametrize(
    ("seconds", "done", "reasons"),
    [(24 * 3600.0, 0, {"expired": REQUESTS}), (300.0, REQUESTS, {})],
    ids=["always", "for five minutes"],
)
def test_a_throttling_service_is_called_once_per_receive_until_each_request_is_done_or_expired(
    world: World, seconds: float, done: int, reasons: dict[str, int]
) -> None:
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
    assert sum(isinstance(event.fact, Answered) for event in events) == done
    assert Counter(event.fact.reason for event in events if isinstance(event.fact, Parked)) == reasons
    calls = Counter((event.task, event.fact.token) for event in events if isinstance(event.fact, Attempted))
    repeats = BURST * ENVIRONMENTS + RATIO * done
    assert calls.total() - len(calls) <= repeats  # within one receive
    assert calls.total() <= REQUESTS * RECEIVES + repeats
    assert max(event.at for event in events if isinstance(event.fact, Attempted)) < 900.0
