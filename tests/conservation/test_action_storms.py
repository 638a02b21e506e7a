"""500 requests for a service that throttles: what it is asked is bounded, and every request has an end."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from retry_policies import RetryBudget
from tests.conservation.action_oracle import ActionOracle
from tests.conservation.action_schedule import Requested
from tests.support.virtual.aws_actions import AwsActions
from tests.support.virtual.cloud import Answered, Attempted
from tests.support.virtual.faults import THROTTLED
from tests.support.virtual.history import Parked
from tests.support.virtual.world import World

REQUESTS = 500
ENVIRONMENTS = 2
"""As many as the mapping lets run at once; each has its own budget."""
BURST, RATIO = RetryBudget().burst, RetryBudget().ratio
RECEIVES = 5
"""Of one request in its 15 minutes, at most: it is hidden for 30, 60, 120, 240 and 480 s at least."""


@dataclass(frozen=True)
class Storm:
    """What came of it."""

    calls: int
    repeats: int
    """Calls that the function made again by itself, within one receive."""
    done: int
    reasons: Counter[str]
    last: float
    """When the last call was made."""


@pytest.fixture
def world() -> Iterator[World]:
    with World(seed=11) as made:
        yield made


def storm(world: World, seconds: float) -> Storm:
    """The service throttles every call for so long, and then none."""
    stack = AwsActions(world)
    requests = [Requested(0.0)] * REQUESTS
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


def test_a_service_that_throttles_for_good_is_asked_once_per_receive_and_then_left_alone(world: World) -> None:
    became = storm(world, 24 * 3600.0)
    assert (became.done, became.reasons) == (0, {"expired": REQUESTS})
    assert became.repeats <= BURST * ENVIRONMENTS
    assert became.calls <= REQUESTS * RECEIVES + BURST * ENVIRONMENTS
    assert became.last < 900.0


def test_a_service_that_throttles_for_five_minutes_does_all_of_it_once(world: World) -> None:
    became = storm(world, 300.0)
    assert (became.done, became.reasons) == (REQUESTS, {})
    assert became.repeats <= BURST * ENVIRONMENTS + RATIO * REQUESTS
    assert became.calls <= REQUESTS * RECEIVES + BURST * ENVIRONMENTS + RATIO * REQUESTS
