"""Each message stays in exactly one queue, or in two after a failure, even if a redrive dies at any call."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from record_batch.admission import EXPIRES_AFTER
from shared_state.last_success import LastSuccess
from tests.support.handlers.redrive import BY_HAND, FOR_REAL, alert
from tests.support.virtual.faults import DENIED, Failure, refused, unanswered, unreachable
from tests.support.virtual.function import End
from tests.support.virtual.operations import Moment
from tests.support.virtual.queue import VirtualQueue
from tests.support.virtual.redrive import RedriveFunction
from tests.support.virtual.silence import silence
from tests.support.virtual.slack_alerts import SlackAlerts
from tests.support.virtual.table import table_down
from tests.support.virtual.world import World

LANES = ("default", "team")
FAILURES: tuple[Failure | None, ...] = (
    *[None] * 4,
    DENIED,
    refused("ServiceUnavailable", 503),
    unreachable(0.2),
    unanswered(0.2, takes_effect=False),
    unanswered(0.2, takes_effect=True),
)
UNTIL_LEASES_LAPSE = 91.0


@dataclass
class Stack:
    """Queues and a table, without the functions that would empty the queues."""

    world: World
    alerts: SlackAlerts
    redrive: RedriveFunction

    def put(self, queue: VirtualQueue, number: int, facts: dict[str, Any]) -> None:
        ours = {"DataType": "String", "StringValue": json.dumps(facts)}
        attributes = {"holdfast": ours, "number": {"DataType": "String", "StringValue": str(number)}}
        lanes, lane = self.alerts.lanes_dead, LANES[number % 2]
        if queue is lanes:
            lanes.send(alert(number), attributes, group=lane, deduplication_id=str(number))
        else:
            queue.send(alert(number), attributes)

    def intake_succeeds(self) -> None:
        """Let intake finish a record now."""
        LastSuccess(self.alerts.rows, "intake", self.world.wall).record()

    def run(self, event: dict[str, Any]) -> End | None:
        """Redrive, then wait until the messages that it left hidden are visible."""
        invocation = self.redrive.invoke(event)
        self.world.run(self.world.now + 60 + UNTIL_LEASES_LAPSE)
        return invocation.end

    def counts(self) -> Counter[int]:
        """Count the messages of all queues by their number."""
        return Counter(number_of(one) for queue in self.alerts.sqs.queues.values() for one in queue.messages())

    def lane(self, lane: str) -> list[int]:
        """Return the numbers of the messages in a lane, in order."""
        return [number_of(one) for one in self.alerts.lanes.messages() if one.group == lane]


def number_of(message: Any) -> int:  # noqa: ANN401 - a message of either virtual queue
    return int(message.attributes["number"]["StringValue"])


@contextmanager
def idle_stack() -> Iterator[Stack]:
    with World() as world, silence():
        alerts = SlackAlerts(world)
        for mapping in alerts.mappings:
            mapping.disable()
        yield Stack(world, alerts, RedriveFunction(alerts))


facts = st.fixed_dictionaries(
    {"hop": st.integers(0, 5)},
    optional={
        "reason": st.sampled_from(["message_refused", "keeps_failing"]),
        "queue": st.sampled_from(["", "arn:aws:sqs:eu-west-1:123456789012:actions"]),
        "sent_at": st.just(1.0),
    },
)
requests = st.fixed_dictionaries(
    {"queue": st.sampled_from(["dead_letters", "parking"]), "dry_run": st.booleans()},
    optional={"limit": st.integers(0, 5), "older_than": st.sampled_from([0, 30, 10**8])},
)


@settings(deadline=None)  # how long one takes depends on the machine
@given(
    messages=st.lists(st.tuples(st.sampled_from(["dead", "lanes_dead", "parking"]), facts), max_size=25),
    events=st.lists(requests, min_size=1, max_size=4),
    is_working=st.booleans(),
    faults=st.lists(st.sampled_from(FAILURES), max_size=40),
    table_fails=st.sampled_from([0, 0, 1, 3]),
)
def test_each_message_is_in_one_queue_or_after_a_failure_in_two(
    messages: list[tuple[str, dict[str, Any]]],
    events: list[dict[str, Any]],
    is_working: bool,  # noqa: FBT001 - a case
    faults: list[Failure | None],
    table_fails: int,
) -> None:
    with idle_stack() as stack:
        for number, (queue, ours) in enumerate(messages):
            stack.put(getattr(stack.alerts, queue), number, ours)
        if is_working:
            stack.intake_succeeds()
        stack.alerts.sqs.service.faults.script(*faults)
        stack.alerts.table.faults.script(*[None] * 3, *[table_down()] * table_fails)
        copies = 0
        for event in events:
            before = stack.counts()
            end = stack.run(event)
            assert end in {End.RETURNED, End.TIMED_OUT}
            assert stack.counts() == before or not event["dry_run"]
            copies = stack.counts().total() - len(messages)
        assert stack.counts().keys() == set(range(len(messages)))
        assert copies <= 10 * sum(failure is not None for failure in faults)


def kills(fill: Callable[[Stack], None], event: dict[str, Any]) -> Iterator[tuple[Stack, str]]:
    """Yield a stack after a redrive that died, once before and once after each of its calls."""
    with idle_stack() as stack:
        fill(stack)
        stack.world.operations.counts.clear()
        assert stack.run(event) is End.RETURNED
        calls = stack.world.operations.counts[""]
    for nth in range(1, calls + 1):
        for moment in Moment:
            with idle_stack() as stack:
                fill(stack)
                stack.world.operations.counts.clear()
                stack.world.operations.crash(nth, moment)
                assert stack.run(event) is End.CRASHED
                yield stack, f"{moment.value} call {nth} of {calls}"


def two_lanes(stack: Stack) -> None:
    for number in range(24):
        stack.put(stack.alerts.lanes_dead, number, {"hop": 1})


def test_e9_a_redrive_that_dies_anywhere_keeps_each_lane_whole_and_in_order() -> None:
    for stack, when in kills(two_lanes, FOR_REAL):
        assert stack.counts().keys() == set(range(24)), when
        assert stack.run(FOR_REAL) is End.RETURNED
        assert stack.lane("default") == list(range(0, 24, 2)), when
        assert stack.lane("team") == list(range(1, 24, 2)), when
        assert not stack.alerts.lanes_dead.messages()


def before_intake(stack: Stack) -> None:
    stack.intake_succeeds()
    for number in range(12):
        stack.put(stack.alerts.dead, number, {"hop": 1})


def parked(stack: Stack) -> None:
    for number in range(12):
        stack.put(stack.alerts.parking, number, {"hop": 1, "reason": "message_refused"})


def expired(stack: Stack) -> None:
    old = {"hop": 1, "sent_at": stack.world.wall() - EXPIRES_AFTER - 1}
    for number in range(6):
        stack.put(stack.alerts.dead, number, old)
        stack.put(stack.alerts.lanes_dead, 6 + number, old)


@pytest.mark.parametrize(
    ("fill", "event", "source"),
    [(before_intake, FOR_REAL, "dead"), (parked, BY_HAND, "parking"), (expired, FOR_REAL, "dead")],
)
def test_e9_a_redrive_that_dies_anywhere_leaves_one_copy_more_at_most(
    fill: Callable[[Stack], None], event: dict[str, Any], source: str
) -> None:
    for stack, when in kills(fill, event):
        assert stack.counts().keys() == set(range(12)), when
        assert stack.counts().total() <= 13, when
        stack.intake_succeeds()
        assert stack.run(event) is End.RETURNED
        assert stack.counts().keys() == set(range(12)), when
        assert stack.counts().total() <= 13, when
        assert not getattr(stack.alerts, source).messages(), when
