"""The property: whatever happens, no record is lost, and what is repeated has a cause."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, given, seed, settings
from hypothesis.strategies import SearchStrategy

from tests.conservation.action_oracle import ActionOracle
from tests.conservation.action_schedule import ActionSchedule, Ask
from tests.conservation.action_schedules import action_schedules
from tests.conservation.in_vain import may_die
from tests.conservation.oracle import Oracle
from tests.conservation.schedule import REFUSED, Schedule, ServiceDown
from tests.conservation.schedules import schedules
from tests.support.virtual.alert_messages import DIES_EARLY, DIES_LATE
from tests.support.virtual.aws_actions import AwsActions
from tests.support.virtual.cloud import Answered
from tests.support.virtual.ledger import TOKEN
from tests.support.virtual.queue_messages import Message
from tests.support.virtual.slack_alerts import SlackAlerts
from tests.support.virtual.world import World

CAN_BE_DONE = {Ask.ONCE, Ask.BY_TOKEN, Ask.READ, Ask.BY_RULE}
LONGEST_OUTAGE = 3600.0
"""Seconds that Slack is down, and an alert waits for it."""


def check(schedule: Schedule) -> None:
    """Play it, mend everything, send back what is put aside: every promise is kept, and every alert arrives."""
    with World(schedule.seed, jitter=1.0) as world:
        stack = schedule.play(world)
        broken = [*Oracle(stack).violations(), *_dead(schedule, stack)]
        assert not broken, broken
        stack.clear_faults()
        for queue in (*stack.dead_letters, stack.parking):
            stack.redrive(queue)
        world.run()
        broken = [*Oracle(stack).violations(), *_dead(schedule, stack), *_undelivered(schedule, stack)]
        assert not broken, broken


def check_actions(schedule: ActionSchedule) -> None:
    """The same of requests: nobody brings back what is put aside but by hand, and what is late then stays undone."""
    with World(schedule.seed, jitter=1.0) as world:
        stack = schedule.play(world)
        broken = [*ActionOracle(stack, schedule.requests).violations(), *_undone(schedule, stack)]
        broken += _dead_requests(schedule, stack)
        assert not broken, broken
        stack.clear_faults()
        for queue in (stack.dead, stack.parking):
            stack.redrive(queue)
        world.run()
        broken = [*ActionOracle(stack, schedule.requests).violations()]
        assert not broken, broken
        assert not stack.dead.messages(), "a request is dead, and all is mended"
        assert not stack.queue.messages(), "a request is queued, and all is mended"


def _undone(schedule: ActionSchedule, stack: AwsActions) -> list[str]:
    """Where nothing went wrong, what can be done is done."""
    has_trouble = schedule.faults or any(one.ask is Ask.DIES for one in schedule.requests)
    done = {event.fact.token for event in stack.history.events if isinstance(event.fact, Answered)}
    return [
        f"alert-{number} was not done, and nothing went wrong"
        for number, one in enumerate(schedule.requests)
        if one.ask in CAN_BE_DONE and f"alert-{number}" not in done and not has_trouble
    ]


def _dead(schedule: Schedule, stack: SlackAlerts) -> list[str]:
    """Name each dead letter that no fault explains. Redrive has returned those of lanes.

    An alert may die before intake if all its receives fail for hours, or if it crashes intake while the table that
    counts the crashes is down.
    """
    has_no_table = any(isinstance(one, ServiceDown) and one.service == "table" for one in schedule.faults)
    killers = {f"alert-{number}" for number, one in enumerate(schedule.alerts) if one.word == DIES_EARLY}
    return [
        f"{token} is dead"
        for token, message in _dead_letters(stack)
        if not (has_no_table and token in killers)
        and not may_die(message, schedule.faults, LONGEST_OUTAGE, "sqs", stage="Intake")
    ]


def _dead_requests(schedule: ActionSchedule, stack: AwsActions) -> list[str]:
    """Not even what kills the function: what may have been called is unknown, and what is late expires."""
    waits = {f"alert-{number}": one.expires - one.at for number, one in enumerate(schedule.requests)}
    return [
        f"{token} is dead"
        for token, message in _dead_letters(stack)
        if not may_die(message, schedule.faults, waits[token], "table", "sqs")
    ]


def _dead_letters(stack: SlackAlerts | AwsActions) -> list[tuple[str, Message]]:
    """By the token of what is in them."""
    return [(TOKEN.findall(message.body)[0], message) for message in stack.dead.messages()]


def _undelivered(schedule: Schedule, stack: SlackAlerts) -> list[str]:
    """In the end all is well, but for what can never be posted."""
    statuses = stack.ledger.statuses()
    return [
        f"alert-{number} was not posted in the end"
        for number, alert in enumerate(schedule.alerts)
        if not statuses[f"alert-{number}"].posts and alert.word not in {REFUSED, DIES_LATE}
    ]


@dataclass(frozen=True)
class Property:
    """What is played, and how it is judged."""

    schedules: SearchStrategy[Any]
    check: Callable[[Any], None]


PROPERTIES = {"slack_alerts": Property(schedules, check), "aws_actions": Property(action_schedules, check_actions)}
"""One for each function that works on records."""


def conserves(function: str, number: int, examples: int) -> Callable[[], None]:
    """The function's property over so many schedules, always the same ones for that number."""
    decided = settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))

    @seed(number)
    @decided
    @given(PROPERTIES[function].schedules)
    def run(schedule: object) -> None:
        PROPERTIES[function].check(schedule)

    return run
