"""Crashes of the function, and long failures of its table and of Slack, in virtual time."""

from dataclasses import dataclass, replace

import pytest

from aws_events.message_attributes import SIZE_LIMIT
from redrive.intake import OVERFLOW_DELAY
from tests.conservation.playing import play, posts
from tests.support.virtual.alert_messages import DEFAULT, TEAM, sns_envelope, webhook
from tests.support.virtual.faults import DENIED, Failure, Faults
from tests.support.virtual.history import Written
from tests.support.virtual.ledger import DeliveryStatus
from tests.support.virtual.redrive import RedriveFunction
from tests.support.virtual.slack_alerts import SlackAlerts
from tests.support.virtual.slack_alerts_steps import PATH
from tests.support.virtual.slack_behaviours import UNAVAILABLE, Behaviour, broken, unanswered
from tests.support.virtual.table import table_down
from tests.support.virtual.timing import lane_settings
from tests.support.virtual.world import World

MINUTE, HOUR = 60.0, 3600.0
DIES_SLOWLY = "dies-slowly"


@dataclass
class Flickering(Faults):
    """Down for 0.15 s of every 0.45 s."""

    end: float = 0.0

    def next(self, operation: str, now: float) -> Failure | None:
        is_down = 5.0 <= now < self.end and (now - 5.0) % 0.45 < 0.15
        return table_down(0.05) if is_down else super().next(operation, now)


def waits(statuses: dict[str, DeliveryStatus]) -> list[float]:
    """Seconds from each alert's publication to its first post."""
    return [status.posts[0].at - status.published for status in statuses.values()]


@pytest.mark.parametrize("lives_for", [0.0, 0.05, 0.1, 1.0])
@pytest.mark.parametrize("one_group_per_batch", [True, False])
def test_c5_an_alert_that_kills_the_function_takes_no_other_lane_of_its_batch_along(
    world: World, lives_for: float, *, one_group_per_batch: bool
) -> None:
    stack = SlackAlerts(world, lane_settings=replace(lane_settings(), one_group_per_batch=one_group_per_batch))

    def kill(text: str) -> None:
        if DIES_SLOWLY in text:
            world.sleep(lives_for)
            world.die()

    stack.before_post = lambda message: kill(message.text)
    killer = stack.publish(0, TEAM, words=DIES_SLOWLY)
    for number in range(1, 60):
        stack.publish(number, at=30.0 * (number - 1))
    statuses = play(stack, until=6 * HOUR)
    assert statuses.pop(killer).posts == []
    assert set(posts(statuses)) <= {1, 2}
    assert max(waits(statuses)) < 2.5 * stack.lane_settings.visibility


@pytest.mark.parametrize("hours", [1, 48])
@pytest.mark.parametrize("dies", [True, False])
def test_c5_a_deployment_that_crashes_at_each_post_parks_nothing_and_all_is_delivered_after_it(
    world: World, hours: int, *, dies: bool
) -> None:
    stack = SlackAlerts(world)

    def crash() -> None:
        if world.now < hours * HOUR:
            if dies:
                world.die()
            raise KeyError("a fault of our own")

    stack.before_post = lambda _: crash()
    for number in range(20):
        stack.publish(number, DEFAULT if number % 2 else TEAM)
    world.run(until=(hours + 0.5) * HOUR)
    statuses = stack.ledger.statuses()
    assert (posts(statuses), stack.parking.messages(), stack.lanes_dead.messages()) == ({1: 20}, [], [])


def test_f7_a_table_that_fails_every_half_second_parks_nothing_while_slack_is_down(world: World) -> None:
    stack = SlackAlerts(world)
    stack.slack.down(0.0, 6 * HOUR, UNAVAILABLE)
    stack.table.faults = Flickering(end=6 * HOUR)
    for number in range(60):
        stack.publish(number)
    statuses = play(stack, until=7 * HOUR)
    assert (posts(statuses), stack.parking.messages()) == ({1: 60}, [])


@pytest.mark.parametrize("minutes", [2, 10])
@pytest.mark.parametrize("behaviour", [broken(posts=False), unanswered(posts=False)])
def test_a3_b6_a_lone_alert_is_delivered_twenty_minutes_after_a_short_outage_at_the_latest(
    world: World, minutes: int, behaviour: Behaviour
) -> None:
    stack = SlackAlerts(world)
    stack.slack.down(0.0, minutes * MINUTE, behaviour)
    stack.publish(0)
    [status] = play(stack).values()
    assert [post.at < (minutes + 20) * MINUTE for post in status.posts] == [True]


@pytest.mark.parametrize("seconds", [0.3, 0.35])
def test_f7_a_slow_table_delays_ten_alerts_by_minutes_at_most(world: World, seconds: float) -> None:
    stack = SlackAlerts(world)
    stack.slack.down(0.0, 30.0, UNAVAILABLE)
    world.at(20.0, lambda: setattr(stack.table, "latency", seconds))
    for number in range(10):
        stack.publish(number)
    statuses = play(stack, until=HOUR)
    assert posts(statuses) == {1: 10}
    assert max(waits(statuses)) < 5 * MINUTE


@pytest.mark.parametrize("alerts", [1, 3, 10])
def test_a8_blocks_that_slack_refuses_slowly_are_followed_by_the_plain_text(world: World, alerts: int) -> None:
    stack = SlackAlerts(world)
    refusal = Behaviour(400, b"invalid_blocks", seconds=6.2)
    stack.slack.refuse = lambda message: refusal if message.blocks else None
    for number in range(alerts):
        stack.publish(number)
    statuses = play(stack, until=HOUR)
    assert posts(statuses) == {1: alerts}


def test_a4_an_alert_that_always_gets_a_503_after_three_seconds_does_not_hold_its_lane(world: World) -> None:
    stack = SlackAlerts(world, digest_from=0)
    slow = Behaviour(503, b"", seconds=3.0)
    stack.slack.refuse = lambda message: slow if "busy" in message.text else None
    busy = stack.publish(0, words="busy")
    for number in range(1, 20):
        stack.publish(number, at=MINUTE * number)
    statuses = play(stack, until=12 * HOUR)
    assert statuses.pop(busy).posts == []
    assert posts(statuses) == {1: 19}
    assert max(waits(statuses)) < 15 * MINUTE


def test_f1_a_secret_that_is_removed_while_slack_is_silent_moves_its_alert_to_the_default_lane(world: World) -> None:
    stack = SlackAlerts(world)
    stack.slack.down(0.0, 12 * HOUR, unanswered(posts=False), webhook(TEAM))
    token = stack.publish(0, TEAM)
    world.at(HOUR / 2, lambda: stack.store.put(f"{PATH}/{TEAM}", None))
    status = play(stack, until=12 * HOUR)[token]
    assert [post.destination for post in status.posts] == [webhook(DEFAULT)]
    assert stack.parking.messages() == []


def test_e1_suppress_a_digest_that_cannot_be_parked_is_not_posted_again_and_leaves_no_claim_to_lapse(
    world: World,
) -> None:
    stack = SlackAlerts(world, unanswered_limit=1)
    stack.slack.script(unanswered(posts=True))
    stack.sqs.service.faults.down(6.0, 40.0, DENIED)
    for number in range(10):
        stack.publish(number)
    world.run()
    assert posts(stack.ledger.statuses()) == {1: 10}
    assert len(stack.parking.messages()) == 10
    lapsed = [event.fact.new for event in stack.history.events if isinstance(event.fact, Written) and event.fact.new]
    assert {row.crashes for row in lapsed} == {0}


REFUSAL = Behaviour(400, b"no_text")


@dataclass
class Full:
    """An alert whose message has no room for our facts; Slack refuses it until `mend`."""

    world: World

    def __post_init__(self) -> None:
        self.stack = SlackAlerts(self.world)
        self.redrive = RedriveFunction(self.stack)
        self.stack.slack.refuse = lambda _: REFUSAL

    def publish(self, room: int, *, in_attributes: bool) -> None:
        """Send the alert; park it for a refusal."""
        stack, token = self.stack, "alert-1"
        body = sns_envelope(f"{token} ", "sns-1")
        filling = "x" * (SIZE_LIMIT - room - len(body))
        attributes = {"theirs": {"DataType": "String", "StringValue": filling}} if in_attributes else {}
        if not in_attributes:
            body = sns_envelope(f"{token} {filling}", "sns-1")
        stack.published.add(body)
        stack.ledger.published[token] = 0.0
        stack.alerts.send(body, attributes)
        self.world.run(15 * MINUTE)
        assert len(stack.parking.messages()) == 1
        stack.slack.refuse = lambda _: None

    def send_back(self) -> None:
        self.redrive.invoke({"queue": "parking", "dry_run": False})

    @property
    def texts(self) -> list[bool]:
        return ["alert-1" in post.text for post in self.stack.slack.posts]


@pytest.mark.parametrize("in_attributes", [True, False])
def test_d7_an_alert_that_fills_its_message_is_parked_redriven_and_posted(world: World, *, in_attributes: bool) -> None:
    full = Full(world)
    full.publish(50, in_attributes=in_attributes)
    full.send_back()
    world.run(HOUR)
    assert full.texts == [True]
    assert full.stack.parking.messages() == full.stack.lanes.messages() == []


@pytest.mark.parametrize("down_for", [0.1, 30.0, 600.0])
@pytest.mark.parametrize("is_in_lane", [True, False])
def test_f7_an_alert_whose_facts_cannot_be_read_waits_and_is_posted_when_the_table_is_back(
    world: World, down_for: float, *, is_in_lane: bool
) -> None:
    full = Full(world)
    full.publish(50, in_attributes=False)
    stack, faults = full.stack, full.stack.table.faults
    queue, wait = (stack.lanes, 0.0) if is_in_lane else (stack.alerts, OVERFLOW_DELAY)
    start = min(wait, 1.0)  # once the facts are written, before a function reads them
    queue.on_send.append(lambda _: faults.down(world.now + start, world.now + wait + down_for, table_down(0.3)))
    full.send_back()
    world.run(HOUR)
    assert full.texts == [True]
    assert stack.parking.messages() == stack.lanes.messages() == []
