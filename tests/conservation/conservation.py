"""The property: no fault loses a record, and each repetition has a cause."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from hypothesis import HealthCheck, given, seed, settings
from hypothesis.strategies import SearchStrategy

from tests.conservation.action_oracle import ActionOracle
from tests.conservation.action_schedule import ActionSchedule, CallKind
from tests.conservation.action_schedules import action_schedules
from tests.conservation.alert_oracle import AlertOracle
from tests.conservation.alert_schedule import REFUSED, AlertSchedule
from tests.conservation.alert_schedules import followed_schedules, muted_schedules, schedules
from tests.conservation.faults import ClockJumps, MuteChanged, ServiceDown
from tests.conservation.lost_receives import may_be_dead
from tests.conservation.thread_oracle import ThreadOracle
from tests.support.virtual.alert_messages import DIES_EARLY, DIES_LATE
from tests.support.virtual.aws_actions import AwsActions
from tests.support.virtual.cloud import Answered
from tests.support.virtual.ledger import TOKEN, token_in
from tests.support.virtual.queue_messages import Message
from tests.support.virtual.slack_alerts import SlackAlerts
from tests.support.virtual.world import World

CAN_SUCCEED = {CallKind.ONCE, CallKind.BY_TOKEN, CallKind.READ, CallKind.BY_RULE}
LONGEST_OUTAGE = 3600.0
"""The longest outage of Slack in a schedule, in seconds."""


def check(schedule: AlertSchedule) -> None:
    """Play a schedule, end all faults, redrive everything: every promise is kept, and every alert is posted.

    If a clock is set back by n seconds, the claim of a crashed invocation lapses n seconds later. The redrive comes
    after that, because with LANE_RECEIVES a lane that waits for such a claim uses up its receives sooner.
    """
    with World(schedule.seed, jitter=1.0) as world:
        stack = schedule.play(world)
        broken = [*AlertOracle(stack).violations(), *_dead(schedule, stack)]
        assert not broken, broken
        stack.clear_faults()
        set_back = sum(-min(0.0, one.seconds) for one in schedule.faults if isinstance(one, ClockJumps))
        for queue in (*stack.dead_letters, stack.parking):
            world.at(world.scheduler.now + set_back, partial(stack.redrive, queue))
        world.run()
        broken = [*AlertOracle(stack).violations(), *_dead(schedule, stack), *_undelivered(schedule, stack)]
        assert not broken, broken


def check_followed(schedule: AlertSchedule) -> None:
    """Play a schedule with threads and without: both post the same changes, and each is in its channel or thread."""
    check(schedule)
    told = [_told(replace(schedule, follow=follow)) for follow in (schedule.follow, "off")]
    assert told[0] == told[1], f"told {told[0]} in threads, and {told[1]} without"


def _told(schedule: AlertSchedule) -> set[str]:
    """Play the schedule to its end, and return the tokens in channels and threads."""
    with World(schedule.seed, jitter=1.0) as world:
        stack = _play_to_end(schedule, world)
        broken = [*ThreadOracle(stack).violations()]
        assert not broken, broken
        return {token for one in stack.slack.conversations.messages for token in TOKEN.findall(one.text)}


def _play_to_end(schedule: AlertSchedule, world: World) -> SlackAlerts:
    """Play the schedule, and redrive everything after the faults."""
    stack = schedule.play(world)
    stack.clear_faults()
    for queue in (*stack.dead_letters, stack.parking):
        stack.redrive(queue)
    world.run()
    return stack


def check_muted(schedule: AlertSchedule) -> None:
    """Play a schedule with its mutes and without: both post the same alerts, and threads keep their promises."""
    (check_followed if schedule.follow else check)(schedule)
    others = tuple(one for one in schedule.faults if not isinstance(one, MuteChanged))
    posted = [_posted(one) for one in (schedule, replace(schedule, faults=others, muted_for=0.0))]
    assert posted[0] == posted[1], f"posted {posted[0]} with mutes, and {posted[1]} without"


def _posted(schedule: AlertSchedule) -> set[str]:
    """Play the schedule to its end, and return the tokens of the alerts that were posted."""
    with World(schedule.seed, jitter=1.0) as world:
        stack = _play_to_end(schedule, world)
        return {token for token, status in stack.ledger.statuses().items() if status.posts}


def check_actions(schedule: ActionSchedule) -> None:
    """Play a schedule, end all faults, redrive by hand: every promise is kept. Late requests stay undone."""
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
        assert not stack.dead.messages(), "a request is dead after the end of all faults"
        assert not stack.queue.messages(), "a request is queued after the end of all faults"


def _undone(schedule: ActionSchedule, stack: AwsActions) -> list[str]:
    """Without faults every valid request is done."""
    has_fault = schedule.faults or any(one.kind is CallKind.DIES for one in schedule.requests)
    done = {event.fact.token for event in stack.history.events if isinstance(event.fact, Answered)}
    return [
        f"alert-{number} was not done without a fault"
        for number, one in enumerate(schedule.requests)
        if one.kind in CAN_SUCCEED and f"alert-{number}" not in done and not has_fault
    ]


def _dead(schedule: AlertSchedule, stack: SlackAlerts) -> list[str]:
    """Return each dead letter that no fault explains. Redrive has returned those of lanes.

    An alert may die before intake if all its receives fail for hours, or if it crashes intake while the table that
    counts the crashes is down.
    """
    has_no_table = any(isinstance(one, ServiceDown) and one.service == "table" for one in schedule.faults)
    killers = {f"alert-{number}" for number, one in enumerate(schedule.alerts) if one.word == DIES_EARLY}
    return [
        f"{token} is dead"
        for token, message in _dead_letters(stack)
        if not (has_no_table and token in killers)
        and not may_be_dead(message, schedule.faults, LONGEST_OUTAGE, "sqs", stage="Intake")
    ]


def _dead_requests(schedule: ActionSchedule, stack: AwsActions) -> list[str]:
    """Return each dead request that no fault explains. Even a request that kills the function is parked or expires."""
    waits = {f"alert-{number}": one.expires - one.at for number, one in enumerate(schedule.requests)}
    return [
        f"{token} is dead"
        for token, message in _dead_letters(stack)
        if not may_be_dead(message, schedule.faults, waits[token], "table", "sqs")
    ]


def _dead_letters(stack: SlackAlerts | AwsActions) -> list[tuple[str, Message]]:
    return [(token_in(message.body), message) for message in stack.dead.messages()]


def _undelivered(schedule: AlertSchedule, stack: SlackAlerts) -> list[str]:
    """Return each alert that was not posted in the end, except those that cannot be posted."""
    statuses = stack.ledger.statuses()
    return [
        f"alert-{number} was not posted in the end"
        for number, alert in enumerate(schedule.alerts)
        if not statuses[f"alert-{number}"].posts and alert.word not in {REFUSED, DIES_LATE}
    ]


@dataclass(frozen=True)
class Property:
    """Random schedules, and their check."""

    schedules: SearchStrategy[Any]
    check: Callable[[Any], None]
    share: float = 1.0
    """The part of the examples that it plays."""


PROPERTIES = {
    "slack_alerts": Property(schedules, check),
    "threads": Property(followed_schedules, check_followed, share=0.1),
    "mutes": Property(muted_schedules, check_muted, share=0.1),
    "aws_actions": Property(action_schedules, check_actions),
}
"""Function, or a part of one -> its property."""


def examples(function: str, whole: int) -> int:
    """Return the number of schedules of a function, of which a whole share is that many."""
    return round(whole * PROPERTIES[function].share)


def conserves(function: str, number: int, whole: int) -> Callable[[], None]:
    """Return the property of a function over its schedules; the number determines them."""
    decided = settings(
        max_examples=examples(function, whole), deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )

    @seed(number)
    @decided
    @given(PROPERTIES[function].schedules)
    def run(schedule: object) -> None:
        PROPERTIES[function].check(schedule)

    return run
