"""The road as a whole: what the ledger says, that a seed says it all, and that a loss would be seen."""

from dataclasses import dataclass
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from slack_alerts.models import SlackMessage
from tests.support.virtual.function import End, Handler, VirtualContext
from tests.support.virtual.operations import Moment
from tests.support.virtual.road import Numbers, Road
from tests.support.virtual.slack_behaviours import NOT_CONNECTED, Behaviour, broken, throttled, unanswered
from tests.support.virtual.world import World
from tests.unit.support.virtual.roads import HOOK, knock


def parks(road: Road) -> Handler:
    """Puts everything aside."""

    def handler(event: Any, _: VirtualContext) -> None:  # noqa: ANN401 - JSON
        for record in event["Records"]:
            road.sqs.send_message(QueueUrl=road.parking_url, MessageBody=record["body"], MessageAttributes={})

    return handler


def test_the_ledger_tells_what_became_of_each_message() -> None:
    with World() as world:
        stack = Road(world, knock, Numbers(receives=2, visibility=100.0))
        stack.slack.refuse = lambda message: unanswered(posts=False) if "alert-2" in message.text else None
        delivered, dying = stack.publish(1, copies=2), stack.publish(2)
        waiting = stack.publish(3, at=500.0)
        world.run(until=499.0)
        fates = stack.ledger.fates()
        assert set(fates) == {delivered, dying}
        assert (len(fates[delivered].posts), fates[delivered].dead) == (2, 0)
        assert (len(fates[dying].posts), fates[dying].dead, len(fates[dying].requests)) == (0, 1, 2)
        world.run(until=500.0)
        fate = stack.ledger.fates()[waiting]
        assert (fate.published, fate.queued, fate.posts) == (500.0, 1, [])
        assert stack.ledger.lost() == []


def test_what_is_parked_is_not_lost_until_the_queue_forgets_it() -> None:
    with World() as world:
        stack = Road(world, parks)
        token = stack.publish(1)
        world.run()
        assert (stack.ledger.fates()[token].parked, stack.ledger.lost()) == (1, [])
        world.run(until=1_300_000.0)
        assert (stack.ledger.fates()[token].expired, stack.ledger.lost()) == (1, [token])


def test_a_handler_that_forgets_its_failures_loses_messages_and_the_ledger_says_so() -> None:
    with World() as world:
        forgetful = Road(world, lambda road: lambda event, context: [knock(road)(event, context)][:0])
        forgetful.slack.script(throttled(30.0))
        first, _ = forgetful.publish(1), forgetful.publish(2)
        world.run()
        assert forgetful.ledger.lost() == [first]


def test_an_alert_published_later_arrives_later() -> None:
    with World() as world:
        stack = Road(world, knock)
        for number in range(3):
            stack.publish(number, at=3600.0 * number)
        world.run()
        assert [round(post.at, 3) for post in stack.slack.posts] == [0.1, 3600.1, 7200.1]


def test_environments_of_a_road_have_memories_of_their_own() -> None:
    with World() as world:
        begun: list[list[str]] = []

        def new_environment(stack: Road) -> Handler:
            memory: list[str] = []
            begun.append(memory)

            def handler(event: Any, _: VirtualContext) -> None:  # noqa: ANN401 - JSON
                for record in event["Records"]:
                    stack.slack.post(HOOK, SlackMessage(record["body"]), 8.0)
                    memory.append(record["messageId"])

            return handler

        stack = Road(world, new_environment)
        world.operations.crash(2, Moment.BEFORE, "slack.post")
        stack.publish(1)
        stack.publish(2)
        world.run()
        assert [one.end for one in stack.function.invocations] == [End.CRASHED, End.RETURNED]
        assert [len(memory) for memory in begun] == [1, 2]


behaviours = st.sampled_from(
    [throttled(60.0), broken(posts=True), unanswered(posts=True), unanswered(posts=False), NOT_CONNECTED]
)
ordinals = st.sets(st.integers(1, 12), max_size=4)


@dataclass(frozen=True)
class Schedule:
    seed: int
    script: list[Behaviour]
    crashes: dict[int, Moment]
    twins: set[int]
    throttled: set[int]
    lost: set[int]

    def play(self) -> Road:
        with World(self.seed, jitter=1.0) as world:
            stack = Road(world, knock)
            stack.slack.script(*self.script)
            for nth, moment in self.crashes.items():
                world.operations.crash(nth, moment)
            stack.alerts.twins |= self.twins
            stack.mapping.throttled |= self.throttled
            stack.mapping.lost |= self.lost
            for number in range(6):
                stack.publish(number, at=number * 0.3, copies=1 + number % 2)
            world.run()
            return stack


crashes = st.dictionaries(st.integers(1, 30), st.sampled_from(Moment), max_size=4)
schedules = st.builds(
    Schedule, st.integers(0, 1000), st.lists(behaviours, max_size=8), crashes, ordinals, ordinals, ordinals
)


@given(schedules)
def test_under_any_faults_a_handler_that_names_its_failures_loses_nothing(schedule: Schedule) -> None:
    stack = schedule.play()
    assert stack.ledger.lost() == []
    assert all(fate.posts for fate in stack.ledger.fates().values())


@given(schedules)
def test_the_same_schedule_plays_the_same_world(schedule: Schedule) -> None:
    first, second = schedule.play(), schedule.play()
    assert first.slack.requests == second.slack.requests
    assert [(one.started, one.ended, one.end, one.event) for one in first.function.invocations] == [
        (one.started, one.ended, one.end, one.event) for one in second.function.invocations
    ]


def test_a_storm_takes_as_long_as_slack_lets_it() -> None:
    with World() as world:
        stack = Road(world, knock, Numbers(visibility=70.0, receives=1000))
        for number in range(200):
            stack.publish(number)
        world.run()
        assert len(stack.slack.posts) == 200
        assert stack.slack.posts[-1].at > 195.0
        assert stack.dead.messages() == []
