"""Rows of the fault catalogue that only a queue, a mapping and hours can show."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from slack_alerts.posting import DOUBT
from tests.conservation.oracle import Oracle
from tests.support.events import alarm_message
from tests.support.virtual.faults import DENIED, unreachable
from tests.support.virtual.ledger import Fate
from tests.support.virtual.slack_alerts import DEFAULT, DIES_EARLY, TEAM, SlackAlerts, sns_envelope, webhook
from tests.support.virtual.slack_behaviours import UNAVAILABLE, Behaviour, throttled
from tests.support.virtual.table import table_down
from tests.support.virtual.timing import numbers
from tests.support.virtual.world import World

HOUR = 3600.0


@pytest.fixture
def world() -> Iterator[World]:
    with World(seed=7) as made:
        yield made


def play(stack: SlackAlerts, until: float = float("inf")) -> dict[str, Fate]:
    """All that happens until then; every promise is kept."""
    stack.world.run(until)
    assert [*Oracle(stack).violations()] == []
    return stack.road.ledger.fates()


def posts(fates: dict[str, Fate]) -> Counter[int]:
    """How many alerts stand in a channel how often."""
    return Counter(len(fate.posts) for fate in fates.values())


def test_c5_an_alert_that_kills_the_function_dies_alone_even_while_slack_is_down(world: World) -> None:
    stack = SlackAlerts(world)
    stack.road.slack.down(0.0, 3 * HOUR, UNAVAILABLE)
    killer = stack.publish(0, words=DIES_EARLY)
    for number in range(1, 10):
        stack.publish(number)
    fates = play(stack)
    assert fates.pop(killer).dead == 1
    assert posts(fates) == {1: 9}


def test_c7_an_hour_without_invocations_to_be_had_costs_receives_and_no_alert(world: World) -> None:
    stack = SlackAlerts(world)
    stack.road.mapping.throttle(0.0, HOUR)
    for number in range(20):
        stack.publish(number)
    assert posts(play(stack)) == {1: 20}
    assert stack.road.mapping.batches >= 2 * HOUR / 360
    assert all(post.at > HOUR for post in stack.road.slack.posts)


def test_c10_what_nobody_takes_waits_for_days_costs_no_receive_and_is_delivered(world: World) -> None:
    stack = SlackAlerts(world)
    stack.road.mapping.disable()
    token = stack.publish(1)
    assert play(stack, until=5 * 24 * HOUR)[token].queued == 1  # visible all the time: that is what the alarm counts
    [message] = stack.road.alerts.messages()
    assert message.receives == 0
    stack.road.mapping.enable()
    assert posts(play(stack)) == {1: 1}


def test_d1_two_sqs_copies_of_one_message_are_posted_once(world: World) -> None:
    stack = SlackAlerts(world)
    for at in (0.0, 0.0, 0.05, 30.0, 5 * HOUR):
        stack.publish(1, at=at)
    assert posts(play(stack)) == {1: 1}


def test_d1_one_change_of_an_alarm_that_comes_by_two_roads_is_posted_once(world: World) -> None:
    stack = SlackAlerts(world)
    alarm = alarm_message(NewStateReason="alert-1")
    for road in ("sns-a", "sns-b"):
        stack.road.publish(1, body=sns_envelope(alarm, road))
    world.run()
    assert len(stack.road.slack.posts) == 1
    assert stack.road.alerts.messages() == []


def test_d1_the_same_words_twice_are_two_alerts(world: World) -> None:
    stack = SlackAlerts(world)
    for body in ("alert-1", "alert-1", sns_envelope("alert-1", "sns-a"), sns_envelope("alert-1", "sns-b")):
        stack.road.publish(1, body=body)
    world.run()
    assert len(stack.road.slack.posts) == 4


def test_d2_what_sqs_hands_out_twice_is_posted_once(world: World) -> None:
    stack = SlackAlerts(world)
    stack.road.alerts.twins |= {1, 2, 4}
    for number in range(3):
        stack.publish(number)
    assert posts(play(stack)) == {1: 3}
    assert sum(len(one.event["Records"]) for one in stack.road.function.invocations) >= 6


def test_d3_a_redriven_copy_is_posted_if_it_was_not_and_acknowledged_if_it_was(world: World) -> None:
    stack = SlackAlerts(world)
    stack.road.slack.revoked.add(webhook(DEFAULT))
    parked = stack.publish(1)
    play(stack)
    stack.mend()
    stack.publish(1, at=world.now)
    delivered = stack.publish(2, at=world.now)
    stack.redrive(stack.road.parking)
    fates = play(stack)
    assert (len(fates[parked].posts), len(fates[delivered].posts)) == (1, 1)
    assert DOUBT not in fates[parked].posts[0].text
    assert stack.road.alerts.messages() == stack.road.parking.messages() == []


def test_e3_without_a_dead_letter_queue_the_message_stays_and_is_tried_again(world: World) -> None:
    stack = SlackAlerts(world)
    stack.road.slack.down(0.0, 10 * HOUR, UNAVAILABLE)
    stack.road.dead.is_deleted = True
    token = stack.publish(1)
    assert play(stack, until=9 * HOUR)[token].queued == 1
    assert posts(play(stack)) == {1: 1}
    assert len(stack.road.function.invocations) > 20


def test_e7_a_copy_that_shows_up_while_its_twin_is_posted_waits_for_the_claim(world: World) -> None:
    stack = SlackAlerts(world, numbers=replace(numbers(), visibility=5.0))
    stack.road.slack.script(Behaviour(posts=True, seconds=7.0))
    stack.publish(1)
    assert posts(play(stack)) == {1: 1}
    first, second, *_ = stack.road.function.invocations
    assert first.started < second.started < first.ended


def test_e12_an_answer_that_nobody_read_costs_an_invocation_and_no_second_post(world: World) -> None:
    stack = SlackAlerts(world)
    stack.road.mapping.lost |= {1, 2}
    for number in range(15):
        stack.publish(number)
    assert posts(play(stack)) == {1: 15}
    assert stack.road.mapping.batches >= 4


def test_a_table_that_is_down_delays_no_alert_and_an_environment_knows_what_it_has_posted(world: World) -> None:
    stack = SlackAlerts(world)
    stack.table.faults.down(0.0, HOUR, table_down())
    stack.road.mapping.lost |= {1}
    for number in range(5):
        stack.publish(number)
    assert posts(play(stack)) == {1: 5}
    assert max(post.at for post in stack.road.slack.posts) < 10.0


def test_f13_when_all_of_aws_fails_alerts_wait_in_their_queue(world: World) -> None:
    stack = SlackAlerts(world)
    stack.road.mapping.disable()
    world.at(2 * HOUR, stack.road.mapping.enable)
    for number in range(20):
        stack.publish(number)
    assert posts(play(stack, until=2 * HOUR - 1)) == {0: 20}
    assert posts(play(stack)) == {1: 20}


def test_f13_when_the_function_runs_and_every_service_fails_alerts_wait_in_their_queue(world: World) -> None:
    stack = SlackAlerts(world)
    for service in (stack.store.service, stack.topic.service, stack.road.sqs.service):
        service.faults.down(0.0, 2 * HOUR - 400, DENIED)
        service.faults.down(0.0, 2 * HOUR - 400, unreachable())
    stack.table.faults.down(0.0, 2 * HOUR - 400, table_down())
    for number in range(20):
        stack.publish(number)
    fates = play(stack)
    assert posts(fates) == {1: 20}


def test_g4_after_an_outage_slack_is_knocked_on_by_one_and_then_at_its_own_pace(world: World) -> None:
    stack = SlackAlerts(world)
    stack.road.slack.down(0.0, 2 * HOUR, UNAVAILABLE)
    for number in range(200):
        stack.publish(number)
    assert posts(play(stack)) == {1: 200}
    minutes = Counter(int(request.at // 60) for request in stack.road.slack.requests)
    assert max(minutes.values()) <= 60
    assert sum(count for minute, count in minutes.items() if minute < 120) <= 60


def test_g5_a_destination_that_asks_for_patience_delays_nobody_else(world: World) -> None:
    stack = SlackAlerts(world)
    stack.road.slack.down(0.0, 2 * HOUR, throttled(600.0), webhook(TEAM))
    for number in range(60):
        stack.publish(number, TEAM if number % 6 else DEFAULT)
    assert posts(play(stack)) == {1: 60}
    quiet = [post.at for post in stack.road.slack.posts if post.destination == webhook(DEFAULT)]
    assert (len(quiet), max(quiet) < 60) == (10, True)
    noisy = [one for one in stack.road.slack.requests if one.destination == webhook(TEAM) and one.at < 2 * HOUR]
    assert len(noisy) <= 15


def test_g8_three_hours_without_slack_cost_minutes_of_lambda(world: World) -> None:
    stack = SlackAlerts(world)
    stack.road.slack.down(0.0, 3 * HOUR, UNAVAILABLE)
    for number in range(200):
        stack.publish(number)
    assert posts(play(stack)) == {1: 200}
    assert stack.road.function.billed < 600
    assert len(stack.road.function.invocations) < 200 * 20


@pytest.mark.parametrize("seconds", [-2 * HOUR, -60.0, 60.0, 2 * HOUR])
def test_g6_a_clock_that_jumps_loses_nothing(world: World, seconds: float) -> None:
    stack = SlackAlerts(world)
    stack.road.slack.down(0.0, 600.0, UNAVAILABLE)
    for number in range(10):
        stack.publish(number)
    for at in (0.5, 300.0, 620.0):
        world.at(at, lambda: stack.set_clock(seconds))
    assert set(posts(play(stack))) <= {1, 2}
