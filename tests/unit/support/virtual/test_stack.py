"""The ledger notices each loss, and a seed determines everything in a stack."""

from collections.abc import Callable
from typing import Any

from slack_alerts.models import SlackMessage, SlackRefused, SlackUnreachable, Webhook
from tests.support.virtual.alert_messages import sns_envelope
from tests.support.virtual.function import Handler
from tests.support.virtual.operations import Moment
from tests.support.virtual.queue import VirtualQueue
from tests.support.virtual.slack_behaviours import throttled, unanswered
from tests.support.virtual.stack import VirtualStack
from tests.support.virtual.timing import StageSettings
from tests.support.virtual.world import World

HOOK = Webhook("https://hooks.slack.com/services/T000/B000/one")
SETTINGS = StageSettings(visibility=100.0, max_receives=2)


def poster(stack: VirtualStack, *, names_failures: bool = True) -> Handler:
    """Return a handler that posts each record."""

    def handler(event: Any, _: object) -> object:  # noqa: ANN401 - JSON
        failed = []
        for record in event["Records"]:
            try:
                stack.slack.post(HOOK, SlackMessage(record["body"]), 8.0)
            except (SlackRefused, SlackUnreachable):
                failed.append({"itemIdentifier": record["messageId"]})
        return {"batchItemFailures": failed if names_failures else []}

    return handler


def stack_of(world: World, new_handler: Callable[[VirtualStack], Handler] = poster) -> VirtualStack:
    stack = VirtualStack(world)
    stack.add_stage(VirtualQueue, "alerts", lambda: new_handler(stack), SETTINGS)
    return stack


def publish(stack: VirtualStack, number: int, at: float = 0.0) -> str:
    return stack.put(number, sns_envelope(f"alert-{number}", f"sns-{number}"), at=at)


def test_the_ledger_has_the_status_of_each_message(world: World) -> None:
    stack = stack_of(world)
    stack.slack.refuse = lambda message: unanswered(posts=False) if "alert-2" in message.text else None
    [posted] = {publish(stack, 1), publish(stack, 1)}
    dead, waiting = publish(stack, 2), publish(stack, 3, at=500.0)
    world.run(until=499.0)
    statuses = stack.ledger.statuses()
    assert statuses.keys() == {posted, dead}
    assert (len(statuses[posted].posts), statuses[posted].dead) == (2, 0)
    assert (len(statuses[dead].posts), statuses[dead].dead, len(statuses[dead].requests)) == (0, 1, 2)
    world.run(until=500.0)
    status = stack.ledger.statuses()[waiting]
    assert (status.published, status.queued, status.posts, stack.ledger.lost()) == (500.0, 1, [], [])


def test_a_parked_message_is_lost_when_its_retention_is_over(world: World) -> None:
    stack = VirtualStack(world)
    stack.add_stage(VirtualQueue, "alerts", lambda: lambda *_: None, SETTINGS)
    stack.parking.send(sns_envelope("alert-1", "sns-1"))
    token = publish(stack, 1)
    world.run()
    assert (stack.ledger.statuses()[token].parked, stack.ledger.lost()) == (1, [])
    world.run(until=1_300_000.0)
    assert (stack.ledger.statuses()[token].expired, stack.ledger.lost()) == (1, [token])


def test_a_handler_that_hides_its_failures_loses_messages(world: World) -> None:
    stack = stack_of(world, lambda stack: poster(stack, names_failures=False))
    stack.slack.script(throttled(30.0))
    first, _ = publish(stack, 1), publish(stack, 2)
    world.run()
    assert stack.ledger.lost() == [first]


def test_a_seed_determines_the_history() -> None:
    def events(seed: int) -> list[object]:
        with World(seed, jitter=1.0) as world:
            stack = stack_of(world)
            stack.slack.script(throttled(60.0), unanswered(posts=True))
            world.operations.crash(5, Moment.AFTER)
            stack.stages[0].queue.duplicated.add(2)
            for number in range(6):
                publish(stack, number, at=number * 0.3)
            world.run()
            return [(one.at, one.environment, one.fact) for one in stack.history.events]

    assert events(1) == events(1) != events(2)
