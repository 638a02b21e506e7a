"""Crashes of slack_alerts, and long failures of the table and of Slack."""

from dataclasses import dataclass, replace

import pytest

from aws_events.sqs_attributes import SIZE_LIMIT
from redrive.intake import OVERFLOW_DELAY
from tests.conservation.runs import delays, posts, publish, run
from tests.support.virtual.alert_messages import DEFAULT, TEAM, sns_envelope, webhook
from tests.support.virtual.faults import DENIED, Failure, Faults
from tests.support.virtual.history import Written
from tests.support.virtual.redrive import RedriveFunction
from tests.support.virtual.slack_alerts import PATH, SlackAlerts
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


@pytest.mark.parametrize("lives_for", [0.0, 0.05, 0.1, 1.0])
@pytest.mark.parametrize("one_group_per_batch", [True, False])
def test_c5_an_alert_that_kills_slack_alerts_delays_no_other_lane_of_its_batch(
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
    statuses = run(stack, until=6 * HOUR)
    assert statuses.pop(killer).posts == []
    assert set(posts(statuses)) <= {1, 2}
    assert max(delays(statuses)) < 2.5 * stack.lane_settings.visibility


@pytest.mark.parametrize("hours", [1, 48])
@pytest.mark.parametrize("dies", [True, False])
def test_c5_a_deployment_that_crashes_at_each_post_parks_nothing_and_all_is_delivered_after_it(
    stack: SlackAlerts, hours: int, *, dies: bool
) -> None:

    def crash() -> None:
        if stack.world.now < hours * HOUR:
            if dies:
                stack.world.die()
            raise KeyError("a fault of our own")

    stack.before_post = lambda _: crash()
    for number in range(20):
        stack.publish(number, DEFAULT if number % 2 else TEAM)
    stack.world.run(until=(hours + 0.5) * HOUR)
    statuses = stack.ledger.statuses()
    assert (posts(statuses), stack.parking.messages(), stack.lanes_dead.messages()) == ({1: 20}, [], [])


def test_f7_a_table_that_fails_every_half_second_parks_nothing_while_slack_is_down(stack: SlackAlerts) -> None:
    stack.slack.down(0.0, 6 * HOUR, UNAVAILABLE)
    stack.table.faults = Flickering(end=6 * HOUR)
    publish(stack, 60)
    statuses = run(stack, until=7 * HOUR)
    assert (posts(statuses), stack.parking.messages()) == ({1: 60}, [])


@pytest.mark.parametrize("minutes", [2, 10])
@pytest.mark.parametrize("behaviour", [broken(posts=False), unanswered(posts=False)])
def test_a3_b6_a_lone_alert_is_delivered_twenty_minutes_after_a_short_outage_at_the_latest(
    stack: SlackAlerts, minutes: int, behaviour: Behaviour
) -> None:
    stack.slack.down(0.0, minutes * MINUTE, behaviour)
    stack.publish(0)
    [status] = run(stack).values()
    assert [post.at < (minutes + 20) * MINUTE for post in status.posts] == [True]


@pytest.mark.parametrize("seconds", [0.3, 0.35])
def test_f7_a_slow_table_delays_ten_alerts_by_minutes_at_most(stack: SlackAlerts, seconds: float) -> None:
    stack.slack.down(0.0, 30.0, UNAVAILABLE)
    stack.world.at(20.0, lambda: setattr(stack.table, "latency", seconds))
    publish(stack, 10)
    statuses = run(stack, until=HOUR)
    assert posts(statuses) == {1: 10}
    assert max(delays(statuses)) < 5 * MINUTE


@pytest.mark.parametrize("alerts", [1, 3, 10])
def test_a8_blocks_that_slack_refuses_slowly_are_followed_by_the_plain_text(stack: SlackAlerts, alerts: int) -> None:
    refusal = Behaviour(400, b"invalid_blocks", seconds=6.2)
    stack.slack.refuse = lambda message: refusal if message.blocks else None
    publish(stack, alerts)
    statuses = run(stack, until=HOUR)
    assert posts(statuses) == {1: alerts}


def test_a4_an_alert_that_always_gets_a_503_after_three_seconds_does_not_hold_its_lane(stack: SlackAlerts) -> None:
    stack.digest_from = 0
    slow = Behaviour(503, b"", seconds=3.0)
    stack.slack.refuse = lambda message: slow if "busy" in message.text else None
    busy = stack.publish(0, words="busy")
    publish(stack, 20, first=1, every=MINUTE)
    statuses = run(stack, until=12 * HOUR)
    assert statuses.pop(busy).posts == []
    assert posts(statuses) == {1: 19}
    assert max(delays(statuses)) < 15 * MINUTE


def test_f1_a_secret_that_is_removed_while_slack_is_silent_moves_its_alert_to_the_default_lane(
    stack: SlackAlerts,
) -> None:
    stack.slack.down(0.0, 12 * HOUR, unanswered(posts=False), webhook(TEAM))
    token = stack.publish(0, TEAM)
    stack.world.at(HOUR / 2, lambda: stack.store.put(f"{PATH}/{TEAM}", None))
    status = run(stack, until=12 * HOUR)[token]
    assert [post.destination for post in status.posts] == [webhook(DEFAULT)]
    assert stack.parking.messages() == []


def test_e1_suppress_a_digest_that_cannot_be_parked_is_not_posted_again_and_leaves_no_claim_to_lapse(
    world: World,
) -> None:
    stack = SlackAlerts(world, unanswered_posts="suppress")
    stack.slack.script(unanswered(posts=True))
    stack.sqs.service.faults.down(6.0, 40.0, DENIED)
    publish(stack, 10)
    world.run()
    assert posts(stack.ledger.statuses()) == {1: 10}
    assert len(stack.parking.messages()) == 10
    lapsed = [event.fact.new for event in stack.history.events if isinstance(event.fact, Written) and event.fact.new]
    assert {row.crashes for row in lapsed} == {0}


REFUSAL = Behaviour(400, b"no_text")


def park_full_alert(stack: SlackAlerts, *, in_attributes: bool) -> None:
    """Let Slack refuse an alert whose message has no room for our facts; then let Slack take it again."""
    stack.slack.refuse = lambda _: REFUSAL
    filling = "x" * (SIZE_LIMIT - 50 - len(sns_envelope("alert-1 ", "sns-1")))
    body = sns_envelope(f"alert-1 {'' if in_attributes else filling}", "sns-1")
    stack.published.add(body)
    stack.ledger.published["alert-1"] = 0.0
    attributes = {"theirs": {"DataType": "String", "StringValue": filling}} if in_attributes else {}
    stack.alerts.send(body, attributes)
    stack.world.run(15 * MINUTE)
    assert len(stack.parking.messages()) == 1
    stack.slack.refuse = lambda _: None


def redrive_parked(stack: SlackAlerts) -> None:
    """Redrive the parking queue, and check that its one alert is posted within the hour."""
    RedriveFunction(stack).invoke({"queue": "parking", "dry_run": False})
    stack.world.run(HOUR)
    assert ["alert-1" in post.text for post in stack.slack.posts] == [True]
    assert stack.parking.messages() == stack.lanes.messages() == []


@pytest.mark.parametrize("in_attributes", [True, False])
def test_d7_an_alert_that_fills_its_message_is_parked_redriven_and_posted(
    stack: SlackAlerts, *, in_attributes: bool
) -> None:
    park_full_alert(stack, in_attributes=in_attributes)
    redrive_parked(stack)


@pytest.mark.parametrize("down_for", [0.1, 30.0, 600.0])
@pytest.mark.parametrize("is_in_lane", [True, False])
def test_f7_an_alert_whose_facts_cannot_be_read_waits_and_is_posted_when_the_table_is_back(
    stack: SlackAlerts, down_for: float, *, is_in_lane: bool
) -> None:
    park_full_alert(stack, in_attributes=False)
    world, faults = stack.world, stack.table.faults
    queue, wait = (stack.lanes, 0.0) if is_in_lane else (stack.alerts, OVERFLOW_DELAY)
    start = min(wait, 1.0)  # after the facts are written, before a function reads them
    queue.on_send.append(lambda _: faults.down(world.now + start, world.now + wait + down_for, table_down(0.3)))
    redrive_parked(stack)
